"""Finds and removes mentions of one person in texts and in JSON. Pure functions."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from language.script import CJK, has_cjk
from language.sentences import sentence_spans

ERASED = "[erased]"
_FEWEST_DIGITS = 6
_BETWEEN_DIGITS = r"[\s().-]*"
_SHORTEST_PART = 3
_TITLES_ZH = "总监|总|经理|工|主任|主管|厂长|女士|先生|小姐|老师|博士|院长|部长|科长|董"


@dataclass(frozen=True, slots=True)
class Marks:
    """What tells that a text is about someone: their id, full name, e-mail address and telephone number."""

    id: str
    name: str = ""
    email: str = ""
    phone: str = ""

    def pattern(self, others: Collection[str] | None = None) -> re.Pattern[str]:
        """Matches any of them, in any case; a number also with other spaces and dashes.

        With the names of the others nearby, parts of the name that are nobody else's match as well.
        """
        parts = [re.escape(self.id)]
        if self.name.strip():
            parts.append(_name(self.name.strip()))
            parts.extend(_parts(self.name.strip(), others) if others is not None else ())
        if "@" in self.email:
            parts.append(rf"(?<![\w.+-]){re.escape(self.email.strip())}(?![\w-])")
        digits = re.sub(r"\D", "", self.phone)
        if len(digits) >= _FEWEST_DIGITS:
            parts.append(rf"(?<!\d){_BETWEEN_DIGITS.join(digits)}(?!\d)")
        return re.compile("|".join(parts), re.IGNORECASE)

    def without_name(self) -> "Marks":
        """The marks that nobody else can share."""
        return Marks(self.id, "", self.email, self.phone)


def without_sentences(text: str, pattern: re.Pattern[str]) -> str:
    """The text with the sentences that mention the person replaced by a mark; the others stay as they are."""
    if not pattern.search(text):
        return text
    kept: list[str] = []
    for sentence in (text[start:end] for start, end in sentence_spans(text)):
        if not pattern.search(sentence):
            kept.append(sentence)
        elif not kept or kept[-1].strip() != ERASED:
            kept.append(f"{ERASED}\n" if sentence.endswith("\n") else f"{ERASED} ")
    whole = "".join(kept).strip()
    # An e-mail address or a name with a full stop in it goes over the end of a sentence.
    return ERASED if pattern.search(whole) else whole


def without_mentions(value: Any, pattern: re.Pattern[str]) -> Any:
    """A JSON value whose strings lost the sentences that mention the person; keys and other values stay."""
    if isinstance(value, str):
        return without_sentences(value, pattern)
    if isinstance(value, list):
        return [without_mentions(each, pattern) for each in value]
    if isinstance(value, dict):
        return {key: without_mentions(each, pattern) for key, each in value.items()}
    return value


def mentions(value: Any, pattern: re.Pattern[str]) -> bool:
    """Whether a text or a JSON value mentions the person."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return bool(pattern.search(text))


def _name(name: str) -> str:
    parts = [re.escape(part) for part in name.split()]
    whole = r"\s+".join(parts)
    if has_cjk(name):
        return whole
    reverse = r",?\s+".join((parts[-1], r"\s+".join(parts[:-1]))) if len(parts) > 1 else whole
    return rf"(?<!\w)(?:{whole}|{reverse})(?!\w)"


def _parts(name: str, others: Collection[str]) -> Iterator[str]:
    """A first or last name alone; in Chinese the given name, and the surname with a title."""
    if has_cjk(name):
        given = name[1:]
        if len(given) > 1 and not any(given in other for other in others):
            yield re.escape(given)
        if not any(other.startswith(name[0]) for other in others):
            yield rf"[老小]?{re.escape(name[0])}(?:{_TITLES_ZH})|[老小]{re.escape(name[0])}(?![{CJK}])"
        return
    taken = {part.casefold() for other in others for part in other.split()}
    for part in name.split():
        if len(part) >= _SHORTEST_PART and part.casefold() not in taken:
            yield rf"(?<!\w){re.escape(part)}(?!\w)"
