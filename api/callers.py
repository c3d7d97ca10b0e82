"""Who calls: from a bearer token or the cookie of a session to a principal, with scopes, CSRF and rate limit."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from agent.runtime import Runtime
from api.errors import ForgedRequestError, NoSuchThingError, ScopeMissingError, SignInNeededError
from api.limits import RateLimit
from core.clock import Clock, SystemClock
from core.settings import Settings
from crm_store.directory import Directory, UnknownUserError
from crm_store.principals import Principal, Role
from crm_store.sign_in import find_session
from crm_store.store import Store
from crm_store.tokens import SCOPES, find_holder

COOKIE, SAFE_COOKIE = "dealhand_session", "__Host-dealhand_session"
CSRF_HEADER = "x-csrf-token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_PERSON_SCOPES = frozenset(SCOPES) - {"admin", "mcp", "metrics"}


@dataclass
class Served:
    """What all requests share. `clock` is the real time: sessions end even in a demonstration."""

    runtime: Runtime
    settings: Settings
    clock: Clock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        self.directory = Directory(self.runtime.store)
        self.requests = RateLimit(self.settings.requests_per_minute)
        self.sign_ins = RateLimit(-(-self.settings.sign_ins_per_minute // self.settings.serve_workers))

    @property
    def store(self) -> Store:
        """The store of the runtime."""
        return self.runtime.store

    @property
    def secure(self) -> bool:
        """Whether people reach the page over https."""
        return self.settings.public_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the session's cookie."""
        return SAFE_COOKIE if self.secure else COOKIE


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone who makes a request. A session has a `csrf` word, a token has none."""

    principal: Principal
    scopes: frozenset[str]
    language: str
    csrf: str = ""
    cookie: str = ""

    @property
    def channel(self) -> str:
        """Through what changes are made, for the audit."""
        return "web" if self.cookie else "api"


def served(request: Request) -> Served:
    """What all requests share."""
    shared: Served = request.app.state.served
    return shared


def identify(request: Request) -> Caller | None:
    """The caller of a request; None without a valid token or session.

    Raises:
        TooManyRequestsError: the caller's limit is used up.
        ForgedRequestError: a change by session without its CSRF word.
    """
    shared = served(request)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _by_token(request, shared, secret.strip())
    cookie = request.cookies.get(shared.cookie, "")
    return _by_session(request, shared, cookie) if cookie else None


def allowed(scope: str) -> Callable[[Request], Caller]:
    """A dependency that lets through who is signed in and may do what the scope names."""

    def check(request: Request) -> Caller:
        caller = identify(request)
        if caller is None:
            raise SignInNeededError(
                "Sign in, or send a valid token (Authorization: Bearer …).", zh="请先登录，或提供有效的令牌。"
            )
        if scope not in caller.scopes:
            raise ScopeMissingError(f"This needs the scope “{scope}”.", zh=f"需要“{scope}”权限。")
        return caller

    check.scope = scope  # type: ignore[attr-defined]
    return check


def conversation_of(caller: Caller, given: str = "") -> str:
    """The conversation of a change: the given one, or the one that collects the caller's changes by button.

    Raises:
        NoSuchThingError: it is the one that collects someone else's.
    """
    own = f"{caller.channel}_{caller.principal.user_id}"
    if given.startswith(("web_", "api_", "mcp_")) and given != own:
        raise NoSuchThingError("There is no such conversation.", zh="没有这个对话。")
    return given or own


def check_origin(request: Request) -> None:
    """Refuses a change that another site's page sends.

    Raises:
        ForgedRequestError: the Origin header names another host.
    """
    origin = request.headers.get("origin")
    if not origin:
        return
    own = {request.headers.get("host", ""), urlsplit(served(request).settings.public_url).netloc}
    if urlsplit(origin).netloc not in own:
        raise ForgedRequestError("This request comes from another site.", zh="请求来自其他网站。")


def client_address(request: Request) -> str:
    """The address that a request comes from, for limits."""
    return request.client.host if request.client else ""


def _by_token(request: Request, shared: Served, secret: str) -> Caller | None:
    holder = find_holder(shared.store, secret, shared.clock.now())
    if holder is None:
        shared.requests.take(f"address:{client_address(request)}")
        return None
    shared.requests.take(holder.token_id)
    try:
        principal = shared.directory.find(holder.email)
    except UnknownUserError:
        return None
    return Caller(principal, holder.scopes, _language(request, principal))


def _by_session(request: Request, shared: Served, cookie: str) -> Caller | None:
    session = find_session(shared.store, cookie, shared.clock.now())
    if session is None:
        return None
    shared.requests.take(f"session:{cookie[:16]}")
    if request.method not in _SAFE_METHODS:
        check_origin(request)
        if not hmac.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), session.csrf.encode()):
            raise ForgedRequestError(
                "The request lacks its CSRF word; load the page anew.", zh="请求缺少安全校验，请重新加载页面。"
            )
    principal = shared.directory.find(session.email)
    scopes = _PERSON_SCOPES | ({"admin"} if principal.role is Role.ADMIN else frozenset())
    return Caller(principal, scopes, _language(request, principal), session.csrf, cookie)


def _language(request: Request, principal: Principal) -> str:
    wanted = request.headers.get("accept-language", "").lower()[:2]
    return wanted if wanted in ("en", "zh") else principal.locale[:2]


Reader = Annotated[Caller, Depends(allowed("read"))]
Writer = Annotated[Caller, Depends(allowed("write"))]
Talker = Annotated[Caller, Depends(allowed("chat"))]
Approver = Annotated[Caller, Depends(allowed("approve"))]
Admin = Annotated[Caller, Depends(allowed("admin"))]
Mover = Annotated[Caller, Depends(allowed("transfer"))]
