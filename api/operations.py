"""For those who run the server: alive, ready, and metrics for Prometheus."""

import os
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from api.answers import json_answer, object_answer
from api.callers import Caller, allowed, served
from core.errors import OperatorFixableError
from crm_store.company_facts import company_facts

router = APIRouter(tags=["operations"])


@router.get("/healthz", summary="Alive", responses=object_answer("The process answers."))
def healthz() -> dict[str, Any]:
    """Says that the process answers; asks nothing of the database."""
    return {"alive": True}


@router.get(
    "/readyz",
    summary="Ready",
    responses={**object_answer("It can serve."), **object_answer("The store is out of reach.", 503)},
)
def readyz(request: Request) -> Response:
    """Says whether the store can be read."""
    try:
        company_facts(served(request).store)
    except OperatorFixableError:
        return json_answer({"ready": False}, status=503)
    return json_answer({"ready": True})


@router.get(
    "/metrics",
    summary="Prometheus metrics",
    responses={
        200: {"description": "Prometheus text.", "content": {"text/plain": {"schema": {"type": "string"}}}}
    },
)
def metrics(request: Request, caller: Annotated[Caller, Depends(allowed("metrics"))]) -> Response:
    """Requests by route with their times; needs a token with the scope `metrics`."""
    return Response(generate_latest(_registry(request)), media_type=CONTENT_TYPE_LATEST)


def _registry(request: Request) -> CollectorRegistry:
    """The counts of this process, or of all where there are several."""
    own: CollectorRegistry = request.app.state.registry
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return own
    every = CollectorRegistry()
    MultiProcessCollector(every)  # type: ignore[no-untyped-call]
    return every
