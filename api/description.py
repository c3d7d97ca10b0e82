"""Completes the OpenAPI document: schemas of records, how one signs in, and the problem that every error is."""

from collections.abc import Mapping
from typing import Any

from api.problems import MEDIA_TYPE
from api.records.resources import schemas

Json = dict[str, Any]

ABOUT = """The same agent, records, policy and audit as on the page and in the terminal.

Send a token (`dealhand tokens create`) as `Authorization: Bearer dh_…`. What the person behind the token may not
see does not exist here either. A change that policy wants a yes for is answered with 202 and waits under
`/v1/approvals`. Errors are problem details (RFC 9457). Texts are English, or Chinese with `Accept-Language: zh`.
"""
_OPEN = frozenset({"/healthz", "/readyz", "/v1/sign-in"})
_PROBLEM: Json = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was asked, what is true, what would work."},
        "field": {"type": "string"},
        "incident": {"type": "string", "description": "Finds the error in the log."},
    },
    "example": {
        "type": "about:blank#unknown-field",
        "title": "Unknown field",
        "status": 422,
        "detail": "A deal has no field “amonut”; there are: amount.",
        "field": "amonut",
    },
}
_CHANGED: Json = {
    "type": "object",
    "required": ["turn", "conversation", "changes", "undo"],
    "properties": {
        "turn": {"type": "string"},
        "conversation": {"type": "string"},
        "changes": {"type": "array", "items": {"type": "object"}, "description": "Receipts: before → after."},
        "undo": {"type": "string", "description": "Handle that takes it back; empty when nothing was changed."},
        "record": {"type": "object", "description": "The record as it is now; absent when it was deleted."},
    },
}
_WAITING: Json = {
    "type": "object",
    "required": ["turn", "conversation", "approval"],
    "properties": {
        "turn": {"type": "string"},
        "conversation": {"type": "string"},
        "approval": {"type": "object", "description": "What would change, why it waits, and until when."},
    },
}


def finish_openapi(made: Json, scopes: Mapping[tuple[str, str], str]) -> Json:
    """The document that FastAPI made, completed; `scopes` says what each method and path needs."""
    made["info"]["description"] = ABOUT
    components = made.setdefault("components", {})
    own = {"Problem": _PROBLEM, "Changed": _CHANGED, "Waiting": _WAITING}
    components["schemas"] = {**components.get("schemas", {}), **schemas(), **own}
    components["schemas"].pop("HTTPValidationError", None)
    components["schemas"].pop("ValidationError", None)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token made by `dealhand tokens create`."}
    }
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            _finish_operation(path, operation)
            if scopes.get((method, path)):
                operation["x-scope"] = scopes[method, path]
    return made


def _finish_operation(path: str, operation: Json) -> None:
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses = operation.setdefault("responses", {})
    responses.pop("422", None)
    responses["4XX"] = {
        "description": "The request cannot be answered so; the problem says why.",
        "content": problem,
    }
    if path not in _OPEN:
        operation["security"] = [{"token": []}]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    if "$ref" in body.get("schema", {}):
        body["schema"] = {"$ref": body["schema"]["$ref"]}
