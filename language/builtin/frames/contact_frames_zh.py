"""Contacts that a Chinese clause reports: the way of a contact, a customer, and a word that sets it behind."""

from collections.abc import Iterator, Sequence
from functools import cache

from language.builtin.frames.contact_frames import PARTY
from language.builtin.frames.verbs import words
from language.builtin.patterns import Hit
from language.builtin.vocabulary import load_words
from language.builtin.words import Word

_REACH = 8


def chinese_contacts(
    clause_words: Sequence[Word], first: int, *, is_behind: bool, named_before: bool
) -> list[Hit]:
    """The first contact that the words tell of; `is_behind` when a past day or a length is given."""
    if not any(word.kinds & PARTY for word in clause_words) and not named_before:
        return []
    text = _Text(clause_words)
    if any(text.find(word) >= 0 for word in words("zh_not_told")):
        return []
    for channel, kind in _channels():
        at = text.find(channel)
        while at >= 0:
            index = text.word_at(at)
            after = text.word_at(at + len(channel) - 1) + 1
            if _is_content(clause_words, index):
                break
            if not _is_ahead(clause_words, index) and (is_behind or _is_told(clause_words, index, after)):
                direction = _direction(clause_words, index, kind)
                value = {"type": kind, "direction": direction} if direction else {"type": kind}
                return [Hit("contacted", value, first + index, first + after)]
            at = text.find(channel, at + 1)
    return _going(clause_words, first) if is_behind or _is_told(clause_words, 0, len(clause_words)) else []


def _going(listed: Sequence[Word], first: int) -> list[Hit]:
    """去了澄海, 跑了趟远航: a word of going right before a company."""
    for i, word in enumerate(listed):
        if "account" not in word.kinds or i == 0:
            continue
        before = "".join(each.canon for each in listed[max(0, i - 3) : i] if not each.kinds).removesuffix("趟")
        going = next((each for each in sorted(words("zh_going"), key=len) if before.endswith(each)), "")
        if going and not _is_ahead(listed, i - len(going)):
            return [Hit("contacted", {"type": "visit"}, first + i - 1, first + i + 1)]
    return []


@cache
def _channels() -> list[tuple[str, str]]:
    """The ways of a contact, the longest first."""
    listed = load_words("verbs")["zh_channels"]
    pairs = [(str(word), str(kind)) for kind, found in listed.items() for word in found]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


class _Text:
    """The words as one text, in which recognised things are gaps."""

    def __init__(self, listed: Sequence[Word]) -> None:
        self._owners: list[int] = []
        parts: list[str] = []
        for i, word in enumerate(listed):
            part = "\x00" if word.kinds & (PARTY | {"deal", "user", "task", "date"}) else word.canon
            parts.append(part)
            self._owners += [i] * len(part)
        self._text = "".join(parts)

    def find(self, part: str, start: int = 0) -> int:
        return self._text.find(part, start)

    def word_at(self, position: int) -> int:
        return self._owners[position]


def _is_ahead(listed: Sequence[Word], index: int) -> bool:
    """Whether a word such as 打算, 约了 or 没 right before sets it ahead or denies it."""
    before = "".join(word.canon for word in listed[max(0, index - _REACH) : index] if not word.kinds)
    return any(
        before.endswith(word) or f"{word}去" in before or f"{word}再" in before for word in _ahead()
    ) or any(word in before for word in _ahead() if len(word) > 1)


def _is_content(listed: Sequence[Word], index: int) -> bool:
    """杨芳回复说报警邮件能收到了: what is said, not the way it was said."""
    before = "".join(word.canon for word in listed[:index] if not word.kinds)
    return any(word in before for word in words("zh_saying"))


@cache
def _ahead() -> tuple[str, ...]:
    return tuple(sorted(words("zh_ahead")))


def _is_told(listed: Sequence[Word], index: int, after: int) -> bool:
    text = "".join(word.canon for word in listed if not word.kinds or "date" in word.kinds)
    channel = "".join(word.canon for word in listed[index:after])
    return channel.endswith(("了", "过")) or any(word in text for word in words("zh_past"))


def _direction(listed: Sequence[Word], index: int, kind: str) -> str:
    """Inbound when the customer stands in front without 给 or 跟; outbound with 给."""
    if kind in ("meeting", "visit"):
        return ""
    for leads in _leads(listed, index):
        if leads in words("zh_to"):
            return "outbound"
        if leads in words("zh_with"):
            return ""
        return "inbound"
    behind = any(word.kinds & PARTY for word in listed[index : index + 6])
    return "outbound" if behind and listed[index].canon in ("打", "拨", "致", "发", "回") else ""


def _leads(listed: Sequence[Word], index: int) -> Iterator[str]:
    """What stands before the customer's name that is said last in front of the channel, names passed over."""
    parties = [i for i in range(index) if listed[i].kinds & PARTY]
    if not parties:
        return
    at = parties[-1]
    while at >= 0 and (listed[at].kinds & (PARTY | {"user"}) or listed[at].canon in "的、和跟与,，"):
        if listed[at].canon in ("和", "跟", "与") and not (at and listed[at - 1].kinds & (PARTY | {"user"})):
            break
        at -= 1
    yield listed[at].canon if at >= 0 else ""
