"""Joins what phrases and structure say of a message with what the network reads in it, call by call.

Phrases are precise and miss much; the network misses little and errs now and then. What phrases found stays unless the network
is nearly sure that the words play another part; what only the network found counts when it is sure enough. The
thresholds are chosen on the corpus (`docs/understanding.md`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from language.amounts import AmountMention
from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.builtin.deal_stages import stage_reference
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.words import Word
from language.dates import DateMention
from language.learned.acts import Understood, understood
from language.learned.calls import LearnedCall, Value, learned_calls
from language.lexicon import Mention

# Least chance of an act, and of a part, for what only the network found.
ADDED_ACT, ADDED_PART = 0.85, 0.6
# The same for fields that are seldom meant, and costly when they are not.
ADDED_RARE = 0.9
_RARE = ("owner", "name", "competitor")
_LEAST_SUM = 1000
# Most chance at which what phrases found is dropped.
DROPPED = 0.0
_FIELD_ROLES: Mapping[str, tuple[str, ...]] = {
    "close_date": ("close", "close-by"),
    "amount": ("amount", "amount-by"),
    "stage": ("stage", "won", "lost"),
}
_NEEDED: Mapping[str, tuple[str, ...]] = {"create_task": ("title",)}


def merged(outline: Outline, calls: Sequence[Call], seen: Understood | None = None) -> list[Call]:
    """The calls of both, in the order of the message; by default with what the shipped network sees."""
    if outline.is_mere_talk:
        return list(calls)
    seen = seen or understood(outline)
    found = [kept for call in calls for kept in _without_doubtful(outline, call, seen)]
    for learned in learned_calls(outline, seen):
        found = _with(outline, found, learned)
    return sorted(found, key=lambda call: call.at)


def _without_doubtful(outline: Outline, call: Call, seen: Understood) -> Iterator[Call]:
    """The call without the values that the network holds for something else; nothing when none is left."""
    if call.tool != "update_deal":
        yield call
        return
    kept = {name: value for name, value in call.arguments.items() if not _is_doubtful(outline, name, value, seen)}
    if any(value and name not in ("deal", "account") for name, value in kept.items()):
        yield replace(call, arguments=kept)


def _is_doubtful(outline: Outline, name: str, value: Any, seen: Understood) -> bool:
    roles = _FIELD_ROLES.get(name)
    if roles is None or not value:
        return False
    places = [i for i, word in enumerate(outline.words) if _says(word, str(value))]
    return bool(places) and all(seen.chance_of_role(i, i + 1, *roles) < DROPPED for i in places)


def _says(word: Word, value: str) -> bool:
    if isinstance(word.thing, DateMention):
        return value.lstrip("+-") == spoken_date(word.thing).lstrip("+-")
    if isinstance(word.thing, AmountMention):
        return value.lstrip("+-") == spoken_amount(word.thing, 0).lstrip("+-")
    return isinstance(word.thing, Mention) and "stage" in word.kinds and stage_reference(word.thing) == value


def _with(outline: Outline, calls: list[Call], learned: LearnedCall) -> list[Call]:
    same = next((call for call in calls if _is_same(outline, call, learned)), None)
    sure = {
        name: value for name, value in learned.values.items() if _is_sure(outline, learned, name, value, calls)
    }
    if same is not None:
        return [_filled(call, sure) if call is same else call for call in calls]
    needed = _NEEDED.get(learned.tool, ())
    if learned.act.sure < ADDED_ACT or not sure or any(name not in sure for name in needed):
        return calls
    return [*calls, replace(learned, values=sure).call(outline)]


def _is_sure(outline: Outline, learned: LearnedCall, name: str, value: Value, calls: Sequence[Call]) -> bool:
    """Whether a value may be added: sure enough, sensible, and not what phrases read elsewhere."""
    if learned.tool != "update_deal":
        return value.part.sure >= ADDED_PART
    if value.part.sure < (ADDED_RARE if name in _RARE else ADDED_PART) or learned.act.sure < ADDED_ACT:
        return False
    if any(call.tool == "update_deal" and call.arguments.get(name) == value.said for call in calls):
        return False
    return _is_sensible(outline, learned, name, value)


def _is_sensible(outline: Outline, learned: LearnedCall, name: str, value: Value) -> bool:
    """No deal closes today or before without being won or lost, none is won with its closing ahead, and a small figure
    without a scale is no sum."""
    dates = [word.thing for word in value.part.words if isinstance(word.thing, DateMention)]
    amounts = [word.thing for word in value.part.words if isinstance(word.thing, AmountMention)]
    ends = any(part.role in ("won", "lost") for part in learned.act.parts)
    if name == "close_date" and dates and dates[0].on is not None:
        return ends or dates[0].on > outline.reading.situation.today
    if name == "stage" and value.part.role == "won":
        words = outline.words[learned.act.first : learned.act.after]
        days = [
            word.thing.on for word in words if isinstance(word.thing, DateMention) and word.thing.on is not None
        ]
        return all(day <= outline.reading.situation.today for day in days)
    if name == "amount" and amounts:
        return amounts[0].kind != "plain" or amounts[0].value >= _LEAST_SUM
    return True


def _is_same(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    """Whether both are about the same thing."""
    if call.tool != learned.tool:
        return False
    if call.tool == "update_deal":
        return call.arguments.get("deal") == learned.about.get("deal")
    if call.tool == "create_task":
        return _is_same_task(outline, call, learned)
    return True


def _is_same_task(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    """Tasks are the same that share their day or half of their words, or stand at one place."""
    given = call.given()
    due = learned.values.get("due")
    words = outline.words[learned.act.first : learned.act.after]
    return (
        _share(str(given.get("title", "")), str(learned.values["title"].said)) >= 0.5
        or (due is not None and given.get("due") == due.said)
        or words[0].start <= call.at < words[-1].end
    )


def _share(one: str, other: str) -> float:
    """Which share of the words of the shorter text the other one has."""
    ours, theirs = (set(_pieces(text)) for text in (one, other))
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def _pieces(text: str) -> Sequence[str]:
    return text.casefold().split() if text.isascii() else [sign for sign in text.casefold() if sign.isalnum()]


def _filled(call: Call, sure: Mapping[str, Value]) -> Call:
    """The call with what it lacked; fields of other records than deals are left as they were read."""
    if call.tool == "update_record":
        return call
    given = call.given()
    return replace(call, arguments={**call.arguments, **{n: v.said for n, v in sure.items() if n not in given}})
