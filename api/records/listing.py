"""A list of records for a request: filters as people write them, any order, pages by cursor."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from analytics.attributes import attribute
from analytics.listing import settle_amounts
from analytics.view import View
from api.callers import Caller, Served
from api.errors import NoSuchThingError
from api.records.plain import records_as_json
from core.errors import InvalidArgumentError
from crm_store.nouns import FieldType
from crm_store.paging import Order, page_of
from crm_store.query import Attribute, clauses, count_where, readable
from crm_store.unit_of_work import UnitOfWork
from tools.filters import Filter, read_filters
from tools.registry import ToolContext
from tools.resolver import Resolver

_UNSORTABLE = (FieldType.REFS, FieldType.LIST)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for."""

    kind: str
    filters: tuple[str, ...] = ()
    sort: str = ""
    limit: int = 50
    cursor: str = ""
    also: tuple[str, ...] = ()
    count: bool = False


def list_records(shared: Served, caller: Caller, wanted: Wanted) -> dict[str, Any]:
    """A page of records as JSON.

    Raises:
        NoSuchThingError: the asker may not read records of the kind at all.
        DealhandError: a filter, order or cursor that cannot be read.
    """
    with shared.store.unit_of_work(caller.principal, writes=False) as uow:
        if not readable(uow, wanted.kind):
            raise NoSuchThingError("There is nothing here.", zh="这里没有内容。")
        where = clauses(uow, _conditions(shared, caller, uow, wanted))
        also = [_shown(uow, wanted.kind, name) for name in wanted.also]
        order = _order(uow, wanted)
        rates = View(uow).rates.by_currency if order.by is not None and order.by.currency is not None else {}
        page = page_of(
            uow, wanted.kind, where, order=order, after=wanted.cursor, limit=wanted.limit, rates=rates, also=also
        )
        items, names = records_as_json(uow, wanted.kind, page.rows, also)
        total = {"total": count_where(uow, wanted.kind, where)} if wanted.count else {}
    return {"items": items, "names": names, "next": page.next, **total}


def tool_context(shared: Served, uow: UnitOfWork, language: str) -> ToolContext:
    """What reads words in filters and scopes: names resolved for the asker."""
    lexicon = shared.runtime.names.lexicon(uow)
    first_month = shared.settings.fiscal_year_first_month
    return ToolContext(uow, Resolver(uow, lexicon), language=language, fiscal_first_month=first_month)


def _conditions(shared: Served, caller: Caller, uow: UnitOfWork, wanted: Wanted) -> list[Any]:
    if not wanted.filters:
        return []
    try:
        filters = [Filter.model_validate(text) for text in wanted.filters]
    except ValidationError as error:
        raise InvalidArgumentError(
            "A filter reads like “amount >= 150k” or “next_step is_empty”.",
            argument="filter",
            zh="筛选条件的写法如“amount >= 150k”或“next_step is_empty”。",
        ) from error
    context = tool_context(shared, uow, caller.language)
    conditions = read_filters(context, wanted.kind, filters)
    return settle_amounts(View(uow, caller.language), wanted.kind, conditions)[0]


def _order(uow: UnitOfWork, wanted: Wanted) -> Order:
    name = wanted.sort.removeprefix("-")
    if not name:
        return Order()
    by = _shown(uow, wanted.kind, name)
    if by.type in _UNSORTABLE:
        raise InvalidArgumentError(f"Lists cannot be sorted by “{name}”.", argument="sort")
    return Order(by, wanted.sort.startswith("-"))


def _shown(uow: UnitOfWork, kind: str, name: str) -> Attribute:
    found = attribute(uow, kind, name)
    if found.expression is None:
        raise InvalidArgumentError(f"“{name}” can only be filtered by.", argument="also")
    return found
