"""The facts that a draft may rest on, from visible records, and whether a text says only such facts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from core.clock import local_date
from core.errors import InvalidArgumentError
from crm_store.nouns import FieldType
from crm_store.said import said_earlier
from language.amounts import find_amounts
from language.builtin.pasted import blank
from language.dates import FiscalCalendar, Tense, find_dates
from tools.registry import ToolContext

_KINDS = ("deal", "contact", "interaction", "task", "ticket", "draft")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass
class Sources:
    """What the person said (with the day on which) and the visible records that a draft may rest on."""

    ctx: ToolContext
    account_id: str
    said: Sequence[tuple[str, date]]

    def refuse_unfounded(self, text: str) -> None:
        """Raises InvalidArgumentError naming a day or number in `text` that nobody gave and no record holds."""
        fiscal = FiscalCalendar(self.ctx.fiscal_first_month)
        mentions = find_dates(text, today=self.ctx.today, fiscal=fiscal)
        past = {
            each.span.start: each.on
            for each in find_dates(text, today=self.ctx.today, tense=Tense.PAST, fiscal=fiscal)
        }
        for mention in mentions:
            if mention.on is None:
                continue
            if not any(self._is_known_day(day) for day in (mention.on, past.get(mention.span.start))):
                raise _unfounded("date", mention.span.text)
            if mention.conflict:
                raise InvalidArgumentError(
                    f"“{mention.span.text}”: the weekday does not fit the date.", argument="body"
                )
        rest = blank(text, [each.span for each in mentions])
        for amount in find_amounts(rest):
            if re.search(r"\d", amount.span.text) and not self._known(amount.value):
                raise _unfounded("number", amount.span.text)
        rest = blank(rest, [each.span for each in find_amounts(rest)])
        for found in _NUMBER.finditer(rest):
            if not all(self._known(value) for value in _plain_numbers(found[0])):
                raise _unfounded("number", found[0])

    def _is_known_day(self, day: date | None) -> bool:
        return day is not None and (day in self._days_said or day in self._record_days)

    def _known(self, value: Decimal) -> bool:
        return not value or value in self._numbers_said or value in self._record_numbers

    @cached_property
    def _days_said(self) -> set[date]:
        return {day for text, said_on in self.said for day in self._days_in(text, said_on)}

    @cached_property
    def _numbers_said(self) -> set[Decimal]:
        return {number for text, _ in self.said for number in _numbers_in(text)}

    @cached_property
    def _record_days(self) -> set[date]:
        return {day for days, _ in self._facts for day in days}

    @cached_property
    def _record_numbers(self) -> set[Decimal]:
        return {number for _, numbers in self._facts for number in numbers}

    @cached_property
    def _facts(self) -> list[tuple[set[date], set[Decimal]]]:
        return [self._facts_of(kind, record) for kind, record in self._records()]

    def _records(self) -> Iterator[tuple[str, Any]]:
        account = self.ctx.uow.find("account", self.account_id)
        if account is not None:
            yield "account", account
        for kind in _KINDS:
            for record in self.ctx.uow.pointing_to(kind, "account", self.account_id):
                yield kind, record

    def _facts_of(self, kind: str, record: Any) -> tuple[set[date], set[Decimal]]:
        days: set[date] = set()
        numbers: set[Decimal] = set()
        seen_on = local_date(getattr(record, "occurred_at", None) or record.created_at, self._zone)
        for spec in self.ctx.uow.fields(kind):
            if spec.type in (FieldType.REF, FieldType.REFS) or spec.name in ("email", "phone", "external_id"):
                continue
            value = self.ctx.uow.value(spec, record)
            if spec.type is FieldType.DATE and value:
                days.add(value)
            elif spec.type is FieldType.DATETIME and value:
                days.add(local_date(value, self._zone))
            elif isinstance(value, int | Decimal) and not isinstance(value, bool):
                numbers.add(Decimal(value))
            elif value:
                text = "\n".join(value) if isinstance(value, list | tuple) else str(value)
                days |= self._days_in(text, seen_on)
                numbers |= _numbers_in(text)
        return days, numbers

    def _days_in(self, text: str, seen_on: date) -> set[date]:
        found: set[date] = set()
        for tense in Tense:
            for each in find_dates(text, today=seen_on, tense=tense):
                if each.on is not None:
                    found.add(each.on)
                elif each.period is not None and each.period.days == 7:
                    found.add(each.period.start - timedelta(days=each.period.start.weekday()))
        return found

    @property
    def _zone(self) -> str:
        return self.ctx.uow.principal.timezone


def words_said(ctx: ToolContext) -> list[tuple[str, date]]:
    """This message and the person's earlier ones of the conversation, each with its day."""
    zone = ctx.uow.principal.timezone
    earlier = [(text, local_date(at, zone)) for text, at in said_earlier(ctx.uow, ctx.conversation_id)]
    return [(ctx.message, ctx.today), *earlier]


def competitors(ctx: ToolContext) -> list[str]:
    """Names of competitors on the deals that the asker sees."""
    if "competitor" not in {spec.name for spec in ctx.uow.fields("deal")}:
        return []
    return sorted({row.competitor for row in ctx.uow.all("deal") if row.competitor})


def _numbers_in(text: str) -> set[Decimal]:
    plain = {value for each in _NUMBER.findall(text) for value in _plain_numbers(each)}
    return plain | {each.value for each in find_amounts(text)}


def _plain_numbers(digits: str) -> list[Decimal]:
    """The number that digits with separators stand for; of more than one dot (a version, a date) each part."""
    plain = digits.replace(",", "")
    return [Decimal(plain)] if plain.count(".") < 2 else [Decimal(part) for part in plain.split(".")]


def _unfounded(sort: str, words: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"The {sort} “{words}” is neither in what the person said nor in a record; leave it out.", argument="body"
    )
