"""The asker's briefing as it is now."""

from briefings.compose import cited, compose
from briefings.line import Briefing, BriefingKind
from core.parts import Text
from core.settings import Settings
from crm_store.principals import Role
from tools.briefing_schedule import SCHEDULE_WORDS, show_schedule
from tools.registry import ToolContext, ToolResult

_WEEKLY = frozenset({"week", "weekly", "weekly briefing", "本周", "周报", "每周"})


def show_briefing(ctx: ToolContext, which: str = "") -> ToolResult:
    """The asker's briefing as it is now; "weekly" for a manager's weekly one, "schedule" for when it comes."""
    if which.strip().casefold() in SCHEDULE_WORDS:
        return show_schedule(ctx)
    principal = ctx.uow.principal
    leads = principal.role in (Role.MANAGER, Role.ADMIN)
    kind: BriefingKind | None = "manager_weekly" if leads and which.strip().casefold() in _WEEKLY else None
    settings = Settings(fiscal_year_first_month=ctx.fiscal_first_month)
    found = compose(ctx.uow, settings, kind=kind, language=ctx.language)
    content = {"briefing": found.text(with_ids=False)}
    return ToolResult(content, [Text(text=_markdown(found))], cited(found), shows_foreign_text=True)


def _markdown(found: Briefing) -> str:
    if found.is_empty:
        return found.lines[0].text
    rows = [f"{'    - ' if line.indented else '- '}{line.text}" for line in found.lines]
    return "\n".join([f"**{found.title}**", *rows])
