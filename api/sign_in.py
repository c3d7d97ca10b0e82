"""Signing in to the page by password or one-time link, signing out, and who one is."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request, Response
from fastapi.responses import RedirectResponse

from api.callers import Caller, Served, check_origin, client_address, identify, served
from api.errors import SignInNeededError, SignInRefusedError
from api.passwords import check_password
from crm_store.company_facts import company_facts
from crm_store.sign_in import end_session, start_session, use_link

router = APIRouter(tags=["sign-in"])
Shared = Annotated[Served, Depends(served)]


@router.get("/v1/sign-in", summary="How people sign in here")
def ways_to_sign_in(shared: Shared) -> dict[str, Any]:
    """Whether single sign-on is offered, and the company's name."""
    facts = company_facts(shared.store)
    sso = shared.settings.oidc_name if shared.settings.oidc_issuer else ""
    return {"company": facts.name, "single_sign_on": sso, "demonstration": facts.demo_day is not None}


@router.post("/v1/sign-in", summary="Sign in by password")
def sign_in(
    request: Request,
    response: Response,
    shared: Shared,
    email: Annotated[str, Body(max_length=320, examples=["marcus@northstar.example"])],
    password: Annotated[str, Body(max_length=1000, examples=["a long pass phrase"])],
) -> dict[str, Any]:
    """Starts a session and sets its cookie; ten tries a minute from one address and for one user."""
    check_origin(request)
    shared.sign_ins.take(f"address:{client_address(request)}")
    shared.sign_ins.take(f"user:{email.strip().lower()}")
    user_id = check_password(shared.store, email, password, shared.clock.now())
    if user_id is None:
        raise SignInRefusedError("The e-mail address or the password is not right.", zh="邮箱或密码不正确。")
    open_session(shared, user_id, response)
    return {"signed_in": True}


@router.get("/sign-in/{secret}", include_in_schema=False)
def sign_in_by_link(request: Request, shared: Shared, secret: str) -> Response:
    """Starts a session by a one-time link and shows the page."""
    shared.sign_ins.take(f"address:{client_address(request)}")
    user_id = use_link(shared.store, secret, shared.clock.now())
    if user_id is None:
        return RedirectResponse("/sign-in?refused=link", status_code=303)
    response = RedirectResponse("/", status_code=303)
    open_session(shared, user_id, response)
    return response


@router.post("/v1/sign-out", summary="Sign out")
def sign_out(request: Request, response: Response, shared: Shared) -> dict[str, Any]:
    """Ends the session of this cookie."""
    caller = identify(request)
    if caller is not None and caller.cookie:
        end_session(shared.store, caller.cookie)
    response.delete_cookie(shared.cookie, path="/", secure=shared.secure, httponly=True, samesite="lax")
    return {"signed_in": False}


@router.get("/v1/me", summary="Who I am")
def me(request: Request, shared: Shared) -> dict[str, Any]:
    """The caller's name, role and calendar; for a session also the CSRF word that changes need."""
    caller = identify(request)
    if caller is None:
        raise SignInNeededError("Sign in first.", zh="请先登录。")
    return describe(caller, shared)


def describe(caller: Caller, shared: Served) -> dict[str, Any]:
    """What a client needs to know of its user."""
    principal, facts = caller.principal, company_facts(shared.store)
    with shared.store.unit_of_work(principal, writes=False) as uow:
        today, currency = uow.today, uow.base_currency
    return {
        "id": principal.user_id,
        "email": principal.email,
        "name": principal.name,
        "role": principal.role.value,
        "language": caller.language,
        "timezone": principal.timezone,
        "today": today.isoformat(),
        "currency": currency,
        "company": facts.name,
        "demonstration": facts.demo_day is not None,
        "scopes": sorted(caller.scopes),
        "voice": bool(shared.settings.speech_model or shared.settings.whisper_model),
        **({"csrf": caller.csrf} if caller.csrf else {}),
    }


def open_session(shared: Served, user_id: str, response: Response) -> None:
    """Starts a session and sets its cookie, which scripts cannot read and other sites cannot send."""
    hours = shared.settings.session_hours
    cookie, _ = start_session(shared.store, user_id, hours=hours, now=shared.clock.now())
    response.set_cookie(
        shared.cookie,
        cookie,
        max_age=hours * 3600,
        path="/",
        secure=shared.secure,
        httponly=True,
        samesite="lax",
    )
