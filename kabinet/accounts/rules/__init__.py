"""Decisions about addresses, passwords, codes, browsers and agreements: values in, values out."""
