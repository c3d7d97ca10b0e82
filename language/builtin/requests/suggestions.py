"""Answers to suggestions that were just shown (take it, dismiss it), and which deals need something today."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from language.builtin.calls import Call
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words
from language.dates import find_dates
from language.spans import Span, cut

_EDGES = " \t\n.,!?~…。，！？～:;)("
# What joins a day to the answer: "do it, but on Friday".
_JOINT = re.compile(
    r"[,，]?\s*\b(?:but|though)?\s*\b(?:on|by|for)?\s+|[,，]\s*(?:不过|但是?)?(?:改到|改成|在)?|(?:改到|改成)",
    re.IGNORECASE,
)
# So many turns a suggestion stays on the table.
_STAY = 8


@request(precedence=11, exclusive=True)
def answer_suggestion(reading: Reading) -> Sequence[Call] | Intent:
    """ "Do it", "dismiss the second", 采纳: a message that is nothing else, right after suggestions were shown.

    A day behind it ("do it on Friday") is the day of the task.
    """
    shown, is_open = _shown(reading)
    if not shown:
        return ()
    words = load_words("suggestions")
    text, day = _without_day(reading)
    for verb in ("dismiss", "accept", *(("take_the_one",) if len(shown) == 1 else ())):
        match = _matched(verb, text)
        which = (match.groupdict().get("which") or "") if match is not None else ""
        # After an answer to one of them, "do it" names none of the others.
        if match is None or not (is_open or which):
            continue
        place = _place(which, len(shown))
        if place is None:
            return Intent(answer=words["which"][reading.language].format(n=len(shown)), kind="question")
        chosen = shown[place]
        return _dismissal(chosen) if verb == "dismiss" else _acceptance(reading, chosen, day)
    return ()


@request(precedence=22)
def needed_today(reading: Reading) -> Sequence[Call] | Intent:
    """ "Which of my deals need me today": the asker's open deals, those first that need something most."""
    text = reading.text.strip(_EDGES)
    if not any(pattern.fullmatch(text) for pattern in _patterns("today")):
        return ()
    return Intent((Call("review_deals", {"scope": "me", "rules": ["next"]}),), consumed=(_all(reading),))


def _all(reading: Reading) -> Span:
    return cut(reading.text, 0, len(reading.text))


def _shown(reading: Reading) -> tuple[list[Mapping[str, Any]], bool]:
    """The suggestions that are on the table, in their order, and whether none of them was answered yet.

    An answer to one leaves the others there, as does a turn in which nothing was called ("why?").
    """
    is_open = True
    for turn in reversed(reading.dialogue.turns[-_STAY:]):
        found: list[Mapping[str, Any]] = [
            entry
            for past in turn.calls
            for entry in past.result.get("next", ())
            if isinstance(entry, dict) and entry.get("id")
        ]
        if found:
            return found, is_open
        answers = any(_matched(verb, turn.said.strip(_EDGES)) for verb in ("dismiss", "accept", "take_the_one"))
        if turn.calls and not answers:
            break
        is_open = is_open and not (turn.calls and answers)
    return [], True


def _matched(verb: str, text: str) -> re.Match[str] | None:
    return next((found for pattern in _patterns(verb) for found in [pattern.fullmatch(text)] if found), None)


def _without_day(reading: Reading) -> tuple[str, str]:
    """The message without a day at its end, and that day; "do the third on Friday" is no third of a month."""
    text = reading.text.strip(_EDGES)
    for joint in reversed(list(_JOINT.finditer(text))):
        before, behind = text[: joint.start()].strip(_EDGES), text[joint.end() :]
        if not any(_matched(verb, before) for verb in ("accept", "take_the_one")):
            continue
        days = find_dates(behind, today=reading.situation.today)
        if len(days) == 1 and days[0].on is not None and days[0].span.text.strip(_EDGES) == behind:
            return before, days[0].on.isoformat()
    return text, ""


def _place(which: str, number: int) -> int | None:
    """Which one is meant, counted from 0: without a word the first; None where there are not so many."""
    if not which.strip():
        return 0
    places = load_words("suggestions")["places"]
    for place, names in enumerate(places):
        if which.strip().lower() in [str(name) for name in names]:
            return place if place < number else None
    return None


def _dismissal(entry: Mapping[str, Any]) -> Sequence[Call]:
    arguments = {"kind": "suggestion", "record": entry["id"], "fields": {"status": "dismissed"}}
    return [Call("update_record", arguments)]


def _acceptance(reading: Reading, entry: Mapping[str, Any], day: str) -> Sequence[Call] | Intent:
    accepting = entry.get("accept")
    if not isinstance(accepting, dict) or not accepting:
        text = load_words("suggestions")["there_already"][reading.language]
        return Intent(answer=text.format(what=entry.get("do", "")))
    return [
        Call(tool, {**arguments, "due": day} if day and "due" in arguments else arguments)
        for tool, arguments in accepting.items()
    ]


@cache
def _patterns(verb: str) -> Sequence[re.Pattern[str]]:
    words = load_words("suggestions")
    which = "|".join(re.escape(str(name)) for names in words["places"] for name in names)
    filled = (source.replace("WHICH", f"(?P<which>{which})") for source in words[verb])
    return tuple(
        re.compile(f"(?:{words['polite']})?{source}(?:{words['after']})?", re.IGNORECASE) for source in filled
    )
