"""The hygiene rules as the company has them: which hold, with which limits; set by admins, audited, undoable."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Request, Response

from agent.direct import Deed
from analytics.attributes import attributes
from analytics.hygiene.own import KIND, made_rules
from analytics.hygiene.rule import RULES, limit_name, limits_of, own_rules, wording
from analytics.view import View
from api.answers import documented, object_answer, tagged
from api.callers import Reader, Writer, served
from api.deeds import do
from api.sheets import view_of
from crm_store.display import choice_label
from crm_store.principals import Role

router = APIRouter(prefix="/v1/rules", tags=["administration"])


@router.get("", summary="Hygiene rules", responses=object_answer("Ids, titles, fixes, limits, which are on."))
def rules(request: Request, caller: Reader) -> Response:
    """The rules that check deals, leads and logs (definitions §4), with the company's own limits.

    `made` are those that the company made itself, as a filter over open deals; they are records (`own-rules`).
    `fields` is what an admin can make their conditions of.
    """
    shared, language = served(request), caller.language
    with shared.store.unit_of_work(caller.principal, writes=False) as uow:
        view = view_of(shared, caller, uow)
        own = own_rules(view)
        made = [
            {
                "id": each.rule.id,
                "title": each.rule.name,
                "fix": each.rule.fix,
                "is_on": each.rule.is_on,
                "conditions": each.words,
                "is_readable": each.conditions is not None,
            }
            for each in made_rules(view)
        ]
        fields = _filterable(view) if caller.principal.role is Role.ADMIN else []
    items: list[dict[str, Any]] = [
        {
            "id": id,
            "title": wording(language, id, "title"),
            "fix": wording(language, id, "fix"),
            "is_on": id not in own.off,
            "limits": [
                {
                    "name": name,
                    "label": limit_name(name, language),
                    "usual": usual,
                    "value": own.limits.get(name, usual),
                }
                for name, usual in limits_of(id).items()
            ],
        }
        for id in sorted({each.id for each in RULES}, key=lambda id: int(id[1:]))
    ]
    return tagged(request, {"items": items, "made": made, "fields": fields})


@router.patch(
    "/{id}",
    summary="Set a hygiene rule",
    responses={**documented("Changed", "It was set."), **documented("Waiting", "It waits for a yes.", 202)},
)
def set_rule(
    request: Request,
    caller: Writer,
    id: Annotated[str, Path(max_length=10, pattern=r"^[A-Za-z0-9]+$")],
    is_on: Annotated[bool | None, Body(description="Off: it finds nothing any more.", examples=[False])] = None,
    limits: Annotated[dict[str, int] | None, Body(examples=[{"silent_days": 21}])] = None,
) -> Response:
    """Switches a rule on or off for the company, or sets its limits; for admins."""
    return do(request, caller, Deed("set_rule", {"rule": id, "is_on": is_on, "limits": limits}, f"set rule {id}"))


def _filterable(view: View) -> list[dict[str, Any]]:
    found = [
        {
            "name": each.name,
            "label": each.label.of(view.language),
            "type": "integer" if each.age else each.type.value,
            "ref": each.ref,
            "choices": [{"value": value, "label": choice_label(value, view.language)} for value in each.choices],
        }
        for each in attributes(view.uow, KIND).values()
    ]
    return sorted(found, key=lambda each: str(each["label"]).casefold())
