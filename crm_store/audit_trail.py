"""Reading the audit trail: one's own changes, and changes to records that one can read (definitions §1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from crm_store.journal import AuditEntry
from crm_store.principals import Role
from crm_store.query import names_of
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork

_audit: Any = AuditEntry.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One change as people read it; values are plain, hidden fields are left out."""

    at: datetime
    who: str
    channel: str
    cause: str
    action: str
    kind: str
    record: str
    before: dict[str, Any]
    after: dict[str, Any]
    effect_id: str
    turn_id: str
    undone: bool
    record_id: str = ""
    seq: int = 0
    is_undo: bool = False


def list_changes(
    uow: UnitOfWork, *, record: str = "", effect: str = "", limit: int = 20, before: int | None = None
) -> list[AuditLine]:
    """The newest changes that the asker may see, newest first.

    Args:
        uow: Whose principal asks.
        record: Only changes of records whose name holds these words, or whose id this is.
        effect: Only changes of this effect or turn.
        limit: How many at most.
        before: Only changes older than the one with this `seq`.
    """
    query = select(AuditEntry).order_by(_audit.c.seq.desc()).limit(limit)
    if record:
        query = query.where(or_(_audit.c.record_id == record, _audit.c.record_name.icontains(record)))
    if effect:
        query = query.where(or_(_audit.c.effect_id == effect, _audit.c.turn_id == effect))
    if before is not None:
        query = query.where(_audit.c.seq < before)
    entries = uow.session.scalars(query.where(_visible(uow))).all()
    names = _names(uow, entries)
    return [_line(uow, entry, names) for entry in entries]


def list_changes_by_others(uow: UnitOfWork, since: datetime, deals: Mapping[str, str]) -> list[AuditLine]:
    """What others changed on these deals (id to name) after a moment, oldest first; undone changes left out."""
    query = (
        select(AuditEntry)
        .where(
            _audit.c.kind == "deal",
            _audit.c.action == "updated",
            _audit.c.at > since,
            _audit.c.at <= uow.now,
            _audit.c.undone_by == "",
            _audit.c.undoes == "",
            func.coalesce(_audit.c.actor_id, "") != uow.principal.user_id,
            _audit.c.channel != "import",
            _audit.c.record_id.in_(sorted(deals)),
        )
        .order_by(_audit.c.seq)
    )
    entries = uow.session.scalars(query).all()
    names = _names(uow, entries)
    lines = [_line(uow, entry, names) for entry in entries]
    return [replace(line, record=deals[line.record_id]) for line in lines if line.after]


def _visible(uow: UnitOfWork) -> Any:
    principal = uow.principal
    if principal.sees_all:
        return _audit.c.seq.is_not(None)
    mine = _audit.c.actor_id.in_(sorted(principal.command))
    if principal.role not in (Role.REP, Role.MANAGER):
        return mine
    readable = [
        and_(
            _audit.c.kind == noun.kind,
            _audit.c.record_id.in_(select(noun.table.c.id).where(noun.read(principal, noun.table))),
        )
        for noun in NOUNS.values()
    ]
    return or_(mine, *readable)


def _names(uow: UnitOfWork, entries: Sequence[AuditEntry]) -> dict[str, str]:
    return names_of(uow, "user", (entry.actor_id for entry in entries))


def _line(uow: UnitOfWork, entry: AuditEntry, names: dict[str, str]) -> AuditLine:
    shown = {spec.name for spec in uow.fields(entry.kind)}
    return AuditLine(
        at=entry.at,
        who=names.get(entry.actor_id or "", "Dealhand"),
        channel=entry.channel,
        cause=entry.cause,
        action=entry.action,
        kind=entry.kind,
        record=entry.record_name,
        before={name: value for name, value in entry.before.items() if name in shown},
        after={name: value for name, value in entry.after.items() if name in shown},
        effect_id=entry.effect_id,
        turn_id=entry.turn_id,
        undone=bool(entry.undone_by),
        record_id=entry.record_id,
        seq=int(entry.seq or 0),
        is_undo=bool(entry.undoes),
    )
