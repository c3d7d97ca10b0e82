"""Interactions that took place: their type, who took part, when, and what they were about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from language.builtin.corrected_logs import people_logged
from language.builtin.encounter_people import absent_in
from language.durations import DurationMention, clock_range
from language.learned.acts import Act, Part
from language.learned.calls.context import (
    Context,
    LearnedCall,
    Value,
    account_of,
    mention_in,
    person_of,
    plain,
    reads,
)
from language.learned.calls.references import meant
from language.lexicon import Mention

_TYPES = {
    f"{kind}{way}": (kind, {"-in": "inbound", "-out": "outbound"}.get(way, ""))
    for kind in ("call", "meeting", "visit", "email", "message", "note")
    for way in ("", "-in", "-out")
    if not way or kind in ("call", "email", "message")
}
_CONTACTS = ("contacted", "contact_bare", "contact_noun")
_TOLD = 0.35
# How sure a mere noun makes it that there was a contact: "wants a call".
_OF_NOUNS = 0.5
# From that certainty on somebody took part, when others surely did.
_TOOK_PART = 0.5
# How much of the chance counts that words name a participant whom no record has.
_OF_STRANGERS = 0.75
_MINUTES = re.compile(r"\b(\d{1,3}) ?m\b", re.IGNORECASE)


@reads("log")
def log(context: Context, act: Act) -> Iterator[LearnedCall]:
    """An interaction, with what stands behind it in an act of its own: "meeting today / Sigrid, Jonas / 1h15"."""
    place = context.seen.acts.index(act)
    if place and _goes_on(context, context.seen.acts[place - 1], act):
        return
    act = _with_rest(context, act, context.seen.acts[place + 1 : place + 2])
    values: dict[str, Value] = {}
    if (told := _told_type(context, act)) is not None:
        part, (kind, direction) = told
        values["type"] = Value(kind, part)
        if direction:
            values["direction"] = Value(direction, part)
    told_people = act.all("with") or [part for part in context.seen.loose if part.role == "with"]
    people = _participants(_without_absent(context, told_people))
    if people:
        whole = replace(people[0], sure=min(_certainty(part) for part in people))
        values["contacts"] = Value(list(dict.fromkeys(person_of(context, part) for part in people)), whole)
    at = context.shared(act, "at")
    if at is not None:
        values["account"] = Value(account_of(context, at), at)
    on = context.shared(act, "on")
    if (mention := mention_in(on, "deal")) is not None and on is not None:
        values["deal"] = Value(context.targets.deal_of_mention(mention, ours=False).reference, on)
    elif len(named := _deals_named(context, act)) == 1:
        values["deal"] = Value(named.pop(), Part("on", act.first, act.after, "", act.sure, ()))
    when = context.shared(act, "when")
    if when is not None and (said := _past_day(context, when)):
        values["when"] = Value(said, when)
    if (duration := _duration(context, act)) is not None:
        values["duration"] = duration
    yield LearnedCall("log_interaction", act, values)


def _duration(context: Context, act: Act) -> Value | None:
    """How long it took: a length that is told, or from one hour of the clock to another."""
    length = act.one("length")
    if length is not None and (minutes := _length(length)):
        return Value(f"{minutes} min", length)
    words = context.outline.words[act.first : act.after]
    minutes = clock_range(context.outline.own_text(words[0].start, words[-1].end))
    return Value(f"{minutes} min", Part("length", act.first, act.after, "", act.sure, ())) if minutes else None


def _with_rest(context: Context, act: Act, behind: Sequence[Act]) -> Act:
    """The act with the one right behind it that tells more of the same interaction."""
    if not behind or not _goes_on(context, act, behind[0]):
        return act
    return replace(act, after=behind[0].after, parts=(*act.parts, *behind[0].parts))


def _goes_on(context: Context, act: Act, other: Act) -> bool:
    """Whether an act tells more of the interaction right before it: it has no type, and people in one of them only."""
    is_log = act.kind == other.kind == "log"
    twice = act.all("with") and other.all("with")
    return is_log and not twice and bool(_told_type(context, act)) and not _told_type(context, other)


def _deals_named(context: Context, act: Act) -> set[str]:
    """The deals that the words of an act name."""
    words = context.outline.words[act.first : act.after]
    found = [word.thing for word in words if "deal" in word.kinds and isinstance(word.thing, Mention)]
    return {context.targets.deal_of_mention(each, ours=False).reference for each in found}


@reads("relog")
def changed_log(context: Context, act: Act) -> Iterator[LearnedCall]:
    """What is added to the interaction that was logged last, or changed of it."""
    logged = meant(context, None, "interaction")
    if not logged:
        return
    values: dict[str, Value] = {}
    people = act.all("with") or list(_present(context, act))
    if people:
        others = [*people_logged(context.outline, logged[0]), *(person_of(context, part) for part in people)]
        values["contacts"] = Value("; ".join(dict.fromkeys(others)), people[0])
    if (when := act.one("when")) is not None and (day := _past_day(context, when)):
        values["occurred_at"] = Value(day, when)
    length = act.one("length")
    if length is not None and (minutes := _length(length)):
        values["duration_min"] = Value(str(minutes), length)
    if (told := act.one(*_TYPES)) is not None:
        values["type"] = Value(_TYPES[told.role][0], told)
    about = act.one("about") if people == act.all("with") else None
    if about is not None and (body := _words_logged(context, logged[0])):
        values["body"] = Value(f"{body}\n{plain(about)}", about)
    if values:
        yield LearnedCall("update_record", act, values, {"kind": "interaction", "record": logged[0]})


def _present(context: Context, act: Act) -> Iterator[Part]:
    """The people whom an act names as having been there, when it calls them nothing else: 补一句，徐斌也在."""
    words = context.outline.words
    clauses = [each for each in context.outline.clauses if act.first <= each.first < act.after]
    for clause in (each for each in clauses if each.has("presence") and each.is_plain):
        for i in range(clause.first, clause.after):
            if "contact" in words[i].kinds:
                text = context.outline.own_text(words[i].start, words[i].end)
                yield Part("with", i, i + 1, text, act.sure, words[i : i + 1])


def _words_logged(context: Context, record: str) -> str:
    """The words that were kept with an interaction of this dialogue; by default the message that told it."""
    kept = ""
    for turn in context.outline.reading.dialogue.turns:
        for past in turn.calls:
            if any(record_id == record for _, record_id, _ in past.records):
                given = past.call.arguments
                told = turn.said if past.call.tool == "log_interaction" else ""
                kept = str(given.get("text") or given.get("fields", {}).get("body") or told or kept)
    return kept


def _length(part: Part) -> int:
    spans = [word.thing for word in part.words if isinstance(word.thing, DurationMention)]
    return spans[0].minutes if spans else _minutes_in(part)


def _minutes_in(length: Part) -> int:
    """The minutes of "35m", which elsewhere is an amount; 0 for anything else."""
    found = _MINUTES.search(length.text)
    return int(found[1]) if found else 0


def _participants(people: Sequence[Part]) -> Sequence[Part]:
    """Who took part; beside somebody known a stranger has to be rather sure: "I was in Málaga with Beatriz"."""
    sure = [part for part in people if _certainty(part) >= _TOOK_PART]
    return sure or people


def _without_absent(context: Context, people: Sequence[Part]) -> Sequence[Part]:
    """Some people without those who, as phrases tell, were not there: 甘宇航没来."""
    absent = {word.start for clause in context.outline.clauses for word in absent_in(context.outline, clause)}
    return [part for part in people if not any(word.start in absent for word in part.words)]


def _certainty(part: Part) -> float:
    """How sure it is that a part names a participant."""
    return part.sure if mention_in(part, "contact", "lead") is not None else part.sure * _OF_STRANGERS


def _told_type(context: Context, act: Act) -> tuple[Part, tuple[str, str]] | None:
    """The type and direction of an interaction by the word that tells them best; by phrases where no word does."""
    best = max(range(act.first, act.after), key=lambda i: context.seen.chance_of_role(i, i + 1, *_TYPES))
    chance = context.seen.chance_of_role(best, best + 1, *_TYPES)
    part = Part("type", best, best + 1, "", chance, context.outline.words[best : best + 1])
    if chance >= _TOLD:
        kinds = {kind for kind, _ in _TYPES.values()}
        kind = max(kinds, key=lambda each: context.seen.chance_of_role(best, best + 1, *_roles_of(each)))
        role = max(_roles_of(kind), key=lambda each: context.seen.chance_of_role(best, best + 1, each))
        return part, _TYPES[role]
    hits = [hit for hit in context.outline.all_hits if hit.tag in _CONTACTS and act.first <= hit.first < act.after]
    if not hits:
        return None
    hit = hits[0]
    sure = act.sure if hit.tag == "contacted" else min(act.sure, _OF_NOUNS)
    part = Part("type", hit.first, hit.after, "", sure, context.outline.words[hit.first : hit.after])
    return part, (str(hit.value["type"]), str(hit.value.get("direction", "")))


def _roles_of(kind: str) -> list[str]:
    return [role for role, (each, _) in _TYPES.items() if each == kind]


def _past_day(context: Context, part: Part) -> str:
    start, end = part.words[0].start, part.words[-1].end
    days = [
        date.on for date in context.outline.reading.past_dates if date.span.start < end and start < date.span.end
    ]
    today = context.situation.today
    return days[0].isoformat() if days and days[0] is not None and days[0] < today else ""
