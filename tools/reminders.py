"""When a task is due and when its person is reminded, from the words of a due date with or without a time."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import local_date
from core.errors import RecordNotFoundError
from crm_store.delivery_log import find_last_reminder
from language.dates import FiscalCalendar, find_dates
from language.durations import parse_minutes
from tools.arguments import read_date
from tools.registry import ToolContext

# A reminder without a time comes when the working day begins.
MORNING = time(9)
LAST_REMINDER = "last reminder"

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d{1,2}):(\d\d)")
_IN = re.compile(
    r"(?:in\s+|\+\s*)?(?P<wait>.+?(?:hours?|hrs?|h|minutes?|mins?|\dm|小时|钟头|分钟|刻钟))"
    r"(?:\s*from now|后|之后|以后)?",
    re.IGNORECASE,
)
_AT = re.compile(r"(?:at\s+)?(\d{1,2}):(\d\d)", re.IGNORECASE)
_ASKS = re.compile(r"\bremind|\breminder|\balert me\b|\bnudge me\b|提醒", re.IGNORECASE)


def read_due(ctx: ToolContext, text: str, *, base: date | None = None) -> tuple[date, datetime | None]:
    """The day, and the moment to remind at where a time was given or a reminder was asked for.

    Raises:
        InvalidArgumentError: the words are no date.
    """
    moment = _moment(ctx, text)
    if moment is not None:
        return local_date(moment, ctx.uow.principal.timezone), moment
    day = read_date(ctx, text, base=base)
    if _ASKS.search(ctx.message):
        morning = _at(ctx, day, MORNING)
        return day, morning if morning > ctx.uow.now else None
    return day, None


def moved_reminder(ctx: ToolContext, before: datetime | None, day: date) -> datetime | None:
    """A reminder that moves with its task's day, at the same time of day."""
    if before is None:
        return None
    zone = ZoneInfo(ctx.uow.principal.timezone)
    return _at(ctx, day, before.astimezone(zone).time())


def last_reminder(ctx: ToolContext) -> Any:
    """The task that the asker was reminded of last and that is not done yet.

    Raises:
        RecordNotFoundError: there is none.
    """
    task_id = find_last_reminder(ctx.uow)
    task = ctx.uow.find("task", task_id)
    if task is None:
        raise RecordNotFoundError("reminder", "last reminder" if ctx.language != "zh" else "刚才的提醒")
    return task


def _moment(ctx: ToolContext, text: str) -> datetime | None:
    iso = _ISO.search(text)
    if iso is not None:
        return _at(ctx, date.fromisoformat(iso[1]), time(int(iso[2]), int(iso[3])))
    ahead = _IN.fullmatch(text.strip())
    if ahead is not None:
        minutes = parse_minutes(ahead["wait"])
        return (ctx.uow.now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    clock = _AT.fullmatch(text.strip())
    if clock is not None:
        return _next(ctx, time(int(clock[1]), int(clock[2])))
    found = find_dates(text, today=ctx.today, fiscal=FiscalCalendar(ctx.fiscal_first_month))
    timed = [each for each in found if each.on is not None and each.at is not None]
    return _at(ctx, timed[0].on, timed[0].at) if timed else None  # type: ignore[arg-type]


def _next(ctx: ToolContext, at: time) -> datetime:
    """The next moment at which the asker's clock shows that time."""
    moment = _at(ctx, ctx.today, at)
    return moment if moment > ctx.uow.now else _at(ctx, ctx.today + timedelta(days=1), at)


def _at(ctx: ToolContext, day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(ctx.uow.principal.timezone)).astimezone(UTC)
