"""Changing and deleting records of any kind, and taking changes back."""

from typing import Annotated, Any

from core.errors import InvalidArgumentError, RecordNotFoundError
from crm_store.schema import NOUNS
from crm_store.undo import NothingToUndoError, find_last_effect, undo
from tools.arguments import read_fields
from tools.briefing_schedule import change_schedule
from tools.forecast_calls import call_commit
from tools.registry import ToolContext, ToolEffect, ToolResult, tool

CHANGEABLE = ("account", "contact", "lead", "ticket", "interaction", "task", "deal", "draft")
ADMINISTRATION = ("user", "team", "stage", "product", "field", "quota", "exchange_rate")


@tool(effect=ToolEffect.WRITE, scope="records")
def update_record(
    ctx: ToolContext,
    kind: Annotated[str, "account, contact, lead, ticket, interaction, …"],
    record: Annotated[str, "name or number"],
    fields: Annotated[dict[str, str], "new values by name; empty text empties"],
    account: str = "",
) -> ToolResult:
    """Change fields of a record that is no deal or task.

    Briefing times: kind schedule; fields rule (mon-fri 07:45; without fri), muted_until, is_active.
    """
    if kind == "schedule":
        return change_schedule(ctx, fields)
    if kind == "forecast":
        return call_commit(ctx, record, fields)
    target = _target(ctx, kind, record, account)
    changed = ctx.uow.update(kind, target, read_fields(ctx, kind, fields, target))
    ref = ctx.resolver.ref(kind, target)
    return ToolResult(content={"record": ref.name, "changed": changed}, records=[ref])


@tool(effect=ToolEffect.WRITE, scope="records")
def delete_record(
    ctx: ToolContext,
    kind: str,
    record: str,
    account: str = "",
) -> ToolResult:
    """Delete one record, only if plainly asked to. Closing a deal is no deletion."""
    target = _target(ctx, kind, record, account)
    name = ctx.uow.name_of(kind, target)
    ctx.uow.delete(kind, target)
    return ToolResult(content={"deleted": name})


@tool(effect=ToolEffect.WRITE, scope="records")
def undo_change(
    ctx: ToolContext,
    handle: Annotated[str, "empty = the latest change"] = "",
) -> ToolResult:
    """Take back an earlier change."""
    found = handle.strip() or find_last_effect(ctx.uow, ctx.conversation_id) or find_last_effect(ctx.uow)
    if not found:
        raise NothingToUndoError("You have made no change that could be undone.", zh="您没有可以撤销的修改。")
    undo(ctx.uow, found)
    return ToolResult(content={"undone": found})


def _target(ctx: ToolContext, kind: str, record: str, account: str) -> Any:
    if kind == "suggestion":
        return _suggestion(ctx, record)
    if kind not in NOUNS or kind not in (*CHANGEABLE, *ADMINISTRATION):
        kinds = ", ".join((*CHANGEABLE, *ADMINISTRATION))
        raise InvalidArgumentError(f"“{kind}” is no kind of record; there are: {kinds}.", argument="kind")
    company = ctx.resolver.find("account", account)
    return ctx.resolver.get(kind, record, within=(company.id,) if company else ())


def _suggestion(ctx: ToolContext, record: str) -> Any:
    """A suggestion has no name of its own: it goes by the id with which it was shown."""
    found = ctx.uow.find("suggestion", record.strip())
    if found is None:
        raise RecordNotFoundError("suggestion", record)
    return found
