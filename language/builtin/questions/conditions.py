"""Filters from the slots of a clause: states, values, thresholds, missing fields, names, dates and whose records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from language.amounts import AmountMention
from language.builtin.questions.marks import Mark, split_value, table
from language.builtin.questions.periods import date_filters
from language.builtin.questions.slots import Slots
from language.builtin.questions.subjects import Thing
from language.dates import DateMention

OWNER_FIELD = {
    "deal": "owner", "account": "owner", "lead": "owner", "task": "assignee", "ticket": "assignee", "interaction": "owner", "contact": "owner", "quota": "user",
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
    "contact": {"deal": "contact", "interaction": "contacts", "ticket": "contact", "task": "contact"},
    "product": {"deal": "product", "lead": "product_interest"},
    "stage": {"deal": "stage"},
}
_SALES_ROLES = frozenset({"rep", "manager"})
_DAY_FIELDS = {
    "H3": "days_silent", "H4": "days_in_stage", "last_activity": "days_silent", "days_in_stage": "days_in_stage", "age_days": "age_days", "overdue": "days_overdue",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter of a call."""

    field: str
    op: str = "="
    value: str = ""

    def plain(self) -> dict[str, str]:
        """The filter as the tools take it."""
        return {
            name: value for name, value in (("field", self.field), ("op", self.op), ("value", self.value)) if value
        }


def conditions(slots: Slots, kind: str, *, own: bool = True, dates: bool = True) -> list[Condition]:
    """All filters that the clause puts on records of a kind; `own` includes whose they are."""
    found = [*_missing(slots, kind), *_values(slots, kind), *_states(slots, kind), *_thresholds(slots, kind)]
    types = slots.values("interaction_type") if kind == "interaction" else []
    found += [Condition("type", "=", types[0])] if len(types) == 1 else []
    found += _days(slots, kind)
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
    return "me" if "me" in said else ""


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
                yield Condition(name, "=", value) if value else Condition(name, "is_empty")
                break


def _is_value(mark: Mark, kind: str) -> bool:
    return any(split_value(packed)[0] == kind for packed in mark.values("value"))


def _values(slots: Slots, kind: str) -> Iterator[Condition]:
    """Values of fields; where a word is a value of several fields, the field that is named beside it is meant."""
    named = set(slots.values("field")) | set(slots.values("dimension"))
    emptied = {mark.start for mark, _ in _emptied(slots, kind)}
    for mark in slots.marks_of("value"):
        if mark.start in emptied or mark.mention is not None:
            continue
        options = [
            (where, name, value) for packed in mark.values("value") for where, name, value in [split_value(packed)]
        ]
        chosen = _choose(options, kind, named - set(mark.values("field")), mark)
        if chosen:
            yield Condition(chosen[0], "=", chosen[1])


def _choose(options: list[tuple[str, str, str]], kind: str, named: set[str], mark: Mark) -> tuple[str, str] | None:
    direct = [(name, value) for where, name, value in options if where == kind]
    if kind in ("deal", "contact", "ticket"):
        direct += [(name, value) for where, name, value in options if where == "account"]
    fitting = [each for each in direct if each[0] in named] or direct
    vague = (
        mark.has("field")
        or mark.has("kind")
        or mark.has("state")
        or mark.has("measure")
        or mark.has("interaction_type")
    )
    if vague and not any(each[0] in named for each in direct):
        return None
    return fitting[0] if fitting else None


def _missing(slots: Slots, kind: str) -> Iterator[Condition]:
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


def _thresholds(slots: Slots, kind: str) -> Iterator[Condition]:
    """Amounts with a comparison ("over 100k", 大于50万, "between 50 and 80k")."""
    if kind not in ("deal", "product", "quota", "account"):
        return
    name = {"deal": "amount", "quota": "amount", "product": "list_price", "account": "annual_revenue"}[kind]
    yield from _custom_counts(slots, kind)
    for mark in slots.marks:
        amount = mark.amount
        if amount is None or amount.kind not in ("money", "plain"):
            continue
        field = _custom_number(slots, kind, mark) or (
            "employees" if kind == "account" and slots.has("field", "employees") else name
        )
        if amount.low is not None and amount.high is not None:
            yield Condition(field, "between", f"{_money(amount, amount.low)}|{_money(amount, amount.high)}")
            continue
        op = comparison(slots, mark.start, mark.end)
        if op:
            yield Condition(field, op, _money(amount, amount.value))


def _custom_counts(slots: Slots, kind: str) -> Iterator[Condition]:
    """ "More than 10 machines": a count in front of the name of a custom number field."""
    numbers = {
        each.name
        for each in slots.reading.situation.fields.get(kind, ())
        if each.type in ("integer", "amount") and each.custom
    }
    for mark in slots.marks_of("number"):
        named = [
            name for other in slots.marks if 0 <= other.start - mark.end <= 1 for name in other.values("field")
        ]
        op = comparison(slots, mark.start, mark.end)
        for name in named[:1]:
            if name in numbers:
                yield Condition(name, op or "=", mark.values("number")[0])


def _custom_number(slots: Slots, kind: str, mark: Mark) -> str:
    """A custom number field that the amount is compared with: the nearest one named before it."""
    custom = {each.name for each in slots.reading.situation.fields.get(kind, ()) if each.custom}
    named = [
        name
        for other in slots.marks
        if other.end <= mark.start
        for name in other.values("field")
        if name in custom
    ]
    return named[-1] if named else ""


def comparison(slots: Slots, start: int, end: int) -> str:
    """The comparison that stands beside a number: "over" before it, 以上 behind it; empty when there is none."""
    best: tuple[int, str] | None = None
    for mark in slots.marks_of("compare_op"):
        gap = start - mark.end if mark.end <= start else mark.start - end
        ops = [op for op in mark.values("compare_op") if op != "between"]
        if ops and 0 <= gap <= 12 and (best is None or gap < best[0]):
            best = gap, ops[0]
    return best[1] if best else ""


def _days(slots: Slots, kind: str) -> Iterator[Condition]:
    """Lengths of time: silent, stuck, open or overdue for so many days."""
    for mark in slots.marks:
        days = length_in_days(slots, mark.date)
        if not days:
            continue
        wanted = [*slots.values("rule"), *slots.values("field"), *slots.values("state")]
        name = next((_DAY_FIELDS[each] for each in wanted if each in _DAY_FIELDS), "")
        if not name and (slots.has("state", "open", "unresolved") or slots.has("moment", "created")):
            name = "age_days" if comparison(slots, mark.start, mark.end) else ""
        if name:
            name = "days_silent" if name == "days_overdue" and kind != "task" else name
            yield Condition(name, comparison(slots, mark.start, mark.end) or ">=", str(days))


def has_threshold(slots: Slots) -> bool:
    """Whether a number in the clause is compared with ("over 50k", "at least 10")."""
    numbers = [mark for mark in slots.marks if mark.amount is not None or mark.has("number") or mark.date is not None]
    return any(comparison(slots, mark.start, mark.end) for mark in numbers) or any(m.amount and m.amount.low is not None for m in numbers)


def length_in_days(slots: Slots, mention: DateMention | None) -> int:
    """How many days a length of time has; "in 30 days" counts as one beside words for silence."""
    if mention is None:
        return 0
    if mention.on is not None and slots.has("rule", "H3", "H4"):
        days = (mention.on - slots.reading.situation.today).days
        return days if days > 1 and any(char.isdigit() for char in mention.span.text) else 0
    if mention.shift is not None:
        return abs(mention.shift.days + 30 * mention.shift.months + mention.shift.workdays)
    return mention.period.days if mention.period is not None and "/" in mention.period.label else 0


def _named(slots: Slots, kind: str) -> Iterator[Condition]:
    """Names of other records: at an account, with a product, in a stage, on a deal."""
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


def _money(amount: AmountMention, value: Decimal) -> str:
    figure = format(value.normalize(), "f")
    return f"{figure} {amount.currency}" if amount.currency else figure


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
