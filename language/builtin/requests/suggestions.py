"""Answers to suggestions that were just shown (take it, dismiss it), and which deals need something today."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from language.builtin.calls import Call
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words
from language.spans import Span, cut

_EDGES = " \t\n.,!?~…。，！？～:;)("


@request(precedence=11, exclusive=True)
def answer_suggestion(reading: Reading) -> Sequence[Call] | Intent:
    """ "Do it", "dismiss the second", 采纳: a message that is nothing else, right after suggestions were shown."""
    shown, is_last = _shown(reading)
    if not shown:
        return ()
    words = load_words("suggestions")
    text = reading.text.strip(_EDGES)
    for verb in ("dismiss", "accept"):
        match = next((found for pattern in _patterns(verb) for found in [pattern.fullmatch(text)] if found), None)
        # After an answer to one of them, "do it" names none of the others.
        if match is None or not (is_last or match["which"]):
            continue
        place = _place(match["which"] or "", len(shown))
        if place is None:
            return Intent(answer=words["which"][reading.language].format(n=len(shown)), kind="question")
        chosen = shown[place]
        return _dismissal(chosen) if verb == "dismiss" else _acceptance(reading, chosen)
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
    """The suggestions of the last turn (True), in their order; after answers to some of them, still these (False)."""
    for back, turn in enumerate(reversed(reading.dialogue.turns)):
        found: list[Mapping[str, Any]] = [
            entry
            for past in turn.calls
            for entry in past.result.get("next", ())
            if isinstance(entry, dict) and entry.get("id")
        ]
        if found or not _answers_one(turn.said):
            return found, back == 0
    return [], True


def _answers_one(text: str) -> bool:
    said = text.strip(_EDGES)
    return any(pattern.fullmatch(said) for verb in ("dismiss", "accept") for pattern in _patterns(verb))


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


def _acceptance(reading: Reading, entry: Mapping[str, Any]) -> Sequence[Call] | Intent:
    accepting = entry.get("accept")
    if not isinstance(accepting, dict) or not accepting:
        text = load_words("suggestions")["there_already"][reading.language]
        return Intent(answer=text.format(what=entry.get("do", "")))
    return [Call(tool, arguments) for tool, arguments in accepting.items()]


@cache
def _patterns(verb: str) -> Sequence[re.Pattern[str]]:
    words = load_words("suggestions")
    which = "|".join(re.escape(str(name)) for names in words["places"] for name in names)
    filled = (source.replace("WHICH", f"(?P<which>{which})") for source in words[verb])
    return tuple(
        re.compile(f"(?:{words['polite']})?{source}(?:{words['after']})?", re.IGNORECASE) for source in filled
    )
