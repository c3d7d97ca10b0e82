"""Lists of records: conditions to rows, with shown values, group counts and the filter in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from analytics.attributes.deals import deals_naming
from analytics.view import View
from analytics.wording import (
    choice_table,
    choice_word,
    day_text,
    kind_word,
    label_of,
    moment_text,
    money_text,
    number_text,
    say,
)
from core.clock import local_date
from core.parts import RecordRef
from crm_store.nouns import FieldType
from crm_store.query import Attribute, Condition, Limit, clauses, count_where, names_of, order_of
from crm_store.schema import NOUNS
from language.amounts import Amount


@dataclass(frozen=True, slots=True)
class Row:
    """One record with the typed values of the attributes that were asked for."""

    ref: RecordRef
    record: Any
    values: Mapping[str, Any]


@dataclass
class Page:
    """The first rows of a list, how many there are in all, and what has to be said about it."""

    rows: list[Row]
    total: int
    filter_in_words: str
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Listing:
    """What is to be listed."""

    kind: str
    conditions: Sequence[Condition]
    columns: Sequence[Attribute]
    sort: Attribute | None = None
    descending: bool = False
    group_by: Attribute | None = None
    limit: int = 50


def fetch(view: View, wanted: Listing) -> Page:
    """The visible records that fulfil the conditions, in order."""
    uow = view.uow
    conditions, notes = settle_amounts(view, wanted.kind, wanted.conditions)
    where = clauses(uow, conditions)
    noun = NOUNS[wanted.kind]
    model: Any = noun.model
    shown = [each for each in wanted.columns if each.expression is not None]
    order = [
        *(order_of(wanted.group_by, view.rates.by_currency, descending=False) if wanted.group_by else ()),
        *(order_of(wanted.sort, view.rates.by_currency, descending=wanted.descending) if wanted.sort else ()),
        getattr(model, noun.field(noun.name_field).column),
        model.id,
    ]
    statement = (
        select(model, *(each.expression for each in shown)).where(*where).order_by(*order).limit(wanted.limit)
    )
    found = uow.session.execute(statement).all()
    total = len(found) if len(found) < wanted.limit else count_where(uow, wanted.kind, where)
    rows = [
        Row(
            RecordRef(kind=wanted.kind, id=each[0].id, name=uow.name_of(wanted.kind, each[0])),
            each[0],
            dict(zip([column.name for column in shown], each[1:], strict=True)),
        )
        for each in found
    ]
    if wanted.sort is not None and wanted.sort.currency is not None and len(_currencies(rows)) > 1:
        notes.append(say(view.language, "sorted_in_base", currency=view.rates.base))
    return Page(rows, total, filter_words(view, wanted.kind, conditions), notes)


def group_counts(view: View, kind: str, conditions: Sequence[Condition], by: Attribute) -> list[tuple[Any, int]]:
    """How many records there are for each value of an attribute, most first."""
    settled, _ = settle_amounts(view, kind, conditions)
    model: Any = NOUNS[kind].model
    number = func.count(model.id)
    rows = view.uow.session.execute(
        select(by.expression, number)
        .select_from(model)
        .where(*clauses(view.uow, settled))
        .group_by(by.expression)
        .order_by(number.desc())
    )
    return [(value, total) for value, total in rows]


def settle_amounts(view: View, kind: str, conditions: Sequence[Condition]) -> tuple[list[Condition], list[str]]:
    """Amount conditions as limits by currency: in the rows' currency if there is one, else in the base currency.

    Returns the conditions and, where currencies had to be compared, a note that says so.
    """
    others = [each for each in conditions if each.attribute.type is not FieldType.AMOUNT or not each.values]
    amounts = [each for each in conditions if each not in others]
    if not amounts:
        return list(conditions), []
    settled, notes = list(others), []
    for each in amounts:
        currencies = _currencies_of(view, kind, each.attribute, others)
        limits = [_limit(view, value, currencies) for value in each.values]
        named = {value.currency for value in each.values if value.currency}
        settled.append(replace(each, values=tuple(limits), words=_limit_words(view, each, currencies)))
        if len(currencies | named) > 1:
            base = next(iter(named), view.rates.base)
            day = day_text(view.language, view.rates.rate_on)
            notes.append(say(view.language, "compared_in_base", currency=base, day=day))
    return settled, notes


def named_where(view: View, page: Page, conditions: Sequence[Condition]) -> dict[str, str]:
    """For each deal on the page, where a word stands: in the competitor field, in interactions, or in both."""
    words = [str(value) for each in conditions if each.attribute.name == "mentions" for value in each.values]
    talked = deals_naming(view.uow, words) if words else set()
    visible = "competitor" in {spec.name for spec in view.uow.fields("deal")}
    places = {}
    for row in page.rows:
        rival = row.record.competitor.casefold() if visible else ""
        found = ["named_competitor"] if rival and any(word.casefold() in rival for word in words) else []
        found += ["named_interactions"] if row.ref.id in talked else []
        places[row.ref.id] = say(view.language, "both").join(say(view.language, each) for each in found)
    return places


def month_of(view: View, value: Any) -> str:
    """The month that a day or moment lies in; nothing is an empty text."""
    if value is None:
        return ""
    day = local_date(value, view.timezone) if isinstance(value, datetime) else value
    return f"{day:%Y-%m}"


def filter_words(view: View, kind: str, conditions: Sequence[Condition]) -> str:
    """All conditions in one line."""
    words = [each.words for each in conditions if each.words]
    if words:
        return say(view.language, "and_then").join(words)
    return say(view.language, "all_records", kinds=kind_word(view.language, kind))


def value_text(view: View, kind: str, attribute: Attribute, row: Row, names: Mapping[str, str]) -> str:
    """A value of a row as people read it."""
    value = row.values.get(attribute.name)
    if attribute.type is FieldType.AMOUNT and value is not None:
        return money_text(view.language, Decimal(value), getattr(row.record, "currency", ""))
    return plain_text(view, kind, attribute, value, names)


def plain_text(view: View, kind: str, attribute: Attribute, value: Any, names: Mapping[str, str]) -> str:
    """A value without its record as people read it; nothing is an empty text."""
    if value is None or value == "":
        return ""
    if attribute.age:
        day = local_date(value, view.timezone) if attribute.type is FieldType.DATETIME else value
        return str((view.today - day).days)
    match attribute.type:
        case FieldType.REF:
            return names.get(value, "")
        case FieldType.DATE:
            return day_text(view.language, value) if not isinstance(value, str) else value
        case FieldType.DATETIME:
            return moment_text(view.language, value, view.timezone)
        case FieldType.BOOLEAN:
            return say(view.language, "yes" if value else "no")
        case FieldType.CHOICE:
            return choice_word(view.language, choice_table(kind, attribute.name), str(value))
        case FieldType.LIST:
            return ", ".join(str(each) for each in value)
        case FieldType.INTEGER | FieldType.AMOUNT:
            return number_text(value)
    return str(value)


def reference_names(view: View, rows: Sequence[Row], columns: Sequence[Attribute]) -> dict[str, str]:
    """Names of everything that the rows point to, one query a kind."""
    wanted: dict[str, set[str]] = {}
    for column in columns:
        if column.type is FieldType.REF:
            held = (row.values.get(column.name) for row in rows)
            wanted.setdefault(column.ref, set()).update(str(each) for each in held if each)
    names: dict[str, str] = {}
    for kind, ids in wanted.items():
        names.update(names_of(view.uow, kind, ids))
    return names


def column_label(view: View, attribute: Attribute) -> str:
    """The heading of a column."""
    return label_of(view.language, attribute)


def _currencies(rows: Sequence[Row]) -> set[str]:
    return {row.record.currency for row in rows}


def _currencies_of(view: View, kind: str, attribute: Attribute, others: Sequence[Condition]) -> set[str]:
    if attribute.currency is None:
        return {view.rates.base}
    model: Any = NOUNS[kind].model
    statement = select(attribute.currency).select_from(model).where(*clauses(view.uow, others)).distinct()
    return set(view.uow.session.scalars(statement)) or {view.rates.base}


def _limit(view: View, amount: Amount, currencies: set[str]) -> Limit:
    unit = amount.currency or (next(iter(currencies)) if len(currencies) == 1 else view.rates.base)
    by_currency = {}
    for currency in currencies:
        worth = _exact(view, amount.value, unit, currency)
        if worth is not None:
            by_currency[currency] = worth
    return Limit(by_currency)


def _exact(view: View, amount: Decimal, unit: str, currency: str) -> Decimal | None:
    if unit == currency:
        return amount
    source, goal = view.rates.by_currency.get(unit), view.rates.by_currency.get(currency)
    return None if source is None or not goal else amount * source / goal


def _limit_words(view: View, condition: Condition, currencies: set[str]) -> str:
    unit = next(iter(currencies)) if len(currencies) == 1 else view.rates.base
    texts = [money_text(view.language, value.value, value.currency or unit) for value in condition.values]
    return condition_words(view.language, condition, texts)


def condition_words(language: str, condition: Condition, values: Sequence[str]) -> str:
    """One condition in words, given its values as texts."""
    label = label_of(language, condition.attribute)
    joined = say(language, "both" if condition.op == "between" else "either").join(values)
    keys = {
        "=": "op_equal", "in": "op_equal", "!=": "op_unequal", "has": "op_has", "is_empty": "op_empty",
        "not_empty": "op_filled", "between": "op_between",
    }  # fmt: skip
    signs = {">=": "≥", "<=": "≤"}
    key = keys.get(condition.op, "op_order")
    return say(language, key, label=label, value=joined, op=signs.get(condition.op, condition.op))
