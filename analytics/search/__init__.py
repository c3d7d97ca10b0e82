"""Finding what was said: the scope is filtered in SQL, then retrievers score the texts that are left."""
