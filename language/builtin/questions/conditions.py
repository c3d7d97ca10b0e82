"""Filters from the slots of a clause: states, values, missing fields, names, dates and whose records."""

import re
from collections.abc import Iterator, Sequence
from typing import cast

from language.builtin.questions.marks import Mark, split_value, table
from language.builtin.questions.periods import closed_by_then, date_filters
from language.builtin.questions.slots import Slots
from language.builtin.questions.subjects import Thing
from language.builtin.questions.thresholds import Condition, lengths_of_time, silent_since, thresholds

OWNER_FIELD = {
    "deal": "owner", "account": "owner", "lead": "owner", "interaction": "owner", "contact": "owner",
    "task": "assignee", "ticket": "assignee", "quota": "user",
}  # fmt: skip
_NAMES = {
    "account": {
        "deal": "account",
        "contact": "account",
        "task": "account",
        "ticket": "account",
        "interaction": "account",
    },
    "deal": {"task": "deal", "interaction": "deal"},
    "contact": {"deal": "contact", "interaction": "contacts", "ticket": "contact", "task": "with"},
    "product": {"deal": "product", "lead": "product_interest"},
    "stage": {"deal": "stage"},
}
_OTHER = {"yes": "no", "no": "yes"}
# What is on hand is the asker's own.
_ON_HAND = re.compile(r"手上|手头|手里|在手|on the table|in hand|on hand", re.IGNORECASE)
_SALES_ROLES = frozenset({"rep", "manager"})


def conditions(
    slots: Slots, kind: str, *, own: bool = True, dates: bool = True, in_currency: bool = False
) -> list[Condition]:
    """All filters that the clause puts on records of a kind; `own` includes whose they are.

    `in_currency`: a currency names deals in it ("deals in HKD"), not what a figure is shown in.
    """
    found = [*_missing(slots, kind), *_values(slots, kind), *_choices(slots, kind)]
    found += [*_states(slots, kind), *thresholds(slots, kind)]
    currencies = slots.values("currency") if kind == "deal" and in_currency else []
    found += [Condition("currency", "=", "|".join(currencies))] if currencies else []
    types = slots.values("interaction_type") if kind == "interaction" else []
    found += [Condition("type", "=", types[0])] if len(types) == 1 else []
    found += [*lengths_of_time(slots, kind), *silent_since(slots)]
    found += _named(slots, kind)
    if own:
        found += owners(slots, kind)
    if dates:
        found += [Condition(*each) for each in date_filters(slots, kind)]
    return _merged(found)


def owners(slots: Slots, kind: str) -> list[Condition]:
    """Whose records: people named, "my", "the team's"."""
    name = OWNER_FIELD.get(kind)
    whose = scope(slots)
    if not name or whose in ("", "company"):
        return []
    if whose == "my team" and (
        kind not in ("deal", "lead", "task", "account") or slots.named("account", "deal", "contact")
    ):
        return []
    return [Condition(name, "=", whose)]


def scope(slots: Slots) -> str:
    """Whose numbers or records: a person's id, "me", "my team", "company", or nothing said."""
    people = [thing.as_kind(["user"]) for thing in slots.things if "user" in thing.by_kind]
    people_ids = [person.reference for person in people if person]
    if people_ids and slots.has("compare", "other") and "me" in slots.scopes:
        people_ids = ["me", *people_ids]
    if people_ids:
        return "|".join(dict.fromkeys(people_ids))
    said = slots.scopes
    if "company" in said:
        return "company"
    if "my team" in said:
        return "my team" if slots.reading.situation.role in _SALES_ROLES else ""
    if "person" in slots.values("pronoun"):
        focus = slots.reading.dialogue.focus("user")
        return focus[0] if focus else ""
    on_hand = slots.reading.situation.role != "manager" and any(_ON_HAND.search(mark.text) for mark in slots.marks)
    return "me" if "me" in said or on_hand else ""


def _states(slots: Slots, kind: str) -> Iterator[Condition]:
    states = cast(dict[str, dict[str, Sequence[str]]], table("filters", "states"))
    emptied = {mark.start for mark, _ in _emptied(slots, kind)}
    for mark in slots.marks_of("state"):
        if mark.start in emptied or _is_value(mark, kind):
            continue
        for state in mark.values("state"):
            meaning = states[state].get(kind)
            if meaning:
                name, value = meaning
                turned = negated(slots, mark)
                if turned and value in _OTHER:
                    value, turned = _OTHER[value], False
                yield Condition(name, "!=" if turned else "=", value) if value else Condition(name, "is_empty")
                break
    if closed_by_then(slots) and kind == "deal" and not slots.has("state", "won", "lost"):
        yield Condition("status", "=", "won")


def _is_value(mark: Mark, kind: str) -> bool:
    return any(split_value(packed)[0] == kind for packed in mark.values("value"))


def _choices(slots: Slots, kind: str) -> Iterator[Condition]:
    """Values of fields with a fixed choice, where the field is named as well ("priority is high")."""
    for mark in slots.marks_of("choice"):
        for where, name, value in map(split_value, mark.values("choice")):
            named = any(name in other.values("field") for other in slots.marks if other is not mark)
            if where == kind and named and mark.mention is None and not mark.has("metric"):
                yield Condition(name, "!=" if negated(slots, mark) else "=", value)


def negated(slots: Slots, mark: Mark) -> bool:
    """Whether a condition is turned around: "not in commit", 除了."""
    for other in slots.marks_of("negation"):
        between = [m for m in slots.marks if other.end <= m.start and m.end <= mark.start]
        if other.end <= mark.start and all(m.is_filler for m in between) and mark.start - other.end < 12:
            return True
    return False


def _values(slots: Slots, kind: str) -> Iterator[Condition]:
    """Values of fields; where a word is a value of several fields, the field that is named beside it is meant."""
    named = set(slots.values("field")) | set(slots.values("dimension"))
    emptied = {mark.start for mark, _ in _emptied(slots, kind)}
    for mark in slots.marks_of("value"):
        pronoun = len(mark.text) <= 2 and mark.text.islower()
        if mark.start in emptied or mark.mention is not None or pronoun:
            continue
        options = [
            (where, name, value) for packed in mark.values("value") for where, name, value in [split_value(packed)]
        ]
        if slots.has("state", "lost"):
            named.add("lost_reason")
        chosen = _choose(options, kind, named - set(mark.values("field")), mark)
        if chosen:
            yield Condition(chosen[0], "!=" if negated(slots, mark) else "=", chosen[1])


def _choose(options: list[tuple[str, str, str]], kind: str, named: set[str], mark: Mark) -> tuple[str, str] | None:
    direct = [(name, value) for where, name, value in options if where == kind]
    if kind in ("deal", "contact", "ticket"):
        direct += [(name, value) for where, name, value in options if where == "account"]
    fitting = [each for each in direct if each[0] in named] or direct
    kinds_of = cast(dict[str, list[str]], table("fields", "kinds_of"))
    states = cast(dict[str, dict[str, object]], table("filters", "states"))
    other_field = any(kind in kinds_of.get(name, []) for name in mark.values("field"))
    other_state = any(kind in states[state] for state in mark.values("state"))
    vague = other_field or other_state or mark.has("kind") or mark.has("measure") or mark.has("interaction_type")
    if vague and not any(each[0] in named for each in direct):
        return None
    return fitting[0] if fitting else None


def lacking(slots: Slots) -> str:
    """ "Customers without an open deal", 没有商机的客户: the count that is 0 of such accounts; else empty."""
    deals = [mark for mark in slots.marks if mark.values("kind")[:1] == ["deal"]]
    if "account" not in slots.kinds or not deals:
        return ""
    before = [mark for mark in slots.marks_of("empty") if mark.end <= deals[0].start]
    between = [
        mark for mark in slots.marks if before and before[-1].end <= mark.start and mark.end <= deals[0].start
    ]
    if not before or any(not mark.is_filler and "open" not in mark.values("state") for mark in between):
        return ""
    return "open_deals" if any("open" in mark.values("state") for mark in (*between, deals[0])) else "deals"


def _missing(slots: Slots, kind: str) -> Iterator[Condition]:
    none = lacking(slots)
    if none and kind == "account":
        yield Condition(none, "=", "0")
    for _, name in _emptied(slots, kind):
        yield Condition(name, "is_empty")


def _emptied(slots: Slots, kind: str) -> list[tuple[Mark, str]]:
    """Fields that are said to be empty: "no next step", 没有竞争对手."""
    kinds_of = cast(dict[str, list[str]], table("fields", "kinds_of"))
    found = []
    for empty in slots.marks_of("empty"):
        for mark in slots.marks:
            near = _next_to(slots, empty, mark)
            for name in mark.values("field"):
                fits = kind in kinds_of.get(name, [kind])
                if near and fits and not (name == "owner" and kind in ("ticket", "task")):
                    found.append((mark, name))
                    break
    return found


def _next_to(slots: Slots, empty: Mark, mark: Mark) -> bool:
    text = slots.reading.text
    between = text[empty.end : mark.start] if mark.start >= empty.end else text[mark.end : empty.start]
    fillers = [m for m in slots.marks if m.is_filler]
    for filler in fillers:
        between = between.replace(filler.text, " ")
    after = mark.start >= empty.end
    return not between.strip(" ,，'’") and (
        after
        or not empty.text.isascii()
        or empty.text.lower() in ("empty", "missing", "blank", "not set", "not filled in")
    )


def _named(slots: Slots, kind: str) -> Iterator[Condition]:
    """Names of other records: at an account, with a product, in a stage, on a deal."""
    if slots.account_pointed_at and kind in _NAMES["account"]:
        yield Condition("account", "=", slots.account_pointed_at)
    for named_kind, fields in _NAMES.items():
        name = fields.get(kind)
        things = [thing for thing in slots.things if _means(thing, named_kind)]
        found = [subject.reference for thing in things for subject in [thing.as_kind([named_kind])] if subject]
        if name and found:
            op = "has" if name == "product_interest" else "="
            yield Condition(name, op, "|".join(dict.fromkeys(found)))


def _means(thing: Thing, kind: str) -> bool:
    """Whether a name is of the kind here: an account whenever it can be, a colleague before a contact."""
    return kind == "account" or (
        next(iter(thing.by_kind)) == kind and not (kind == "contact" and "user" in thing.by_kind)
    )


def _merged(found: Sequence[Condition]) -> list[Condition]:
    """One filter a field and comparison; several values of one field mean any of them."""
    merged: dict[tuple[str, str], Condition] = {}
    for each in found:
        key = (each.field, each.op)
        old = merged.get(key)
        if old is None or each.op != "=":
            merged[key] = each
        elif each.value not in old.value.split("|"):
            merged[key] = Condition(each.field, "=", f"{old.value}|{each.value}")
    return list(merged.values())
