"""Records over HTTP: one resource for each noun of the store, made from its declaration."""
