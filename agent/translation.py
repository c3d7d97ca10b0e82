"""The one place where errors become what a model reads and what a person sees."""

import logging
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from core.errors import (
    AmbiguousRecordError,
    Candidate,
    DealhandError,
    InvalidArgumentError,
    MissingDetailError,
    ModelFixableError,
    PersonFixableError,
    RecordNotFoundError,
)
from core.parts import Declined, Failure, NotKnown, Question, RecordRef
from crm_store.unit_of_work import UnknownFieldError
from language.dates.errors import UnreadableDateError

logger = logging.getLogger("dealhand")

# By what people tell records of one name apart, in this order.
_TELLING = ("deal", "subject", "company", "due", "close_date", "amount", "stage", "status", "owner", "assignee")

# To a person; the names of all fields are for a model.
_NO_FIELD = {
    "en": "There is no field “{name}” here that you may see.",
    "zh": "这里没有您可见的字段“{name}”。",
}


def failure_result(error: DealhandError) -> dict[str, Any]:
    """The error as the JSON that a model reads: its sort, the message, and what would work."""
    result: dict[str, Any] = {"error": _sort(error), "message": error.message}
    if isinstance(error, AmbiguousRecordError):
        result |= {"kind": error.kind, "words": error.words, "candidates": _candidates(error.candidates)}
    elif isinstance(error, RecordNotFoundError):
        result |= {"kind": error.kind, "words": error.words, "near": _candidates(error.near)}
    elif isinstance(error, MissingDetailError):
        result |= {"field": error.field, "choices": list(error.choices)}
    elif isinstance(error, InvalidArgumentError):
        result |= {"argument": error.argument}
    elif isinstance(error, UnreadableDateError):
        result |= {"words": error.words}
    return result


def failure_part(error: DealhandError, language: str) -> Question | NotKnown | Declined | Failure:
    """The error as a part of the reply: a question, not known, declined, or an honest apology."""
    text = error.text(language)
    if isinstance(error, AmbiguousRecordError):
        names = _told_apart(error.candidates)
        refs = tuple(
            RecordRef(kind=c.kind, id=c.id, name=name) for c, name in zip(error.candidates, names, strict=True)
        )
        return Question(text=_which(error, language), candidates=refs)
    if isinstance(error, RecordNotFoundError):
        near = ", ".join(candidate.name for candidate in error.near)
        hint = {"en": f" Did you mean {near}?", "zh": f"您是指 {near} 吗？"}[language] if near else ""
        return NotKnown(text=text + hint)
    if isinstance(error, UnknownFieldError):
        return NotKnown(text=_NO_FIELD[language].format(name=error.argument.replace("_", " ")))
    if isinstance(error, MissingDetailError):
        return Question(text=text, choices=error.choices)
    if isinstance(error, ModelFixableError):
        return Question(text=text)
    if isinstance(error, PersonFixableError):
        return Declined(text=text)
    return incident(error, language)


def incident(error: BaseException, language: str) -> Failure:
    """Logs an error that the operator has to see and gives the apology that names it."""
    number = secrets.token_hex(4)
    logger.error("incident %s: %s", number, error, exc_info=error)
    if isinstance(error, DealhandError):
        reason = error.text(language)
    else:
        reason = {"en": "Something broke on our side.", "zh": "系统出了问题。"}[language]
    kept = {"en": "Nothing was lost or half done.", "zh": "数据没有丢失，也没有做了一半的修改。"}[language]
    return Failure(text=f"{reason} {kept} ({number})", incident=number)


def _sort(error: DealhandError) -> str:
    for family, sort in (
        (AmbiguousRecordError, "ambiguous"),
        (RecordNotFoundError, "not_found"),
        (MissingDetailError, "missing_detail"),
        (ModelFixableError, "invalid_argument"),
        (PersonFixableError, "declined"),
    ):
        if isinstance(error, family):
            return sort
    return "failed"


def _candidates(candidates: Any) -> list[dict[str, str]]:
    return [{"kind": c.kind, "id": c.id, "name": c.name, "hint": c.hint, **c.facts} for c in candidates]


def _which(error: AmbiguousRecordError, language: str) -> str:
    names = [
        f"{name} ({c.hint})" if c.hint else name
        for c, name in zip(error.candidates, _told_apart(error.candidates), strict=True)
    ]
    words = "" if "|" in error.words else error.words
    if language == "zh":
        return f"{f'“{words}”指' if words else '您指'}的是哪一个：{'、'.join(names)}？"
    return f"Which one do you mean{f' by “{words}”' if words else ''}: {', '.join(names[:-1])} or {names[-1]}?"


def _told_apart(candidates: Sequence[Candidate]) -> list[str]:
    """The names; those that several share with the first fact that differs: two tasks of one title by their deals."""
    shown = Counter((c.name, c.hint) for c in candidates)
    told = [_telling(c, candidates) if shown[c.name, c.hint] > 1 else "" for c in candidates]
    return [f"{c.name} – {fact}" if fact else c.name for c, fact in zip(candidates, told, strict=True)]


def _telling(candidate: Candidate, candidates: Sequence[Candidate]) -> str:
    alike = [c for c in candidates if (c.name, c.hint) == (candidate.name, candidate.hint)]
    for fact in _TELLING:
        values = [c.facts.get(fact, "") for c in alike]
        if all(values) and len(set(values)) == len(values):
            return candidate.facts[fact]
    return ""
