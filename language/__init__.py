"""Reads text without a model: numbers, dates, durations, amounts, names in a lexicon; and the built-in language model."""
