"""Creating, changing and deleting over HTTP: the same unit of work, policy, audit and undo as in a chat."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Request, Response

from agent.direct import Act, Deed, act_directly
from api.answers import documented, json_answer
from api.callers import Caller, Writer, conversation_of, served
from api.errors import VersionNeededError, VersionOutdatedError
from api.records.plain import record_as_json
from api.records.resources import example_of, path_of, schema_name
from core.errors import InvalidArgumentError
from core.parts import ApprovalRequest, ChangeReceipt
from crm_store.nouns import Noun
from crm_store.unit_of_work import ConflictError, TakenError

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="The same key has its effect once, however often it is sent.",
        examples=["8f14e45f-ceea-467f-a7f1-2d3b0c9a"],
    ),
]
IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        max_length=50,
        description="The ETag of the version that is changed.",
        examples=['"3"'],
    ),
]
Conversation = Annotated[
    str,
    Header(
        alias="X-Conversation",
        max_length=60,
        pattern=r"^[A-Za-z0-9_-]*$",
        description="Makes the change a turn of this conversation, so that “undo that” finds it.",
    ),
]
Values = Annotated[dict[str, Any], Body(description="Values by field name; null empties a field.")]


def add_changes(router: APIRouter, noun: Noun) -> None:
    """The routes that write records of a noun."""
    kind, path, name = noun.kind, f"/v1/{path_of(noun.kind)}", schema_name(noun.kind)
    label, tag = noun.label.en, path_of(noun.kind)

    def create(
        request: Request, caller: Writer, values: Values, key: Key = "", conversation: Conversation = ""
    ) -> Response:
        deed = Deed("create_by_form", {"kind": kind, "values": values}, f"POST {path}")
        return _do(request, caller, noun, deed, key, conversation)

    def change(
        request: Request,
        caller: Writer,
        id: str,
        values: Values,
        version: IfMatch = "",
        key: Key = "",
        conversation: Conversation = "",
    ) -> Response:
        arguments = {"kind": kind, "id": id, "values": values, "version": _version(version)}
        deed = Deed("change_by_form", arguments, f"PATCH {path}/{id}")
        return _do(request, caller, noun, deed, key, conversation)

    def delete(
        request: Request,
        caller: Writer,
        id: str,
        version: IfMatch = "",
        key: Key = "",
        conversation: Conversation = "",
    ) -> Response:
        arguments = {"kind": kind, "id": id, "version": _version(version)}
        deed = Deed("delete_by_form", arguments, f"DELETE {path}/{id}")
        return _do(request, caller, noun, deed, key, conversation)

    router.add_api_route(
        path, create, methods=["POST"], tags=[tag], summary=f"Create a {label}", operation_id=f"create_{kind}",
        status_code=201, openapi_extra=_body(f"New{name}", example_of(kind)),
        responses={**documented("Changed", "It was created.", 201), **_WAITS},
    )  # fmt: skip
    router.add_api_route(
        f"{path}/{{id}}", change, methods=["PATCH"], tags=[tag], summary=f"Change a {label}",
        operation_id=f"change_{kind}", openapi_extra=_body(f"{name}Changes", example_of(kind, required_only=True)),
        responses={**documented("Changed", "It was changed, or was so already."), **_WAITS},
    )  # fmt: skip
    router.add_api_route(
        f"{path}/{{id}}", delete, methods=["DELETE"], tags=[tag], summary=f"Delete a {label}",
        operation_id=f"delete_{kind}", responses={**documented("Changed", "It was deleted."), **_WAITS},
    )  # fmt: skip


def _do(request: Request, caller: Caller, noun: Noun, deed: Deed, key: str, conversation: str) -> Response:
    shared = served(request)
    try:
        act = act_directly(
            shared.runtime,
            caller.principal.email,
            deed,
            conversation_id=conversation_of(caller, conversation),
            channel=caller.channel,
            key=key,
            language=caller.language,
            raises=True,
        )
    except ConflictError as error:
        if isinstance(error, TakenError) or deed.arguments.get("version") is None:
            raise
        raise VersionOutdatedError(error.message, zh=error.zh) from error
    return _answer(request, caller, noun, deed, act)


def _answer(request: Request, caller: Caller, noun: Noun, deed: Deed, act: Act) -> Response:
    body: dict[str, Any] = {"turn": act.reply.turn_id, "conversation": act.reply.conversation_id}
    waiting = act.reply.of_type(ApprovalRequest)
    if waiting:
        return json_answer({**body, "approval": waiting[0].model_dump(mode="json")}, status=202)
    receipts = act.reply.of_type(ChangeReceipt)
    body |= {
        "changes": [each.model_dump(mode="json") for each in receipts],
        "undo": receipts[0].undo if receipts else "",
    }
    with served(request).store.unit_of_work(caller.principal, writes=False) as uow:
        record = uow.find(noun.kind, act.outcome.result.get("id"))
        if record is not None:
            body["record"] = record_as_json(uow, noun.kind, record)
    headers = {"ETag": f'"{body["record"]["version"]}"'} if "record" in body else None
    created = deed.tool == "create_by_form"
    return json_answer(body, status=201 if created else 200, headers=headers)


def _version(tag: str) -> int:
    text = tag.strip().removeprefix("W/").strip('"').partition("-")[0]
    if not text:
        raise VersionNeededError(
            'Say which version is changed: the header If-Match with the record\'s ETag, such as "3".',
            zh="请在 If-Match 请求头中注明要修改的记录版本（ETag）。",
        )
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidArgumentError("If-Match has to be the ETag of the record.", argument="If-Match")
    return int(text)


def _body(schema: str, example: dict[str, Any]) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {"requestBody": {"content": {"application/json": {"schema": reference, "example": example}}}}


_WAITS = documented("Waiting", "It waits for a yes: answer under /v1/approvals.", 202)
