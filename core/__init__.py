"""Foundation without I/O at import: settings, clock, ids, errors, registry and the parts of a reply."""
