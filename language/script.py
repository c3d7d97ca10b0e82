"""Which script and language a text is in; nothing about its meaning."""

import re
from typing import Literal

CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CJK_CHAR = re.compile(f"[{CJK}]")
_LATIN_WORD = re.compile(rf"[^\W\d_{CJK}]+")


def is_cjk(char: str) -> bool:
    """True for one Chinese character."""
    return bool(_CJK_CHAR.fullmatch(char))


def has_cjk(text: str) -> bool:
    """True when the text holds a Chinese character."""
    return not text.isascii() and bool(_CJK_CHAR.search(text))


def language_of(text: str) -> Literal["en", "zh"]:
    """The language a reply to this text should be in: "zh" when Chinese characters are a fair share of its letters.

    A Chinese character counts like a word, because English names of stages and products are common in Chinese text.
    """
    chinese = len(_CJK_CHAR.findall(text))
    words = len(_LATIN_WORD.findall(text))
    return "zh" if chinese > words * 0.6 else "en"
