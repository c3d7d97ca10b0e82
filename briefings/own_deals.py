"""The open deals of a person with what is wrong on them: read once for all sections of a briefing."""

from typing import Any

from analytics.hygiene.case_file import CaseFile
from analytics.hygiene.review import cases_of, review_cases
from analytics.hygiene.rule import Finding
from analytics.wording import day_text, money_text
from briefings.line import Desk
from crm_store.deals import Deal
from crm_store.query import readable
from crm_store.stages import Stage

_DEAL: Any = Deal
_STAGE: Any = Stage


def open_stage_ids(desk: Desk) -> list[str]:
    """The ids of the open stages."""
    return sorted(stage.id for stage in desk.view.stages if stage.status == "open")


def cases(desk: Desk) -> list[CaseFile]:
    """The person's open deals, or for a manager the team's, in a fixed order."""
    found: list[CaseFile] | None = desk.view.memo.get("briefing_cases")
    if found is None:
        found = _read(desk) if readable(desk.view.uow, "deal") else []
        desk.view.memo["briefing_cases"] = found
    return found


def _read(desk: Desk) -> list[CaseFile]:
    where = [_DEAL.stage_id.in_(open_stage_ids(desk))]
    if desk.kind == "rep":
        where.append(_DEAL.owner_id == desk.me)
    elif desk.people is not None:
        where.append(_DEAL.owner_id.in_(sorted(desk.people)))
    deals = sorted(desk.view.uow.all("deal", *where), key=lambda deal: (deal.name, deal.id))
    return cases_of(desk.view, deals)


def findings(desk: Desk) -> dict[str, list[Finding]]:
    """What the hygiene rules find, by deal id, the most serious first."""
    found: dict[str, list[Finding]] | None = desk.view.memo.get("briefing_findings")
    if found is None:
        found = {}
        for each in review_cases(desk.view, cases(desk)):
            found.setdefault(each.record.id, []).append(each)
        desk.view.memo["briefing_findings"] = found
    return found


def risk(desk: Desk, deal_id: str, most: int = 3) -> str:
    """What is wrong with a deal in a few words; empty where nothing is."""
    found = [each.title(desk.language) for each in findings(desk).get(deal_id, ())]
    return desk.say("comma").join(found[:most])


def worth(desk: Desk, deal: Deal) -> str:
    """The amount, or that there is none; empty where it is hidden."""
    if "amount" not in {spec.name for spec in desk.view.uow.fields("deal")}:
        return ""
    return money_text(desk.language, deal.amount, deal.currency) if deal.amount else desk.say("no_amount")


def closes(desk: Desk, deal: Deal) -> str:
    """The close date with its weekday, or that there is none."""
    return day_text(desk.language, deal.close_date) if deal.close_date else desk.say("no_date")


def size(desk: Desk, deal: Deal) -> float:
    """The amount in the base currency, for ordering only."""
    if not deal.amount:
        return 0.0
    rates = desk.view.rates
    return float(rates.convert(deal.amount, deal.currency, rates.base) or 0)
