"""Pages and sendings of a large utility, each beside its floors: pgbench with the same SQL, and a bare server."""
