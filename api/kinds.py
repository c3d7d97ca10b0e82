"""What kinds of records and fields there are for the caller, with their words: forms are drawn from this."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api.answers import object_answer, tagged
from api.callers import Reader, served
from api.records.resources import path_of, writable
from crm_store.display import choice_label
from crm_store.nouns import FieldSpec
from crm_store.query import readable
from crm_store.schema import NOUNS

router = APIRouter(prefix="/v1", tags=["kinds"])


@router.get("/kinds", summary="Kinds of records", responses=object_answer("Labels, fields, choices."))
def kinds(request: Request, caller: Reader) -> Response:
    """Every kind that the caller may read, with the fields that they may see, the company's own included."""
    with served(request).store.unit_of_work(caller.principal, writes=False) as uow:
        found = {
            noun.kind: {
                "label": noun.label.of(caller.language),
                "path": path_of(noun.kind),
                "writable": writable(noun.kind),
                "fields": [_field(spec, caller.language) for spec in uow.fields(noun.kind)],
            }
            for noun in NOUNS.values()
            if readable(uow, noun.kind)
        }
    return tagged(request, {"kinds": found})


def _field(spec: FieldSpec, language: str) -> dict[str, Any]:
    return {
        "name": spec.name,
        "label": spec.label.of(language),
        "type": spec.type.value,
        "ref": spec.ref,
        "required": spec.required,
        "follows": spec.follows,
        "custom": spec.custom,
        "choices": [{"value": each, "label": choice_label(each, language)} for each in spec.choices],
    }
