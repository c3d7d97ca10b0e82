"""Single sign-on by OpenID Connect: code flow with PKCE; the person is the active user with the verified address."""

import json
import secrets
from typing import Annotated, Any, cast

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.callers import Served, client_address, served
from api.errors import NoSuchThingError, SignInRefusedError
from api.sign_in import open_session
from core.errors import OperatorFixableError
from crm_store.directory import UnknownUserError

router = APIRouter(include_in_schema=False)
Shared = Annotated[Served, Depends(served)]

COOKIE = "dealhand_sso"
MINUTES = 10
TIMEOUT_S = 10.0
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]


class IssuerUnavailableError(OperatorFixableError):
    """The issuer of single sign-on cannot be reached or answers something else."""


@router.get("/sign-in/sso")
def start(shared: Shared) -> Response:
    """Sends the browser to the issuer."""
    provider = _provider(shared)
    kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    with _client(shared) as client:
        address, _ = client.create_authorization_url(
            provider["authorization_endpoint"],
            state=kept["state"],
            nonce=kept["nonce"],
            code_verifier=kept["verifier"],
        )
    response = RedirectResponse(address, status_code=303)
    response.set_cookie(
        COOKIE,
        json.dumps(kept),
        max_age=MINUTES * 60,
        path="/sign-in/sso",
        secure=shared.secure,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get("/sign-in/sso/back")
def back(request: Request, shared: Shared) -> Response:
    """Takes the issuer's answer and starts a session."""
    shared.sign_ins.take(f"address:{client_address(request)}")
    try:
        email = _email(request, shared)
        principal = shared.directory.find(email)
    except (SignInRefusedError, UnknownUserError, AuthlibBaseError, JoseError, ValueError, KeyError):
        response: Response = RedirectResponse("/sign-in?refused=sso", status_code=303)
    else:
        response = RedirectResponse("/", status_code=303)
        open_session(shared, principal.user_id, response)
    response.delete_cookie(COOKIE, path="/sign-in/sso")
    return response


def _email(request: Request, shared: Served) -> str:
    kept = json.loads(request.cookies.get(COOKIE, ""))
    if not secrets.compare_digest(request.query_params.get("state", "").encode(), str(kept["state"]).encode()):
        raise SignInRefusedError("The answer is not to this request.")
    provider = _provider(shared)
    with _client(shared) as client:
        token = client.fetch_token(
            provider["token_endpoint"],
            code=request.query_params.get("code", ""),
            code_verifier=kept["verifier"],
            grant_type="authorization_code",
        )
    claims = _claims(shared, provider, str(token["id_token"]))
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), str(kept["nonce"]).encode()):
        raise SignInRefusedError("The token is not for this request.")
    if claims.get("email_verified") is not True or not claims.get("email"):
        raise SignInRefusedError("The issuer has not verified the e-mail address.")
    return str(claims["email"])


def _claims(shared: Served, provider: dict[str, Any], id_token: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(cast(Any, _fetch(provider["jwks_uri"])))
    decoded = jwt.decode(id_token, keys, algorithms=_ALGORITHMS)
    rules = jwt.JWTClaimsRegistry(
        now=int(shared.clock.now().timestamp()),
        leeway=60,
        iss={"essential": True, "value": provider["issuer"]},
        aud={"essential": True, "value": shared.settings.oidc_client_id},
        exp={"essential": True},
    )
    rules.validate(decoded.claims)
    return dict(decoded.claims)


def _provider(shared: Served) -> dict[str, Any]:
    issuer = shared.settings.oidc_issuer.rstrip("/")
    if not issuer:
        raise NoSuchThingError("Single sign-on is not set up here.", zh="此处未设置单点登录。")
    found = _fetch(f"{issuer}/.well-known/openid-configuration")
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise IssuerUnavailableError(f"{issuer} says that it is another issuer; check DEALHAND_OIDC_ISSUER.")
    return found


def _fetch(address: str) -> dict[str, Any]:
    try:
        answer = httpx.get(address, timeout=TIMEOUT_S, follow_redirects=False)
        answer.raise_for_status()
        return dict(answer.json())
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise IssuerUnavailableError(f"{address} cannot be read; check DEALHAND_OIDC_ISSUER.") from error


def _client(shared: Served) -> OAuth2Client:
    settings = shared.settings
    base = settings.public_url.rstrip("/") or f"http://{settings.serve_host}:{settings.serve_port}"
    return OAuth2Client(
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        scope="openid email",
        redirect_uri=f"{base}/sign-in/sso/back",
        code_challenge_method="S256",
        timeout=TIMEOUT_S,
    )
