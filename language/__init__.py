"""Reads text without a model: numbers, dates, durations, amounts, names; and holds the built-in model."""
