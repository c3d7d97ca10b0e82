"""Embedders: texts to unit vectors. One file a kind; `choose` opens the one that the settings name."""
