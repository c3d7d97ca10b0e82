"""Natural keys: which stored record a row of a file is, so that a second import changes nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.nouns import FieldType, Noun
from crm_store.transfer.folding import fold, without_legal_form


@dataclass(frozen=True, slots=True)
class NaturalKey:
    """By which fields a record is known again.

    `identity` is enough alone where a row has it. `otherwise` is used where the row or the record lacks the
    identity. The `hint` is enough where one record alone has it and the names differ only in their legal form
    ("Kestrel Aerospace", "Kestrel Aerospace, Inc."). A second row with the same `once` fields in a file is
    refused; without any, the second such row is the second such record. With `twins`, stored records may
    still be alike in them, known apart by id.
    """

    otherwise: tuple[str, ...] = ()
    identity: str = ""
    hint: str = ""
    once: tuple[str, ...] = ()
    twins: bool = False


KEYS: Mapping[str, NaturalKey] = {
    "exchange_rate": NaturalKey(("currency",), once=("currency",)),
    "field": NaturalKey(("kind", "name"), once=("kind", "name")),
    "team": NaturalKey(("name",), once=("name",)),
    "user": NaturalKey(("email",), once=("email",)),
    "stage": NaturalKey(("name",), once=("name",)),
    "product": NaturalKey(("sku",), once=("sku",)),
    "quota": NaturalKey(("user", "period"), once=("user", "period")),
    "account": NaturalKey(("name",), hint="domain", once=("name",), twins=True),
    "contact": NaturalKey(("name", "account"), "email", once=("email", "name", "account"), twins=True),
    "deal": NaturalKey(("name", "account")),
    "deal_product": NaturalKey(("deal", "product")),
    "stage_change": NaturalKey(("deal", "to_stage", "changed_at")),
    "lead": NaturalKey(("name", "company"), "email"),
    "ticket": NaturalKey(("subject", "account", "opened_at"), "number", once=("number",)),
    "interaction": NaturalKey(("type", "occurred_at", "account", "body"), "external_id"),
    "task": NaturalKey(("title", "due", "assignee", "deal")),
    "tag": NaturalKey(("name", "record_kind", "record_id", "owner")),
    "draft": NaturalKey(("subject", "owner", "body")),
    "suggestion": NaturalKey(("action", "deal", "owner", "expires_at")),
    "schedule": NaturalKey(("job", "owner", "rule")),
    "forecast_adjustment": NaturalKey(("user", "period", "author", "reason")),
    "action": NaturalKey(("name",), once=("name",)),
    "own_rule": NaturalKey(("name",), once=("name",)),
    "campaign": NaturalKey(("name", "start_on")),
}


@dataclass(frozen=True, slots=True)
class _Known:
    id: str
    has_identity: bool


class Matcher:
    """Finds the stored record of a row; each record is the match of one row at most."""

    def __init__(self, session: Session, noun: Noun) -> None:
        self._noun, self._key = noun, KEYS[noun.kind]
        self._by_identity: dict[bytes, list[str]] = {}
        self._otherwise: dict[bytes, list[_Known]] = {}
        self._hinted: dict[str, list[tuple[str, str]]] = {}
        self._claimed: set[str] = set()
        self._ids: set[str] = set()
        self._read(session)

    def claim(self, values: Mapping[str, Any], own_id: str = "") -> str | None:
        """The id of the record that the row is, or None for a new one."""
        found = own_id if own_id in self._ids and own_id not in self._claimed else self._find(values)
        if found is not None:
            self._claimed.add(found)
        return found

    def once_key(self, values: Mapping[str, Any], own_id: str) -> bytes | None:
        """What may be in a file only once, or None where repetition is allowed."""
        once = self._key.once
        if not once or not values.get(once[-1]) or (self._key.twins and own_id):
            return None
        return self._digest(once, values)

    def _find(self, values: Mapping[str, Any]) -> str | None:
        alike = [known for known in self._otherwise.get(self._digest(self._key.otherwise, values), ())
                 if known.id not in self._claimed]  # fmt: skip
        identity = self._identity(values)
        if identity is None:
            return alike[0].id if alike else self._by_hint(values)
        same = [each for each in self._by_identity.get(identity, ()) if each not in self._claimed]
        if same:
            return next((known.id for known in alike if known.id in same), same[0])
        return next((known.id for known in alike if not known.has_identity), None)

    def _by_hint(self, values: Mapping[str, Any]) -> str | None:
        hint = values.get(self._key.hint)
        holders = self._hinted.get(fold(str(hint)), []) if hint else []
        if len(holders) != 1 or holders[0][0] in self._claimed:
            return None
        record_id, name = holders[0]
        return record_id if name == without_legal_form(str(values.get("name", ""))) else None

    def _identity(self, values: Mapping[str, Any]) -> bytes | None:
        name = self._key.identity
        return self._digest((name,), values) if name and values.get(name) else None

    def _digest(self, names: tuple[str, ...], values: Mapping[str, Any]) -> bytes:
        parts = "\x1f".join(_part(self._noun.field(name).type, values.get(name)) for name in names)
        return hashlib.blake2b(parts.encode(), digest_size=16).digest()

    def _read(self, session: Session) -> None:
        model: Any = self._noun.model
        names = tuple(filter(None, (*self._key.otherwise, self._key.identity, self._key.hint)))
        columns = [getattr(model, self._noun.field(name).column) for name in names]
        query = select(model.id, *columns).order_by(model.created_at, model.id).execution_options(yield_per=2000)
        for record_id, *row in session.execute(query):
            values = dict(zip(names, row, strict=True))
            identity = self._identity(values)
            self._ids.add(record_id)
            if self._key.hint and values[self._key.hint]:
                holder = (record_id, without_legal_form(values["name"]))
                self._hinted.setdefault(fold(values[self._key.hint]), []).append(holder)
            if identity is not None:
                self._by_identity.setdefault(identity, []).append(record_id)
            known = _Known(record_id, identity is not None)
            self._otherwise.setdefault(self._digest(self._key.otherwise, values), []).append(known)


def _part(kind: FieldType, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return fold(value) if kind in (FieldType.TEXT, FieldType.CHOICE) else str(value)
