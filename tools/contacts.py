"""Contacts: creating them."""

from typing import Annotated

from crm_store.nouns import Values
from tools.accounts import refuse_duplicate
from tools.arguments import read_fields
from tools.registry import ToolContext, ToolEffect, ToolResult, tool


@tool(effect=ToolEffect.WRITE, scope="contacts")
def create_contact(
    ctx: ToolContext,
    name: str,
    account: str,
    title: Annotated[str, "job title"] = "",
    email: str = "",
    phone: str = "",
    other: dict[str, str] = {},  # noqa: B006
) -> ToolResult:
    """Add a person to an account."""
    company = ctx.resolver.get("account", account)
    refuse_duplicate(ctx, "contact", name, within=(company.id,))
    values: Values = {
        "name": name.strip(),
        "account": company.id,
        "title": title.strip(),
        "email": email.strip(),
        "phone": phone.strip(),
        **read_fields(ctx, "contact", other),
    }
    contact = ctx.uow.create("contact", values)
    return ToolResult(content={"created": contact.name}, records=[ctx.resolver.ref("contact", contact)])
