"""Logging what was said and done."""

from typing import Annotated, Any

from language.durations import parse_minutes

from crm_store.nouns import Values
from tools.arguments import choice_of, read_moment
from tools.registry import ToolContext, ToolEffect, ToolResult, tool

_SUBJECT_CHARS = 80
_OUTBOUND = ("call", "email", "message")


@tool(effect=ToolEffect.WRITE, scope="interactions")
def log_interaction(
    ctx: ToolContext,
    type: Annotated[str, "call, meeting, visit, email, message or note"],
    account: Annotated[str, "account name; may be left out when contacts or deal tell it"] = "",
    contacts: Annotated[list[str], "customer's people who took part"] = [],  # noqa: B006
    deal: Annotated[str, "deal it was about, if any"] = "",
    when: Annotated[str, "day or time it happened: 'yesterday', '2026-03-06'; empty = now"] = "",
    duration: Annotated[str, "'20 min', '1.5 h'"] = "",
    direction: Annotated[str, "inbound if they contacted us, else outbound"] = "",
    summary: Annotated[str, "one or two sentences of what was said"] = "",
    text: Annotated[str, "the person's own words to keep; empty = the whole message"] = "",
    lead: Annotated[str, "lead, when it is not about an account"] = "",
    ticket: Annotated[str, "ticket number, when it is about a ticket"] = "",
) -> ToolResult:
    """Log a call, meeting, visit, e-mail, message or note that HAS happened.

    Not for plans (create_task) or deal changes (update_deal).
    """
    kind = choice_of("interaction", "type", type)
    links = _links(ctx, account, contacts, deal, lead, ticket)
    body = text or ctx.message
    values: Values = {
        **links,
        "type": kind,
        "direction": choice_of("interaction", "direction", direction) if direction else _default_direction(kind),
        "occurred_at": read_moment(ctx, when),
        "owner": ctx.uow.principal.user_id,
        "subject": _first_line(summary or body),
        "summary": summary,
        "body": body,
    }
    if duration.strip():
        values["duration_min"] = parse_minutes(duration)
    record = ctx.uow.create("interaction", values)
    return ToolResult(content={"logged": kind}, records=[ctx.resolver.ref("interaction", record)])


def _links(ctx: ToolContext, account: str, contacts: list[str], deal: str, lead: str, ticket: str) -> Values:
    find = ctx.resolver.find
    company = find("account", account)
    within = (company.id,) if company else ()
    about = find("deal", deal, within=within)
    if about is not None and company is None:
        within = (about.account_id,)
    people = [ctx.resolver.get("contact", name, within=within) for name in contacts if name.strip()]
    request = find("ticket", ticket, within=within)
    prospect = find("lead", lead)
    account_id = _first_account(company, about, *people, request)
    return {
        "account": account_id,
        "deal": about.id if about else None,
        "contacts": tuple(person.id for person in people),
        "lead": prospect.id if prospect else None,
        "ticket": request.id if request else None,
    }


def _first_account(company: Any, *others: Any) -> str | None:
    if company is not None:
        return str(company.id)
    return next((other.account_id for other in others if other is not None and other.account_id), None)


def _default_direction(kind: str) -> str:
    return "outbound" if kind in _OUTBOUND else ""


def _first_line(text: str) -> str:
    line = text.strip().splitlines()[0] if text.strip() else ""
    return line if len(line) <= _SUBJECT_CHARS else line[: _SUBJECT_CHARS - 1].rstrip() + "…"
