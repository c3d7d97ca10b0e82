"""Evaluated metrics as the parts of an answer: figures, tables and charts, in the language of the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from analytics.evaluate import Outcome, Value
from analytics.listing import filter_words, plain_text
from analytics.measure import MOST_PERIODS, Slice
from analytics.metric import Unit
from analytics.view import View
from analytics.wording import (
    day_text,
    kind_word,
    label_of,
    money_text,
    number_text,
    percent_text,
    period_text,
    say,
)
from core.parts import Column, Figure, Table
from crm_store.nouns import FieldType
from crm_store.query import names_of
from language.dates import parse_period
from language.dates.calendar import units_between

_MONEY = (Unit.MONEY, Unit.MONEY_PER_DAY)


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome with the slice it is of, and whose it is in words; `top` groups of it are shown (0: all)."""

    outcome: Outcome
    part: Slice
    who: str
    top: int = 0

    @property
    def view(self) -> View:
        """The asker's view."""
        return self.part.view

    @property
    def when(self) -> str:
        """The period in words, ready to stand in a sentence; empty without one."""
        if self.part.period is None:
            return ""
        return say(self.view.language, "figure_when", period=period_text(self.view.language, self.part.period))

    @property
    def label(self) -> str:
        """What the metric is called."""
        return self.outcome.metric.label.of(self.view.language)

    @property
    def filter_in_words(self) -> str:
        """Whose, when and which records, in one line."""
        language = self.view.language
        metric = self.outcome.metric
        words = [say(language, "whose", who=self.who)]
        if self.part.period is not None:
            words.append(say(language, "when", period=period_text(language, self.part.period)))
        if self.part.conditions:
            words.append(filter_words(self.view, metric.kind, self.part.conditions))
        return say(language, "and_then").join(words)


def figure(answer: Answer) -> Figure:
    """The total of an outcome as one checkable number."""
    outcome, view = answer.outcome, answer.view
    metric, total = outcome.metric, outcome.total
    value = text_of(view, metric.unit, total.value, outcome.currency)
    kinds = kind_word(view.language, _counted_kind(outcome), total.n_of)
    counted = say(view.language, "figure_n", n=total.n_of, kinds=kinds) if metric.unit is not Unit.COUNT else ""
    sentence = say(view.language, "figure", label=answer.label, who=answer.who, when=answer.when, value=value)
    return Figure(
        metric=metric.name,
        label=answer.label,
        value=number_of(metric.unit, total.value),
        unit=unit_of(metric.unit, outcome.currency),
        text=say(view.language, "then").join(
            filter(None, (sentence + counted, _inputs(answer), rate_note(answer)))
        ),
        formula=metric.formula.of(view.language),
        filter_in_words=answer.filter_in_words,
        as_of=day_text(view.language, view.today),
        n=total.n,
        n_of=total.n_of,
        left_out=left_out(answer),
        query_hash=outcome.query_hash,
    )


def table(answer: Answer) -> Table:
    """An outcome by group, with the total in the last row."""
    outcome, view, by = answer.outcome, answer.view, answer.part.by
    language = view.language
    metric = outcome.metric
    by_label = grouping_label(answer)
    extra = list(metric.extra)
    columns = (
        Column(name="group", label=by_label),
        Column(name=metric.name, label=answer.label, align="right", unit=unit_of(metric.unit, outcome.currency)),
        *(Column(name=name, label=say(language, f"extra_{name}"), align="right") for name in extra),
        Column(name="n", label=say(language, "records_counted"), align="right"),
    )
    rows = [(name, *_cells(answer, value)) for name, value in named_groups(answer)]
    if metric.unit in (Unit.MONEY, Unit.COUNT) and by is not None and len(rows) > 1:
        rows.append((say(language, "total"), *_cells(answer, outcome.total)))
    title = say(language, "by_title", label=answer.label, by=by_label, who=answer.who, when=answer.when)
    hidden = len(outcome.groups) - answer.top if answer.top else 0
    notes = [rate_note(answer), say(language, "more_rows", n=hidden) if hidden > 0 else ""]
    return Table(
        title=title, columns=columns, rows=tuple(rows), note=say(language, "then").join(filter(None, notes))
    )


def named_groups(answer: Answer) -> list[tuple[str, Value]]:
    """The groups with their names: stages in their order, periods in time, others largest first."""
    by = answer.part.by
    if by is None:
        return []
    groups = _without_gaps(answer) if by.unit else answer.outcome.groups
    names = _names(answer, groups)
    if by.unit:
        ordered = sorted(groups, key=lambda each: str(each.key or "~"))
    elif by.attribute.ref == "stage":
        positions = {stage.id: stage.position for stage in answer.view.stages}
        ordered = sorted(groups, key=lambda each: positions.get(each.key, 0))
    else:
        ordered = sorted(groups, key=lambda each: (-(each.value or Decimal(0)), str(each.key)))
    return [(names[each.key], each) for each in (ordered[: answer.top] if answer.top else ordered)]


def _without_gaps(answer: Answer) -> list[Value]:
    """Groups in time with those between them in which nothing counted: of sums and counts, nothing is 0."""
    by, groups = answer.part.by, answer.outcome.groups
    keys = sorted(each.key for each in groups if each.key is not None)
    if by is None or len(keys) < 2 or answer.outcome.metric.unit not in (Unit.MONEY, Unit.COUNT):
        return groups
    there, fiscal = set(keys), answer.view.fiscal
    first, last = (parse_period(key, today=answer.view.today, fiscal=fiscal).start for key in (keys[0], keys[-1]))
    between = islice(units_between(by.unit, first, last, fiscal), MOST_PERIODS)
    empty = [Value(each.label, Decimal(0), 0, 0) for each in between if each.label not in there]
    return [*groups, *empty]


def grouping_label(answer: Answer) -> str:
    """By what the outcome is broken down."""
    by = answer.part.by
    if by is None:
        return ""
    language = answer.view.language
    if by.attribute.ref == "user" and answer.outcome.metric.kind == "interaction":
        return say(language, "the_person")
    return say(language, f"the_{by.unit}") if by.unit else label_of(language, by.attribute)


def text_of(view: View, unit: Unit, value: Decimal | None, currency: str) -> str:
    """A value with its unit."""
    if value is None:
        return "—"
    match unit:
        case Unit.MONEY:
            return money_text(view.language, value, currency)
        case Unit.MONEY_PER_DAY:
            return say(view.language, "per_day", money=money_text(view.language, value, currency))
        case Unit.PERCENT:
            return percent_text(value)
        case Unit.RATIO:
            return say(view.language, "times", n=number_text(value))
        case Unit.DAYS:
            return say(view.language, "days", n=number_text(value, 1))
        case Unit.HOURS:
            return say(view.language, "hours", n=number_text(value, 1))
    return number_text(value)


def rate_note(answer: Answer) -> str:
    """The rates that were used, their date and the subtotals by currency; empty for one currency."""
    outcome, view = answer.outcome, answer.view
    foreign = sorted(set(outcome.sums) - {outcome.currency})
    if not foreign or outcome.metric.unit is Unit.COUNT:
        return ""
    rates = view.rates
    used = [
        say(
            view.language,
            "rate_one",
            currency=code,
            rate=format(rates.by_currency[code].normalize(), "f"),
            base=rates.base,
        )
        for code in sorted({*foreign, outcome.currency} - {rates.base})
        if code in rates.by_currency
    ]
    sums = [money_text(view.language, amount, code) for code, amount in sorted(outcome.sums.items())]
    return say(
        view.language,
        "rate_note",
        day=day_text(view.language, rates.rate_on),
        rates="; ".join(used),
        sums="; ".join(sums),
    )


def left_out(answer: Answer) -> tuple[str, ...]:
    """What was not counted, with the reason."""
    outcome, view = answer.outcome, answer.view
    missing = outcome.total.n_of - outcome.total.n
    reasons = []
    if missing:
        key = "left_without_amount" if outcome.metric.unit in _MONEY or outcome.sums else "left_without_value"
        reasons.append(
            say(view.language, key, n=missing, kinds=kind_word(view.language, _counted_kind(outcome), missing))
        )
    if outcome.unconverted:
        reasons.append(say(view.language, "left_no_rate", currencies=", ".join(outcome.unconverted)))
    return tuple(reasons)


def _counted_kind(outcome: Outcome) -> str:
    return outcome.metric.kind


def _cells(answer: Answer, value: Value) -> tuple[str, ...]:
    metric, currency = answer.outcome.metric, answer.outcome.currency
    texts = [text_of(answer.view, metric.unit, value.value, currency)]
    texts += [_extra(answer, name, each) for name, each in value.extra.items()]
    return (*texts, str(value.n_of))


def _extra(answer: Answer, name: str, value: Decimal | None) -> str:
    metric = answer.outcome.metric
    return text_of(answer.view, metric.extra_units.get(name, metric.unit), value, answer.outcome.currency)


def _inputs(answer: Answer) -> str:
    """The further figures of the total, in one line."""
    language = answer.view.language
    return say(language, "semicolon").join(
        say(language, "fact", label=say(language, f"extra_{name}"), value=_extra(answer, name, value))
        for name, value in answer.outcome.total.extra.items()
    )


def _names(answer: Answer, groups: Sequence[Value]) -> dict[object, str]:
    by = answer.part.by
    none = say(answer.view.language, "group_none")
    if by is None:
        return {}
    if by.unit:
        return {each.key: str(each.key or none) for each in groups}
    attribute = by.attribute
    known = {}
    if attribute.type is FieldType.REF:
        known = names_of(answer.view.uow, attribute.ref, [each.key for each in groups])
    kind = answer.outcome.metric.kind
    return {each.key: plain_text(answer.view, kind, attribute, each.key, known) or none for each in groups}


def number_of(unit: Unit, value: Decimal | None) -> float | None:
    """A value as a plain number; shares as percentages."""
    if value is None:
        return None
    return float(round(value * 100, 4)) if unit is Unit.PERCENT else float(round(value, 4))


def unit_of(unit: Unit, currency: str) -> str:
    """What stands behind a number: a currency, %, days; empty for counts."""
    if unit in _MONEY:
        return currency
    return {Unit.PERCENT: "%", Unit.DAYS: "days", Unit.HOURS: "hours", Unit.RATIO: "×"}.get(unit, "")
