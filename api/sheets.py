"""A record with what belongs to it: facts, timeline, what was said about a topic, what to fix and to do next."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from agent.direct import look_directly
from analytics.records.card import BRIEF_SECTIONS, Fact, brief
from analytics.records.timeline import KINDS, Event, timeline
from analytics.view import View
from api.answers import object_answer, tagged
from api.callers import Caller, Reader, Served, served
from api.errors import NoSuchThingError
from api.records.resources import path_of
from core.parts import RecordRef
from crm_store.query import names_of, readable
from crm_store.unit_of_work import UnitOfWork
from language.dates import FiscalCalendar
from memory.facts.validity import slot_label, stated

router = APIRouter(prefix="/v1", tags=["insight"])
_BY_PATH = {path_of(kind): kind for kind in KINDS}
_OF_KINDS = f"^({'|'.join(_BY_PATH)})$"
Kind = Annotated[str, Path(pattern=_OF_KINDS, description="accounts, contacts, deals, leads or tickets")]
Id = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/{path}/{id}/sheet", summary="What belongs to a record", responses=object_answer("Facts and lists."))
def sheet(request: Request, caller: Reader, path: Kind, id: Id) -> Response:
    """Facts in words, people, products, tickets, tasks and latest interactions, each citing its record."""
    shared = served(request)
    with shared.store.unit_of_work(caller.principal, writes=False) as uow:
        kind, record = _found(uow, path, id)
        found = brief(view_of(shared, caller, uow), kind, record)
    sections = BRIEF_SECTIONS.get(kind, ())
    return tagged(
        request,
        {
            "record": _ref(found.ref),
            "facts": [_fact(each) for each in found.facts if each.name not in sections],
            "sections": [_fact(each) for each in found.facts if each.name in sections],
        },
    )


@router.get("/{path}/{id}/timeline", summary="What happened", responses=object_answer("Newest first."))
def events(
    request: Request, caller: Reader, path: Kind, id: Id, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Response:
    """Interactions word for word, and a deal's moves from stage to stage."""
    shared = served(request)
    with shared.store.unit_of_work(caller.principal, writes=False) as uow:
        kind, record = _found(uow, path, id)
        found = timeline(view_of(shared, caller, uow), kind, record, limit=limit)
    return tagged(request, {"items": [_event(each) for each in found]})


@router.get("/{path}/{id}/facts", summary="What is known from what was said", responses=object_answer("Facts."))
def facts(request: Request, caller: Reader, path: Kind, id: Id) -> Response:
    """Budget, timeline, competitor, objections and the like, each with the interaction that says so."""
    shared = served(request)
    with shared.store.unit_of_work(caller.principal, writes=False) as uow:
        kind, record = _found(uow, path, id)
        found = stated(uow, **{f"{kind}_id": record.id}) if kind in ("account", "contact", "deal") else []
        names = names_of(uow, "interaction", [each.interaction_id for each in found])
    items = [
        {
            "slot": each.fact.slot,
            "label": slot_label(each.fact.slot, caller.language, each.fact.kind),
            "text": each.fact.sentence.strip() or each.fact.value,
            "since": each.since.isoformat(),
            "until": each.until.isoformat() if each.until is not None else None,
            "record": {
                "kind": "interaction",
                "id": each.interaction_id,
                "name": names.get(each.interaction_id, ""),
            },
        }
        for each in reversed(found)
    ]
    return tagged(request, {"items": items})


@router.get("/recall", summary="What was said about something", responses=object_answer("Quotes with people."))
def recall(
    request: Request,
    caller: Reader,
    query: Annotated[str, Query(max_length=300, examples=["pricing objection"])] = "",
    account: Annotated[str, Query(max_length=100, description="Name or id.")] = "",
    deal: Annotated[str, Query(max_length=100, description="Name or id.")] = "",
    since: Annotated[str, Query(max_length=60, examples=["last month"])] = "",
    until: Annotated[str, Query(max_length=60)] = "",
    limit: Annotated[int, Query(ge=1, le=30)] = 8,
) -> Response:
    """Searches what was said and done by words and meaning, within what the caller may see."""
    arguments = {"query": query, "account": account, "deal": deal, "since": since, "until": until, "limit": limit}
    outcome = look_directly(
        served(request).runtime, caller.principal, "search_interactions", arguments, language=caller.language
    )
    return tagged(
        request,
        {
            "quotes": outcome.result.get("quotes", []),
            "parts": [part.model_dump(mode="json") for part in outcome.parts],
            "records": [_ref(ref) for ref in outcome.records],
        },
    )


def view_of(shared: Served, caller: Caller, uow: UnitOfWork) -> View:
    """The caller's view of the records."""
    return View(uow, caller.language, FiscalCalendar(shared.settings.fiscal_year_first_month))


def _found(uow: UnitOfWork, path: str, record_id: str) -> tuple[str, Any]:
    kind = _BY_PATH[path]
    record = uow.find(kind, record_id) if readable(uow, kind) else None
    if record is None:
        raise NoSuchThingError("There is no such record.", zh="没有这条记录。")
    return kind, record


def _ref(ref: RecordRef) -> dict[str, str]:
    return {"kind": ref.kind, "id": ref.id, "name": ref.name}


def _fact(fact: Fact) -> dict[str, Any]:
    lines = [{"text": line.text, "record": _ref(line.ref) if line.ref else None} for line in fact.lines]
    return {"name": fact.name, "label": fact.label, "value": fact.value, "lines": lines}


def _event(event: Event) -> dict[str, Any]:
    return {
        "sort": event.sort,
        "at": event.at.isoformat(),
        "title": event.title,
        "text": event.text,
        "type": event.type,
        "direction": event.direction,
        "by": event.by,
        "people": [_ref(each) for each in event.people],
        "record": _ref(event.ref) if event.ref else None,
    }
