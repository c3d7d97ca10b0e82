"""Texts folded for comparison: letters of any width and case, runs of spaces, punctuation of headers."""

import re
import unicodedata


def fold(text: str) -> str:
    """The text in one case and width, with single spaces; names that differ only so are the same name."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def fold_header(text: str) -> str:
    """A column or file name as letters and digits joined by `_`: "Close Date (UTC)" is `close_date_utc`."""
    return re.sub(r"[\W_]+", "_", fold(text)).strip("_")
