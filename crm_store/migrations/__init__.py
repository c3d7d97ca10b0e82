"""Schema changes, in order of their numbers; run by `crm_store.opening`, never by hand."""
