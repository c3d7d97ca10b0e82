"""Webhooks: leads that come in, signed and once; and for admins, who may send them and who learns of changes."""

import json
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Body, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from agent.direct import Deed, act_directly
from api.answers import json_answer, object_answer
from api.callers import Admin, client_address, served
from api.errors import NoSuchThingError, UnreadableBodyError
from api.signing import new_secret, verify
from core.errors import InvalidArgumentError
from crm_store.hook_log import add_source, add_target, find_source, list_sources, list_targets, remove_hook
from crm_store.hooks import WebhookSource, WebhookTarget
from crm_store.schema import NOUNS

router = APIRouter(prefix="/v1", tags=["webhooks"])

LEAD_FIELDS = ("name", "company", "email", "phone", "title", "source", "product_interest", "region")
_LEAD_EXAMPLE = {"name": "Ada Kim", "company": "Kim Robotics", "email": "ada@kim.example", "source": "web form"}
_LEAD_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {field: {"type": "string"} for field in LEAD_FIELDS},
                },
                "example": _LEAD_EXAMPLE,
            }
        },
    }
}
_ACTIONS = ("created", "updated", "deleted")
Id = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]


@router.post(
    "/hooks/{id}/leads",
    summary="Capture a lead",
    status_code=201,
    openapi_extra=_LEAD_BODY,
    responses=object_answer("The lead was created, now or by an earlier delivery of the same message.", 201),
)
async def capture_lead(request: Request, id: Id) -> Response:
    """Takes in a lead, signed by the secret of its source (Standard Webhooks); the same message is one lead."""
    body = await request.body()
    return await run_in_threadpool(_capture, request, id, body)


@router.get("/hooks", summary="Webhooks", responses=object_answer("Targets and sources, without secrets."))
def hooks(request: Request, caller: Admin) -> Response:
    """Who learns of changes and who may send leads; for admins."""
    store = served(request).store
    body = {
        "targets": [_target(each) for each in list_targets(store)],
        "sources": [_source(each) for each in list_sources(store)],
    }
    return json_answer(body)


@router.post(
    "/hooks/targets",
    summary="Send changes somewhere",
    status_code=201,
    responses=object_answer("With its secret, shown once.", 201),
)
def new_target(
    request: Request,
    caller: Admin,
    url: Annotated[str, Body(max_length=500, examples=["https://example.com/dealhand"])],
    topics: Annotated[list[str], Body(max_length=50, examples=[["deal.*", "lead.created"]])],
) -> Response:
    """Sends every change of these topics from now on, as the admin sees it, signed, in order, retried."""
    shared = served(request)
    place = urlsplit(url)
    if place.scheme not in ("https", "http") or not place.hostname:
        raise InvalidArgumentError("The address has to start with https:// or http://.", argument="url")
    known = {f"{kind}.{action}" for kind in NOUNS for action in (*_ACTIONS, "*")}
    unknown = [each for each in topics if each not in known]
    if unknown or not topics:
        what = f"There is no topic “{unknown[0][:60]}”" if unknown else "A target needs a topic"
        raise InvalidArgumentError(f"{what}; topics are like deal.updated or deal.*.", argument="topics")
    secret = new_secret()
    target = add_target(shared.store, caller.principal.user_id, url, secret, topics, shared.clock.now())
    return json_answer({**_target(target), "secret": secret}, status=201)


@router.post(
    "/hooks/sources",
    summary="Let someone send leads",
    status_code=201,
    responses=object_answer("With its address and secret, shown once.", 201),
)
def new_source(
    request: Request,
    caller: Admin,
    name: Annotated[str, Body(min_length=1, max_length=100, examples=["Web form"])],
    region: Annotated[str, Body(max_length=100, description="Region of leads that name none.")] = "",
) -> Response:
    """Makes an address to which signed leads can be posted."""
    shared = served(request)
    secret = new_secret()
    source = add_source(shared.store, caller.principal.user_id, name, secret, region, shared.clock.now())
    return json_answer({**_source(source), "secret": secret}, status=201)


@router.delete("/hooks/{id}", summary="Remove a webhook", responses=object_answer("It is gone."))
def remove(request: Request, caller: Admin, id: Id) -> Response:
    """Removes a target or a source."""
    if not remove_hook(served(request).store, id):
        raise NoSuchThingError("There is no such webhook.", zh="没有这个 webhook。")
    return json_answer({"removed": id})


def _capture(request: Request, source_id: str, body: bytes) -> Response:
    shared = served(request)
    shared.requests.take(f"hook:{client_address(request)}")
    found = find_source(shared.store, source_id)
    if found is None:
        raise NoSuchThingError("There is no such source.", zh="没有这个来源。")
    source, email = found
    message_id = verify(source.secret, request.headers, body, shared.clock.now().timestamp())
    values = _lead(body, source)
    act = act_directly(
        shared.runtime,
        email,
        Deed("create_by_form", {"kind": "lead", "values": values}, f"lead from {source.name}"),
        conversation_id=f"hook_{source.id}",
        channel="webhook",
        key=f"{source.id}:{message_id}",
        raises=True,
    )
    return json_answer({"created": act.outcome.result.get("id", "")}, status=201)


def _lead(body: bytes, source: WebhookSource) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except ValueError as error:
        raise UnreadableBodyError("The body has to be a JSON object.") from error
    if not isinstance(given, dict):
        raise UnreadableBodyError("The body has to be a JSON object.")
    unknown = sorted(set(map(str, given)) - set(LEAD_FIELDS))
    if unknown:
        fields = ", ".join(LEAD_FIELDS)
        raise InvalidArgumentError(f"A lead has no “{unknown[0][:60]}”; it has: {fields}.", argument=unknown[0])
    return {"source": source.name, **({"region": source.region} if source.region else {}), **given}


def _target(target: WebhookTarget) -> dict[str, Any]:
    return {
        "id": target.id,
        "url": target.url,
        "topics": target.topics,
        "is_active": target.is_active,
        "failures": target.failures,
        "last_result": target.last_result,
    }


def _source(source: WebhookSource) -> dict[str, Any]:
    path = f"/v1/hooks/{source.id}/leads"
    return {"id": source.id, "name": source.name, "region": source.region, "path": path}
