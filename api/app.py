"""Puts the application together: routes, errors, middleware. Made by `create_app`, served by `dealhand serve`."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
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
    rules,
    schedule,
    sheets,
    sign_in,
    transfer,
    voice,
)
from api.callers import Served
from api.description import finish_openapi
from api.middleware import BodyLimit, Measured, SecurityHeaders
from api.records.routes import records_router
from core.clock import Clock, SystemClock
from core.settings import Settings


def create_app(runtime: Runtime, settings: Settings, *, clock: Clock | None = None, **options: Any) -> FastAPI:
    """The HTTP application on a runtime, which the caller closes. `options` go to FastAPI (its lifespan)."""
    app = _routed(**options)
    app.state.served = Served(runtime, settings, clock or SystemClock())
    app.state.registry = CollectorRegistry()
    problems.install(app)
    app.add_middleware(Measured, registry=app.state.registry)
    app.add_middleware(BodyLimit, most=settings.max_upload_mb * 1_000_000)
    app.add_middleware(SecurityHeaders, secure=app.state.served.secure)
    return app


def api_document() -> dict[str, Any]:
    """The OpenAPI document, without a running application."""
    return _routed().openapi()


def _routed(**options: Any) -> FastAPI:
    app = FastAPI(
        title="Dealhand", version="1", docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json", **options
    )
    for router in _routers():
        app.include_router(router)
    app.openapi = lambda: _openapi_of(app)  # type: ignore[method-assign]
    return app


def _openapi_of(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, routes=app.routes)
        app.openapi_schema = finish_openapi(made, _scopes(app))
    return app.openapi_schema


def _scopes(app: FastAPI) -> dict[tuple[str, str], str]:
    """The scope that each method and path needs."""
    found = {}
    for router in _routers():
        for route in router.routes:
            if isinstance(route, APIRoute):
                needed = [getattr(each.call, "scope", "") for each in route.dependant.dependencies]
                for method in route.methods or ():
                    found[method.lower(), route.path] = next(filter(None, needed), "")
    return found


def _routers() -> tuple[APIRouter, ...]:
    # Routes with fixed words come before those that take a kind of record from the address.
    return (
        oidc.router,
        sign_in.router,
        chat.router,
        voice.router,
        admin.router,
        rules.router,
        advice.router,
        figures.router,
        schedule.router,
        sheets.router,
        audit.router,
        kinds.router,
        transfer.router,
        hooks.router,
        records_router(),
        operations.router,
        pages.router,
    )
