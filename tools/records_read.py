"""Reading records: lists by any condition, and one record with everything about it."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from analytics.attributes import attribute, attributes
from analytics.listing import (
    Listing,
    Page,
    column_label,
    fetch,
    group_counts,
    month_of,
    named_where,
    plain_text,
    reference_names,
    value_text,
)
from analytics.records.related import Line
from analytics.records.said_facts import facts_asked
from analytics.view import View
from analytics.wording import join_words, kind_word, load_table, say
from core.errors import InvalidArgumentError
from core.parts import Column, NotKnown, Table, Text
from crm_store.interactions import INTERACTION
from crm_store.nouns import FieldType
from crm_store.participants import contacts_in
from crm_store.query import Attribute, Condition, names_of, readable
from tools.filters import Filter, read_filters, view_of
from tools.registry import ToolContext, ToolEffect, ToolResult, tool
from tools.said_beside import with_said

KINDS = (
    "account",
    "contact",
    "deal",
    "lead",
    "task",
    "ticket",
    "interaction",
    "product",
    "user",
    "stage",
    "quota",
)
MOST_ROWS = 200
_RIGHT = frozenset({FieldType.AMOUNT, FieldType.INTEGER})


@tool(effect=ToolEffect.READ, scope="records")
def list_records(
    ctx: ToolContext,
    kind: str,
    filters: Annotated[list[Filter], "all must hold: owner = me, amount > 150k, close_date = Q2"] = [],  # noqa: B006
    sort: str = "",
    descending: bool = False,
    limit: int = 50,
    group_by: str = "",
) -> ToolResult:
    """List or count account, contact, deal, lead, task, ticket, interaction, user, stage … records.

    Deals also have status (open, won, lost), overdue, days_in_stage, last_activity, days_silent, team, industry,
    segment, product, mentions; tasks overdue; tickets unresolved. Operators: = != > >= < <= in has between
    is_empty not_empty.
    """
    view = view_of(ctx)
    kind = kind_of(kind)
    if not readable(ctx.uow, kind):
        text = say(ctx.language, "no_kind", kinds=kind_word(ctx.language, kind))
        return ToolResult({"count": 0, "note": text}, [NotKnown(text=text)])
    conditions = read_filters(ctx, kind, filters)
    wanted = _listing(ctx, kind, conditions, sort, descending, group_by, limit)
    page = fetch(view, wanted)
    result = ToolResult(records=[row.ref for row in page.rows])
    if not page.rows:
        return with_said(view, _empty(view, kind, page, conditions, result), _said(ctx, view, kind, conditions))
    return with_said(view, _filled(view, wanted, page, result), _said(ctx, view, kind, conditions))


def _said(ctx: ToolContext, view: View, kind: str, conditions: list[Condition]) -> list[Line]:
    """ "What is the budget at Acme": what conversations with the one account that is named say of it."""
    named = [each.values for each in conditions if each.attribute.name == "account" and each.op == "="]
    if kind not in ("contact", "deal") or len(named) != 1 or len(named[0]) != 1:
        return []
    account = ctx.uow.find("account", str(named[0][0]))
    return facts_asked(view, "account", account, ctx.message) if account is not None else []


def kind_of(words: str) -> str:
    """The kind of record that a word names, in either language and number.

    Raises:
        InvalidArgumentError: no kind that can be listed; names them.
    """
    folded = words.strip().casefold()
    for kind in KINDS:
        entry = load_table("kinds")[kind]
        if folded in (kind, *entry["en"], entry["zh"]):
            return kind
    raise InvalidArgumentError(
        f"There are no records of kind “{words[:40]}”; there are: {', '.join(KINDS)}.", argument="kind"
    )


def _listing(
    ctx: ToolContext,
    kind: str,
    conditions: list[Condition],
    sort: str,
    descending: bool,
    group_by: str,
    limit: int,
) -> Listing:
    defaults = load_table("kinds")[kind]
    by = attribute(ctx.uow, kind, group_by) if group_by else None
    order = attribute(ctx.uow, kind, sort or defaults["sort"])
    backwards = descending if sort else bool(defaults.get("descending", False))
    known = attributes(ctx.uow, kind)
    columns = {name: known[name] for name in defaults["columns"] if name in known}
    for each in (by, order, *(condition.attribute for condition in conditions)):
        if each is not None and each.expression is not None and not _constant(each, conditions):
            columns.setdefault(each.name, each)
    return Listing(kind, conditions, list(columns.values()), order, backwards, by, max(1, min(limit, MOST_ROWS)))


def _constant(each: Attribute, conditions: list[Condition]) -> bool:
    """A column that has the same value in every row says nothing that the filter does not."""
    fixed = [condition for condition in conditions if condition.attribute.name == each.name]
    return any(
        condition.op == "is_empty"
        or (condition.op in ("=", "in") and each.type is not FieldType.DATETIME and len(condition.values) == 1)
        for condition in fixed
    )


def _empty(view: View, kind: str, page: Page, conditions: list[Condition], result: ToolResult) -> ToolResult:
    kinds = kind_word(view.language, kind)
    text = say(view.language, "list_empty", kinds=kinds, filter=page.filter_in_words)
    result.content = {
        "count": 0,
        "filter": page.filter_in_words,
        **({"notes": page.notes} if page.notes else {}),
    }
    result.parts.append(Text(text=text))
    return result


def _filled(view: View, wanted: Listing, page: Page, result: ToolResult) -> ToolResult:
    names = reference_names(view, page.rows, wanted.columns)
    cells = [[value_text(view, wanted.kind, each, row, names) for each in wanted.columns] for row in page.rows]
    columns = [
        Column(name=each.name, label=column_label(view, each), align="right" if _is_number(each) else "left")
        for each in wanted.columns
    ]
    for column, texts in _further_columns(view, wanted, page):
        columns.append(column)
        cells = [[*row, texts.get(page.rows[number].ref.id, "")] for number, row in enumerate(cells)]
    headings = [each.name for each in columns]
    kinds = kind_word(view.language, wanted.kind, page.total)
    key = "list_title" if page.total == len(page.rows) else "list_title_cut"
    title = say(view.language, key, n=page.total, shown=len(page.rows), kinds=kinds, filter=page.filter_in_words)
    result.content = {
        "count": page.total,
        "shown": len(page.rows),
        "filter": page.filter_in_words,
        "rows": [{k: v for k, v in zip(headings, row, strict=True) if v} for row in cells],
    }
    if page.notes:
        result.content["notes"] = page.notes
    if wanted.group_by is not None:
        result.content["groups"] = _groups(view, wanted)
        lines = [say(view.language, "group_of", name=name, n=n) for name, n in result.content["groups"].items()]
        result.parts.append(Text(text=" · ".join(lines)))
    result.parts.append(
        Table(
            title=title,
            columns=tuple(columns),
            rows=tuple(tuple(row) for row in cells),
            records=tuple(row.ref for row in page.rows),
            note=" ".join(page.notes),
        )
    )
    return result


def _further_columns(view: View, wanted: Listing, page: Page) -> Iterator[tuple[Column, Mapping[str, str]]]:
    """Columns that are no single value of a record, with their text by record: where a word stands in deals, and who
    took part in interactions."""
    if wanted.kind == "deal" and any(each.attribute.name == "mentions" for each in wanted.conditions):
        label = say(view.language, "named_in")
        yield Column(name="named_in", label=label), named_where(view, page, wanted.conditions)
    if wanted.kind == "interaction":
        people = contacts_in(view.uow, [row.ref.id for row in page.rows])
        label = INTERACTION.field("contacts").label.of(view.language)
        texts = {each: join_words(view.language, [name for _, name in took]) for each, took in people.items()}
        yield Column(name="contacts", label=label), texts


def _is_number(attribute: Attribute) -> bool:
    return attribute.type in _RIGHT or attribute.age


def _timed(by: Attribute) -> bool:
    return by.type in (FieldType.DATE, FieldType.DATETIME) and not by.age


def _groups(view: View, wanted: Listing) -> dict[str, int]:
    by = wanted.group_by
    if by is None:
        return {}
    counted = group_counts(view, wanted.kind, wanted.conditions, by)
    names = names_of(view.uow, by.ref, [value for value, _ in counted]) if by.type is FieldType.REF else {}
    none = say(view.language, "group_none")
    groups: dict[str, int] = {}
    for value, number in counted:
        name = (month_of(view, value) if _timed(by) else plain_text(view, wanted.kind, by, value, names)) or none
        groups[name] = groups.get(name, 0) + number
    return groups
