"""Forms of the office; each wrong field says how to mend it."""
