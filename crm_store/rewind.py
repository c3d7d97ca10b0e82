"""The store as it was at a past moment, in a transaction that is never kept.

Changes made since are taken back from the audit trail, newest first. What an import brought in since counts from
its own dates (when a deal was created, moved or won, when something was said); its other fields are as imported.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, insert, not_, select, text, update
from sqlalchemy.orm import Session

from core.clock import FixedClock
from crm_store.journal import AuditEntry
from crm_store.nouns import Noun
from crm_store.principals import SYSTEM, Principal
from crm_store.references import link_columns
from crm_store.schema import NOUNS
from crm_store.snapshots import DealSnapshot
from crm_store.store import Store
from crm_store.unit_of_work import Cause, UnitOfWork
from crm_store.values import from_plain

# When an imported record came into being, by kind; what is not listed was always there.
_BEGAN = {
    "interaction": "occurred_at", "stage_change": "changed_at", "ticket": "opened_at",
    "task": "created_at", "lead": "created_at", "deal": "created_at",
}  # fmt: skip

_audit: Any = AuditEntry.__table__  # type: ignore[attr-defined]
_deal_row: Any = DealSnapshot.__table__  # type: ignore[attr-defined]


@contextmanager
def unit_of_work_as_of(store: Store, principal: Principal, moment: datetime) -> Iterator[UnitOfWork]:
    """A unit of work of this principal on the records as they were then; what it does is never kept.

    The present moment is `moment` for whatever runs in it. A moment that is still to come sees today's records.
    """
    clock = FixedClock(moment)
    cause = Cause(said_at=moment)
    if moment >= store.clock.now():
        with store.unit_of_work(principal, cause, writes=False) as uow:
            yield UnitOfWork(uow.session, principal, cause, clock)
        return
    with store.unit_of_work(SYSTEM) as uow:
        _rewind(uow, moment)
        uow.session.flush()
        uow.session.expunge_all()
        uow.session.info["principal"] = principal
        uow.session.info.pop("custom_fields", None)
        yield UnitOfWork(uow.session, principal, cause, clock)


def _rewind(uow: UnitOfWork, moment: datetime) -> None:
    session = uow.session
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
    later = _audit.c.at > moment
    imported = and_(_audit.c.channel == "import", _audit.c.action == "created")
    entries = session.execute(select(_audit).where(later, not_(imported)).order_by(_audit.c.seq.desc()))
    for entry in entries.mappings().all():
        _take_back(uow, dict(entry))
    if session.execute(select(_audit.c.seq).where(later, imported).limit(1)).first() is not None:
        _take_back_import(session, moment)
    session.execute(delete(_audit).where(later))
    shown = NOUNS["suggestion"].table
    session.execute(delete(shown).where(shown.c.created_at > moment))
    session.execute(update(shown).where(shown.c.answered_at > moment).values(status="shown", answered_at=None))


def _take_back(uow: UnitOfWork, entry: Mapping[str, Any]) -> None:
    noun = NOUNS[entry["kind"]]
    session, table, record_id = uow.session, noun.table, entry["record_id"]
    if entry["action"] == "created":
        _remove(session, noun, [record_id])
        return
    columns, links, custom = _typed(uow, noun, entry["before"])
    if entry["action"] == "deleted":
        fields = noun.model.model_fields
        blank = {name: field.get_default(call_default_factory=True) for name, field in fields.items()}
        created_at = datetime.fromisoformat(entry["before"]["created_at"])
        stamps = {"id": record_id, "created_at": created_at, "updated_at": created_at, "version": entry["version"]}
        row = {name: value for name, value in blank.items() if name in table.c}
        session.execute(insert(table), [{**row, **columns, **stamps, "custom": custom}])
    else:
        if custom:
            now = session.execute(select(table.c.custom).where(table.c.id == record_id)).scalar() or {}
            columns["custom"] = {**now, **custom}
        values = {**columns, "version": entry["version"] - 1}
        session.execute(update(table).where(table.c.id == record_id).values(values))
    for spec, ids in links:
        here, there = link_columns(spec)
        session.execute(delete(here.table).where(here == record_id))
        if ids:
            session.execute(insert(here.table), [{here.key: record_id, there.key: each} for each in ids])


def _typed(
    uow: UnitOfWork, noun: Noun, plain: Mapping[str, Any]
) -> tuple[dict[str, Any], list[tuple[Any, Sequence[str]]], dict[str, Any]]:
    """Columns, links and own fields of what an audit entry holds."""
    specs = {spec.name: spec for spec in (*noun.fields, *uow.fields(noun.kind))}
    columns: dict[str, Any] = {}
    links: list[tuple[Any, Sequence[str]]] = []
    custom: dict[str, Any] = {}
    for name, value in plain.items():
        spec = specs.get(name)
        if spec is None or name == "created_at":
            continue
        if spec.custom:
            custom[name] = value
        elif spec.link is not None:
            links.append((spec, from_plain(spec, value) or ()))
        else:
            columns[spec.column] = from_plain(spec, value)
    return columns, links, custom


def _remove(session: Session, noun: Noun, ids: Sequence[str]) -> None:
    for spec in noun.fields:
        if spec.link is not None:
            here, _ = link_columns(spec)
            session.execute(delete(here.table).where(here.in_(ids)))
    if noun.kind == "deal":
        session.execute(delete(_deal_row).where(_deal_row.c.deal_id.in_(ids)))
    session.execute(delete(noun.table).where(noun.table.c.id.in_(ids)))


def _take_back_import(session: Session, moment: datetime) -> None:
    """Takes out what an import brought in with dates after the moment, and sets back what happened after it."""
    ids: dict[str, list[str]] = {}
    for kind, column in _BEGAN.items():
        table = NOUNS[kind].table
        ids[kind] = list(session.execute(select(table.c.id).where(table.c[column] > moment)).scalars())
    moved = NOUNS["stage_change"].table
    back = list(session.execute(select(moved.c.deal_id).where(moved.c.changed_at > moment).distinct()).scalars())
    for kind in _BEGAN:
        for start in range(0, len(ids[kind]), 500):
            some = ids[kind][start : start + 500]
            if kind in ("deal", "lead", "ticket"):
                _let_go(session, kind, some)
            _remove(session, NOUNS[kind], some)
    for deal_id in sorted(set(back) - set(ids["deal"])):
        _set_back_stage(session, deal_id, moment)
    ticket, lead = NOUNS["ticket"].table, NOUNS["lead"].table
    session.execute(
        update(ticket).where(ticket.c.resolved_at > moment).values(status="open", resolved_at=None, csat=None)
    )
    session.execute(
        update(lead)
        .where(lead.c.converted_at > moment)
        .values(status="qualified", converted_at=None, account_id=None, contact_id=None, deal_id=None)
    )


def _let_go(session: Session, kind: str, ids: Sequence[str]) -> None:
    """Empties what points to records that are about to be taken out; their parts go with them."""
    for noun in NOUNS.values():
        for spec in noun.fields:
            if spec.ref != kind or spec.link is not None:
                continue
            column = noun.table.c[spec.column]
            if noun.part_of == spec.name or not column.nullable:
                session.execute(delete(noun.table).where(column.in_(ids)))
            else:
                session.execute(update(noun.table).where(column.in_(ids)).values({column.key: None}))


def _set_back_stage(session: Session, deal_id: str, moment: datetime) -> None:
    moves, deals, stages = NOUNS["stage_change"].table, NOUNS["deal"].table, NOUNS["stage"].table
    last = session.execute(
        select(moves.c.to_stage_id)
        .where(moves.c.deal_id == deal_id)
        .order_by(moves.c.changed_at.desc(), moves.c.id.desc())
        .limit(1)
    ).scalar()
    if last is None:
        first = select(stages.c.id).where(stages.c.status == "open").order_by(stages.c.position).limit(1)
        last = session.execute(first).scalar()
    category = session.execute(select(stages.c.forecast_category).where(stages.c.id == last)).scalar()
    session.execute(
        update(deals)
        .where(deals.c.id == deal_id)
        .values(
            stage_id=last,
            forecast_category=func.coalesce(category, deals.c.forecast_category),
        )
    )
    session.execute(
        update(deals)
        .where(deals.c.id == deal_id, deals.c.closed_at > moment)
        .values(closed_at=None, lost_reason="")
    )
