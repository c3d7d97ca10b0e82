"""Puts a reply together from what tools gave and the model said; receipts and figures never come from prose."""

import re
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage

from agent.loop import Progress
from agent.outcome import Outcome
from core.errors import DealhandError
from core.parts import AnyPart, Declined, NotKnown, Question, RecordRef, Text

_ID = re.compile(r"[a-z]+_[0-9a-z]{22}")


def assemble(progress: Progress, final: AIMessage | None, language: str) -> list[AnyPart]:
    """The parts of a reply in the order in which they are read.

    A failed call is left out when a later call of the same tool succeeded on the same records (the model corrected
    itself), and when the model answers in its own words; a question with candidates is always asked.
    """
    parts: list[AnyPart] = []
    if progress.fell_back_because is not None:
        parts.append(Text(text=_fell_back(progress.fell_back_because, language)))
    said = said_part(final)
    if said is not None:
        parts.append(said)
    for outcome in _that_count(progress):
        shown = outcome.parts
        if outcome.failed and said is not None:
            shown = [part for part in shown if isinstance(part, Question) and part.candidates]
        parts.extend(part for part in shown if part not in parts)
    return parts


def said_part(final: AIMessage | None) -> AnyPart | None:
    """What the model said itself, as the part that it declares."""
    if final is None or not str(final.text).strip():
        return None
    kind = final.additional_kwargs.get("kind", "text")
    said = str(final.text).strip()
    if kind == "question":
        return Question(text=said)
    if kind == "declined":
        return Declined(text=said)
    return NotKnown(text=said) if kind == "not_known" else Text(text=said)


def cited(outcomes: Sequence[Outcome]) -> tuple[RecordRef, ...]:
    """All records that the answer rests on, once each, in order."""
    return tuple(dict.fromkeys(record for outcome in outcomes for record in outcome.records))


def nothing_to_say(language: str) -> Text:
    """The part of a reply that would otherwise be empty."""
    return Text(text={"en": "There was nothing to do.", "zh": "没有需要处理的内容。"}[language])


def _that_count(progress: Progress) -> list[Outcome]:
    later_success: list[dict[str, Any]] = []
    kept: list[Outcome] = []
    for call, outcome in zip(reversed(progress.calls), reversed(progress.outcomes), strict=True):
        if outcome.failed and any(_corrects(later, call) for later in later_success):
            continue
        if not outcome.failed:
            later_success.append(call)
        kept.append(outcome)
    return kept[::-1]


def _corrects(later: dict[str, Any], failed: dict[str, Any]) -> bool:
    """Whether a later call does what the failed one was to do: the same tool, and the records that it was sure of."""
    return later["name"] == failed["name"] and _ids(failed) <= _ids(later)


def _ids(call: dict[str, Any]) -> set[str]:
    return {value for value in call["args"].values() if isinstance(value, str) and _ID.fullmatch(value)}


def _fell_back(reason: DealhandError, language: str) -> str:
    instead = {"en": "The fallback model answered instead.", "zh": "改由备用模型回答。"}[language]
    return f"{reason.text(language)} {instead}"
