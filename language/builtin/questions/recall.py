"""Questions about what was said and done: who raised what, what someone worries about, when something was sent."""

from datetime import timedelta
from typing import Any

from language.builtin.calls import Call
from language.builtin.questions.conditions import conditions
from language.builtin.questions.followup_changes import counts_others
from language.builtin.questions.marks import Mark
from language.builtin.questions.periods import periods
from language.builtin.questions.pointing import pointed_at
from language.builtin.questions.slots import Slots
from language.builtin.questions.subjects import Thing
from language.builtin.vocabulary import patterns
from language.script import has_cjk

_SHORTEST_TOPIC = 2
# How many days 月底, 月初 or "end of May" reach from their day.
_DAYS_OF_EDGE, _ENDS, _STARTS = 10, ("底", "末"), ("初",)
_STRONG = ("say", "worry", "promise", "recent")
_SPEAKERS = ("contact", "account", "deal", "lead", "user")
_FIELD_NOUNS = frozenset({"field", "fields", "column", "box", "字段", "栏"})
_ROLES_OF_TOPIC = ("recall", "ask", "pronoun", "scope", "follow", "filler", "action", "reported")


def is_recall(slots: Slots) -> bool:
    """Whether the clause asks about what was said or done; weak verbs ("needs") count only beside a name."""
    if _asks_ever(slots):
        return True
    if not slots.has("recall"):
        return False
    if slots.has("metric") and not slots.named("contact", "deal"):
        return False
    listing = slots.has("kind", "deal", "account", "lead", "task", "ticket") and (
        slots.has("ask", "which", "show") or slots.has("measure", "count")
    )
    # "Do I have a call on my list": what is to be done, not what was said.
    listing = listing or any("task" in mark.values("kind") and "list" in mark.text.lower() for mark in slots.marks)
    spoken = {
        value
        for mark in slots.marks_of("recall")
        if not _is_of_field(slots, mark)
        if not (listing and mark.has("state")) and not (slots.has("group") and mark.has("dimension"))
        for value in mark.values("recall")
    }
    counted = slots.has("measure", "count") and slots.has("interaction_type")
    counted = counted or _counts_others(slots)
    if not spoken or counted:
        return False
    if spoken & set(_STRONG):
        return not (listing and not _topic(slots))
    of_deal = slots.named("deal") or (slots.is_fragment and not slots.things)
    if slots.has("field", "close_date") and of_deal and not slots.named("contact"):
        return False
    named = bool(slots.named("contact", "account", "deal", "lead")) or "person" in slots.values("pronoun")
    asked = (
        slots.has("ask", "who", "when", "what", "why", "whether", "where", "how") or slots.clause.force == "asked"
    )
    return asked and not listing and (named or slots.has("ask", "who") or bool(slots.earlier))


def _asks_ever(slots: Slots) -> bool:
    """ "Did we ever quote Halden a price for spares?": of somebody, in words that are no state or kind of records."""
    said = slots.reading.text[slots.clause.start : slots.clause.end]
    ever = any(pattern.search(said) for pattern in patterns("question_patterns", "ever"))
    narrowed = slots.has("state") or slots.kinds or slots.has("metric")
    return ever and not narrowed and bool(slots.named("account", "contact", "deal")) and is_topic(slots)


def _counts_others(slots: Slots) -> bool:
    last = slots.reading.dialogue.last
    calls = [slots.earlier] if slots.earlier is not None else [past.call for past in last.calls] if last else []
    return any(call is not None and counts_others(slots, call.arguments) for call in calls)


def _is_of_field(slots: Slots, mark: Mark) -> bool:
    """ "The competitor field says Brewtec", "what does the next step of the pilot say": what is written there."""
    before = [other for other in slots.marks if other.end <= mark.start]
    if not before or slots.named("contact") or "say" not in mark.values("recall"):
        return False
    if before[-1].text.lower() in _FIELD_NOUNS:
        return True
    said = [other for other in before if not (other.is_filler or other.has("ask") or other.has("pronoun"))]
    names = {thing.mark for thing in slots.named("deal", "account", "lead", "ticket", "task")}
    telling = [other for other in said if other not in names]
    return len(telling) == 1 and telling[0].has("field") and not telling[0].has("recall")


def is_topic(slots: Slots) -> bool:
    """Whether the clause has words of its own, beside names and questions, that notes may have."""
    return sum(len(unit.form) if has_cjk(unit.form) else 2 for unit in slots.marks.leftovers) >= _SHORTEST_TOPIC


def recall_calls(slots: Slots) -> list[Call]:
    """A search over the interactions, or the deals in whose notes something comes up."""
    topic = _topic(slots)
    if slots.has("kind", "deal") and not slots.named("deal", "contact") and topic and slots.has("recall", "say"):
        filters = [
            each.plain()
            for each in conditions(slots, "deal")
            if each.field not in ("competitor", "product")
            and not (each.field == "account" and each.value in topic)
        ]
        filters.append({"field": "mentions", "op": "has", "value": topic})
        return [Call("list_records", {"kind": "deal", "filters": filters}, slots.at)]
    return [Call("search_interactions", _search(slots, topic), slots.at)]


def _search(slots: Slots, topic: str) -> dict[str, Any]:
    latest = slots.has("recall", "recent") or any(word in slots.reading.text for word in ("上次", "上回", "最近"))
    found: dict[str, Any] = {"query": topic or ("" if latest else _wording(slots))}
    for kind in ("deal", "account", "contact"):
        reference = _reference(slots, kind)
        if reference:
            found[kind] = reference
    if not found.keys() & {"deal", "account", "contact"} and slots.earlier is not None:
        found |= _asked_about(slots.earlier)
    if "deal" in found:
        found.pop("account", None)
    when = periods(slots)
    if when:
        since, _, until = when[0].partition(" to ")
        found["since"], found["until"] = _behind(slots) or (since, until or since)
    types = slots.values("interaction_type")
    if len(types) == 1:
        found["type"] = types[0]
    people = [thing.by_kind["user"].reference for thing in slots.things if next(iter(thing.by_kind)) == "user"]
    if people and "contact" not in found:
        found["user"] = people[0]
    return found


def _behind(slots: Slots) -> tuple[str, str] | None:
    """The days of the only date of a clause that reads as a day to come: what was said took place before today, and
    五月底, 月初 are some days; None for any other date."""
    today = slots.reading.situation.today
    if len(slots.dates) != 1 or slots.dates[0].on is None or slots.dates[0].on <= today:
        return None
    span = slots.dates[0].span
    past = [each.on for each in slots.reading.past_dates if each.span == span and each.on is not None]
    if not past or past[0] > today:
        return None
    days = timedelta(_DAYS_OF_EDGE)
    first = past[0] - days if span.text.endswith(_ENDS) else past[0]
    last = past[0] + days if span.text.endswith(_STARTS) else past[0]
    return first.isoformat(), last.isoformat()


def _asked_about(earlier: Call) -> dict[str, str]:
    """The record that the question before in the message was about."""
    kind = str(earlier.arguments.get("kind", ""))
    is_one = earlier.tool == "get_record" and kind in ("deal", "account", "contact")
    return {kind: str(earlier.arguments["record"])} if is_one else {}


def _reference(slots: Slots, kind: str) -> str:
    named = [thing for thing in slots.things if kind in thing.by_kind and _is(thing, kind)]
    if named:
        return named[-1].by_kind[kind].reference
    of_deal = bool([thing for thing in slots.before if "deal" in thing.by_kind])
    if kind == "contact" and "person" in slots.values("pronoun") and not slots.named("contact") and not of_deal:
        subject = pointed_at(slots, ["contact"])
        return subject.reference if subject else ""
    pronouns = slots.values("pronoun")
    pointing = kind == "deal" and not slots.things and ("it" in pronouns or ("person" in pronouns and of_deal))
    subject = pointed_at(slots, ["deal"]) if pointing else None
    return subject.reference if subject else ""


def _is(thing: Thing, kind: str) -> bool:
    first = next(iter(thing.by_kind))
    return kind in (first, "contact")


def _topic(slots: Slots) -> str:
    """The words that say what it was about: all that is neither a name, a date nor part of the question."""
    text = slots.reading.text
    pieces: list[str] = []
    verb = next((mark for mark in slots.marks_of("recall") if not mark.has("kind")), None)
    contacts = [mark for mark in slots.marks if mark.is_weak and mark.has("contact_verb")]
    spans = [
        (unit.start, unit.end)
        for unit in slots.marks.leftovers
        if not any(mark.start <= unit.start < mark.end for mark in contacts)
    ]
    spans += [(mark.start, mark.end) for mark in slots.marks if _is_topical(mark) or _follows(slots, mark, verb)]
    end = -1
    opened = [each.match(text[slots.clause.start :]) for each in patterns("question_patterns", "forgotten")]
    told_from = slots.clause.start + max((found.end() for found in opened if found), default=0)
    for start, stop in sorted(span for span in set(spans) if span[0] >= told_from):
        glued = start == end
        pieces = [*pieces[:-1], pieces[-1] + text[start:stop]] if glued and pieces else [*pieces, text[start:stop]]
        end = stop
    scraps = all(len(piece) == 1 and has_cjk(piece) for piece in pieces)
    return "" if scraps else " ".join(pieces)


def _follows(slots: Slots, mark: Mark, verb: Mark | None) -> bool:
    """What stands behind the verb is what was said, sent or asked for, whatever else its words may mean."""
    if verb is None or mark.start < verb.end or _is_named(slots, mark) or mark.date is not None or mark.is_filler:
        return False
    asks = set(mark.values("ask")) - {"show"}
    if asks or any(mark.has(role) for role in ("pronoun", "scope", "kind", "sort")):
        return False
    if (
        mark.values("follow") == ["change"]
        or _asks_topic(mark)
        or (mark.has("contact_verb") and verb.values("recall") == ["recent"])
    ):
        # "The last time we spoke with Ann, and about what".
        return False
    return not mark.has("recall") or mark.has("state")


def _is_named(slots: Slots, mark: Mark) -> bool:
    """Whether a mark names someone or something that can talk or be talked to, not a stage or a product."""
    return any(thing.mark is mark and thing.as_kind(_SPEAKERS) for thing in slots.things)


def _is_topical(mark: Mark) -> bool:
    if mark.mention is not None or mark.date is not None or _asks_topic(mark):
        return False
    if mark.is_filler:
        return mark.has("noise") and not mark.has("filler")
    return (
        not any(mark.has(role) for role in _ROLES_OF_TOPIC)
        and not mark.has("interaction_type")
        and not _is_frame(mark)
    )


def _asks_topic(mark: Mark) -> bool:
    """ "… and about what?"."""
    return mark.has("field") and "what" in mark.text.casefold().split()


def _is_frame(mark: Mark) -> bool:
    """Words about our records rather than about what was said: "my open deals", "the notes", "the last visit"."""
    if "last_activity" in mark.values("field"):
        return True
    return any(mark.has(role) for role in ("state", "group", "sort", "empty", "measure")) or (
        mark.has("kind") and not mark.has("field")
    )


def _wording(slots: Slots) -> str:
    """Without a topic the verb is looked for ("worried"); one that only asks what was said looks for nothing."""
    telling = [mark for mark in slots.marks_of("recall") if not mark.has("contact_verb")]
    verbs = [mark for mark in telling if set(mark.values("recall")) - {"recent", "say"}]
    return " ".join(mark.text for mark in verbs)
