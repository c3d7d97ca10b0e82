"""Changing the records that a filter chooses; policy asks before more than one is changed."""

from typing import Annotated

from analytics.listing import Listing, fetch
from core.errors import InvalidArgumentError
from core.parts import NotKnown, Text
from tools.arguments import read_fields
from tools.filters import Filter, read_filters, view_of
from tools.records import CHANGEABLE
from tools.registry import ToolContext, ToolEffect, ToolResult, tool

MOST_RECORDS = 200


@tool(effect=ToolEffect.WRITE, scope="records")
def update_records(
    ctx: ToolContext,
    kind: str,
    filters: Annotated[list[Filter], "as in list_records"],
    fields: dict[str, str],
) -> ToolResult:
    """Change the same fields of all records that filters choose, among those the person may change."""
    if kind not in CHANGEABLE:
        raise InvalidArgumentError(
            f"“{kind}” cannot be changed so; kinds: {', '.join(CHANGEABLE)}.", argument="kind"
        )
    if not filters or not fields:
        raise InvalidArgumentError("Say which records, and what is to change.", argument="filters")
    page = fetch(view_of(ctx), Listing(kind, read_filters(ctx, kind, filters), (), limit=MOST_RECORDS + 1))
    if page.total > MOST_RECORDS:
        raise InvalidArgumentError(
            f"That is {page.total} records; at most {MOST_RECORDS} at once.", argument="filters"
        )
    mine = [row for row in page.rows if ctx.uow.may_write(kind, row.record)]
    for row in mine:
        ctx.uow.update(kind, row.record, read_fields(ctx, kind, fields, row.record))
    result = ToolResult({"chosen": len(mine), "filter": page.filter_in_words}, records=[row.ref for row in mine])
    if not mine:
        result.parts.append(NotKnown(text=_NONE[ctx.language].format(filter=page.filter_in_words)))
    elif len(mine) < page.total:
        left_out = page.total - len(mine)
        result.parts.append(Text(text=_LEFT_OUT[ctx.language].format(n=left_out, filter=page.filter_in_words)))
    return result


_NONE = {
    "en": "There is no record that you may change with {filter}.",
    "zh": "没有您可以修改的记录（{filter}）。",
}
_LEFT_OUT = {
    "en": "{n} more with {filter} are not yours to change and stay as they are.",
    "zh": "另有 {n} 条（{filter}）您无权修改，保持不变。",
}
