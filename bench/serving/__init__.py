"""Pages and sendings of a large utility over HTTP, each beside its floors: pgbench with the same SQL, a bare server."""
