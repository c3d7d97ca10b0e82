"""Reads the arguments of tools: dates, amounts and fields as people write them, resolved against a record."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from analytics.wording import choice_table, choice_values
from core.errors import InvalidArgumentError, MissingDetailError
from crm_store.nouns import FieldSpec, FieldType, Values
from crm_store.schema import NOUNS
from crm_store.values import from_text
from language.amounts import Amount, parse_amount
from language.dates import FiscalCalendar, Tense, parse_date
from tools.registry import ToolContext

_RELATIVE = re.compile(r"^\s*([+\-−x×*])\s*(.+)$")
_PERCENT = re.compile(r"^(\d+(?:\.\d+)?)\s*(?:%|percent|per cent)$", re.IGNORECASE)
_SUSPICIOUS_FACTOR = 100


def read_date(ctx: ToolContext, text: str, *, base: date | None = None, past: bool = False) -> date:
    """The day that the words mean on the asker's calendar; "+2 weeks" counts from `base`.

    Raises:
        InvalidArgumentError: the words are no date.
    """
    tense = Tense.PAST if past else Tense.FUTURE
    fiscal = FiscalCalendar(ctx.fiscal_first_month)
    return parse_date(text, today=ctx.today, tense=tense, fiscal=fiscal, base=base)


def read_moment(ctx: ToolContext, text: str) -> datetime:
    """When something happened, in UTC: now for today or nothing said, else midday of that day."""
    if not text.strip():
        return ctx.uow.now
    if "T" in text and ":" in text:
        moment = datetime.fromisoformat(text.strip())
        zone = ZoneInfo(ctx.uow.principal.timezone)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    day = read_date(ctx, text, past=True)
    if day == ctx.today:
        return ctx.uow.now
    return datetime.combine(day, time(12), ZoneInfo(ctx.uow.principal.timezone)).astimezone(UTC)


def read_amount(text: str, *, current: Decimal | None, field: str = "amount") -> Amount:
    """An amount of money: absolute ("85k", "8万"), or a change of the current one ("+4500", "-10%", "x0.5").

    Raises:
        InvalidArgumentError: the words are no amount, or a change is asked of an empty amount.
        MissingDetailError: a bare number is so much smaller than the current amount that thousands may be meant.
    """
    relative = _RELATIVE.match(text)
    if relative is None:
        return _absolute(text, current, field)
    sign, rest = relative.groups()
    if current is None:
        raise InvalidArgumentError("There is no amount yet that could be changed by that much.", argument=field)
    if sign in "x×*":
        return Amount((current * Decimal(rest)).quantize(Decimal("0.01")), None)
    percent = _PERCENT.match(rest.strip())
    step = current * Decimal(percent.group(1)) / 100 if percent else parse_amount(rest).value
    value = current + step if sign == "+" else current - step
    if value < 0:
        raise InvalidArgumentError(f"{text} would make the amount negative.", argument=field)
    return Amount(value.quantize(Decimal("0.01")), None)


def read_fields(ctx: ToolContext, kind: str, fields: Mapping[str, str], record: Any = None) -> Values:
    """Typed values of fields given as text by name, custom fields included.

    Raises:
        UnknownFieldError, InvalidArgumentError, RecordNotFoundError, AmbiguousRecordError.
    """
    return {name: read_field(ctx, ctx.uow.field(kind, name), text, record) for name, text in fields.items()}


def read_field(ctx: ToolContext, spec: FieldSpec, text: str, record: Any = None) -> Any:
    """The typed value of one field from words."""
    if spec.follows:
        raise InvalidArgumentError(
            f"“{spec.name}” follows from other fields; it cannot be set.", argument=spec.name
        )
    if spec.type is FieldType.REF:
        return _id(ctx.resolver.find(spec.ref, text))
    if spec.type is FieldType.REFS:
        names = [name for name in re.split(r"[;,、，]", text) if name.strip()]
        return tuple(ctx.resolver.get(spec.ref, name).id for name in names)
    if not text.strip():
        return from_text(spec, "")
    current = ctx.uow.value(spec, record) if record is not None else None
    if spec.type is FieldType.DATE:
        return read_date(ctx, text, base=current)
    if spec.type is FieldType.DATETIME:
        return read_moment(ctx, text)
    if spec.type is FieldType.AMOUNT:
        return read_amount(text, current=current, field=spec.name).value
    if spec.type is FieldType.CHOICE:
        return read_choice(spec, text)
    return from_text(spec, text)


def read_choice(spec: FieldSpec, text: str) -> str:
    """One of a field's choices, by its name in any spelling.

    Raises:
        InvalidArgumentError: the text is none of them; lists them.
    """
    try:
        return str(from_text(spec, text))
    except InvalidArgumentError as error:
        choices = ", ".join(spec.choices)
        raise InvalidArgumentError(
            f"{spec.label.en} cannot be “{text[:60]}”; it is one of: {choices}.", argument=spec.name
        ) from error


def read_stage(ctx: ToolContext, words: str) -> Any:
    """The stage of that name, or the one that "won" or "lost" means.

    Raises:
        RecordNotFoundError, AmbiguousRecordError: no stage, or several, are meant.
    """
    statuses = choice_values("deal_status", words)
    closing = [stage for stage in ctx.uow.all("stage") if stage.status in statuses and stage.status != "open"]
    named = any(stage.name.casefold() == words.strip().casefold() for stage in closing)
    return closing[0] if len(closing) == 1 and not named else ctx.resolver.get("stage", words)


def choice_of(kind: str, field: str, text: str) -> str:
    """One of the choices of a built-in field, said in either language."""
    meant = choice_values(choice_table(kind, field), text)
    return meant[0] if len(meant) == 1 else read_choice(NOUNS[kind].field(field), text)


def _absolute(text: str, current: Decimal | None, field: str) -> Amount:
    amount = parse_amount(text)
    bare = re.fullmatch(r"\s*[\d.,]+\s*", text) is not None
    if bare and current and amount.value and current / amount.value >= _SUSPICIOUS_FACTOR:
        thousands = amount.value * 1000
        raise MissingDetailError(
            f"Is it {amount.value:,} or {thousands:,}?",
            field=field,
            choices=(f"{thousands:f}", f"{amount.value:f}"),
            zh=f"是{amount.value:,}还是{thousands:,}？",
        )
    return amount


def _id(record: Any) -> str | None:
    return record.id if record is not None else None
