"""The trained part of the built-in model: which words of a message play which part, learned from marked messages."""
