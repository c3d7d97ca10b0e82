"""Estimates the tokens of a prompt where the endpoint does not report them; nothing is downloaded for it."""

from collections.abc import Sequence

from langchain_core.messages import BaseMessage

# Rules of thumb for byte-pair encodings: about four latin characters a token, one Chinese character a token.
_CHARS_PER_TOKEN_LATIN = 4.0
_TOKENS_PER_WIDE_CHAR = 1.0
_TOKENS_PER_MESSAGE = 4
_FIRST_WIDE_CHAR = 0x2E80


def count_tokens(system: str, messages: Sequence[BaseMessage], schemas: str) -> int:
    """Tokens of system prompt, messages and tool schemas together, estimated from their characters."""
    texts = [system, schemas, *(str(message.text) for message in messages)]
    return sum(map(estimate, texts)) + _TOKENS_PER_MESSAGE * len(messages)


def estimate(text: str) -> int:
    """Tokens of a text: a quarter of its narrow characters and all of its wide ones."""
    wide = sum(ord(char) >= _FIRST_WIDE_CHAR for char in text)
    return round(wide * _TOKENS_PER_WIDE_CHAR + (len(text) - wide) / _CHARS_PER_TOKEN_LATIN)
