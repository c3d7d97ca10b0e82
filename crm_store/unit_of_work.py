"""One transaction on behalf of one principal: every read is filtered, every write is checked and journaled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from core.clock import Clock, local_date
from core.errors import InvalidArgumentError, PersonFixableError
from core.ids import new_id
from crm_store.base import Record
from crm_store.company import Company
from crm_store.custom_fields import CustomField
from crm_store.journal import AuditEntry, Counter, OutboxEntry
from crm_store.nouns import FieldSpec, Noun, Values
from crm_store.principals import Principal, Role
from crm_store.references import clear_references, link_columns, parts_of
from crm_store.schema import NOUNS
from crm_store.values import to_plain


class NotPermittedError(PersonFixableError):
    """The asker may read this record but not change it so."""


class ConflictError(PersonFixableError):
    """The record was changed by someone else in the meantime."""


class TakenError(ConflictError):
    """A value that has to be unique is taken, or something else still needs the record."""


class UnknownFieldError(InvalidArgumentError):
    """The kind of record has no such field for the asker; near names are listed."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Where a change comes from, for the audit. `said_at` is when it was asked for; dates count from it."""

    channel: str = ""
    conversation_id: str = ""
    turn_id: str = ""
    reason: str = ""
    undoes: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one record, as it is audited; values are plain (JSON)."""

    action: str
    kind: str
    record_id: str
    record_name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    version: int


@dataclass
class UnitOfWork:
    """Reads and changes records of one principal in one transaction. Made by `Store.unit_of_work`.

    `changes` collects what was done so far: the canonical effect that policy judges before `commit`.
    """

    session: Session
    principal: Principal
    cause: Cause
    clock: Clock
    effect_id: str = field(default_factory=lambda: new_id("eff"))
    changes: list[Change] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """When the change was asked for, in UTC."""
        return self.cause.said_at or self.clock.now()

    @property
    def today(self) -> date:
        """The asker's calendar day."""
        return local_date(self.now, self.principal.timezone)

    @property
    def base_currency(self) -> str:
        """The company's base currency."""
        company = self.session.scalars(select(Company)).first()
        return company.base_currency if company else "USD"

    # Reading

    def fields(self, kind: str) -> tuple[FieldSpec, ...]:
        """The fields of a kind that the asker may see, the company's own included."""
        if "custom_fields" not in self.session.info:
            self.session.info["custom_fields"] = list(self.session.scalars(select(CustomField)))
        own = tuple(each.spec() for each in self.session.info["custom_fields"] if each.kind == kind)
        return tuple(spec for spec in (*NOUNS[kind].fields, *own) if spec.visible_to(self.principal))

    def field(self, kind: str, name: str) -> FieldSpec:
        """The visible field of that name.

        Raises:
            UnknownFieldError: there is none, or it is hidden from the asker.
        """
        specs = {spec.name: spec for spec in self.fields(kind)}
        if name not in specs:
            near = ", ".join(get_close_matches(name, specs, n=3)) or ", ".join(list(specs)[:12])
            raise UnknownFieldError(
                f"A {kind} has no field “{name}”; there are: {near}.",
                argument=name,
                zh=f"{NOUNS[kind].label.zh}没有“{name}”这个字段；有：{near}。",
            )
        return specs[name]

    def find(self, kind: str, record_id: str | None) -> Record | None:
        """The visible record of that id, or None."""
        if not record_id:
            return None
        model = NOUNS[kind].model
        return self.session.scalars(select(model).where(model.id == record_id)).first()  # type: ignore[arg-type]

    def all(self, kind: str, *where: Any) -> Sequence[Any]:
        """The visible records of a kind that fulfil the SQL conditions."""
        return self.session.scalars(self.select(kind).where(*where)).all()

    def pointing_to(self, kind: str, field: str, record_id: str) -> Sequence[Any]:
        """The visible records of a kind whose REF field holds this id."""
        noun = NOUNS[kind]
        return self.all(kind, getattr(noun.model, noun.field(field).column) == record_id)

    def select(self, kind: str) -> Select[Any]:
        """A SELECT of a kind's model; the permission filter is added when it runs."""
        return select(NOUNS[kind].model)

    def value(self, spec: FieldSpec, record: Record) -> Any:
        """The typed value of one field of a record."""
        if spec.custom:
            return record.custom.get(spec.name)
        if spec.link is not None:
            return self.linked(spec, [record.id]).get(record.id, ())
        return getattr(record, spec.column)

    def linked(self, spec: FieldSpec, record_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """For each record the ids that its REFS field points to."""
        here, there = link_columns(spec)
        rows = self.session.execute(select(here, there).where(here.in_(record_ids)).order_by(there))
        found: dict[str, tuple[str, ...]] = {}
        for record_id, other_id in rows:
            found[record_id] = (*found.get(record_id, ()), other_id)
        return found

    def name_of(self, kind: str, record: Record) -> str:
        """The name of a record as people know it."""
        noun = NOUNS[kind]
        value = getattr(record, noun.field(noun.name_field).column)
        return str(value or record.id)

    # Writing

    def create(self, kind: str, values: Values) -> Any:
        """Creates a record from typed values by field name.

        Raises:
            UnknownFieldError, MissingDetailError, NotPermittedError.
        """
        noun = NOUNS[kind]
        completed = noun.complete(self, None, dict(values))
        _check_required(noun, completed)
        record = noun.model(
            id=new_id(kind), created_at=self.now, updated_at=self.now, **self._columns(noun, completed)
        )
        self.session.add(record)
        self.session.flush()
        self._apply(noun, record, {name: v for name, v in completed.items() if self._spec(noun, name).link})
        self._require_write(noun, record)
        after = {name: to_plain(self._spec(noun, name), value) for name, value in completed.items()}
        self._journal("created", noun, record, {}, after)
        noun.follow(self, record, {}, after)
        return record

    def update(self, kind: str, record: Record, values: Values, *, expected_version: int | None = None) -> bool:
        """Changes fields of a record; says whether anything was different.

        Raises:
            UnknownFieldError, MissingDetailError, NotPermittedError, ConflictError.
        """
        noun = NOUNS[kind]
        self.session.refresh(record, with_for_update=True)
        if expected_version is not None and record.version != expected_version:
            raise ConflictError(f"{self.name_of(kind, record)} was changed in the meantime.")
        self._require_write(noun, record)
        completed = noun.complete(self, record, dict(values))
        return self._write(noun, record, completed, with_rules=True)

    def restore(self, kind: str, record: Record, values: Values) -> bool:
        """Sets fields back to earlier values, without the rules that follow from a change (for undo)."""
        noun = NOUNS[kind]
        self._require_write(noun, record)
        return self._write(noun, record, values, with_rules=False)

    def recreate(self, kind: str, record_id: str, values: Values, created_at: datetime) -> Any:
        """Brings a deleted record back under its id (for undo)."""
        noun = NOUNS[kind]
        record = noun.model(
            id=record_id, created_at=created_at, updated_at=self.now, **self._columns(noun, values)
        )
        self.session.add(record)
        self.session.flush()
        self._apply(noun, record, {name: v for name, v in values.items() if self._spec(noun, name).link})
        self._require_write(noun, record)
        after = {name: to_plain(self._spec(noun, name), value) for name, value in values.items()}
        self._journal("created", noun, record, {}, after)
        return record

    def delete(self, kind: str, record: Record) -> None:
        """Deletes a record with its parts; references to it from other records are emptied.

        Raises:
            NotPermittedError: it may not be changed by the asker.
            ReferencedError: other records need it (an account with contacts or deals).
        """
        noun = NOUNS[kind]
        self._require_write(noun, record)
        for part_kind, part in parts_of(self, noun, record):
            self.delete(part_kind, part)
        clear_references(self, noun, record)
        before = self.image(kind, record)
        for spec in noun.fields:
            if spec.link is not None:
                self._link(spec, record.id, ())
        self._journal("deleted", noun, record, before, {})
        self.session.delete(record)
        self.session.flush()

    def image(self, kind: str, record: Record) -> dict[str, Any]:
        """All fields of a record as plain values."""
        noun = NOUNS[kind]
        specs = (*noun.fields, *(spec for spec in self.fields(kind) if spec.custom))
        plain = {spec.name: to_plain(spec, self.value(spec, record)) for spec in specs}
        return {**plain, "created_at": record.created_at.isoformat()}

    def next_number(self, name: str, prefix: str, start: int) -> str:
        """The next free number of a numbered noun, for example "T-1046"."""
        if self.session.get(Counter, name) is None:
            first = {"name": name, "next": self._highest_number(name, prefix, start) + 1}
            self.session.execute(text("INSERT INTO counter VALUES (:name, :next) ON CONFLICT DO NOTHING"), first)
        counter = self.session.get_one(Counter, name, with_for_update=True)
        number, counter.next = counter.next, counter.next + 1
        self.session.add(counter)
        return f"{prefix}{number}"

    def may_write(self, kind: str, record: Record) -> bool:
        """Whether the asker may change this record."""
        if self.principal.role is Role.SYSTEM:
            return True
        noun = NOUNS[kind]
        allowed = select(noun.table.c.id).where(
            noun.table.c.id == record.id, noun.write(self.principal, noun.table)
        )
        return self.session.execute(allowed).first() is not None

    def commit(self) -> None:
        """Makes everything done so far durable, in one transaction."""
        self.session.commit()

    # Inside

    def _spec(self, noun: Noun, name: str) -> FieldSpec:
        try:
            return noun.field(name)
        except KeyError:
            return self.field(noun.kind, name)

    def _columns(self, noun: Noun, values: Values) -> Values:
        columns: Values = {}
        custom: Values = {}
        for name, value in values.items():
            spec = self._spec(noun, name)
            if spec.custom:
                custom[name] = to_plain(spec, value)
            elif spec.link is None and name != "created_at":
                columns[spec.column] = value
        return {**columns, "custom": custom} if custom else columns

    def _apply(self, noun: Noun, record: Record, values: Values) -> None:
        for name, value in values.items():
            spec = self._spec(noun, name)
            if spec.custom:
                record.custom = {**record.custom, name: to_plain(spec, value)}
            elif spec.link is not None:
                self._link(spec, record.id, value)
            else:
                setattr(record, spec.column, value)

    def _write(self, noun: Noun, record: Record, values: Values, *, with_rules: bool) -> bool:
        before: Values = {}
        after: Values = {}
        for name, value in values.items():
            spec = self._spec(noun, name)
            old, new = to_plain(spec, self.value(spec, record)), to_plain(spec, value)
            if old != new:
                before[name], after[name] = old, new
        if not after:
            return False
        self._apply(noun, record, {name: values[name] for name in after})
        record.version += 1
        record.updated_at = self.now
        self.session.add(record)
        self.session.flush()
        self._journal("updated", noun, record, before, after)
        if with_rules:
            noun.follow(self, record, before, after)
        return True

    def _link(self, spec: FieldSpec, record_id: str, ids: Iterable[str]) -> None:
        here, there = link_columns(spec)
        self.session.execute(here.table.delete().where(here == record_id))
        rows = [{here.key: record_id, there.key: other_id} for other_id in dict.fromkeys(ids)]
        if rows:
            self.session.execute(here.table.insert(), rows)

    def _require_write(self, noun: Noun, record: Record) -> None:
        if not self.may_write(noun.kind, record):
            name = self.name_of(noun.kind, record)
            raise NotPermittedError(
                f"You may not change this {noun.label.en}: {name}.", zh=f"您无权修改该{noun.label.zh}：{name}。"
            )

    def _highest_number(self, kind: str, prefix: str, start: int) -> int:
        noun = NOUNS[kind]
        column = noun.table.c[noun.field(noun.name_field).column]
        numbers = self.session.execute(select(column).where(column.startswith(prefix))).scalars()
        digits = [int(text[len(prefix) :]) for text in numbers if text[len(prefix) :].isdigit()]
        return max(digits, default=start - 1)

    def _journal(self, action: str, noun: Noun, record: Record, before: Values, after: Values) -> None:
        name = self.name_of(noun.kind, record)
        change = Change(action, noun.kind, record.id, name, before, after, record.version)
        self.changes.append(change)
        self.session.add(
            AuditEntry(
                effect_id=self.effect_id,
                at=self.clock.now(),
                actor_id=self.principal.user_id or None,
                channel=self.cause.channel,
                conversation_id=self.cause.conversation_id,
                turn_id=self.cause.turn_id,
                cause=self.cause.reason,
                action=action,
                kind=noun.kind,
                record_id=record.id,
                record_name=name,
                before=before,
                after=after,
                version=record.version,
                undoes=self.cause.undoes,
            )
        )
        self.session.add(
            OutboxEntry(
                key=f"{self.effect_id}:{len(self.changes)}",
                topic=f"{noun.kind}.{action}",
                payload={"kind": noun.kind, "id": record.id, "version": record.version},
                created_at=self.clock.now(),
            )
        )


def _check_required(noun: Noun, values: Values) -> None:
    for spec in noun.fields:
        if spec.required and values.get(spec.name) in (None, ""):
            raise InvalidArgumentError(f"A new {noun.label.en} needs its {spec.label.en}.", argument=spec.name)


def count(uow: UnitOfWork, kind: str, *where: Any) -> int:
    """How many visible records of a kind fulfil the SQL conditions."""
    model = NOUNS[kind].model
    return uow.session.scalar(select(func.count()).select_from(model).where(*where)) or 0
