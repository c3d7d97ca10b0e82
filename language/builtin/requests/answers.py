"""Answers to the agent's questions: the call that could not be made is made again with what was missing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from language.builtin.calls import Call
from language.builtin.clauses import Outline, amounts_in, dates_in
from language.builtin.complete import is_complete
from language.builtin.dialogue import Dialogue, PastCall
from language.builtin.loss_reasons import reason_given, rival_given
from language.builtin.picking import by_place, chosen, says_all, says_none
from language.builtin.plan import Intent, request
from language.builtin.questions.followups import READ_TOOLS
from language.builtin.reading import Reading
from language.builtin.requests.deal_changes import change_deals
from language.builtin.requests.log import log_interactions
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words, patterns
from language.builtin.words import top_candidates
from language.lexicon import Mention

_LONGEST_ANSWER = 30


@request(precedence=38, exclusive=True)
def choices_asked(reading: Reading) -> Intent:
    """ "Which reasons are there?", asked back after our question for one: what there is to choose from."""
    waiting = reading.dialogue.open_calls
    choices = waiting[0].result.get("choices", []) if waiting else []
    said = reading.text.strip()
    if not choices or not any(each.fullmatch(said) for each in patterns("answers", "asks_choices")):
        return Intent()
    shown = ", ".join(str(each).replace("_", " ") for each in choices)
    return Intent(answer=str(load_words("answers")["choices_are"][reading.language]).format(choices=shown))


@request(precedence=40, exclusive=True)
def answers_to_questions(reading: Reading) -> Sequence[Call] | Intent:
    """The open calls again, completed by what the message answers; nothing when it asks for something else."""
    if reading.outline.is_mere_talk:
        return ()
    waiting = reading.dialogue.open_calls
    if not waiting:
        return _answers_in_words(reading)
    first = waiting[0]
    if says_none(reading.text) and first.result.get("error") in ("ambiguous", "not_found"):
        return Intent(
            answer=str(load_words("answers")["questions"]["none_of_these"][reading.language]), kind="question"
        )
    if says_all(reading.text) and first.result.get("error") == "ambiguous":
        every = [_again(first, str(each["id"]), reading) for each in first.result.get("candidates", [])]
        return [call for call in every if call is not None]
    value = _value(reading, first)
    if not value:
        return ()
    calls = [_again(past, value, reading) for past in waiting if _asks_the_same(past, first)]
    return [call for call in calls if call is not None]


def _asks_the_same(past: PastCall, first: PastCall) -> bool:
    keys = ("error", "words", "field", "argument")
    return all(past.result.get(key) == first.result.get(key) for key in keys)


def _value(reading: Reading, past: PastCall) -> str:
    """What the message gives for the missing piece; empty when it gives nothing."""
    error = past.result.get("error")
    if _is_new_request(reading):
        return ""
    if error == "ambiguous":
        return chosen(reading, past.result.get("candidates", []))
    if error == "not_found":
        near = past.result.get("near", [])
        if near and reading.text.strip(" .!。！").casefold() in load_words("answers")["yes"]:
            return str(near[0]["id"])
        return chosen(reading, near) or _named(reading, str(past.result.get("kind", "")))
    if error == "missing_detail":
        return _detail(reading, str(past.result.get("field", "")), past.result.get("choices", []))
    if error == "invalid_argument" and past.call.tool == "log_interaction" and past.result.get("words"):
        return _day_told(reading, str(past.result["words"]))
    if error == "invalid_argument" and past.call.tool not in READ_TOOLS:
        return _detail(reading, str(past.result.get("argument", "")), [])
    return ""


def _day_told(reading: Reading, words: str) -> str:
    """The day that answers which one of "last week" is meant: of two days of that name the one in that time."""
    asked = Reading(words, reading.situation, Dialogue()).past_dates
    within = next((date.period for date in asked if date.period is not None), None)
    day = next((date.on for date in reading.past_dates if date.on is not None), None)
    if day is None:
        return ""
    earlier = day - timedelta(weeks=1)
    is_earlier = within is not None and day > within.end >= earlier >= within.start
    return (earlier if is_earlier else day).isoformat()


def _is_new_request(reading: Reading) -> bool:
    """Whether the message is a question or a longer order rather than an answer."""
    outline = reading.outline
    words = [word for word in outline.words if word.canon[0].isalnum()]
    if len(words) > _LONGEST_ANSWER or any("question" in clause.moods for clause in outline.clauses):
        return True
    if any(call.given().get("duration") for call in _calls(log_interactions(reading))):
        return True  # Another interaction, told with all that belongs to it.
    return outline.has("task_new", "create", "convert", "draft") or (outline.has("to_stage") and len(words) > 6)


def _named(reading: Reading, kind: str) -> str:
    """The one record of a kind that the message names."""
    found = {
        item.entry.id
        for mention in reading.mentions
        for item in top_candidates(mention)
        if item.entry.kind == kind
    }
    return found.pop() if len(found) == 1 else ""


def _detail(reading: Reading, field: str, choices: Sequence[str]) -> str:
    if field == "lost_reason":
        return reason_given(reading.outline)
    folded = reading.text.casefold().replace("_", " ")
    for choice in choices:
        if choice.casefold().replace("_", " ") in folded:
            return choice
    outline = reading.outline
    if choices:
        amounts = [mention.value for clause in outline.clauses for mention in amounts_in(clause)]
        same = [
            choice
            for choice in choices
            if amounts and choice.replace(".", "").isdigit() and float(choice) == float(amounts[0])
        ]
        place = [
            choice for choice in choices if by_place(reading.text, [{"id": each} for each in choices]) == choice
        ]
        return next(iter([*same, *place]), "")
    return _typed(outline, field)


def _typed(outline: Outline, field: str) -> str:
    dates = [mention for clause in outline.clauses for mention in dates_in(clause)]
    amounts = [mention for clause in outline.clauses for mention in amounts_in(clause)]
    if field in ("close_date", "due", "when") or (dates and not amounts):
        return spoken_date(dates[0]) if dates else ""
    return spoken_amount(amounts[0], 0) if amounts and field == "amount" else ""


def _again(past: PastCall, value: str, reading: Reading) -> Call | None:
    arguments = dict(past.call.arguments)
    name = str(past.result.get("field") or past.result.get("argument") or "")
    if not name:
        name = _argument_for(past, value)
    if not name:
        return None
    if name in ("contacts",):
        words = str(past.result.get("words", "")).casefold()
        arguments[name] = [value if str(each).casefold() == words else each for each in arguments.get(name, [])]
    else:
        arguments[name] = value
    if past.call.tool == "update_deal" and "stage" in arguments and "lost_reason" not in arguments:
        arguments["lost_reason"] = reason_given(reading.outline)
    if arguments.get("lost_reason") == "competitor" and not arguments.get("competitor"):
        arguments["competitor"] = rival_given(reading.outline)
    if past.call.tool == "log_interaction":
        arguments["contacts"] = [*arguments.get("contacts", []), *_people_added(reading, arguments, value)]
        arguments["deal"] = arguments.get("deal") or _deal_added(reading, value)
        arguments.setdefault("text", reading.dialogue.last.said if reading.dialogue.last else "")
    return Call(past.call.tool, arguments)


def _argument_for(past: PastCall, value: str) -> str:
    """The argument that held the unclear words."""
    words = str(past.result.get("words", "")).casefold()
    for name, given in past.call.arguments.items():
        if isinstance(given, str) and given.casefold() == words:
            return name
        if isinstance(given, list) and any(str(each).casefold() == words for each in given):
            return name
    kind = value.split("_", 1)[0]
    options = load_words("answers")["arguments"].get(kind, [])
    return next((name for name in options if name in past.call.arguments), options[0] if options else "")


def _people_added(reading: Reading, arguments: Mapping[str, Any], value: str) -> list[str]:
    """People whom the answer names beside what was asked ("Foods. It was Miguel"), of the account chosen."""
    account = str(arguments.get("account", ""))
    found: list[str] = []
    for word in (word for clause in reading.outline.clauses for word in clause.things("contact")):
        if isinstance(word.thing, Mention):
            entries = [
                item.entry
                for item in word.thing.candidates
                if item.entry.kind == "contact" and item.entry.account_id == account
            ]
            if len(entries) == 1 and entries[0].id not in (value, *arguments.get("contacts", [])):
                found.append(entries[0].id)
    return found


def _deal_added(reading: Reading, value: str) -> str:
    """The deal that the answer names beside who or which company it was ("Tveit. About newbuild 77")."""
    targets = Targets(reading.outline)
    chosen = targets.get(value)
    words = [word.thing for clause in reading.outline.clauses for word in clause.things("deal")]
    found = {targets.deal_of_mention(each).reference for each in words if isinstance(each, Mention)}
    deal = targets.get(found.pop()) if len(found) == 1 else None
    return deal.id if deal and chosen and deal.account_id == chosen.home_account else ""


def _answers_in_words(reading: Reading) -> Sequence[Call]:
    """After our own "Which deal?": the earlier message read again with the name in front."""
    last = reading.dialogue.last
    if last is None or last.calls or _is_new_request(reading) or is_complete(reading):
        return ()
    asked = {str(text) for texts in load_words("answers")["questions"].values() for text in texts.values()}
    if not any(text in last.answered for text in asked) or not reading.mentions:
        return ()
    earlier = Dialogue(reading.dialogue.turns[:-1])
    both = Reading(f"{reading.text.strip(' .。')}: {last.said}", reading.situation, earlier)
    found = [*_calls(log_interactions(both)), *_calls(change_deals(both))]
    return [_with_text(call, last.said) for call in found]


def _with_text(call: Call, said: str) -> Call:
    """A log keeps the words of the message that it is about, not those of the answer."""
    is_log = call.tool == "log_interaction" and not call.arguments.get("text")
    return replace(call, arguments={**call.arguments, "text": said} if is_log else call.arguments, at=0)


def _calls(found: Sequence[Call] | Intent) -> Sequence[Call]:
    return found.calls if isinstance(found, Intent) else found
