"""Tickets called by bare digits where tickets are spoken of anyway: "406 waits for the customer", said to support or
after a list of tickets. Beside a word for ticket the lexicon finds them by itself."""

import re
from collections.abc import Iterator, Sequence

from language.builtin.dialogue import Dialogue
from language.builtin.situation import Situation
from language.builtin.vocabulary import load_words
from language.lexicon import Entry, Mention, Scored
from language.spans import cut

_DIGITS = re.compile(r"(?<![\w.,:/+@€$£%-])#?(\d{2,6})(?![\d%]|[.,:/-]\d|[^\W\d_])")
_NUMBER = re.compile(r"(\d+)$")
# Before a number these tell of what follows.
_LEADS = re.compile(r"(?:\b(?:for|re|about|regarding|concerning)|关于|至于)\s*$", re.IGNORECASE)
_NEXT = re.compile(r"\s*([^\W\d_]+(?:['’]\w+)?|[^\s])?")
_SUPPORT = "support"


def bare_numbers(
    text: str, situation: Situation, dialogue: Dialogue, mentions: Sequence[Mention]
) -> Iterator[Mention]:
    """The tickets whose digits stand in a text where a ticket may stand, outside of other names."""
    found = [each for each in _DIGITS.finditer(text) if not _is_inside(each.start(1), mentions)]
    if not found or not (situation.role == _SUPPORT or _showed_tickets(dialogue)):
        return
    known = _by_digits(situation.lexicon.of_kind("ticket"))
    for each in found:
        entries = known.get(each[1].lstrip("0"), [])
        if len(entries) == 1 and (_may_be_ticket(text, each.end()) or _LEADS.search(text[: each.start()])):
            yield Mention(cut(text, *each.span()), (Scored(entries[0], 1.0, "number"),))


def _showed_tickets(dialogue: Dialogue) -> bool:
    shown = dialogue.last.calls if dialogue.last else ()
    return any(kind == "ticket" for past in shown for kind, _, _ in past.records)


def _is_inside(at: int, mentions: Sequence[Mention]) -> bool:
    return any(each.span.start <= at < each.span.end for each in mentions)


def _by_digits(tickets: Sequence[Entry]) -> dict[str, list[Entry]]:
    known: dict[str, list[Entry]] = {}
    for entry in tickets:
        if digits := _NUMBER.search(entry.name):
            known.setdefault(digits[1].lstrip("0"), []).append(entry)
    return known


def _may_be_ticket(text: str, end: int) -> bool:
    """Whether what follows a number is a sign or a word that says something of a record, not what is counted."""
    following = _NEXT.match(text, end)
    word = (following[1] or "").casefold() if following else ""
    return (
        not word or not word[0].isalpha() or not word.isascii() or word in load_words("tickets")["behind_number"]
    )
