"""Which script and language a text is in; nothing about its meaning."""

import re
from functools import cache
from importlib.resources import files
from typing import Literal

from language.resources import load_data

CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CJK_COMMA = re.compile(r"[，。：；、？]")
_CJK_CHAR = re.compile(f"[{CJK}]")
# Signs of written Cantonese that stand for one of the standard language and are part of no name.
_CANTONESE = str.maketrans("嘅咗嗰唔畀俾佢哋冇喺嚟攞睇啲啱諗谂搵揾", "的了那不给给他们没在来拿看些刚想想找找")
_LATIN_WORD = re.compile(rf"[^\W\d_{CJK}]+")


def is_cjk(char: str) -> bool:
    """True for one Chinese character."""
    return bool(_CJK_CHAR.fullmatch(char))


def has_cjk(text: str) -> bool:
    """True when the text holds a Chinese character."""
    return not text.isascii() and bool(_CJK_CHAR.search(text))


def to_simplified(text: str) -> str:
    """The text with traditional characters as simplified ones and those of Cantonese as standard ones, one for one, so
    that offsets stay."""
    return text if text.isascii() else text.translate(_simplified()).translate(_CANTONESE)


@cache
def _simplified() -> dict[int, str]:
    table = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return {ord(old): new.split()[0] for old, new in pairs if len(old) == 1 and len(new.split()[0]) == 1}


def language_of(text: str) -> Literal["en", "zh"]:
    """The language a reply to this text should be in.

    Names of records stay in their own language inside a sentence of the other one, so the small words decide
    ("is", 的);
    without any, or without Chinese ones beside Chinese commas, the share of Chinese characters does, a character
    counting like a word.
    """
    chinese, english = _CJK_CHAR.findall(text), [word.lower() for word in _LATIN_WORD.findall(text)]
    if not chinese:
        return "en"
    small = load_data("names/support")
    small_chinese = sum(char in small["zh_function_characters"] for char in chinese)
    small_english = sum(word in small["function_words"] for word in english)
    if not small_chinese and _CJK_COMMA.search(text):
        return "zh" if len(chinese) > len(english) else "en"
    if bool(small_chinese) != bool(small_english):
        return "zh" if small_chinese else "en"
    if small_chinese:
        return "zh" if small_chinese * 2 >= small_english else "en"
    return "zh" if len(chinese) > len(english) * 0.6 else "en"
