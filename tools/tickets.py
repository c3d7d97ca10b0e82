"""Tickets: opening them."""

from typing import Annotated

from crm_store.nouns import Values
from tools.arguments import choice_of, read_fields
from tools.registry import ToolContext, ToolEffect, ToolResult, tool


@tool(effect=ToolEffect.WRITE, scope="tickets")
def create_ticket(
    ctx: ToolContext,
    subject: str,
    account: str = "",
    contact: str = "",
    priority: str = "normal",
    assignee: Annotated[str, "empty = nobody yet"] = "",
    channel: str = "",
    description: str = "",
    other: dict[str, str] = {},  # noqa: B006
) -> ToolResult:
    """Open a support ticket."""
    company = ctx.resolver.find("account", account)
    person = ctx.resolver.find("contact", contact, within=(company.id,) if company else ())
    holder = ctx.resolver.find("user", assignee)
    account_id = company.id if company else (person.account_id if person else None)
    values: Values = {
        "subject": subject.strip(),
        "account": account_id,
        "contact": person.id if person else None,
        "priority": choice_of("ticket", "priority", priority or "normal"),
        "assignee": holder.id if holder else None,
        "channel": channel.strip(),
        "description": description.strip(),
        "status": "open",
        **read_fields(ctx, "ticket", other),
    }
    ticket = ctx.uow.create("ticket", values)
    return ToolResult(content={"created": ticket.number}, records=[ctx.resolver.ref("ticket", ticket)])
