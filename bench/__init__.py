"""Benchmarks: each sets what we do beside the same thing done with nothing around it, in one run on one server.

Machines are noisy and differ: what counts is the ratio of two neighbours in time. docs/benchmarks.md keeps results.
"""
