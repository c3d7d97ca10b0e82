"""Numbers: metrics by name, the forecast of a period with its probable range, and briefings."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from agent.direct import look_directly
from analytics.forecast import forecast
from analytics.forecast.figures import Figures
from analytics.metric import METRICS
from analytics.wording import period_text
from api.answers import object_answer, tagged
from api.callers import Reader, Served, served
from api.records.listing import tool_context
from api.sheets import view_of
from briefings.compose import brief
from briefings.line import KINDS, BriefingKind
from core.errors import InvalidArgumentError
from crm_store.query import names_of
from language.dates.calendar import quarter_period
from tools.filters import read_when
from tools.metric_names import is_visible
from tools.people import read_scope

router = APIRouter(prefix="/v1", tags=["numbers"])

Scope = Annotated[str, Query(max_length=100, description="me, my team, a name, company", examples=["me"])]
When = Annotated[str, Query(max_length=60, description="As people say it.", examples=["this quarter"])]


@router.get("/metrics", summary="Which metrics there are", responses=object_answer("Names and formulas."))
def metrics(request: Request, caller: Reader) -> Response:
    """The metrics that the caller may ask for, with their formulas."""
    with served(request).store.unit_of_work(caller.principal, writes=False) as uow:
        items = [
            {
                "name": each.name,
                "label": each.label.of(caller.language),
                "formula": each.formula.of(caller.language),
                "unit": each.unit.value,
                "kind": each.kind,
            }
            for each in METRICS
            if is_visible(uow, each)
        ]
    return tagged(request, {"items": items})


@router.get("/metrics/{name}", summary="Compute a metric", responses=object_answer("Parts and plain results."))
def metric(
    request: Request,
    caller: Reader,
    name: Annotated[str, Path(max_length=80, examples=["pipeline_value"])],
    scope: Scope = "",
    period: When = "",
    filter: Annotated[list[str], Query(max_length=20)] = [],  # noqa: B006
    group_by: Annotated[str, Query(max_length=60, examples=["stage"])] = "",
    compare_to: Annotated[str, Query(max_length=100)] = "",
    currency: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """A number by its formula, with the filter in words, as-of, rows, what was left out, and the records cited."""
    arguments = {
        "metric": name,
        "scope": scope,
        "period": period,
        "filters": filter,
        "group_by": group_by,
        "compare_to": compare_to,
        "currency": currency,
    }
    outcome = look_directly(
        served(request).runtime, caller.principal, "query_metric", arguments, language=caller.language
    )
    result = {key: value for key, value in outcome.result.items() if key != "records"}
    return tagged(
        request,
        {
            "result": result,
            "parts": [part.model_dump(mode="json") for part in outcome.parts],
            "records": [record.model_dump(mode="json") for record in outcome.records],
        },
    )


@router.get("/forecast", summary="Forecast a period", responses=object_answer("Figures and probable range."))
def forecast_of(request: Request, caller: Reader, scope: Scope = "", period: When = "") -> Response:
    """Closed, commit, best case, landing, quota and gap, by owner and team, with the probable range."""
    shared = served(request)
    with shared.store.unit_of_work(caller.principal, writes=False) as uow:
        context = tool_context(shared, uow, caller.language)
        view = view_of(shared, caller, uow)
        whose = read_scope(context, scope, "deal")
        when = read_when(context, period) if period.strip() else quarter_period(uow.today, view.fiscal)
        found = forecast(view, when, whose.people)
        owners = names_of(uow, "user", found.by_owner)
        teams = names_of(uow, "team", found.by_team)
        people = names_of(uow, "user", [id for each in found.adjustments for id in (each.user_id, each.author_id)])
        words = period_text(caller.language, when)
        body = {
            "period": {
                "start": when.start.isoformat(),
                "end": when.end.isoformat(),
                "words": words,
                "label": when.label,
            },
            "whose": whose.words,
            "currency": found.currency,
            "figures": _figures(found.figures),
            "by_owner": _by_name(owners, found.by_owner),
            "by_team": _by_name(teams, found.by_team),
            "range": _plain(asdict(found.probable)) if found.probable is not None else None,
            "adjustments": [
                {
                    "id": each.id,
                    "version": each.version,
                    "user": people.get(each.user_id, ""),
                    "amount": str(each.amount),
                    "reason": each.reason,
                    "author": people.get(each.author_id or "", ""),
                }
                for each in found.adjustments
            ],
        }
    return tagged(request, body)


@router.get("/briefing", summary="A briefing", responses=object_answer("Lines that cite records."))
def briefing(
    request: Request,
    caller: Reader,
    kind: Annotated[str, Query(description=f"{', '.join(KINDS)}; empty: what fits the role")] = "",
    as_of: Annotated[datetime | None, Query(description="A past moment with its zone; empty: now.")] = None,
) -> Response:
    """What matters today, composed from records without a model; the same for the same moment, always."""
    shared = served(request)
    wanted = _briefing_kind(kind)
    moment = _moment(shared, as_of)
    made = brief(
        shared.store, caller.principal, shared.settings, as_of=moment, kind=wanted, language=caller.language
    )
    lines = [
        {
            "text": line.text,
            "say": line.say,
            "indented": line.indented,
            "records": [ref.model_dump(mode="json") for ref in line.records],
        }
        for line in made.lines
    ]
    body = {"kind": made.kind, "title": made.title, "as_of": made.as_of.isoformat(), "lines": lines}
    return tagged(request, {**body, "is_empty": made.is_empty})


def _briefing_kind(words: str) -> BriefingKind | None:
    if not words:
        return None
    for kind in KINDS:
        if kind == words:
            return kind
    raise InvalidArgumentError(
        f"There is no briefing “{words[:40]}”; there are: {', '.join(KINDS)}.", argument="kind"
    )


def _moment(shared: Served, moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    if moment.tzinfo is None or not 2000 <= moment.year <= 2100 or moment > shared.store.clock.now():
        raise InvalidArgumentError(
            "as_of is a past moment with its zone, such as 2026-03-09T08:30:00Z.", argument="as_of"
        )
    return moment


def _by_name(names: Mapping[str, str], figures: Mapping[str, Figures]) -> list[dict[str, Any]]:
    return [{"id": key, "name": names.get(key, ""), **_figures(each)} for key, each in figures.items()]


def _figures(figures: Figures) -> dict[str, Any]:
    names = (
        "closed", "commit", "best_case", "landing", "pipeline", "weighted", "quota", "gap", "to_go", "coverage",
        "attainment", "adjustment", "adjusted",
    )  # fmt: skip
    return _plain({name: getattr(figures, name) for name in names})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(round(each, 4)) if isinstance(each, Decimal) else each for name, each in values.items()}
