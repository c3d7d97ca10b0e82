"""The built-in language model: reads a message with parsers and the asker's names, and emits tool calls.

Deterministic, English and Chinese, no key and no network. `model.py` is a LangChain chat model like any other;
what kinds of requests it knows is one module each in `requests/`.
"""
