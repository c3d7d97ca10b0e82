"""Deals: opening and changing them."""

from typing import Annotated, Any

from crm_store.nouns import Values
from tools.arguments import choice_of, read_amount, read_date, read_fields, read_stage
from tools.registry import ToolContext, ToolEffect, ToolResult, tool


@tool(effect=ToolEffect.WRITE, scope="deals")
def create_deal(
    ctx: ToolContext,
    name: str,
    account: str,
    amount: str = "",
    close_date: str = "",
    stage: str = "",
    owner: str = "",
    contact: str = "",
    other: dict[str, str] = {},  # noqa: B006
) -> ToolResult:
    """Open a new deal at an account."""
    company = ctx.resolver.get("account", account)
    values: Values = {
        "name": name.strip(),
        "account": company.id,
        "owner": ctx.resolver.get("user", owner or "me").id,
        **_money(ctx, amount),
        **read_fields(ctx, "deal", other),
    }
    if close_date:
        values["close_date"] = read_date(ctx, close_date)
    if stage:
        values["stage"] = read_stage(ctx, stage).id
    if contact:
        values["primary_contact"] = ctx.resolver.get("contact", contact, within=(company.id,)).id
    deal = ctx.uow.create("deal", values)
    return ToolResult(content={"created": deal.name}, records=[ctx.resolver.ref("deal", deal)])


@tool(effect=ToolEffect.WRITE, scope="deals")
def update_deal(
    ctx: ToolContext,
    deal: str,
    account: str = "",
    stage: Annotated[str, "also won, lost"] = "",
    amount: Annotated[str, "210k; +4500, -10%, x0.5 change the present one"] = "",
    close_date: Annotated[str, "+2 weeks counts from the present one"] = "",
    forecast_category: Annotated[str, "pipeline, best_case, commit, omitted"] = "",
    next_step: str = "",
    competitor: Annotated[str, "only if told to set it, or lost to it"] = "",
    lost_reason: Annotated[str, "price, competitor, no_decision, requirements"] = "",
    owner: str = "",
    contact: str = "",
    name: str = "",
    other: dict[str, str] = {},  # noqa: B006
    clear: Annotated[list[str], "fields to empty"] = [],  # noqa: B006
) -> ToolResult:
    """Change the fields of a deal that the person says are to change."""
    company = ctx.resolver.find("account", account)
    record = ctx.resolver.get("deal", deal, within=(company.id,) if company else (), only_open=True)
    values: Values = {**_money(ctx, amount, record), **read_fields(ctx, "deal", other, record)}
    values |= read_fields(ctx, "deal", dict.fromkeys(clear, ""), record)
    if stage:
        values["stage"] = read_stage(ctx, stage).id
    if close_date:
        values["close_date"] = read_date(ctx, close_date, base=record.close_date)
    if forecast_category:
        values["forecast_category"] = choice_of("deal", "forecast_category", forecast_category)
    if lost_reason:
        values["lost_reason"] = choice_of("deal", "lost_reason", lost_reason)
    if owner:
        values["owner"] = ctx.resolver.get("user", owner).id
    if contact:
        values["primary_contact"] = ctx.resolver.get("contact", contact, within=(record.account_id,)).id
    values |= {
        field: text.strip()
        for field, text in (("next_step", next_step), ("competitor", competitor), ("name", name))
        if text.strip()
    }
    changed = ctx.uow.update("deal", record, values)
    return ToolResult(
        content={"deal": record.name, "changed": changed}, records=[ctx.resolver.ref("deal", record)]
    )


def _money(ctx: ToolContext, text: str, deal: Any = None) -> Values:
    if not text.strip():
        return {}
    current = deal.amount if deal is not None else None
    amount = read_amount(text, current=current)
    values: Values = {"amount": amount.value}
    if amount.currency and (deal is None or amount.currency != deal.currency):
        values["currency"] = amount.currency
    return values
