"""What one clause says, slot by slot: kinds, fields, metrics, whose, when. No meaning is chosen yet."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from language.builtin.calls import Call
from language.builtin.questions.clauses import Clause
from language.builtin.questions.marks import Mark, Marks
from language.builtin.questions.subjects import Subject, Thing, find_things
from language.builtin.reading import Reading
from language.dates import DateMention

_PRONOUNS = {
    "i": "me",
    "my": "me",
    "mine": "me",
    "we": "my team",
    "our": "my team",
    "ours": "my team",
    "us": "my team",
    "team": "my team",
}
_MOST = 200
# "The gateway upgrade there": at the account talked about.
_THERE = re.compile(r"\s+(?:(?:deal|one)\s+)?(?:there|over there|with them)\b", re.IGNORECASE)
_DEFINITE = ("the ", "this ", "that ", "our ")


@dataclass
class Slots:
    """The slots of a clause. `before` are names of the earlier part of the message, for pronouns and namesakes."""

    reading: Reading
    marks: Marks
    clause: Clause
    things: list[Thing]
    before: list[Thing] = field(default_factory=list)
    earlier: Call | None = None

    @property
    def at(self) -> int:
        """Where the clause stands in the message."""
        return self.clause.start

    def values(self, role: str) -> list[str]:
        """All values of a role in the clause, in order, each once."""
        found = [value for mark in self.marks for value in mark.values(role)]
        return list(dict.fromkeys(found))

    def has(self, role: str, *values: str) -> bool:
        """Whether the clause has a mark of the role, with one of the values if some are given."""
        found = self.values(role)
        return any(value in found for value in values) if values else bool(found)

    def marks_of(self, role: str) -> list[Mark]:
        """The marks with a role."""
        return [mark for mark in self.marks if mark.has(role)]

    @property
    def dates(self) -> list[DateMention]:
        """Days and periods of the clause."""
        return [mark.date for mark in self.marks if mark.date is not None]

    def named(self, *kinds: str) -> list[Thing]:
        """Names that may be of one of the kinds."""
        return [thing for thing in self.things if thing.as_kind(kinds)]

    @property
    def is_fragment(self) -> bool:
        """Whether every word of the clause is understood, so that it may be a short follow-up."""
        return not self.marks.leftovers

    @property
    def limit(self) -> int:
        """How many records are asked for in so many words ("top 5", "three biggest", 前三名); 0 when not said."""
        for mark in (*self.marks_of("limit"), *self.marks_of("sort")):
            for number in self.marks_of("number"):
                between = self.reading.text[min(mark.end, number.end) : max(mark.start, number.start)]
                value = Decimal(number.values("number")[0])
                if between.strip("的 -") in ("", "个") and 0 < value <= _MOST and value == int(value):
                    return int(value)
        return 0

    @cached_property
    def scopes(self) -> list[str]:
        """Whose records: "me", "my team", "company". An "I" or "we" inside longer words ("do I have") counts."""
        found = self.values("scope")
        for unit in self.marks.units:
            whose = _PRONOUNS.get(unit.form)
            around = next((mark for mark in self.marks if mark.start <= unit.start < mark.end), None)
            polite = around is not None and (around.is_filler or "show" in around.values("ask"))
            if whose and around is not None and not polite and whose not in found:
                found.append(whose)
        return found

    @property
    def kinds(self) -> list[str]:
        """Kinds of records, where the word is no field of a record named beside it ("Elsa's e-mail")."""
        return [
            kind for mark in self.marks for kind in mark.values("kind")[:1] if not self.is_field_of_named(mark)
        ]

    def is_field_of_named(self, mark: Mark) -> bool:
        """Whether a word that may be a kind or a field is a field of a person or record that the clause names."""
        fields = mark.values("field")
        if not fields:
            return False
        people = self.named("contact", "user", "lead", "account", "deal", "ticket")
        pointed = self.has("pronoun", "it", "person")
        singular = not mark.text.lower().endswith("s") and not self.has("ask", "which")
        return (bool(people) or pointed) and singular


def read_slots(reading: Reading, marks: Marks, clause: Clause, earlier: Call | None) -> Slots:
    """The slots of a clause of a message."""
    lexicon = reading.situation.lexicon
    within = marks.within(clause.start, clause.end)
    before = find_things(marks.within(0, clause.start), lexicon)
    things = [_as_talked_about(thing, reading) for thing in _real_names(find_things(within, lexicon))]
    return Slots(reading, within, clause, things, before, earlier)


def _as_talked_about(thing: Thing, reading: Reading) -> Thing:
    """ "The crane" right after one of several cranes was talked about: that one."""
    before = reading.text[: thing.mark.start].casefold()
    candidates = thing.mark.mention.candidates if thing.mark.mention else ()
    found = dict(thing.by_kind)
    for kind, subject in thing.by_kind.items():
        focus = reading.dialogue.focus(kind)
        entry = next((each.entry for each in candidates if focus is not None and each.entry.id == focus[0]), None)
        is_known = reading.situation.lexicon.get(subject.reference) is not None
        if entry is None and _THERE.match(reading.text[thing.mark.end :]):
            home = _account_talked_about(reading)
            there = [
                each.entry for each in candidates if each.entry.kind == kind and each.entry.home_account == home
            ]
            entry = there[0] if home and len(there) == 1 else None
            before = _DEFINITE[0]
        if entry is not None and not is_known and before.endswith(_DEFINITE):
            found[kind] = Subject(kind, entry.id, entry.home_account or "")
    return replace(thing, by_kind=found)


def _account_talked_about(reading: Reading) -> str:
    """The account talked about last, also by its deal; empty where none was."""
    for kind in ("account", "deal"):
        focus = reading.dialogue.focus(kind)
        entry = reading.situation.lexicon.get(focus[0]) if focus else None
        if entry is not None:
            return entry.home_account or ""
    return ""


def _real_names(things: Iterable[Thing]) -> list[Thing]:
    """Without words that mean a state or a metric rather than a stage ("lost", 赢单)."""
    kept = []
    for thing in things:
        vocabulary = any(thing.mark.has(role) for role in ("state", "metric", "field", "action", "kind", "sort"))
        exact_case = thing.mark.text[:1].isupper() or not thing.mark.text.isascii()
        only_stage = set(thing.by_kind) == {"stage"}
        if not vocabulary or (exact_case and not only_stage):
            kept.append(thing)
    return kept
