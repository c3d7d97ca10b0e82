"""What changed on deals since a day: created, won, lost, moved, pushed, repriced or handed over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select

from analytics.attributes import attributes
from analytics.view import View
from core.parts import RecordRef
from crm_store.deal_states import DealState, state_of, states_at
from crm_store.deals import Deal
from crm_store.query import readable

KINDS = (
    "won", "lost", "created", "reopened", "advanced", "moved_back", "pushed", "pulled", "amount", "category",
    "owner",
)  # fmt: skip

_DEAL: Any = Deal


@dataclass(frozen=True, slots=True)
class DealChange:
    """One thing that is different: `before` and `after` are stage or owner ids, days, amounts or categories.

    `owner_id` is the deal's owner now; `amount` what it is worth now (None: hidden or missing).
    """

    deal: RecordRef
    kind: str
    before: Any
    after: Any
    owner_id: str | None
    amount: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A deal then (None: there was none) and now."""

    deal: Deal
    then: DealState | None
    now: DealState


def changes_since(
    view: View, day: date, people: frozenset[str] | None = None, deals: Select[Any] | None = None
) -> list[DealChange]:
    """What is different now from when the day began (UTC), by importance, then by amount.

    Only visible deals that are or were owned by `people` (None: everyone's), or those selected by their ids.
    Empty for those who may not read deals; without amounts for those who may not see them.
    """
    if not readable(view.uow, "deal"):
        return []
    shows_amounts = "amount" in attributes(view.uow, "deal")
    found = [
        change
        for moved in moved_since(view, day, people, deals)
        for change in _changes(view, moved)
        if shows_amounts or change.kind != "amount"
    ]
    if not shows_amounts:
        found = [_without_amount(each) for each in found]
    return sorted(found, key=lambda each: (KINDS.index(each.kind), -_worth(view, each), each.deal.name))


def moved_since(
    view: View, day: date, people: frozenset[str] | None = None, chosen: Select[Any] | None = None
) -> Iterator[Moved]:
    """The visible deals that are or were of these people, as they were when the day began and as they are."""
    then = states_at(view.uow, day, chosen)
    statement = select(Deal)
    if chosen is not None:
        statement = statement.where(_DEAL.id.in_(chosen))
    for deal in view.uow.session.scalars(statement.order_by(_DEAL.id)):
        before, now = then.get(deal.id), state_of(deal)
        if people is None or now.owner_id in people or (before is not None and before.owner_id in people):
            yield Moved(deal, before, now)


def status_at(view: View, state: DealState) -> str:
    """Whether a deal was open, won or lost."""
    return str(_stages(view)[state.stage_id].status)


def _changes(view: View, moved: Moved) -> Iterator[DealChange]:
    deal, then, now = moved.deal, moved.then, moved.now
    ref = RecordRef(kind="deal", id=deal.id, name=deal.name)

    def change(kind: str, before: Any, after: Any) -> DealChange:
        return DealChange(ref, kind, before, after, now.owner_id, now.amount, now.currency)

    status = status_at(view, now)
    if then is None:
        yield change("created", None, now.stage_id)
        if status != "open":
            yield change(status, None, now.stage_id)
        return
    if then.stage_id != now.stage_id:
        yield change(_stage_kind(view, then, now), then.stage_id, now.stage_id)
    if status == "open" == status_at(view, then):
        if then.close_date != now.close_date and then.close_date and now.close_date:
            yield change(
                "pushed" if now.close_date > then.close_date else "pulled", then.close_date, now.close_date
            )
        if then.forecast_category != now.forecast_category:
            yield change("category", then.forecast_category, now.forecast_category)
    if (then.amount, then.currency) != (now.amount, now.currency):
        yield change("amount", then.amount, now.amount)
    if then.owner_id != now.owner_id:
        yield change("owner", then.owner_id, now.owner_id)


def _stage_kind(view: View, then: DealState, now: DealState) -> str:
    before, after = _stages(view)[then.stage_id], _stages(view)[now.stage_id]
    if after.status != "open":
        return str(after.status)
    if before.status != "open":
        return "reopened"
    return "advanced" if after.position > before.position else "moved_back"


def _stages(view: View) -> dict[str, Any]:
    if "stages" not in view.memo:
        view.memo["stages"] = {stage.id: stage for stage in view.stages}
    found: dict[str, Any] = view.memo["stages"]
    return found


def _without_amount(change: DealChange) -> DealChange:
    return DealChange(change.deal, change.kind, change.before, change.after, change.owner_id, None, "")


def _worth(view: View, change: DealChange) -> Decimal:
    if change.amount is None:
        return Decimal(0)
    worth = view.rates.convert(change.amount, change.currency, view.rates.base)
    return worth if worth is not None else Decimal(0)
