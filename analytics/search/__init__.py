"""Finding what was said: the scope is filtered in SQL, then the memory's index or words score what is left."""
