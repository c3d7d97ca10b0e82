"""Leads: creating and converting them."""

from typing import Annotated, Any

from core.errors import InvalidArgumentError, PersonFixableError
from crm_store.nouns import Values
from tools.arguments import read_amount, read_date, read_fields, read_stage
from tools.registry import ToolContext, ToolEffect, ToolResult, tool


class LeadClosedError(PersonFixableError):
    """The lead was converted before."""


@tool(effect=ToolEffect.WRITE, scope="leads")
def create_lead(
    ctx: ToolContext,
    name: str,
    company: str = "",
    email: str = "",
    phone: str = "",
    source: str = "",
    product_interest: str = "",
    owner: Annotated[str, "empty = who asks; none = nobody"] = "",
    other: dict[str, str] = {},  # noqa: B006
) -> ToolResult:
    """Create a lead: someone interested who is no contact yet."""
    nobody = owner.strip().casefold() in ("none", "nobody", "unassigned")
    values: Values = {
        "name": name.strip(),
        "company": company.strip(),
        "email": email.strip(),
        "phone": phone.strip(),
        "source": source.strip(),
        "product_interest": product_interest.strip(),
        "status": "new",
        "owner": None if nobody else ctx.resolver.get("user", owner or "me").id,
        **read_fields(ctx, "lead", other),
    }
    lead = ctx.uow.create("lead", values)
    return ToolResult(content={"created": lead.name}, records=[ctx.resolver.ref("lead", lead)])


@tool(effect=ToolEffect.WRITE, scope="leads")
def convert_lead(
    ctx: ToolContext,
    lead: str,
    account: Annotated[str, "an existing one to use"] = "",
    deal_name: Annotated[str, "only if a deal is asked for"] = "",
    amount: str = "",
    close_date: str = "",
    stage: str = "",
) -> ToolResult:
    """Convert a lead into account, contact and, if asked for, a deal."""
    record = ctx.resolver.get("lead", lead, only_open=True)
    if record.status == "converted":
        raise LeadClosedError(f"{record.name} was converted already.")
    company = _company(ctx, record, account)
    person = ctx.uow.create(
        "contact",
        {
            "name": record.name,
            "account": company.id,
            "email": record.email,
            "phone": record.phone,
            "title": record.title,
        },
    )
    values: Values = {
        "status": "converted",
        "converted_at": ctx.uow.now,
        "account": company.id,
        "contact": person.id,
    }
    if deal_name or amount or close_date or stage:
        values["deal"] = _open_deal(ctx, record, company, person, deal_name, amount, close_date, stage).id
    ctx.uow.update("lead", record, values)
    contacts = ctx.uow.field("interaction", "contacts")
    for interaction in ctx.uow.pointing_to("interaction", "lead", record.id):
        people = (*ctx.uow.value(contacts, interaction), person.id)
        ctx.uow.update("interaction", interaction, {"account": company.id, "contacts": people})
    cited = [("lead", record), ("account", company), ("contact", person)]
    return ToolResult(
        content={"converted": record.name, "account": company.name},
        records=[ctx.resolver.ref(kind, each) for kind, each in cited],
    )


def _company(ctx: ToolContext, lead: Any, account: str) -> Any:
    if account.strip():
        return ctx.resolver.get("account", account)
    if not lead.company:
        raise InvalidArgumentError("The lead has no company; say which account.", argument="account")
    for scored in ctx.resolver.lexicon.match(lead.company, kinds={"account"}):
        if scored.entry.name.casefold() == lead.company.casefold():
            return ctx.uow.find("account", scored.entry.id)
    owner = lead.owner_id or ctx.uow.principal.user_id
    return ctx.uow.create("account", {"name": lead.company, "owner": owner})


def _open_deal(
    ctx: ToolContext, lead: Any, company: Any, person: Any, name: str, amount: str, close_date: str, stage: str
) -> Any:
    values: Values = {
        "name": name.strip() or f"{company.name} – {lead.product_interest or lead.name}",
        "account": company.id,
        "owner": lead.owner_id or ctx.uow.principal.user_id,
        "primary_contact": person.id,
        "source": lead.source,
    }
    if amount:
        money = read_amount(amount, current=None)
        values["amount"] = money.value
        if money.currency:
            values["currency"] = money.currency
    if close_date:
        values["close_date"] = read_date(ctx, close_date)
    if stage:
        values["stage"] = read_stage(ctx, stage).id
    return ctx.uow.create("deal", values)
