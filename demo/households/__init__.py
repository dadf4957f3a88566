"""Households of an energy retailer: houses and flats, years of readings, bills and payments, all invented."""
