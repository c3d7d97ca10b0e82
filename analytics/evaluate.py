"""Evaluates a metric over a slice: values in one currency, broken down where asked, with what was left out."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from analytics.measure import Cell, Cells, Slice, Sum, Term, filtered
from analytics.metric import Metric, Total
from analytics.view import View
from core.errors import InvalidArgumentError
from core.parts import RecordRef
from crm_store.schema import NOUNS

MOST_CITED = 20


@dataclass(frozen=True, slots=True)
class Value:
    """A metric in one group: its value (None: not known), counted and matching records, further figures."""

    key: Any
    value: Decimal | None
    n: int
    n_of: int
    extra: dict[str, Decimal | None] = field(default_factory=dict)


@dataclass
class Outcome:
    """A metric over a slice. `currency` is empty for what is no money; `sums` are the subtotals by currency."""

    metric: Metric
    total: Value
    groups: list[Value]
    currency: str
    sums: dict[str, Decimal]
    unconverted: list[str]
    query_hash: str


def evaluate(metric: Metric, part: Slice, currency: str = "", known: dict[Term, Cells] | None = None) -> Outcome:
    """The metric over the slice.

    Several currencies, and metrics measured against quotas, are brought into the base currency, or the one
    asked for. `known` keeps what terms found, for further metrics over the same slice.

    Raises:
        InvalidArgumentError: a currency without a stored rate.
    """
    cells_of = {} if known is None else known
    measured = [
        cells_of[term] if term in cells_of else cells_of.setdefault(term, term(part)) for term in metric.terms
    ]
    target, unconverted = _target_currency(part.view, metric, measured, currency)
    keys = list(dict.fromkeys(key for cells in measured for key in cells))
    groups = [
        _value(part.view, metric, key, [cells.get(key, Cell()) for cells in measured], target) for key in keys
    ]
    whole = [_together(cells) for cells in measured]
    return Outcome(
        metric=metric,
        total=_value(part.view, metric, None, whole, target),
        groups=groups if part.by is not None else [],
        currency=target,
        sums=_subtotals(whole, metric.counted),
        unconverted=unconverted,
        query_hash=_hash(metric, part),
    )


def cited(metric: Metric, part: Slice, most: int = MOST_CITED) -> list[RecordRef]:
    """The largest or latest of the records that went into a metric."""
    found: dict[str, RecordRef] = {}
    for index in metric.counted:
        term: Any = metric.terms[index]
        kind = getattr(term, "kind", "")
        if kind not in NOUNS or len(found) >= most:
            continue
        noun = NOUNS[kind]
        model: Any = noun.model
        name = getattr(model, noun.field(noun.name_field).column)
        order = model.amount.desc() if isinstance(term, Sum) else model.created_at.desc()
        statement = (
            select(model.id, name).where(*filtered(part, kind, term.where, term.when)).order_by(order, model.id)
        )
        for record_id, text in part.view.uow.session.execute(statement.limit(most - len(found))):
            found[record_id] = RecordRef(kind=kind, id=record_id, name=str(text))
    return list(found.values())


def _together(cells: Cells) -> Cell:
    whole = Cell()
    for cell in cells.values():
        whole.add(cell)
    return whole


def _value(view: View, metric: Metric, key: Any, cells: Sequence[Cell], currency: str) -> Value:
    totals = [_total(view, cell, currency) for cell in cells]
    counted = [cells[index] for index in metric.counted]
    n_of = sum(cell.n for cell in counted)
    missing = sum(cell.missing for cell in counted)
    extra = {name: combine(totals) for name, combine in metric.extra.items()}
    return Value(key, metric.combine(totals), n_of - missing, n_of, extra)


def _total(view: View, cell: Cell, currency: str) -> Total:
    money = Decimal(0)
    for code, amount in cell.sums.items():
        worth = view.rates.convert(amount, code, currency)
        money += worth if worth is not None else Decimal(0)
    return Total(cell.n, cell.missing, money, tuple(cell.values))


def _target_currency(view: View, metric: Metric, measured: Iterable[Cells], wanted: str) -> tuple[str, list[str]]:
    present = {code for cells in measured for cell in cells.values() for code in cell.sums}
    rates = view.rates
    if wanted and wanted not in rates.by_currency and present != {wanted}:
        raise InvalidArgumentError(f"There is no stored exchange rate for {wanted}.", argument="currency")
    if wanted:
        target = wanted
    elif metric.in_base or len(present) != 1:
        target = rates.base
    else:
        target = next(iter(present))
    return target, sorted(code for code in present if rates.convert(Decimal(1), code, target) is None)


def _subtotals(cells: Sequence[Cell], counted: Sequence[int]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for index in counted:
        for code, amount in cells[index].sums.items():
            sums[code] = sums.get(code, Decimal(0)) + amount
    return sums


def _hash(metric: Metric, part: Slice) -> str:
    whose = ",".join(sorted(part.people)) if part.people is not None else "*"
    when = f"{part.period.start}/{part.period.end}" if part.period else ""
    filters = ";".join(
        f"{each.attribute.name}{each.op}{'|'.join(str(value) for value in each.values)}"
        for each in part.conditions
    )
    by = part.by.attribute.name + part.by.unit if part.by else ""
    asker = part.view.uow.principal.user_id
    text = "\n".join((metric.name, metric.formula.en, asker, whose, when, filters, by))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
