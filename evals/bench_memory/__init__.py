"""How well and how fast the memory finds: a table of embedders, LoCoMo's evidence, and speed at a size."""
