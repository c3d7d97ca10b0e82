"""What to fix and to do next on a deal, with reasons and evidence; taking a suggestion, and turning it down."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from agent.direct import Deed
from analytics.hygiene.review import cases_of, review_cases
from analytics.next_best_action import advise
from analytics.view import View
from api.answers import json_answer, object_answer, tagged
from api.callers import Caller, Reader, Served, Writer, served
from api.deeds import act_for
from api.errors import NoSuchThingError
from api.records.listing import tool_context
from crm_store.query import readable
from crm_store.suggestion_log import record_shown, silenced
from crm_store.unit_of_work import UnitOfWork
from tools.suggestions import told

router = APIRouter(prefix="/v1/deals/{id}/advice", tags=["insight"])
MOST = 5
Id = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("", summary="What to fix and do next", responses=object_answer("With reasons and evidence."))
def advice(request: Request, caller: Reader, id: Id) -> Response:
    """Findings of the hygiene rules and suggested next actions, each with why and the records that show it."""
    shared = served(request)
    with shared.store.unit_of_work(caller.principal, writes=False) as uow:
        view, deal = View(uow, caller.language), _deal(uow, id)
        findings = review_cases(view, cases_of(view, [deal]))
        steps, note, shown = _steps(shared, caller, view, deal)
    record_shown(shared.store, caller.principal.user_id, shown, shared.store.clock.now())
    language = caller.language
    body = {
        "findings": [
            {
                "rule": each.rule,
                "title": each.title(language),
                "evidence": each.evidence,
                "fix": each.fix(language),
                "say": each.say(language),
            }
            for each in findings
        ],
        "suggestions": steps,
        "experience": note,
    }
    return tagged(request, body)


@router.post("/{suggestion}/accept", summary="Take a suggestion", responses=object_answer("The reply."))
def accept(request: Request, caller: Writer, id: Id, suggestion: Id) -> Response:
    """Makes the task or draft that it suggests, with undo."""
    shared = served(request)
    with shared.store.unit_of_work(caller.principal, writes=False) as uow:
        steps, _, _ = _steps(shared, caller, View(uow, caller.language), _deal(uow, id))
    for step in steps:
        if step["id"] == suggestion and step["accept"]:
            ((tool, arguments),) = step["accept"].items()
            return _act(request, caller, Deed(tool, arguments, step["what"]))
    raise NoSuchThingError("That suggestion no longer stands.", zh="该建议已不再适用。")


@router.post("/{suggestion}/dismiss", summary="Turn a suggestion down", responses=object_answer("The reply."))
def dismiss(request: Request, caller: Writer, id: Id, suggestion: Id) -> Response:
    """Notes that it does not fit; two of these silence it on this deal for 30 days."""
    arguments = {"kind": "suggestion", "id": suggestion, "values": {"status": "dismissed"}}
    return _act(request, caller, Deed("change_by_form", arguments, f"dismiss {suggestion}"))


def _act(request: Request, caller: Caller, deed: Deed) -> Response:
    return json_answer(act_for(request, caller, deed).reply.model_dump(mode="json"))


def _deal(uow: UnitOfWork, deal_id: str) -> Any:
    deal = uow.find("deal", deal_id) if readable(uow, "deal") else None
    if deal is None:
        raise NoSuchThingError("There is no such deal.", zh="没有这个商机。")
    return deal


def _steps(shared: Served, caller: Caller, view: View, deal: Any) -> tuple[list[dict[str, Any]], str, list[Any]]:
    cases = cases_of(view, [deal])
    if not cases:
        return [], "", []
    quiet = silenced(view.uow, [deal.id]).get(deal.id, frozenset())
    found = advise(view, cases[0], silenced=quiet)
    contents, shown = told(tool_context(shared, view.uow, caller.language), found, MOST)
    steps = [
        {
            "id": content["id"],
            "action": content["action"],
            "what": content["do"],
            "why": content["why"],
            "score": each.score,
            "accept": content.get("accept"),
            "evidence": [{"kind": ref.kind, "id": ref.id, "name": ref.name} for ref in each.evidence],
        }
        for content, each in zip(contents, found.suggestions, strict=False)
    ]
    return steps, found.note, shown
