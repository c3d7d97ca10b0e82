"""The asker's briefing, and when, where and whether it comes."""

from typing import Any

from briefings.compose import cited, compose
from briefings.line import Briefing, BriefingKind
from briefings.preferences import BRIEFING
from briefings.rules import known_zone, parse_quiet, parse_rule
from core.errors import InvalidArgumentError
from core.parts import Text
from core.settings import Settings
from crm_store.nouns import Values
from crm_store.principals import Role
from tools.arguments import read_date
from tools.registry import ToolContext, ToolResult

CHANNELS = ("slack", "email", "file", "terminal")
_WEEKLY = frozenset({"week", "weekly", "weekly briefing", "本周", "周报", "每周"})
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_DEFAULT_RULE = "mon-fri 08:30"


def show_briefing(ctx: ToolContext, which: str = "") -> ToolResult:
    """The asker's briefing as it is now; "weekly" for a manager's weekly one."""
    principal = ctx.uow.principal
    leads = principal.role in (Role.MANAGER, Role.ADMIN)
    kind: BriefingKind | None = "manager_weekly" if leads and which.strip().casefold() in _WEEKLY else None
    settings = Settings(fiscal_year_first_month=ctx.fiscal_first_month)
    found = compose(ctx.uow, settings, kind=kind, language=ctx.language)
    content = {"briefing": found.text(with_ids=False)}
    return ToolResult(content, [Text(text=_markdown(found))], cited(found), shows_foreign_text=True)


def change_schedule(ctx: ToolContext, fields: dict[str, str]) -> ToolResult:
    """Sets when, where and whether the asker is briefed; makes the schedule when there is none yet.

    Raises:
        InvalidArgumentError: a field is unknown or its text cannot be read.
    """
    values = {name: _read(ctx, name, text) for name, text in fields.items()}
    mine = ctx.uow.principal.user_id
    own = next((each for each in ctx.uow.all("schedule") if (each.job, each.owner_id) == (BRIEFING, mine)), None)
    if own is None:
        created: Values = {"job": BRIEFING, "rule": _DEFAULT_RULE, "owner": mine, **values}
        own = ctx.uow.create("schedule", {"is_active": True, **created})
    else:
        ctx.uow.update("schedule", own, values)
    return ToolResult({"briefing": own.rule, "active": own.is_active}, records=[ctx.resolver.ref("schedule", own)])


def _read(ctx: ToolContext, name: str, text: str) -> Any:
    words = text.strip()
    match name:
        case "rule":
            return str(parse_rule(words))
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


def _markdown(found: Briefing) -> str:
    if found.is_empty:
        return found.lines[0].text
    rows = [f"{'    - ' if line.indented else '- '}{line.text}" for line in found.lines]
    return "\n".join([f"**{found.title}**", *rows])
