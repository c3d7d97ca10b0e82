"""What our parsers found in a message, as the closed lists that a small model may choose from.

A candidate is a label (words of the message, or a record's name) and what a tool is given for it. New values
come only from clauses that say something plainly: what is asked, denied, conditional or hearsay offers none.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from language.builtin.clauses import Clause, names_in
from language.builtin.outcomes import stage_of_outcome
from language.builtin.people_facts import EMAIL
from language.builtin.plan import plan
from language.builtin.reading import Reading
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.todo import ACTS, find_todos
from language.builtin.words import top_candidates
from language.constrained.actions import limits, load
from language.lexicon import Entry, Mention
from language.names.decide import decide
from language.spans import Span, overlaps_any

_RECORD_KINDS = ("deal", "account", "contact", "lead", "task", "ticket")
_OF_DIALOGUE = frozenset({"deal", "account", "contact", "task", "ticket"})
_OTHER_ACTS = ({*ACTS} - {"task_new", "next_step"}) | {"contacted", "contact_noun"}
_EDGES = " \t\n.,;:!?-–—。，；：！？、"
_PHONE = re.compile(r"(?<![\w-])\+?\d[\d\s()/-]{6,}\d(?![\w-])")
_QUOTED = re.compile(r"[“\"「『](.{2,80}?)[”\"」』]")
_CAPITALS = re.compile(r"[A-Z][\w&'’-]*(?:[ .]+(?:[A-Z][\w&'’-]*|\d+|of|and|&))*(?<! of)(?<! and)(?<! &)")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Labels with what each stands for, by sort, in the order of the message."""

    by_sort: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    may_write: bool = True

    def of(self, sort: str) -> Mapping[str, str]:
        """The candidates of one sort."""
        return self.by_sort.get(sort, {})


def find_candidates(reading: Reading) -> Candidates:
    """All candidates of a message; `may_write` is False when nothing in it is said plainly."""
    found = {sort: _first(pairs(reading)) for sort, pairs in _FINDERS.items()}
    records = [pair for kind in _RECORD_KINDS for pair in found[kind].items()]
    found["record"] = _first([*records, *found["user"].items()])
    found["field"] = dict(_fields(reading, found))
    may_write = not reading.outline.is_mere_talk and bool(_plain_clauses(reading))
    return Candidates({sort: pairs for sort, pairs in found.items() if pairs}, may_write)


def _first(pairs: Iterable[Pair]) -> dict[str, str]:
    """The first few pairs; a label that would stand for two records stands for itself, so that the server asks."""
    found: dict[str, str] = {}
    for label, value in pairs:
        if label in found and found[label] != value:
            found[label] = label
        elif len(found) < limits().candidates:
            found[label] = value
    return found


def _records(kind: str) -> Callable[[Reading], Iterator[Pair]]:
    def find(reading: Reading) -> Iterator[Pair]:
        named = False
        for mention in reading.mentions:
            for pair in _meant(mention, kind):
                named = True
                yield pair
        if kind == "deal" and not named:
            for pair in _deals_of_accounts(reading):
                named = True
                yield pair
        focus = reading.dialogue.focus(kind) if kind in _OF_DIALOGUE and not named else None
        if focus is not None:
            yield focus[1], focus[0]

    return find


def _meant(mention: Mention, kind: str) -> Iterator[Pair]:
    """The record of a kind that a mention means; its words where that is not certain."""
    scored = [each for each in top_candidates(mention) if each.entry.kind == kind]
    if not scored:
        return
    decision = decide(scored)
    if decision.outcome == "one" and decision.chosen is not None:
        yield decision.chosen.entry.name, decision.chosen.entry.id
    else:
        yield mention.span.text, mention.span.text


def _deals_of_accounts(reading: Reading) -> Iterator[Pair]:
    """The only open deal of an account that is named; the account's name where it has several."""
    for mention in reading.mentions:
        for name, account_id in _meant(mention, "account"):
            deals = _open_deals(reading, account_id)
            if len(deals) == 1:
                yield deals[0].name, deals[0].id
            elif deals or name == account_id:
                yield name, name


def _open_deals(reading: Reading, account_id: str) -> Sequence[Entry]:
    entries = reading.situation.lexicon.of_kind("deal")
    return [entry for entry in entries if entry.account_id == account_id and entry.is_open]


def _users(reading: Reading) -> Iterator[Pair]:
    for mention in reading.mentions:
        yield from _meant(mention, "user")


def _stages(reading: Reading) -> Iterator[Pair]:
    plain = _plain_clauses(reading)
    for mention in (mention for clause in plain for mention in names_in(clause, "stage")):
        yield from _meant(mention, "stage")
    for outcome in ("won", "lost"):
        if any(clause.has(outcome) for clause in plain):
            yield outcome, stage_of_outcome(reading.situation, outcome)


def _days(reading: Reading) -> Iterator[Pair]:
    for date in reading.dates:
        if _is_plain(reading, date.span):
            yield date.span.text, spoken_date(date)


def _past_days(reading: Reading) -> Iterator[Pair]:
    for date in reading.past_dates:
        days_ago = (reading.situation.today - date.on).days if date.on and not date.is_deadline else -1
        if date.on and 0 <= days_ago <= limits().days_ago:
            yield date.span.text, date.on.isoformat()


def _periods(reading: Reading) -> Iterator[Pair]:
    for date in reading.dates:
        if date.shift is None:
            yield date.span.text, date.on.isoformat() if date.on else date.span.text


def _amounts(reading: Reading) -> Iterator[Pair]:
    for amount in reading.amounts:
        if amount.low is None and _is_plain(reading, amount.span):
            yield amount.span.text, spoken_amount(amount, amount.direction)


def _durations(reading: Reading) -> Iterator[Pair]:
    for duration in reading.durations:
        yield duration.span.text, f"{duration.minutes} min"


def _hits(tag: str, key: str) -> Callable[[Reading], Iterator[Pair]]:
    """What the phrases of a tag stand for, from plain clauses."""

    def find(reading: Reading) -> Iterator[Pair]:
        for clause in _plain_clauses(reading):
            for hit in clause.all(tag):
                if key in hit.value:
                    yield hit.value[key], hit.value[key]

    return find


def _spans(reading: Reading) -> Iterator[Pair]:
    """What can be a title or a next step: what the parsers take for one, then whole clauses."""
    outline = reading.outline
    titles = [todo.title for todo in find_todos(outline)]
    spans = (each.span for found in (reading.dates, reading.amounts, reading.durations) for each in found)
    values = {span.text for span in spans}
    clauses = [clause.text.strip(_EDGES) for clause in _plain_clauses(reading) if _may_be_wish(clause)]
    for text in (*titles, *clauses):
        if 0 < len(text) <= limits().span_characters and text not in values:
            yield text, text


def _words(reading: Reading) -> Iterator[Pair]:
    """What may be looked for: what the built-in reader would look for, then whole clauses."""
    read = _read(reading, "query", "about")
    clauses = [clause.text.strip(_EDGES) for clause in reading.outline.clauses]
    for text in (*read, *clauses):
        if text in reading.text and 0 < len(text) <= limits().span_characters:
            yield text, text


def _new_names(reading: Reading) -> Iterator[Pair]:
    """Names that are not there yet: what the built-in reader takes for one, quoted words, capitalised words."""
    read = _read(reading, "name", "company")
    taken = [mention.span for mention in reading.mentions] + [date.span for date in reading.dates]
    shaped = [Span(*found.span(), found[0]) for found in _CAPITALS.finditer(reading.text)]
    capitalised = [span.text for span in shaped if " " in span.text and not overlaps_any(span, taken)]
    quoted = [found[1] for found in _QUOTED.finditer(reading.text)]
    for text in (*read, *quoted, *capitalised):
        if text and text in reading.text:
            yield text.strip(_EDGES), text.strip(_EDGES)


def _read(reading: Reading, *arguments: str) -> list[str]:
    """What the built-in reader of requests would give for some arguments."""
    calls = plan(reading).calls
    return [str(call.arguments[name]) for call in calls for name in arguments if name in call.arguments]


def _matches(pattern: re.Pattern[str]) -> Callable[[Reading], Iterator[Pair]]:
    def find(reading: Reading) -> Iterator[Pair]:
        for found in pattern.finditer(reading.text):
            yield found[0], found[0]

    return find


def _fields(reading: Reading, found: Mapping[str, Mapping[str, str]]) -> Iterator[Pair]:
    """Fields of the kinds of record that are named."""
    for kind in (*_RECORD_KINDS, "user"):
        if found.get(kind):
            yield from ((info.name, info.name) for info in reading.situation.fields.get(kind, ()))
    for name in load("actions")["fields_of_any"]:
        yield name, name


def _may_be_wish(clause: Clause) -> bool:
    """Whether a plain clause may be what is to be done, and is not plainly something else."""
    return not clause.has(*_OTHER_ACTS) and not clause.things("stage", "amount", "duration")


def _plain_clauses(reading: Reading) -> list[Clause]:
    """Clauses that nothing speaks against; after a condition nothing else in its sentence counts."""
    plain: list[Clause] = []
    conditional = -1
    for clause in reading.outline.clauses:
        if "condition" in clause.moods:
            conditional = clause.sentence
        if clause.is_plain and clause.sentence != conditional:
            plain.append(clause)
    return plain


def _is_plain(reading: Reading, span: Span) -> bool:
    inside = [clause for clause in reading.outline.clauses if clause.start <= span.start < clause.end]
    plain = {clause.index for clause in _plain_clauses(reading)}
    return all(clause.index in plain for clause in inside)


_FINDERS: Mapping[str, Callable[[Reading], Iterator[Pair]]] = {
    **{kind: _records(kind) for kind in _RECORD_KINDS},
    "user": _users,
    "stage": _stages,
    "day": _days,
    "past_day": _past_days,
    "period": _periods,
    "amount": _amounts,
    "duration": _durations,
    "forecast": _hits("forecast", "category"),
    "priority": _hits("priority", "priority"),
    "span": _spans,
    "words": _words,
    "new_name": _new_names,
    "email": _matches(EMAIL),
    "phone": _matches(_PHONE),
}
