"""Takes changes back from the audit trail: one effect, or everything that a turn did."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from core.clock import local_date
from core.errors import PersonFixableError
from crm_store.journal import AuditEntry
from crm_store.nouns import Values
from crm_store.principals import Principal
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork
from crm_store.users import User
from crm_store.values import from_plain


class UndoRefusedError(PersonFixableError):
    """The change cannot be taken back as it was; the message says why."""


class NothingToUndoError(PersonFixableError):
    """There is no such change of the asker's, or it was taken back already."""


def undo(uow: UnitOfWork, handle: str) -> None:
    """Takes back every change of an effect (`eff_…`) or of a turn (`turn_…`), newest first.

    The unit of work has to be committed by the caller. Taking back is a change like any other: it is
    audited and can itself be undone.

    Raises:
        NothingToUndoError: nothing under this handle, not the asker's, or undone before.
        UndoRefusedError: a record was changed since by someone else, or again in the same fields.
    """
    entries = _entries(uow, handle)
    if not entries:
        raise NothingToUndoError(
            "There is nothing to undo there: it was undone already, or it is not yours.",
            zh="这里没有可以撤销的修改：已经撤销过，或者不是您做的。",
        )
    uow.cause = replace(uow.cause, undoes=handle)
    for entry in entries:
        _refuse_if_changed_since(uow, entry, handle)
    for entry in entries:
        _take_back(uow, entry)
        entry.undone_by = uow.effect_id
        uow.session.add(entry)


def find_last_effect(uow: UnitOfWork, conversation_id: str = "") -> str | None:
    """The newest effect of the asker that was not undone and is no undo itself; in a conversation if given."""
    query = select(_audit.c.effect_id).where(
        _audit.c.actor_id == uow.principal.user_id, _audit.c.undone_by == "", _audit.c.undoes == ""
    )
    if conversation_id:
        query = query.where(_audit.c.conversation_id == conversation_id)
    return uow.session.scalars(query.order_by(_audit.c.seq.desc()).limit(1)).first()


def may_see_entry(principal: Principal, entry: AuditEntry) -> bool:
    """Whether an audit entry is among the asker's own changes, or of their team tree."""
    return principal.sees_all or entry.actor_id in principal.command


_audit: Any = AuditEntry.__table__  # type: ignore[attr-defined]


def _entries(uow: UnitOfWork, handle: str) -> Sequence[AuditEntry]:
    found = uow.session.scalars(
        select(AuditEntry)
        .where(or_(_audit.c.effect_id == handle, _audit.c.turn_id == handle), _audit.c.undone_by == "")
        .order_by(_audit.c.seq.desc())
    ).all()
    return [entry for entry in found if may_see_entry(uow.principal, entry)]


def _refuse_if_changed_since(uow: UnitOfWork, entry: AuditEntry, handle: str) -> None:
    later = uow.session.scalars(
        select(AuditEntry).where(
            _audit.c.kind == entry.kind,
            _audit.c.record_id == entry.record_id,
            _audit.c.seq > entry.seq,
            _audit.c.effect_id != handle,
            _audit.c.turn_id != handle,
            _audit.c.undone_by == "",
            _audit.c.undoes == "",
        )
    ).all()
    for change in later:
        by_other = change.actor_id != uow.principal.user_id
        same_fields = entry.action != "updated" or bool(set(change.after) & set(entry.after))
        if by_other or same_fields or change.action == "deleted":
            english, chinese = _reasons(uow, entry, change, by_other=by_other)
            raise UndoRefusedError(english, zh=chinese)


def _reasons(uow: UnitOfWork, entry: AuditEntry, change: AuditEntry, *, by_other: bool) -> tuple[str, str]:
    """Why a change stays, in English and Chinese."""
    actor = uow.session.get(User, change.actor_id) if change.actor_id else None
    who, who_zh = (actor.name, actor.name) if actor else ("the system", "系统")
    who, who_zh = (who, who_zh) if by_other else ("you", "您")
    when = local_date(change.at, uow.principal.timezone)
    fields = ", ".join(change.after)
    verb, verb_zh = (
        ("deleted", "删除") if change.action == "deleted" else (f"changed ({fields})", f"修改（{fields}）")
    )
    advice, advice_zh = ("", "") if by_other else (" Undo that first.", "请先撤销那次修改。")
    day_zh = f"{when.year}年{when.month}月{when.day}日"
    return (
        f"{entry.record_name} was {verb} by {who} on {when:%a %d %B %Y}, so it is left as it is.{advice}",
        f"{entry.record_name} 已于{day_zh}由{who_zh}{verb_zh}，因此保持不变。{advice_zh}",
    )


def _take_back(uow: UnitOfWork, entry: AuditEntry) -> None:
    if entry.action == "deleted":
        created_at = datetime.fromisoformat(entry.before["created_at"])
        uow.recreate(entry.kind, entry.record_id, _typed(uow, entry), created_at)
        return
    record = uow.find(entry.kind, entry.record_id)
    if record is None:
        if entry.action == "created" and NOUNS[entry.kind].part_of:
            return
        raise UndoRefusedError(f"{entry.record_name} is not there any more.", zh=f"{entry.record_name} 已不存在。")
    if entry.action == "created":
        uow.delete(entry.kind, record)
    else:
        uow.restore(entry.kind, record, _typed(uow, entry))


def _typed(uow: UnitOfWork, entry: AuditEntry) -> Values:
    noun = NOUNS[entry.kind]
    specs = {spec.name: spec for spec in (*noun.fields, *uow.fields(entry.kind))}
    return {name: from_plain(specs[name], plain) for name, plain in entry.before.items() if name in specs}
