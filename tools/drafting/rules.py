"""The rules of a draft that need no record: words that stay inside, what is left out, length, language names."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from language.script import CJK, is_cjk

_WORD = re.compile(rf"[^\W_{CJK}]+(?:['’.,@/:-][^\W_{CJK}]+)*")
_STOP = re.compile(r"\b(the|a|an|any|our|my|her|his|their|your|that|this|it|of|about|and|or|with|to)\b|[的这那个]")


@cache
def load_rules() -> dict[str, Any]:
    """The content of `tools/drafting/data/drafts.yaml`."""
    text = (files("tools.drafting") / "data" / "drafts.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def count_words(text: str) -> float:
    """Words of a text, a Chinese character as half a word (definitions §7)."""
    return len(_WORD.findall(text)) + sum(map(is_cjk, text)) / 2


def read_language(text: str) -> str:
    """`en` or `zh` for a language's name in either language; empty for none that can be composed."""
    wanted = text.strip().casefold()
    for code, names in load_rules()["languages"].items():
        if wanted in names:
            return str(code)
    return ""


def internal_words(text: str, more: Sequence[str] = ()) -> str:
    """The first words in `text` that never leave the company (`more`: names of competitors), or empty."""
    for pattern in load_rules()["internal"]:
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            return found[0]
    return next((name for name in more if name and name.casefold() in text.casefold()), "")


def mentions_topic(text: str, topics: Sequence[str]) -> str:
    """The topic of `topics` (as people say it: "the discount", 价格) that the text touches, or empty."""
    return next((topic for topic in topics if topic.strip() and _touches(text, topic)), "")


def _touches(text: str, topic: str) -> bool:
    families = [pattern for pattern in load_rules()["topics"].values() if re.search(pattern, topic, re.IGNORECASE)]
    if any(re.search(pattern, text, re.IGNORECASE) for pattern in families):
        return True
    key = _STOP.sub(" ", topic.casefold()).strip(" .,。，")
    if not key:
        return False
    if any(map(is_cjk, key)):
        return "".join(key.split()) in text
    return all(re.search(rf"\b{re.escape(_stem(word))}", text.casefold()) for word in _WORD.findall(key))


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word
