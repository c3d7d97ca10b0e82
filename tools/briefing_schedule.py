"""When, where and whether the asker is briefed: told and set."""

from datetime import timedelta
from typing import Any

from briefings.line import say
from briefings.preferences import BRIEFING, Preference, preference_of
from briefings.rules import Rule, changed_rule, days_text, occurrences, parse_quiet, parse_rule
from briefings.zones import known_zone
from core.errors import InvalidArgumentError
from core.parts import AnyPart, Text
from core.settings import Settings
from crm_store.nouns import Values
from language.dates import describe_date
from tools.arguments import read_date
from tools.registry import ToolContext, ToolResult

CHANNELS = ("slack", "email", "file", "terminal")
SCHEDULE_WORDS = frozenset({"schedule", "times", "settings", "时间", "设置"})
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_DEFAULT_RULE = "mon-fri 08:30"


def show_schedule(ctx: ToolContext) -> ToolResult:
    """On which days, at what time and where the asker is briefed, and when next."""
    own = _own(ctx)
    found = _preference(ctx, own)
    lines = [_told(ctx, found)]
    if found.quiet is not None:
        begin, end = found.quiet
        lines.append(say(ctx.language, "schedule_quiet", begin=f"{begin:%H:%M}", end=f"{end:%H:%M}"))
    text = " ".join(lines)
    records = [ctx.resolver.ref("schedule", own)] if own is not None else []
    return ToolResult({"briefing_times": text}, [Text(text=text)], records)


def change_schedule(ctx: ToolContext, fields: dict[str, str]) -> ToolResult:
    """Sets when, where and whether the asker is briefed; makes the schedule when there is none yet.

    A rule may say what changes of the present one: "without fri", "with sat", "on mon,thu", "at 09:00".

    Raises:
        InvalidArgumentError: a field is unknown or its text cannot be read.
    """
    own = _own(ctx)
    usual = ctx.briefing_rule or _DEFAULT_RULE
    present = parse_rule(own.rule if own is not None else usual)
    values = {name: _read(ctx, name, text, present) for name, text in fields.items()}
    if own is None:
        created: Values = {"job": BRIEFING, "rule": usual, "owner": ctx.uow.principal.user_id, **values}
        own = ctx.uow.create("schedule", {"is_active": True, **created})
    else:
        ctx.uow.update("schedule", own, values)
    parts: list[AnyPart] = []
    if own.is_active and not has_channel(ctx):
        parts.append(Text(text=say(ctx.language, "schedule_no_channel")))
    content = {"briefing": own.rule, "active": own.is_active}
    return ToolResult(content, parts, [ctx.resolver.ref("schedule", own)])


def has_channel(ctx: ToolContext) -> bool:
    """Whether briefings and reminders reach the asker: by a channel of their own or by the usual one."""
    own = _own(ctx)
    return bool((own.channel if own is not None else "") or ctx.delivery_channel)


def _own(ctx: ToolContext) -> Any:
    mine = ctx.uow.principal.user_id
    return next((each for each in ctx.uow.all("schedule") if (each.job, each.owner_id) == (BRIEFING, mine)), None)


def _preference(ctx: ToolContext, own: Any) -> Preference:
    user: Any = ctx.uow.find("user", ctx.uow.principal.user_id)
    settings = Settings(briefing_rule=ctx.briefing_rule, delivery_channel=ctx.delivery_channel)
    return preference_of(user, own, settings)


def _told(ctx: ToolContext, found: Preference) -> str:
    language = ctx.language
    if found.rule is None:
        return say(language, "schedule_off" if found.channel else "schedule_no_channel")
    told = say(
        language,
        "schedule_told",
        days=_days(language, found.rule),
        time=f"{found.rule.at:%H:%M}",
        zone=found.timezone,
        channel=found.channel,
    )
    coming = occurrences(found.rule, ctx.uow.now, ctx.uow.now + timedelta(days=400), found.timezone)
    day = next((day for day, _ in coming if not found.is_muted(day)), None)
    return f"{told} {say(language, 'schedule_next', day=describe_date(day, language))}" if day else told


def _days(language: str, rule: Rule) -> str:
    named = {"daily": "schedule_daily", "mon-fri": "schedule_weekdays"}.get(days_text(rule.days))
    if named:
        return say(language, named)
    names = say(language, "schedule_days").split("|")
    return say(language, "schedule_some", days=say(language, "comma").join(names[day] for day in rule.days))


def _read(ctx: ToolContext, name: str, text: str, present: Rule) -> Any:
    words = text.strip()
    match name:
        case "rule":
            return str(changed_rule(present, words))
        case "quiet_hours":
            span = parse_quiet(words)
            return f"{span[0]:%H:%M}-{span[1]:%H:%M}" if span else ""
        case "timezone":
            return known_zone(words) if words else ""
        case "muted_until":
            return read_date(ctx, words) if words else None
        case "channel" if words.casefold() in (*CHANNELS, ""):
            return words.casefold()
        case "is_active" if words.casefold() in (*_TRUE, *_FALSE):
            return words.casefold() in _TRUE
    there = "rule, channel, quiet_hours, timezone, muted_until, is_active"
    raise InvalidArgumentError(
        f"“{name}: {words[:40]}” cannot be set for briefings; fields: {there}; channels: {', '.join(CHANNELS)}.",
        argument=name,
        zh=f"无法设置“{name}：{words[:40]}”；可设置：{there}；渠道：{'、'.join(CHANNELS)}。",
    )
