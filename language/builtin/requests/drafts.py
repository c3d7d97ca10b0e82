"""Follow-up drafts: a new one, another version of the last, or an answer to a question about one."""

import re
from collections.abc import Sequence
from typing import Any

from language.builtin.calls import Call
from language.builtin.dialogue import PastCall
from language.builtin.draft_requests import DraftRequest, expand, find_request, request_behind, take_clause
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words
from language.drafting.clauses import split_clauses
from language.learned.drafted import wished_draft
from language.spans import cut

TOOL = "draft_follow_up"
_REVISION_WORDS = 40
_TURNS_BACK = 2


@request(precedence=30, gives_way=True)
def draft_request(reading: Reading) -> Sequence[Call] | Intent:
    """A draft as asked for; its words are no business of other kinds."""
    wanted = find_request(reading)
    if (
        wanted is not None
        and wanted.at > 0
        and reading.outline.has("draft")
        and not reading.outline.asks_for_draft
    ):
        return ()
    if wanted is None:
        return _accepted(reading) or _answered(reading) or _revised(reading) or _read_surely(reading)
    return Intent((Call(TOOL, wanted.arguments(), wanted.at),), consumed=wanted.spans)


def _read_surely(reading: Reading) -> Sequence[Call] | Intent:
    """A draft that no phrase finds and the network is sure of; not where the message is to be sent."""
    wished = wished_draft(reading)
    if wished is None or find_request(reading, to_send=True) is not None:
        return ()
    wanted = request_behind(reading, wished.head, wished.content_at)
    if not (wanted.to or wanted.account or wanted.deal):
        return ()
    return Intent((Call(TOOL, wanted.arguments(), wanted.at),), consumed=wanted.spans)


def _accepted(reading: Reading) -> Sequence[Call] | Intent:
    """A yes to "I never send, shall I draft it?"."""
    last = reading.dialogue.last
    if (
        last is None
        or last.calls
        or not re.match(load_words("drafts")["accept"], reading.text.strip(), re.IGNORECASE)
    ):
        return ()
    wanted = find_request(Reading(last.said, reading.situation, reading.dialogue).own_words(), to_send=True)
    if wanted is None:
        return ()
    return Intent((Call(TOOL, wanted.arguments()),), consumed=(cut(reading.text, 0, len(reading.text)),))


def _revised(reading: Reading) -> Sequence[Call] | Intent:
    last = _last_draft(reading)
    text = reading.text.strip()
    if last is None or not text or len(text.split()) > _REVISION_WORDS:
        return ()
    words = load_words("drafts")
    if not any(re.search(expand(each), text, re.IGNORECASE) for each in (*words["revise"], words["redirect"])):
        return ()
    arguments = dict(last.call.arguments)
    if not _apply(arguments, reading):
        return ()
    whole = cut(reading.text, 0, len(reading.text))
    return Intent((Call(TOOL, arguments),), consumed=(whole,))


def _apply(arguments: dict[str, Any], reading: Reading) -> bool:
    """Changes the arguments of the last draft as the message says; False when it says nothing about it."""
    words = load_words("drafts")
    text = reading.text.strip()
    changed = False
    if re.search(words["shorter"], text, re.IGNORECASE):
        arguments["max_words"] = words["shorter_words"]
        changed = True
    for language, pattern in words["languages"].items():
        if re.search(pattern, text, re.IGNORECASE) or re.fullmatch(
            expand(words["revise"][4]), text, re.IGNORECASE
        ):
            arguments["language"] = _named_language(text, language)
            changed = True
    if changed:
        return True
    if re.match(expand(words["redirect"]), text, re.IGNORECASE):
        return _redirect(arguments, reading)
    more = DraftRequest()
    for clause in split_clauses(text):
        take_clause(more, re.sub(words["add_prefix"], "", clause, flags=re.IGNORECASE))
    arguments["leave_out"] = [*arguments.get("leave_out", []), *more.leave_out]
    arguments["points"] = [*arguments.get("points", []), *more.points]
    arguments["ask"] = "; ".join(filter(None, (arguments.get("ask", ""), *more.asks)))
    return bool(more.leave_out or more.points or more.asks)


def _named_language(text: str, fallback: str) -> str:
    if re.search(r"chinese|mandarin|中文|汉语", text, re.IGNORECASE):
        return "zh"
    return "en" if re.search(r"english|英文|英语", text, re.IGNORECASE) else fallback


def _redirect(arguments: dict[str, Any], reading: Reading) -> bool:
    people = [each.span.text for each in reading.mentions if each.candidates[0].entry.kind == "contact"]
    if people:
        arguments.update(to=people, account="")
    return bool(people)


def _answered(reading: Reading) -> Sequence[Call] | Intent:
    """The answer to a question that a draft is waiting for."""
    waiting = next((past for past in reading.dialogue.open_calls if past.call.tool == TOOL), None)
    if waiting is None:
        return ()
    arguments = dict(waiting.call.arguments)
    field = waiting.result.get("field")
    people = [each.span.text for each in reading.mentions if each.candidates[0].entry.kind == "contact"]
    if field == "points":
        more = DraftRequest()
        for clause in split_clauses(reading.text):
            take_clause(more, clause)
        if not (more.points or more.asks):
            return ()
        arguments.update(points=more.points, ask="; ".join(more.asks))
    elif field == "to" and people:
        arguments["to"] = people
    elif waiting.result.get("error") in ("ambiguous", "not_found"):
        chosen = _chosen(waiting, reading)
        if chosen is None:
            return ()
        arguments = _replaced(arguments, str(waiting.result.get("words", "")), chosen)
    else:
        return ()
    return Intent((Call(TOOL, arguments),), consumed=(cut(reading.text, 0, len(reading.text)),))


def _chosen(waiting: PastCall, reading: Reading) -> str | None:
    """The candidate that the answer names: its id, or the name of another record."""
    candidates = [*waiting.result.get("candidates", []), *waiting.result.get("near", [])]
    said = reading.text.casefold()
    fitting = [
        each["id"]
        for each in candidates
        if any(
            word in said
            for word in (f"{each['name']} {each.get('hint', '')}").casefold().replace(",", " ").split()
        )
    ]
    if len(fitting) == 1:
        return str(fitting[0])
    return next((each.span.text for each in reading.mentions), None) if not fitting else None


def _replaced(arguments: dict[str, Any], words: str, chosen: str) -> dict[str, Any]:
    return {
        name: [chosen if each == words else each for each in value]
        if isinstance(value, list)
        else (chosen if value == words else value)
        for name, value in arguments.items()
    }


def _last_draft(reading: Reading) -> PastCall | None:
    for turn in reversed(reading.dialogue.turns[-_TURNS_BACK:]):
        for past in reversed(turn.calls):
            if past.call.tool == TOOL and not past.failed:
                return past
    return None
