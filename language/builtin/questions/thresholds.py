"""Conditions with numbers: amounts compared with, counts of a custom field, lengths of time, silence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from language.amounts import AmountMention
from language.builtin.questions.marks import Mark
from language.builtin.questions.slots import Slots
from language.dates import DateMention

_LARGE = 1000
_AGES = re.compile(r"\b(?:older|age|aged|created|opened)\b|创建|开了", re.IGNORECASE)
# "Over 45 days" is one stretch of time with the word that compares.
_OVER = re.compile(r"over|more than|longer than|超过", re.IGNORECASE)
_LINKS = frozenset({"到", "至", "-", "~", "—", "to", "and", "和", "与"})
_AMOUNT_FIELD = {"deal": "amount", "quota": "amount", "product": "list_price", "account": "annual_revenue"}
_DAY_FIELDS = {
    "H3": "days_silent", "last_activity": "days_silent", "H4": "days_in_stage", "days_in_stage": "days_in_stage",
    "age_days": "age_days", "overdue": "days_overdue",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter of a call."""

    field: str
    op: str = "="
    value: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it asks for records without a value there."""
        return self.op == "is_empty" or (self.op == "=" and not self.value)

    def plain(self) -> dict[str, str]:
        """The filter as the tools take it."""
        return {
            name: value for name, value in (("field", self.field), ("op", self.op), ("value", self.value)) if value
        }


def thresholds(slots: Slots, kind: str) -> Iterator[Condition]:
    """Amounts with a comparison ("over 100k", 大于50万, "between 50 and 80k")."""
    name = _AMOUNT_FIELD.get(kind)
    if name is None:
        return
    yield from _custom_counts(slots, kind)
    yield from _number_range(slots, name)
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


def _number_range(slots: Slots, name: str) -> Iterator[Condition]:
    """Two large numbers that are joined, where the amounts were not read as a range (10万到50万之间)."""
    numbers = [mark for mark in slots.marks_of("number") if Decimal(mark.values("number")[0]) >= _LARGE]
    for low, high in pairwise(numbers):
        if slots.reading.text[low.end : high.start].strip() in _LINKS:
            yield Condition(name, "between", "|".join((low.values("number")[0], high.values("number")[0])))


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


def lengths_of_time(slots: Slots, kind: str) -> Iterator[Condition]:
    """Lengths of time: silent, stuck, open or overdue for so many days."""
    for mark in slots.marks:
        days = length_in_days(slots, mark.date)
        if not days:
            continue
        wanted = [*slots.values("rule"), *slots.values("field"), *slots.values("state")]
        name = next((_DAY_FIELDS[each] for each in wanted if each in _DAY_FIELDS), "")
        if tells_silence(slots) and not slots.has("field", "days_in_stage"):
            name = "days_silent"
        stays = slots.named("stage") and kind == "deal" and not slots.has("moment", "created")
        if not name and stays and not _AGES.search(slots.reading.text):
            name = "days_in_stage"
        if not name and comparison(slots, mark.start, mark.end):
            name = "age_days"
        if name:
            name = "days_silent" if name == "days_overdue" and kind != "task" else name
            op = comparison(slots, mark.start, mark.end) or (">" if _OVER.match(mark.text) else ">=")
            yield Condition(name, op, str(days))


def tells_silence(slots: Slots) -> bool:
    """ "Nobody spoke to", 没联系: a verb of contact that is denied."""
    return slots.has("contact_verb") and slots.has("lack")


def silent_since(slots: Slots) -> Iterator[Condition]:
    """ "No activity this quarter", "not contacted since March": the last activity lies before."""
    if not (slots.has("rule", "H3") or tells_silence(slots)):
        return
    for mention in slots.dates:
        if mention.period is not None and not length_in_days(slots, mention):
            yield Condition("last_activity", "<", mention.period.start.isoformat())


def has_threshold(slots: Slots) -> bool:
    """Whether a number in the clause is compared with ("over 50k", "at least 10")."""
    numbers = [
        mark for mark in slots.marks if mark.amount is not None or mark.has("number") or mark.date is not None
    ]
    return any(comparison(slots, mark.start, mark.end) for mark in numbers) or any(
        m.amount and m.amount.low is not None for m in numbers
    )


def length_in_days(slots: Slots, mention: DateMention | None) -> int:
    """How many days a length of time has; "in 30 days" counts as one beside words for silence."""
    if mention is None:
        return 0
    if mention.on is not None and slots.has("rule", "H3", "H4"):
        days = (mention.on - slots.reading.situation.today).days
        return days if days > 1 and mention.span.text.lower().startswith("in ") else 0
    if mention.shift is not None:
        return abs(mention.shift.days + 30 * mention.shift.months + mention.shift.workdays)
    period, today = mention.period, slots.reading.situation.today
    # "The last 30 days" touch today; "April to June" is no length of time.
    touches = period is not None and min(abs((each - today).days) for each in (period.start, period.end)) <= 1
    return period.days - 1 if period is not None and touches and "/" in period.label else 0


def _money(amount: AmountMention, value: Decimal) -> str:
    figure = format(value.normalize(), "f")
    return f"{figure} {amount.currency}" if amount.currency else figure
