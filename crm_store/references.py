"""Which records point to which: what goes with a deleted record, what is emptied, what refuses."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core.errors import PersonFixableError
from crm_store.base import Record
from crm_store.nouns import FieldSpec, FieldType, Noun

if TYPE_CHECKING:
    from crm_store.unit_of_work import UnitOfWork


class ReferencedError(PersonFixableError):
    """Other records need this one; it cannot be deleted while they exist."""


def parts_of(uow: "UnitOfWork", noun: Noun, record: Record) -> Iterator[tuple[str, Any]]:
    """The records that are a part of this one and go with it (product lines, stage history)."""
    for other, spec in _pointing_to(noun):
        if other.part_of == spec.name:
            column = getattr(other.model, spec.column)
            for part in uow.all(other.kind, column == record.id):
                yield other.kind, part


def clear_references(uow: "UnitOfWork", noun: Noun, record: Record) -> None:
    """Empties the optional references to a record that is about to be deleted.

    Raises:
        ReferencedError: a required reference points to it.
    """
    pointing = [(other, spec) for other, spec in _pointing_to(noun) if other.part_of != spec.name]
    for other, spec in pointing:
        if spec.required and spec.link is None and _count(uow, other, spec, record):
            number = _count(uow, other, spec, record)
            raise ReferencedError(
                f"{uow.name_of(noun.kind, record)} cannot be deleted: {number} {other.label.en}(s) belong to it."
            )
    for other, spec in pointing:
        if spec.link is not None:
            here, there = link_columns(spec)
            rows = uow.session.execute(select(here).where(there == record.id)).scalars().all()
            for holder in uow.all(other.kind, other.table.c.id.in_(rows)) if rows else ():
                rest = tuple(each for each in uow.value(spec, holder) if each != record.id)
                uow.restore(other.kind, holder, {spec.name: rest})
        else:
            column = getattr(other.model, spec.column)
            for holder in uow.all(other.kind, column == record.id):
                uow.restore(other.kind, holder, {spec.name: None})


def link_columns(spec: FieldSpec) -> tuple[Any, Any]:
    """The two columns of a REFS field's link table: the holder's id and the other's."""
    link: Any = spec.link
    columns = list(link.__table__.columns)
    return columns[0], columns[1]


def _pointing_to(noun: Noun) -> Iterator[tuple[Noun, FieldSpec]]:
    from crm_store.schema import NOUNS

    for other in NOUNS.values():
        for spec in other.fields:
            if spec.type in (FieldType.REF, FieldType.REFS) and spec.ref == noun.kind:
                yield other, spec


def _count(uow: "UnitOfWork", other: Noun, spec: FieldSpec, record: Record) -> int:
    column = other.table.c[spec.column]
    return uow.session.scalar(select(func.count()).select_from(other.table).where(column == record.id)) or 0
