"""Accounts: creating them."""

from core.errors import PersonFixableError
from crm_store.nouns import Values
from tools.arguments import read_fields
from tools.registry import ToolContext, ToolEffect, ToolResult, tool


class DuplicateRecordError(PersonFixableError):
    """A record of that name exists already; nothing was created."""


@tool(effect=ToolEffect.WRITE, scope="accounts")
def create_account(
    ctx: ToolContext,
    name: str,
    domain: str = "",
    owner: str = "",
    other: dict[str, str] = {},  # noqa: B006
) -> ToolResult:
    """Create a customer company."""
    refuse_duplicate(ctx, "account", name)
    values: Values = {
        "name": name.strip(),
        "domain": domain.strip(),
        "owner": ctx.resolver.get("user", owner or "me").id,
        **read_fields(ctx, "account", other),
    }
    account = ctx.uow.create("account", values)
    ctx.resolver.note_account(account.id)
    return ToolResult(content={"created": account.name}, records=[ctx.resolver.ref("account", account)])


def refuse_duplicate(ctx: ToolContext, kind: str, name: str, *, within: tuple[str, ...] = ()) -> None:
    """Refuses a name that a visible record of the kind already has, in any spelling of case and space."""
    for scored in ctx.resolver.lexicon.match(name, kinds={kind}, account_ids=within):
        entry = scored.entry
        same = "".join(entry.name.casefold().split()) == "".join(name.casefold().split())
        if same and (not within or entry.account_id in within):
            raise DuplicateRecordError(f"{entry.name} exists already; nothing was created.")
