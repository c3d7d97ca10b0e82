"""What a new record of a file gets where the file is silent; files may say more than a person would."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import select

from crm_store.nouns import Values
from crm_store.stages import Stage
from crm_store.transfer.folding import fold
from crm_store.transfer.headers import stage_names
from crm_store.unit_of_work import UnitOfWork

Filler = Callable[[Values], Values]

NOON = time(12, tzinfo=UTC)


def filler(uow: UnitOfWork, kind: str) -> Filler:
    """The function that completes the values of a new record of a kind."""
    make = _FILLERS.get(kind)
    return make(uow) if make else dict


def _for_deals(uow: UnitOfWork) -> Filler:
    stages = {stage.id: stage for stage in uow.session.scalars(select(Stage))}
    first = min((s for s in stages.values() if s.status == "open"), key=lambda s: s.position, default=None)
    currency = uow.base_currency

    def fill(values: Values) -> Values:
        values = {"currency": currency, **{name: value for name, value in values.items() if value != ""}}
        if values.get("stage") is None and first is not None:
            values["stage"] = first.id
        stage = stages.get(values.get("stage") or "")
        if stage is None:
            return values
        values.setdefault("forecast_category", stage.forecast_category)
        values.setdefault("forecast_override", values["forecast_category"] != stage.forecast_category)
        if stage.status != "open":
            values["closed_at"] = values.get("closed_at") or _noon(values.get("close_date"))
            values["close_date"] = values.get("close_date") or _day(values["closed_at"])
        return values

    return fill


def _for_tickets(uow: UnitOfWork) -> Filler:
    def fill(values: Values) -> Values:
        values = {**values, "opened_at": values.get("opened_at") or uow.now}
        if not values.get("number"):
            values["number"] = uow.next_number("ticket", "T-", start=1001)
        return values

    return fill


def _for_stages(uow: UnitOfWork) -> Filler:
    taken = {fold(word) for stage in uow.all("stage") for word in (stage.name, *stage.aliases)}

    def fill(values: Values) -> Values:
        others = [name for name in stage_names(values.get("name", "")) if fold(name) not in taken]
        values = {"aliases": others, **values}
        taken.update(fold(word) for word in (values.get("name", ""), *values["aliases"]))
        return values

    return fill


def _for_tasks(uow: UnitOfWork) -> Filler:
    maker = uow.principal.user_id or None

    def fill(values: Values) -> Values:
        return {**values, "created_by": values.get("created_by") or maker}

    return fill


def _noon(day: Any) -> datetime | None:
    return datetime.combine(day, NOON) if day else None


def _day(moment: Any) -> Any:
    return moment.date() if moment else None


_FILLERS: dict[str, Callable[[UnitOfWork], Filler]] = {
    "deal": _for_deals,
    "ticket": _for_tickets,
    "stage": _for_stages,
    "task": _for_tasks,
}
