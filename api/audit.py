"""Who changed what, when and through what, as effects with before → after; each has its undo handle."""

from collections.abc import Mapping
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.answers import object_answer, tagged
from api.callers import Reader, served
from crm_store.audit_trail import AuditLine, list_changes
from crm_store.display import NOTHING, display
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["audit"])
_VALUE_CHARS = 200


@router.get("/audit", summary="The audit trail", responses=object_answer("Effects, the newest first."))
def audit(
    request: Request,
    caller: Reader,
    record: Annotated[str, Query(max_length=100, description="An id, or words of the name.")] = "",
    effect: Annotated[str, Query(max_length=60, description="An undo handle or turn.")] = "",
    before: Annotated[int | None, Query(ge=0, le=2**53, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """The caller's own changes and those of records that they can read (definitions §1)."""
    with served(request).store.unit_of_work(caller.principal, writes=False) as uow:
        lines = list_changes(uow, record=_clean(record), effect=_clean(effect), limit=limit, before=before)
        effects = [
            _effect(uow, list(changes), caller.language)
            for _, changes in groupby(lines, key=lambda line: line.effect_id)
        ]
    return tagged(request, {"items": effects, "next": lines[-1].seq if len(lines) == limit else None})


def _effect(uow: UnitOfWork, lines: list[AuditLine], language: str) -> dict[str, Any]:
    first = lines[0]
    shown = [line for line in reversed(lines) if not NOUNS[line.kind].part_of] or lines
    return {
        "effect": first.effect_id,
        "at": first.at.isoformat(),
        "who": first.who,
        "channel": first.channel,
        "cause": first.cause,
        "undone": first.undone,
        "is_undo": first.is_undo,
        "changes": [_change(uow, line, language) for line in shown],
    }


def _change(uow: UnitOfWork, line: AuditLine, language: str) -> dict[str, Any]:
    specs = {spec.name: spec for spec in uow.fields(line.kind)}
    currency = str(line.after.get("currency") or line.before.get("currency") or "")

    def shown(values: Mapping[str, Any], name: str) -> str:
        if name not in values:
            return NOTHING
        return display(uow, specs[name], values[name], language, currency=currency, limit=_VALUE_CHARS)

    names = line.after or line.before
    fields = [
        {
            "field": name,
            "label": specs[name].label.of(language),
            "before": shown(line.before, name),
            "after": shown(line.after, name),
        }
        for name in names
        if name in specs
    ]
    if line.action != "updated":
        fields = [each for each in fields if (each["before"], each["after"]) != (NOTHING, NOTHING)]
    return {
        "type": "change",
        "action": line.action,
        "record": {"kind": line.kind, "id": line.record_id, "name": line.record},
        "fields": fields,
        "undo": "",
    }


def _clean(text: str) -> str:
    return text.replace("\x00", "")
