"""Logging what was said and done."""

from typing import Annotated, Any

from crm_store.nouns import Values
from crm_store.voice_notes import find_voice_note
from language.durations import parse_minutes
from speech.wording import as_spoken
from tools.arguments import choice_of, read_moment
from tools.registry import ToolContext, ToolEffect, ToolResult, tool
from tools.suggestions import after_log

_SUBJECT_CHARS = 80
_OUTBOUND = ("call", "email", "message")


@tool(effect=ToolEffect.WRITE, scope="interactions")
def log_interaction(
    ctx: ToolContext,
    type: Annotated[str, "call, meeting, visit, email, message, note"],
    account: str = "",
    contacts: list[str] = [],  # noqa: B006
    deal: Annotated[str, "the deal it was about"] = "",
    when: Annotated[str, "empty = now"] = "",
    duration: str = "",
    direction: Annotated[str, "inbound, outbound"] = "",
    summary: str = "",
    text: Annotated[str, "words to keep; empty = the whole message"] = "",
    lead: str = "",
    ticket: str = "",
) -> ToolResult:
    """Log a call, meeting, visit, e-mail, message or note that HAS happened; plans are tasks."""
    kind = choice_of("interaction", "type", type)
    links = _links(ctx, account, contacts, deal, lead, ticket)
    spoken = _spoken(ctx)
    body = text or (as_spoken(ctx.message) if spoken else ctx.message)
    values: Values = {
        **links,
        "type": kind,
        "direction": choice_of("interaction", "direction", direction) if direction else _default_direction(kind),
        "occurred_at": read_moment(ctx, when),
        "owner": ctx.uow.principal.user_id,
        "subject": _first_line(summary or body),
        "summary": summary,
        "body": body,
        **spoken,
    }
    if duration.strip():
        values["duration_min"] = parse_minutes(duration)
    record = ctx.uow.create("interaction", values)
    result = ToolResult(content={"logged": kind}, records=[ctx.resolver.ref("interaction", record)])
    after_log(ctx, record, result)
    return result


def _spoken(ctx: ToolContext) -> Values:
    """Where the recording of a voice note lies, and what was heard where names were put right, marked."""
    note = find_voice_note(ctx.uow, ctx.message)
    if note is None:
        return {}
    marks = "; ".join(f"{heard} → {meant}" for heard, meant in note.corrections)
    return {"recording": note.recording, "heard": f"{note.heard}\n[{marks}]" if marks else note.heard}


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
