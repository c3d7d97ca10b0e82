"""What somebody of ours is to do by a day, said in Chinese without a word such as 提醒: 下周三之前我把合同发给他."""

from collections.abc import Sequence
from functools import cache

from language.builtin.frames.contact_frames import PARTY
from language.builtin.frames.verbs import words
from language.builtin.patterns import Hit
from language.builtin.words import Word


def chinese_duties(clause_words: Sequence[Word], first: int) -> list[Hit]:
    """A day ahead and a verb behind it whose doer is one of us; the hit is what stands in front of the title."""
    day = next((i for i, word in enumerate(clause_words) if "date" in word.kinds), None)
    if day is None:
        return []
    start = day + 1
    head = "".join(word.canon for word in clause_words[:day] if not word.kinds)
    if any(word.kinds & (PARTY | {"deal", "user"}) for word in clause_words[:day]) or not _is_ours(head):
        return []
    i = start
    while i < len(clause_words) and clause_words[i].canon in _SKIPPED:
        i += 1
    rest = clause_words[i:]
    if not rest or rest[0].canon in words("zh_theirs") or _is_done(rest):
        return []
    text = "".join(word.canon if not word.kinds else "\x00" for word in rest)
    if not (_starts_with_act(text) or _has_object_first(text)):
        return []
    return [Hit("promise", {}, first + day, first + i)]


_SKIPPED = frozenset(
    {
        "前",
        "之",
        "以",
        "内",
        "我",
        "们",
        "要",
        "会",
        "得",
        "需",
        "就",
        "来",
        "再",
        "先",
        "上",
        "下",
        "午",
        "早",
        "晚",
        "咱",
        "，",
        ",",
        "应",
        "该",
        "必",
        "须",
        "务",
        "尽",
        "快",
        "还",
        "也",
    }
)


def _is_ours(head: str) -> bool:
    return not head or all(char in _SKIPPED or char in "答应他她您客户然后另外并且那好行" for char in head)


def _is_done(rest: Sequence[Word]) -> bool:
    return any(word.canon in ("了", "过") for word in rest[-2:])


def _starts_with_act(text: str) -> bool:
    return any(text.startswith(act) for act in _acts())


def _has_object_first(text: str) -> bool:
    """把合同发给他, 给她寄新报价."""
    if not text.startswith(("把", "将", "给", "跟", "和", "向", "去", "帮")):
        return False
    return any(act in text[1:] for act in _acts())


@cache
def _acts() -> tuple[str, ...]:
    return tuple(sorted(words("zh_acts"), key=len, reverse=True))
