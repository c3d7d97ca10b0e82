"""What was said and done, findable: an index derived from interactions, fed after commits."""
