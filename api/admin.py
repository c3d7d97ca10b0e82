"""For each person their tokens; for admins passwords, integrations and usage. Records have own routes."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response

from api.answers import json_answer, object_answer
from api.callers import Admin, Caller, Reader, Served, Writer, served
from api.errors import NoSuchThingError, ScopeMissingError
from api.passwords import set_password
from crm_store.credentials import ApiToken
from crm_store.field_definitions import KINDS
from crm_store.principals import Role
from crm_store.schema import NOUNS
from crm_store.tokens import SCOPES, create_token, list_tokens, revoke_token
from crm_store.unit_of_work import NotPermittedError, UnitOfWork
from crm_store.usage import usage_since

router = APIRouter(prefix="/v1", tags=["administration"])
MCP_PATH = "/mcp"
Id = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/tokens", summary="My tokens", responses=object_answer("An admin sees everybody's; never a secret."))
def tokens(request: Request, caller: Reader) -> Response:
    """Tokens with scopes, last use and end."""
    found = list_tokens(served(request).store, caller.principal)
    return json_answer({"items": [_token(each, owner) for each, owner in found], "scopes": SCOPES})


@router.post(
    "/tokens",
    summary="Make a token",
    status_code=201,
    responses=object_answer("With its secret, shown once.", 201),
)
def new_token(
    request: Request,
    caller: Writer,
    name: Annotated[str, Body(max_length=100, examples=["Sales dashboard"])],
    scopes: Annotated[list[str], Body(max_length=20, examples=[["read"]])],
    days: Annotated[int, Body(ge=1, le=3650)] = 90,
) -> Response:
    """Makes a token that acts for the caller; only someone who is signed in can, so a token makes no tokens."""
    shared = served(request)
    _only_people(caller)
    token, secret = create_token(shared.store, caller.principal, name, scopes, days=days, now=shared.clock.now())
    return json_answer({**_token(token, caller.principal.name), "secret": secret}, status=201)


@router.delete("/tokens/{id}", summary="Revoke a token", responses=object_answer("It is no longer valid."))
def revoke(request: Request, caller: Writer, id: Id) -> Response:
    """Makes a token of the caller's (an admin: anyone's) invalid at once."""
    shared = served(request)
    return json_answer(_token(revoke_token(shared.store, caller.principal, id, shared.clock.now()), ""))


@router.put("/users/{id}/password", summary="Set a password", responses=object_answer("It was set."))
def password(
    request: Request,
    caller: Writer,
    id: Id,
    password: Annotated[str, Body(embed=True, min_length=1, max_length=1000)],
) -> Response:
    """Sets one's own password, or as an admin anyone's; that person is signed out everywhere."""
    shared = served(request)
    _only_people(caller)
    if id != caller.principal.user_id and caller.principal.role is not Role.ADMIN:
        raise NotPermittedError(
            "Only an admin sets other people's passwords.", zh="只有管理员可以设置他人的密码。"
        )
    with shared.store.unit_of_work(caller.principal, writes=False) as uow:
        if uow.find("user", id) is None:
            raise NoSuchThingError("There is no such user.", zh="没有这个用户。")
    set_password(shared.store, id, password, shared.clock.now())
    return json_answer({"set": True})


@router.get("/admin/overview", summary="How it is set up", responses=object_answer("Without secrets."))
def overview(request: Request, caller: Admin) -> Response:
    """The model, what asks for a yes, and which integrations are set up; for admins."""
    shared = served(request)
    with shared.store.unit_of_work(caller.principal, writes=False) as uow:
        return json_answer(_overview(shared, uow.base_currency))


@router.get("/admin/roles", summary="Roles", responses=object_answer("Who has each, and what is hidden from it."))
def roles(request: Request, caller: Admin) -> Response:
    """The roles with the active people in each and the fields that are hidden from it, the company's own included."""
    with served(request).store.unit_of_work(caller.principal, writes=False) as uow:
        users = sorted((each for each in uow.all("user") if each.is_active), key=lambda each: each.name)
        items = [
            {
                "role": role.value,
                "people": [each.name for each in users if each.role == role.value],
                "hidden": _hidden_from(uow, role, caller.language),
            }
            for role in Role
            if role is not Role.SYSTEM
        ]
    return json_answer({"items": items})


@router.get("/admin/usage", summary="Usage", responses=object_answer("By person and channel."))
def usage(request: Request, caller: Admin, days: Annotated[int, Query(ge=1, le=366)] = 30) -> Response:
    """Turns, model calls and prompt tokens by person and channel; for admins."""
    shared = served(request)
    found = usage_since(shared.store, shared.store.clock.now() - timedelta(days=days))
    items = [
        {
            "person": name,
            "channel": channel,
            "turns": each.turns,
            "model_calls": each.model_calls,
            "prompt_tokens": each.prompt_tokens,
        }
        for (name, channel), each in sorted(found.items(), key=lambda entry: -entry[1].turns)
    ]
    return json_answer({"days": days, "items": items})


def _hidden_from(uow: UnitOfWork, role: Role, language: str) -> list[dict[str, Any]]:
    found = []
    for noun in (NOUNS[kind] for kind in KINDS):
        fields = [spec.label.of(language) for spec in uow.fields(noun.kind) if role in spec.hidden_from]
        if fields:
            found.append({"kind": noun.kind, "label": noun.label.of(language), "fields": fields})
    return found


def _only_people(caller: Caller) -> None:
    if not caller.cookie:
        raise ScopeMissingError(
            "Only someone who is signed in can do this.", zh="只有已登录的用户可以执行此操作。"
        )


def _overview(shared: Served, currency: str) -> dict[str, Any]:
    settings = shared.settings
    return {
        "model": settings.model,
        "model_fallback": settings.model_fallback,
        "asks": {
            "every_change": settings.confirm_small_changes,
            "amount_percent": settings.ask_amount_percent,
            "amount_over": settings.ask_amount_over,
            "approval_hours": settings.approval_hours,
        },
        "integrations": {
            "single_sign_on": settings.oidc_issuer,
            "memory": settings.memory_embedder if settings.memory_enabled else "",
            "public_url": settings.public_url,
            "slack": bool(settings.slack_bot_token.get_secret_value() or settings.slack_client_id),
            "email": bool(settings.smtp_url.get_secret_value()),
            "voice": bool(settings.speech_model),
            "mcp": MCP_PATH,
        },
        "currency": currency,
    }


def _token(token: ApiToken, owner: str) -> dict[str, Any]:
    def moment(value: Any) -> str | None:
        return value.isoformat() if value is not None else None

    return {
        "id": token.id,
        "name": token.name,
        "owner": owner,
        "hint": token.hint,
        "scopes": token.scopes,
        "created_at": moment(token.created_at),
        "expires_at": moment(token.expires_at),
        "revoked_at": moment(token.revoked_at),
        "last_used_at": moment(token.last_used_at),
    }
