"""Tasks: creating, changing, completing."""

from typing import Annotated, Any

from briefings.line import say
from core.errors import InvalidArgumentError
from core.parts import AnyPart, Text
from crm_store.nouns import Values
from tools.arguments import choice_of
from tools.briefing_schedule import has_channel
from tools.registry import ToolContext, ToolEffect, ToolResult, tool
from tools.reminders import LAST_REMINDER, last_reminder, moved_reminder, read_due


@tool(effect=ToolEffect.WRITE, scope="tasks")
def create_task(
    ctx: ToolContext,
    title: Annotated[str, "what is to be done, in their words"],
    due: str = "",
    assignee: Annotated[str, "empty = who asks"] = "",
    account: str = "",
    deal: str = "",
    contact: str = "",
    priority: Annotated[str, "low, normal, high, urgent"] = "normal",
) -> ToolResult:
    """Create a task or reminder for someone of ours, also for what they promised with a date."""
    if not title.strip():
        raise InvalidArgumentError("A task needs a title.", argument="title")
    find = ctx.resolver.find
    company = find("account", account)
    about = find("deal", deal, within=(company.id,) if company else (), only_open=True)
    within = [each for each in (company.id if company else None, about.account_id if about else None) if each]
    person = find("contact", contact, within=within)
    holder = ctx.resolver.get("user", assignee or "me")
    day, remind_at = read_due(ctx, due) if due.strip() else (None, None)
    values: Values = {
        "title": title.strip(),
        "due": day,
        "remind_at": remind_at,
        "assignee": holder.id,
        "account": _account_of(company, about, person),
        "deal": about.id if about else None,
        "contact": person.id if person else None,
        "priority": choice_of("task", "priority", priority or "normal"),
        "status": "open",
        "created_by": ctx.uow.principal.user_id,
    }
    task = ctx.uow.create("task", values)
    is_mine = remind_at is not None and holder.id == ctx.uow.principal.user_id
    silent: list[AnyPart] = (
        [Text(text=say(ctx.language, "reminder_no_channel"))] if is_mine and not has_channel(ctx) else []
    )
    return ToolResult({"created": task.title}, silent, [ctx.resolver.ref("task", task)])


@tool(effect=ToolEffect.WRITE, scope="tasks")
def update_task(
    ctx: ToolContext,
    task: Annotated[str, "its title, or part of it"],
    status: Annotated[str, "done, open"] = "",
    due: Annotated[str, "+1 week counts from its own date"] = "",
    title: str = "",
    assignee: str = "",
    priority: str = "",
    account: str = "",
    deal: str = "",
) -> ToolResult:
    """Complete, move, change or hand over a task."""
    company = ctx.resolver.find("account", account)
    about = ctx.resolver.find("deal", deal)
    within = [each for each in (company.id if company else None, about.account_id if about else None) if each]
    if task.strip() == LAST_REMINDER:
        record = last_reminder(ctx)
    else:
        record = ctx.resolver.get("task", task, within=within, only_open=status != "open")
    values: Values = {}
    if status:
        values["status"] = choice_of("task", "status", status)
    if due:
        values["due"], remind_at = read_due(ctx, due, base=record.due)
        values["remind_at"] = remind_at or moved_reminder(ctx, record.remind_at, values["due"])
    if title:
        values["title"] = title.strip()
    if assignee:
        values["assignee"] = ctx.resolver.get("user", assignee).id
    if priority:
        values["priority"] = choice_of("task", "priority", priority)
    changed = ctx.uow.update("task", record, values)
    return ToolResult(
        content={"task": record.title, "changed": changed}, records=[ctx.resolver.ref("task", record)]
    )


def _account_of(company: Any, *others: Any) -> str | None:
    if company is not None:
        return str(company.id)
    return next((other.account_id for other in others if other is not None), None)
