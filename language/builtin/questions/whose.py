"""Whose numbers or records a question is about: people, teams, "my", "the team's", and whose are left out."""

import re

from language.builtin.questions.marks import Mark, split_value
from language.builtin.questions.negations import negated
from language.builtin.questions.slots import Slots
from language.builtin.questions.thresholds import Condition
from language.builtin.vocabulary import patterns
from language.names.vocabulary import known_words

OWNER_FIELD = {
    "deal": "owner", "account": "owner", "lead": "owner", "interaction": "owner", "contact": "owner",
    "task": "assignee", "ticket": "assignee", "quota": "user",
}  # fmt: skip
# What is on hand is the asker's own.
_ON_HAND = re.compile(r"手上|手头|手里|在手|on the table|in hand|on hand", re.IGNORECASE)
_SALES_ROLES = frozenset({"rep", "manager"})
_OWN = re.compile(r"\b(?:i|me|my|mine|myself)\b", re.IGNORECASE)
_NO = re.compile(r"\bno\s+$", re.IGNORECASE)
_NEAR = 12
_SEVERAL = frozenset({"they", "them", "their", "theirs", "他们", "她们", "他们的", "她们的"})


def owners(slots: Slots, kind: str) -> list[Condition]:
    """Whose records: people named, "my", "the team's"."""
    name = OWNER_FIELD.get(kind)
    if not name:
        return []
    others = [Condition(name, "!=", person) for person in left_out(slots)]
    whose = scope(slots)
    if whose in ("", "company"):
        return others
    if whose == "my team" and (
        kind not in ("deal", "lead", "task", "account") or slots.named("account", "deal", "contact")
    ):
        return others
    return [Condition(name, "=", whose), *others]


def left_out(slots: Slots) -> list[str]:
    """The people and teams whose records are not meant: "without Tomas's", "leave Oceania out"."""
    people = [(thing.mark, thing.by_kind["user"].reference) for thing in slots.things if "user" in thing.by_kind]
    said = slots.reading.text
    return [
        reference
        for mark, reference in (*people, *teams(slots))
        if negated(slots, mark) or _NO.search(said[: mark.start])
    ]


def scope(slots: Slots) -> str:
    """Whose numbers or records: a person's id, "me", "my team", "company", or nothing said."""
    out = left_out(slots)
    people_ids = [thing.by_kind["user"].reference for thing in slots.things if "user" in thing.by_kind]
    people_ids = [person for person in people_ids if person not in out]
    if people_ids and slots.has("compare", "other") and "me" in slots.scopes and _is_mine(slots):
        people_ids = ["me", *people_ids]
    if (
        people_ids
        and slots.has("compare", "other")
        and "my team" in slots.scopes
        and slots.has("scope", "my team")
    ):
        people_ids = [*people_ids, "my team"]
    if people_ids:
        return "|".join(dict.fromkeys(people_ids))
    named = [name for mark, name in teams(slots) if name not in out and not _is_besides(slots, mark)]
    if named:
        return "|".join(dict.fromkeys(named))
    said = slots.scopes
    if "company" in said:
        return "company"
    if "my team" in said:
        return "my team" if slots.reading.situation.role in _SALES_ROLES else ""
    if "person" in slots.values("pronoun") and not slots.has("scope", "me"):
        told = [thing.by_kind["user"].reference for thing in slots.before if "user" in thing.by_kind]
        if told:  # "Prepping Ella's review. What was her win rate?"
            several = any(mark.text.casefold() in _SEVERAL for mark in slots.marks_of("pronoun"))
            return "|".join(dict.fromkeys(told)) if several else told[-1]
        focus = slots.reading.dialogue.focus("user")
        return focus[0] if focus else ""
    on_hand = slots.reading.situation.role != "manager" and any(_ON_HAND.search(mark.text) for mark in slots.marks)
    return "me" if "me" in said or on_hand else ""


def _is_mine(slots: Slots) -> bool:
    """Whether the asker is spoken of, not only asks a favour: "compare Ann's and mine for me"."""
    said = slots.reading.text[slots.clause.start : slots.clause.end]
    for pattern in patterns("question_patterns", "favour"):
        said = pattern.sub(" ", said)
    return not said.isascii() or _OWN.search(said) is not None


def teams(slots: Slots) -> list[tuple[Mark, str]]:
    """The teams that are named, where their name is not a record's."""
    found = [
        (mark, name)
        for mark in slots.marks_of("value")
        for where, field, name in map(split_value, mark.values("value"))
        if (where, field) == ("user", "team") and mark.mention is None
    ]
    regions = {"lead"} & set(slots.kinds)
    return [
        (mark, name)
        for mark, name in found
        if (mark.text[:1].isupper() or mark.text.casefold() not in known_words())
        and not any(split_value(packed)[0] in regions for packed in mark.values("value"))
    ]


def _is_besides(slots: Slots, mark: Mark) -> bool:
    """ "Of my people, the Mediterranean counts too": a team that is named besides a whole group."""
    near = [other for other in slots.marks_of("also") if other.start - mark.end < _NEAR or other.end <= mark.start]
    return bool(near) and bool({"my team", "company"} & set(slots.scopes))
