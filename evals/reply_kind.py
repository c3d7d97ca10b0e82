"""The one place that decides whether a reply asks, declines or does not know: typed parts first, then words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from agent.reply import Reply
from core.parts import Declined, NotKnown, Part, Question, Text

_FILE = Path(__file__).parent / "data" / "reply_kind.yaml"
_SENTENCE = re.compile(r"[^.!?。！？\n]*[.!?。！？]?")


@dataclass(frozen=True, slots=True)
class ReplyKind:
    """What a reply does besides answering; a reply may do several at once, or none."""

    asks: bool = False
    declines: bool = False
    not_known: bool = False


def reply_kind(replies: Sequence[Reply]) -> ReplyKind:
    """What the replies of one turn do.

    A Question, Declined or NotKnown part decides. Only where no reply has one of these, the sentences of its
    Text parts are read, in English and Chinese, with the patterns of `data/reply_kind.yaml`: this is how the
    prose of a large model is classed. An offer to do more ("Anything else?") is no question.
    """
    parts: list[Part] = [part for reply in replies for part in reply.parts]
    typed = ReplyKind(
        asks=any(isinstance(part, Question) for part in parts),
        declines=any(isinstance(part, Declined) for part in parts),
        not_known=any(isinstance(part, NotKnown) for part in parts),
    )
    if typed != ReplyKind():
        return typed
    return kind_of_words("\n".join(part.text for part in parts if isinstance(part, Text)))


def kind_of_words(text: str) -> ReplyKind:
    """What prose does, by its words alone."""
    found = (match.group().strip() for match in _SENTENCE.finditer(text.replace("’", "'")))
    sentences = [sentence for sentence in found if sentence]
    return ReplyKind(
        asks=any(_asks(sentence) for sentence in sentences),
        declines=any(_any("declines", sentence) for sentence in sentences),
        not_known=any(_any("not_known", sentence) for sentence in sentences),
    )


def _asks(sentence: str) -> bool:
    if _any("offers", sentence):
        return False
    return sentence.endswith(("?", "？")) or _any("asks", sentence)


def _any(group: str, sentence: str) -> bool:
    return any(pattern.search(sentence) for pattern in _patterns()[group])


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    data: dict[str, list[str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {group: [re.compile(each, re.IGNORECASE) for each in patterns] for group, patterns in data.items()}
