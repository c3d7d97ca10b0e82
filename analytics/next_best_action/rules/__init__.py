"""The rules of definitions §5: one function each, found by importing the modules of this package."""
