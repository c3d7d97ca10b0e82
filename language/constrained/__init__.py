"""Lets a small model choose among what our parsers found: one JSON answer of candidates, no tool-calling protocol.

Begin at `model.py`. Which tools it may choose, and from what, is `data/actions.yaml`; what it is told is
`data/prompt.yaml`.
"""
