"""Filters as models and people write them, read into typed conditions: names, dates, amounts, choices, texts."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from analytics.attributes import attribute
from analytics.listing import condition_words
from analytics.matching import match_values
from analytics.view import View
from analytics.when import period_meant
from analytics.wording import choice_table, choice_values, choice_word, period_text, say
from core.errors import AmbiguousRecordError, InvalidArgumentError, ModelFixableError
from crm_store.nouns import FieldType
from crm_store.query import Attribute, Condition, Op, distinct_values
from language.amounts import Amount, parse_amount
from language.dates import FiscalCalendar, Period, parse_date
from tools.campaigns import read_campaigns
from tools.people import SEPARATOR, read_people, read_teams
from tools.registry import ToolContext

_JOINED = re.compile(
    r"\s*(?:[,，、;；/]|\bor\b|\band\b|\bto\b|(?<=\S)\s+[-–—]\s+|(?<=\d)[-–—~](?=\d)|或者|或|和|以及|至|到)\s*"
)
_CONDITION = re.compile(
    r"(?P<field>\w+)\s*(?P<op>!=|>=|<=|=|>|<|\b(?:in|has|is_empty|not_empty|between)\b)(?P<value>.*)", re.DOTALL
)
_ORDERED: tuple[Op, ...] = (">", ">=", "<", "<=")
Read = tuple[tuple[Any, ...], list[str]]


class Filter(BaseModel):
    """One condition: a field, how it is compared, and a value as people write it (several with | between).

    A model may give it as one text, "amount >= 150k" or "next_step is_empty"; that is what its schema says.
    """

    model_config = ConfigDict(extra="forbid")

    field: str
    op: Op = "="
    value: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        read = _CONDITION.fullmatch(given.strip())
        if read is None:
            raise ValueError('a filter reads like "amount >= 150k" or "next_step is_empty"')
        return {"field": read["field"], "op": read["op"], "value": read["value"].strip()}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """One text: a nested object costs a model four times the tokens."""
        return {"type": "string"}


def view_of(ctx: ToolContext) -> View:
    """The asker's view of the records."""
    return View(ctx.uow, ctx.language, FiscalCalendar(ctx.fiscal_first_month))


def read_filters(ctx: ToolContext, kind: str, filters: Sequence[Filter]) -> list[Condition]:
    """Typed conditions for filters over a kind of record.

    Raises:
        UnknownFieldError: no such field, or hidden from the asker.
        InvalidArgumentError: a value does not fit the field.
        RecordNotFoundError, AmbiguousRecordError: a name in a value.
    """
    return [read_filter(ctx, kind, each) for each in filters]


def read_filter(ctx: ToolContext, kind: str, wanted: Filter) -> Condition:
    """One filter as a typed condition."""
    chosen = _fitting(ctx, kind, attribute(ctx.uow, kind, wanted.field), wanted)
    op = wanted.op
    if op in ("is_empty", "not_empty") or (op in ("=", "!=") and _is_nothing(chosen, wanted.value)):
        op = {"=": "is_empty", "!=": "not_empty"}.get(op, op)  # type: ignore[assignment]
        bare = Condition(chosen, op)
        return Condition(chosen, op, (), condition_words(ctx.language, bare, []))
    if not wanted.value.strip():
        raise InvalidArgumentError(f"The filter on “{wanted.field}” has no value.", argument="value")
    values, shown = _read_any(ctx, kind, chosen, op, wanted.value)
    op = _settled(chosen, op)
    bare = Condition(chosen, op, values)
    return Condition(chosen, op, values, condition_words(ctx.language, bare, shown))


def read_when(ctx: ToolContext, words: str, *, past: bool = False) -> Period:
    """The period, or the single day, that the words mean on the asker's calendar.

    Raises:
        ModelFixableError: the words are neither.
    """
    fiscal = FiscalCalendar(ctx.fiscal_first_month)
    return period_meant(words, today=ctx.today, fiscal=fiscal, past=past)


def _fitting(ctx: ToolContext, kind: str, chosen: Attribute, wanted: Filter) -> Attribute:
    """Status words may be given for the stage of a deal, and stage names for its status."""
    if kind != "deal" or chosen.name not in ("stage", "status") or not wanted.value:
        return chosen
    words = [each.strip() for each in wanted.value.split(SEPARATOR)]
    is_status = all(choice_values("deal_status", each) for each in words)
    is_stage = all(_stage_named(ctx, each) for each in words)
    if chosen.name == "stage" and is_status and not is_stage:
        return attribute(ctx.uow, kind, "status")
    if chosen.name == "status" and is_stage and not is_status:
        return attribute(ctx.uow, kind, "stage")
    return chosen


def _stage_named(ctx: ToolContext, words: str) -> bool:
    folded = words.casefold()
    return any(
        folded in (stage.name.casefold(), *(alias.casefold() for alias in stage.aliases))
        for stage in ctx.uow.all("stage")
    )


def _is_nothing(chosen: Attribute, value: str) -> bool:
    if chosen.type in (FieldType.BOOLEAN, FieldType.AMOUNT, FieldType.INTEGER):
        return False
    return value.strip().casefold() in (
        "none",
        "nobody",
        "no one",
        "empty",
        "nothing",
        "unassigned",
        "无",
        "空",
        "没有",
    )


def _settled(chosen: Attribute, op: Op) -> Op:
    if op == "has" and chosen.type not in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.LIST):
        return "="
    if op in _ORDERED and chosen.type is FieldType.REF:
        return "="
    return op


def _read_any(ctx: ToolContext, kind: str, chosen: Attribute, op: Op, value: str) -> Read:
    """Values as they stand; several written without "|" are taken apart where the whole means nothing."""
    words = [each.strip() for each in value.split(SEPARATOR) if each.strip()]
    parts = [each.strip() for each in _JOINED.split(value) if each.strip()]
    if len(words) > 1 or len(parts) < 2 or chosen.type in (FieldType.DATE, FieldType.DATETIME):
        return _read(ctx, kind, chosen, op, words)
    if op == "between":
        return _read(ctx, kind, chosen, op, parts)
    try:
        return _read(ctx, kind, chosen, op, words)
    except AmbiguousRecordError:
        raise
    except ModelFixableError:
        return _read(ctx, kind, chosen, op, parts)


def _read(ctx: ToolContext, kind: str, chosen: Attribute, op: Op, words: Sequence[str]) -> Read:
    if chosen.age:
        numbers = tuple(_days(ctx, each) for each in words)
        return numbers, [say(ctx.language, "days", n=number) for number in numbers]
    if chosen.type in (FieldType.DATE, FieldType.DATETIME):
        return _read_days(ctx, chosen, op, words)
    if chosen.type in (FieldType.TEXT, FieldType.LONG_TEXT) and chosen.own_clause is None:
        return _read_texts(ctx, kind, chosen, op, words)
    reader = _READERS.get(chosen.type)
    return reader(ctx, kind, chosen, op, words) if reader else (tuple(words), list(words))


def _read_days(ctx: ToolContext, chosen: Attribute, op: Op, words: Sequence[str]) -> Read:
    past = chosen.type is FieldType.DATETIME
    periods = [read_when(ctx, each, past=past) for each in words]
    if op == "between" and len(periods) == 2:
        start, end = periods[0].start, periods[1].end
        periods = [Period(start, end, f"{start}/{end}")]
    texts = [period_text(ctx.language, each) for each in periods]
    return tuple(periods), texts


def _read_texts(ctx: ToolContext, kind: str, chosen: Attribute, op: Op, words: Sequence[str]) -> Read:
    if op == "has" or chosen.type is FieldType.LONG_TEXT:
        return tuple(words), list(words)
    known = distinct_values(ctx.uow, kind, chosen)
    found = [value for each in words for value in match_values(each, known)]
    if not found and len(words) == 1:
        found = [value for each in _JOINED.split(words[0]) for value in match_values(each, known)]
    return tuple(dict.fromkeys(found)), list(dict.fromkeys(found)) or list(words)


def _read_choice(ctx: ToolContext, kind: str, chosen: Attribute, op: Op, words: Sequence[str]) -> Read:
    table = choice_table(kind, chosen.name)
    found: list[str] = []
    for each in words:
        values = [v for v in chosen.choices if v.casefold() == each.casefold()] or choice_values(table, each)
        if not values:
            choices = ", ".join(chosen.choices)
            raise InvalidArgumentError(
                f"{chosen.name} cannot be “{each[:60]}”; it is one of: {choices}.", argument="value"
            )
        found.extend(values)
    return tuple(found), [choice_word(ctx.language, table, value) for value in found]


def _read_flag(ctx: ToolContext, kind: str, chosen: Attribute, op: Op, words: Sequence[str]) -> Read:
    found = [choice_values("yes_no", each) for each in words]
    if not all(found):
        raise InvalidArgumentError(f"{chosen.name} is yes or no.", argument="value")
    flags = tuple(each[0] == "yes" for each in found)
    return flags, [say(ctx.language, "yes" if each else "no") for each in flags]


def _read_amounts(ctx: ToolContext, kind: str, chosen: Attribute, op: Op, words: Sequence[str]) -> Read:
    amounts: tuple[Amount, ...] = tuple(parse_amount(each) for each in words)
    return amounts, list(words)


def _read_integers(ctx: ToolContext, kind: str, chosen: Attribute, op: Op, words: Sequence[str]) -> Read:
    return tuple(int(parse_amount(each).value) for each in words), list(words)


def _read_refs(ctx: ToolContext, kind: str, chosen: Attribute, op: Op, words: Sequence[str]) -> Read:
    if chosen.ref == "stage" and op in _ORDERED:
        return _read_stages(ctx, op, words)
    ids: list[str] = []
    shown: list[str] = []
    for each in words:
        found, name = _read_ref(ctx, chosen, each)
        ids.extend(found)
        shown.append(name)
    return tuple(ids), shown


def _read_ref(ctx: ToolContext, chosen: Attribute, words: str) -> tuple[list[str], str]:
    if chosen.ref == "team":
        return read_teams(ctx, words)
    if chosen.ref == "campaign":
        return read_campaigns(ctx, words)
    if chosen.ref == "user":
        people = read_people(ctx, words)
        if people is not None:
            return people
    record = ctx.resolver.get(chosen.ref, words)
    return [record.id], ctx.uow.name_of(chosen.ref, record)


def _read_stages(ctx: ToolContext, op: Op, words: Sequence[str]) -> Read:
    edge = ctx.resolver.get("stage", words[0])
    test: Mapping[str, Callable[[int], bool]] = {
        ">": lambda position: position > edge.position,
        ">=": lambda position: position >= edge.position,
        "<": lambda position: position < edge.position,
        "<=": lambda position: position <= edge.position,
    }
    stages = sorted(ctx.uow.all("stage"), key=lambda stage: stage.position)
    found = [stage for stage in stages if test[op](stage.position) and stage.status == "open"]
    return tuple(stage.id for stage in found), [stage.name for stage in found]


def _days(ctx: ToolContext, words: str) -> int:
    digits = words.strip().split(" ")[0]
    if digits.isdigit() and (digits == words.strip() or words.casefold().endswith(("day", "days"))):
        return int(digits)
    number = words.rstrip("天日 ")
    if number.isdigit():
        return int(number)
    return abs((parse_date(words, today=ctx.today, base=ctx.today) - ctx.today).days)


_READERS: Mapping[FieldType, Callable[[ToolContext, str, Attribute, Op, Sequence[str]], Read]] = {
    FieldType.CHOICE: _read_choice,
    FieldType.BOOLEAN: _read_flag,
    FieldType.AMOUNT: _read_amounts,
    FieldType.INTEGER: _read_integers,
    FieldType.REF: _read_refs,
    FieldType.REFS: _read_refs,
}
