"""Values that a person put in place of those of a call, before saying yes; they are written exactly so."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from core.errors import InvalidArgumentError
from crm_store.nouns import FieldSpec, FieldType
from crm_store.unit_of_work import Change
from tools.arguments import read_amount, read_field
from tools.registry import ToolContext


@dataclass(frozen=True, slots=True)
class Edit:
    """One value: `record` is an id, or "new#2" for the second record that the call creates; `text` as typed."""

    record: str
    field: str
    text: str

    def to_json(self) -> dict[str, str]:
        """The edit as it is kept with its approval."""
        return asdict(self)


def record_keys(changes: Sequence[Change]) -> dict[str, Change]:
    """The changed records under the names that edits use, each with its first change."""
    keys: dict[str, Change] = {}
    known: set[tuple[str, str]] = set()
    created = 0
    for change in changes:
        if (change.kind, change.record_id) in known:
            continue
        known.add((change.kind, change.record_id))
        created += change.action == "created"
        keys[f"new#{created}" if change.action == "created" else change.record_id] = change
    return keys


def apply_edits(ctx: ToolContext, edits: Sequence[Edit]) -> None:
    """Puts the values into the records that the call has changed, in the same unit of work.

    Raises:
        InvalidArgumentError: the call does not change that record any more, or the text is no such value.
    """
    if not edits:
        return
    keys = record_keys(ctx.uow.changes)
    for record_key in dict.fromkeys(edit.record for edit in edits):
        change = keys.get(record_key)
        record = ctx.uow.find(change.kind, change.record_id) if change else None
        if change is None or record is None:
            raise InvalidArgumentError("That record is not part of this change any more.", argument=record_key)
        values = {
            edit.field: typed_value(ctx, ctx.uow.field(change.kind, edit.field), edit.text, record)
            for edit in edits
            if edit.record == record_key
        }
        ctx.uow.update(change.kind, record, values)


def typed_value(ctx: ToolContext, spec: FieldSpec, text: str, record: Any = None) -> Any:
    """The value that a text typed into a form means; a bare number is exactly that number.

    Raises:
        InvalidArgumentError, RecordNotFoundError, AmbiguousRecordError: it is no such value.
    """
    if spec.type is FieldType.AMOUNT and text.strip():
        value: Decimal = read_amount(text, current=None, field=spec.name).value
        return value
    return read_field(ctx, spec, text, record)
