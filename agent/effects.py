"""The canonical effect of a tool call: its changes without chance values, as a hash, and as receipts."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.parts import ChangeReceipt, FieldChange, RecordRef
from crm_store.display import NOTHING, display
from crm_store.nouns import FieldSpec, FieldType
from crm_store.schema import NOUNS
from crm_store.unit_of_work import Change, UnitOfWork

_QUIET = frozenset({"created_by", "external_id", "status"})
_LONG_CHARS = 200
_HEADLINES = {
    "en": {
        "created": "Created {kind} {name}",
        "updated": "Changed {kind} {name}",
        "deleted": "Deleted {kind} {name}",
    },
    "zh": {"created": "已创建{kind} {name}", "updated": "已修改{kind} {name}", "deleted": "已删除{kind} {name}"},
}
_LOGGED = {"en": ("Logged {type}", " with {whom}"), "zh": ("已记录{type}", "：{whom}")}


def effect_hash(changes: Sequence[Change]) -> str:
    """A hash of what a call would change: the same call on the same records gives the same hash.

    Ids of new records, exact times and fields that follow from others are left out.
    """
    new = {change.record_id: f"new#{n}" for n, change in enumerate(changes) if change.action == "created"}
    canonical = [
        [change.action, change.kind, new.get(change.record_id, change.record_id), *_stable(change, new)]
        for change in changes
        if not NOUNS[change.kind].part_of
    ]
    text = json.dumps(canonical, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def receipts(uow: UnitOfWork, language: str) -> list[ChangeReceipt]:
    """What a unit of work has changed so far, as people read it; parts of records are left out."""
    return [_receipt(uow, change, language) for change in net_changes(uow.changes)]


def net_changes(changes: Sequence[Change]) -> list[Change]:
    """One change a record, from before the first to after the last; parts of records are left out."""
    net: dict[tuple[str, str], Change] = {}
    for change in changes:
        if NOUNS[change.kind].part_of:
            continue
        earlier = net.get((change.kind, change.record_id))
        if earlier is None or "updated" not in (earlier.action, change.action) or earlier.action == "deleted":
            net[change.kind, change.record_id] = change
            continue
        before, after = {**change.before, **earlier.before}, {**earlier.after, **change.after}
        action = "created" if earlier.action == "created" else change.action
        net[change.kind, change.record_id] = replace(
            change, action=action, before={} if action == "created" else before, after=after
        )
    return list(net.values())


def _receipt(uow: UnitOfWork, change: Change, language: str) -> ChangeReceipt:
    record = uow.find(change.kind, change.record_id)
    currency = str(getattr(record, "currency", "") or change.before.get("currency") or "")
    specs = {spec.name: spec for spec in uow.fields(change.kind)}
    fields = []
    changed = [spec for name in change.after or change.before if (spec := specs.get(name)) is not None]
    # What follows from another field is shown where nothing else changed: a category that is now set by hand.
    only_follows = change.action == "updated" and all(spec.follows for spec in changed)
    for spec in changed:
        if (spec.follows and not only_follows) or not _worth_showing(change, spec):
            continue
        name = spec.name
        before, after = (
            display(uow, spec, image.get(name), language, currency=currency, limit=_LONG_CHARS)
            for image in (change.before, change.after)
        )
        fields.append(FieldChange(field=name, label=spec.label.of(language), before=before, after=after))
    told = tuple(field for field in fields if _tells(change, field))
    return ChangeReceipt(
        action=change.action,
        record=RecordRef(kind=change.kind, id=change.record_id, name=change.record_name),
        headline=_headline(change, told, language),
        fields=told,
        undo=uow.effect_id,
    )


def _tells(change: Change, field: FieldChange) -> bool:
    if change.action == "updated" and change.before.get(field.field) == change.after.get(field.field):
        return False
    return (field.before, field.after) != (NOTHING, NOTHING)


def _headline(change: Change, fields: Sequence[FieldChange], language: str) -> str:
    """What happened in one line: "Logged call with Ana Ruiz", "Changed deal Acme renewal"."""
    if (change.kind, change.action) == ("interaction", "created"):
        shown = {field.field: field.after for field in fields}
        what, with_whom = _LOGGED[language]
        whom = shown.get("contacts") or shown.get("account") or shown.get("lead")
        return what.format(type=shown.get("type", "")) + (with_whom.format(whom=whom) if whom else "")
    kind = NOUNS[change.kind].label.of(language)
    return _HEADLINES[language][change.action].format(kind=kind, name=change.record_name)


def _worth_showing(change: Change, spec: FieldSpec) -> bool:
    if change.action == "updated":
        return True
    return spec.name not in _QUIET


def _stable(change: Change, new: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    fields = {spec.name: spec for spec in NOUNS[change.kind].fields}

    def plain(image: dict[str, Any]) -> dict[str, Any]:
        kept = {}
        for name, value in image.items():
            spec = fields.get(name)
            if spec is not None and (spec.follows or spec.type is FieldType.DATETIME):
                continue
            kept[name] = new.get(value, value) if isinstance(value, str) else value
        return kept

    return plain(dict(change.before)), plain(dict(change.after))
