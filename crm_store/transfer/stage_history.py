"""Keeps the stage history of imported deals complete: its newest stage is the deal's own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm_store.deals import STAGE_CHANGE, Deal, StageChange
from crm_store.transfer.writing import BulkWriter, NewRecord, fresh_id
from crm_store.unit_of_work import UnitOfWork

_CHUNK = 500


def complete_stage_history(uow: UnitOfWork, deal_ids: Iterable[str]) -> None:
    """Adds the stage change that is missing where a deal's stage is not the newest one of its history."""
    writer = BulkWriter(uow, STAGE_CHANGE, STAGE_CHANGE.fields)
    ids = sorted(deal_ids)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        newest = _newest_stages(uow, chunk)
        deals: Any = uow.all("deal", Deal.id.in_(chunk))  # type: ignore[attr-defined]
        missing = [deal for deal in deals if deal.stage_id not in newest.get(deal.id, (None, ()))[1]]
        writer.create([NewRecord(fresh_id(STAGE_CHANGE), _change(uow, deal, newest)) for deal in missing])


def _change(uow: UnitOfWork, deal: Any, newest: dict[str, tuple[datetime, list[str]]]) -> dict[str, Any]:
    before = newest.get(deal.id)
    moment = deal.closed_at or (uow.now if before else deal.created_at)
    return {
        "deal": deal.id,
        "from_stage": before[1][-1] if before else None,
        "to_stage": deal.stage_id,
        "changed_at": max(moment, before[0]) if before else moment,
        "changed_by": uow.principal.user_id or None,
    }


def _newest_stages(uow: UnitOfWork, deal_ids: Iterable[str]) -> dict[str, tuple[datetime, list[str]]]:
    """For each deal the time of its newest change, and the stages it came to at that time."""
    model: Any = StageChange
    query = select(model.deal_id, model.changed_at, model.to_stage_id).where(model.deal_id.in_(deal_ids))
    newest: dict[str, tuple[datetime, list[str]]] = {}
    for deal_id, moment, stage_id in uow.session.execute(query.order_by(model.changed_at, model.created_at)):
        if deal_id in newest and newest[deal_id][0] == moment:
            newest[deal_id][1].append(stage_id)
        else:
            newest[deal_id] = (moment, [stage_id])
    return newest
