"""Puts the application together: routes, errors, middleware. Made by `create_app`, served by `dealhand serve`."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from prometheus_client import CollectorRegistry

from agent.runtime import Runtime
from api import (
    admin,
    advice,
    audit,
    chat,
    figures,
    hooks,
    kinds,
    oidc,
    operations,
    pages,
    problems,
    sheets,
    sign_in,
    transfer,
)
from api.callers import Served
from api.description import finish_openapi
from api.middleware import BodyLimit, Measured, SecurityHeaders
from api.records.routes import records_router
from core.clock import Clock, SystemClock
from core.settings import Settings


def create_app(runtime: Runtime, settings: Settings, *, clock: Clock | None = None, **options: Any) -> FastAPI:
    """The HTTP application on a runtime, which the caller closes. `options` go to FastAPI (its lifespan)."""
    app = FastAPI(
        title="Dealhand", version="1", docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json", **options
    )
    app.state.served = Served(runtime, settings, clock or SystemClock())
    app.state.registry = CollectorRegistry()
    problems.install(app)
    for router in _routers():
        app.include_router(router)
    app.add_middleware(Measured, registry=app.state.registry)
    app.add_middleware(BodyLimit, most=settings.max_upload_mb * 1_000_000)
    app.add_middleware(SecurityHeaders, secure=app.state.served.secure)
    app.openapi = lambda: openapi_of(app)  # type: ignore[method-assign]
    return app


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, routes=app.routes)
        app.openapi_schema = finish_openapi(made)
    return app.openapi_schema


def _routers() -> tuple[APIRouter, ...]:
    # Routes with fixed words come before those that take a kind of record from the address.
    return (
        oidc.router,
        sign_in.router,
        chat.router,
        admin.router,
        advice.router,
        figures.router,
        sheets.router,
        audit.router,
        kinds.router,
        transfer.router,
        hooks.router,
        records_router(),
        operations.router,
        pages.router,
    )
