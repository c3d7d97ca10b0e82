"""The one place where errors become HTTP: problem details (RFC 9457) from the three families of errors."""

import logging
import secrets
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from agent.execution import KeyReusedError
from api import errors
from core.errors import (
    AmbiguousRecordError,
    Candidate,
    DealhandError,
    InvalidArgumentError,
    MissingDetailError,
    ModelFixableError,
    OperatorFixableError,
    PersonFixableError,
    RecordNotFoundError,
)
from crm_store.conversation_log import TurnBusyError, UnknownConversationError
from crm_store.tokens import UnknownTokenError
from crm_store.undo import NothingToUndoError, UndoRefusedError
from crm_store.unit_of_work import ConflictError, NotPermittedError

MEDIA_TYPE = "application/problem+json"
logger = logging.getLogger("dealhand")

# The first class that fits decides.
_STATUS: tuple[tuple[type[DealhandError], int], ...] = (
    (errors.SignInNeededError, 401),
    (errors.SignInRefusedError, 401),
    (errors.ScopeMissingError, 403),
    (errors.ForgedRequestError, 403),
    (errors.TooManyRequestsError, 429),
    (errors.VersionNeededError, 428),
    (errors.VersionOutdatedError, 412),
    (errors.UnreadableBodyError, 400),
    (errors.NoSuchThingError, 404),
    (RecordNotFoundError, 404),
    (AmbiguousRecordError, 409),
    (MissingDetailError, 422),
    (ModelFixableError, 422),
    (NotPermittedError, 403),
    (KeyReusedError, 422),
    (TurnBusyError, 409),
    (ConflictError, 409),
    (UndoRefusedError, 409),
    (UnknownConversationError, 404),
    (UnknownTokenError, 404),
    (NothingToUndoError, 404),
    (PersonFixableError, 409),
    (OperatorFixableError, 503),
)


def install(app: FastAPI) -> None:
    """Makes the application answer every error with a problem."""
    app.add_exception_handler(DealhandError, _on_dealhand_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_unforeseen)


def language_of(request: Request) -> str:
    """The language that the client asks for, `en` or `zh`."""
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


def problem_of(error: DealhandError, language: str) -> tuple[int, dict[str, Any]]:
    """The status and the body of an error."""
    status = next(code for family, code in _STATUS if isinstance(error, family))
    body: dict[str, Any] = {"type": f"about:blank#{_slug(error)}", "status": status, "title": _title(error)}
    if isinstance(error, OperatorFixableError):
        incident = secrets.token_hex(4)
        logger.error("incident %s: %s", incident, error.message, exc_info=error)
        return status, {**body, "detail": _SORRY[language].format(incident=incident), "incident": incident}
    body["detail"] = error.text(language)
    if isinstance(error, AmbiguousRecordError):
        body["candidates"] = [_candidate(each) for each in error.candidates]
    elif isinstance(error, RecordNotFoundError):
        body["near"] = [_candidate(each) for each in error.near]
    elif isinstance(error, MissingDetailError):
        body |= {"field": error.field, "choices": list(error.choices)}
    elif isinstance(error, InvalidArgumentError):
        body["field"] = error.argument
    return status, body


def _candidate(each: Candidate) -> dict[str, str]:
    return {"kind": each.kind, "id": each.id, "name": each.name, "hint": each.hint}


def _slug(error: DealhandError) -> str:
    name = type(error).__name__.removesuffix("Error")
    return "".join(f"-{char.lower()}" if char.isupper() else char for char in name).strip("-")


def _title(error: DealhandError) -> str:
    return _slug(error).replace("-", " ").capitalize()


def _answer(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


async def _on_dealhand_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DealhandError)
    status, body = problem_of(error, language_of(request))
    headers = {}
    if isinstance(error, errors.TooManyRequestsError):
        headers["Retry-After"] = str(error.seconds)
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return _answer(status, body, headers)


async def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = [
        {"where": ".".join(str(part) for part in each["loc"]), "message": each["msg"]} for each in error.errors()
    ]
    detail = "; ".join(f"{each['where']}: {each['message']}" for each in found[:5])
    body = {"type": "about:blank#invalid-request", "title": "Invalid request", "status": 422, "detail": detail}
    return _answer(422, {**body, "errors": found})


async def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    body = {"type": "about:blank", "title": str(error.detail), "status": error.status_code, "detail": ""}
    return _answer(error.status_code, body, dict(error.headers or {}))


async def _on_unforeseen(request: Request, error: Exception) -> JSONResponse:
    incident = secrets.token_hex(4)
    logger.error("incident %s: unforeseen", incident, exc_info=error)
    detail = _SORRY[language_of(request)].format(incident=incident)
    body = {"type": "about:blank#unforeseen", "title": "Something broke on our side", "status": 500}
    return _answer(500, {**body, "detail": detail, "incident": incident})


_SORRY = {
    "en": "Something broke on our side; nothing was lost. The log has it as incident {incident}.",
    "zh": "我们这边出了问题，没有丢失任何内容。日志中的编号为 {incident}。",
}
