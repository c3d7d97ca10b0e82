"""The win chance of open deals with its reasons: what became of deals that stood where this one stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select

from analytics.forecast.basis import Basis, basis_of
from analytics.forecast.chances import EDGES, Rate, bucket
from analytics.forecast.history import NEVER, OpenDeals
from analytics.forecast.wording import rung_note
from analytics.hygiene.review import cases_of, review_cases
from analytics.movements import stays
from analytics.view import View
from analytics.wording import day_text, percent_text, say
from core.parts import RecordRef
from crm_store.deals import Deal

_DEAL: Any = Deal


@dataclass(frozen=True)
class WinChance:
    """The chance that an open deal is won some day, and by `by`; with reasons in words.

    `rate` is what was counted (won of closed deals that once stood there), `signals` are findings on the deal that
    are not part of the number.
    """

    deal: RecordRef
    chance: float
    in_time: float
    by: date
    rate: Rate
    reasons: list[str]
    signals: list[str]


def win_chances(view: View, deals: Sequence[Deal], by: date, *, reasons: bool = False) -> list[WinChance]:
    """The chances of the open ones among the deals, the best first; reasons where asked for."""
    basis = basis_of(view)
    places = {basis.loaded.deal_ids[int(life)]: place for place, life in enumerate(basis.open_deals.deal)}
    stages: dict[str, Any] = {stage.id: stage for stage in view.stages}
    chosen = [deal for deal in deals if stages[deal.stage_id].status == "open"]
    found = []
    for deal in chosen:
        one = _one(basis, places[deal.id]) if deal.id in places else _unread(view, basis, deal)
        found.append(_chance(view, basis, deal, one, by, stages, reasons=reasons))
    return sorted(found, key=lambda each: (-each.chance, each.deal.name))


def _one(basis: Basis, place: int) -> OpenDeals:
    part = slice(place, place + 1)
    deals = basis.open_deals
    return OpenDeals(
        deals.day, deals.deal[part], deals.stage[part], deals.age[part], deals.stated[part], deals.amount[part]
    )


def _unread(view: View, basis: Basis, deal: Deal) -> OpenDeals:
    """A deal of a company so large that only a part of its deals was read to learn from."""
    stage = basis.loaded.history.stages.ids.index(deal.stage_id)
    here = [each for each in stays(view, select(_DEAL.id).where(_DEAL.id == deal.id)) if not each.completed]
    age = here[-1].days if here else 0
    stated = deal.close_date.toordinal() if deal.close_date else NEVER
    return OpenDeals(
        view.today.toordinal(), np.zeros(1, np.int64), np.array([stage]), np.array([age]), np.array([stated]),
        np.array([float(deal.amount or 0)]),
    )  # fmt: skip


def _chance(
    view: View, basis: Basis, deal: Deal, one: OpenDeals, by: date, stages: dict[str, object], *, reasons: bool
) -> WinChance:
    stage, cell = int(one.stage[0]), int(bucket(one.age)[0])
    chance = float(basis.chances.win(one, basis.rung.name)[0])
    in_time = chance * float(basis.chances.in_time(one, by.toordinal())[0])
    rate = basis.chances.raw_cell[stage][cell] if basis.rung.name == "age" else basis.chances.raw_stage[stage]
    ref = RecordRef(kind="deal", id=deal.id, name=deal.name)
    why = _reasons(view, basis, deal, stages[deal.stage_id], int(one.age[0]), by, in_time) if reasons else []
    signals = _signals(view, deal) if reasons else []
    return WinChance(ref, chance, in_time, by, rate, why, signals)


def _reasons(view: View, basis: Basis, deal: Deal, stage: object, age: int, by: date, in_time: float) -> list[str]:
    language, chances = view.language, basis.chances
    number = basis.loaded.history.stages.ids.index(deal.stage_id)
    cell = int(bucket(np.array([age]))[0])
    name = getattr(stage, "name", "")
    prior = percent_text(getattr(stage, "probability", 0) / 100)
    whole, here = chances.raw_stage[number], chances.raw_cell[number][cell]
    found = [say(language, "why_stage", stage=name, prior=prior, rate=_rate(view, whole))]
    if basis.rung.name != "prior":
        days = _days(view, cell)
        found.append(say(language, "why_age", n=age, days=days, rate=_rate(view, here)))
        leant = here if basis.rung.name == "age" else whole
        if leant.is_thin:
            found.append(say(language, "why_thin", n=leant.closed))
    found.append(rung_note(view, basis))
    if deal.close_date is not None:
        found.append(
            say(
                language, "why_in_time", stated=day_text(language, deal.close_date), by=day_text(language, by),
                chance=percent_text(round(in_time, 2)),
            )
        )  # fmt: skip
    return found


def _rate(view: View, rate: Rate) -> str:
    if not rate.closed:
        return say(view.language, "rate_none")
    return say(view.language, "rate_of", won=rate.won, closed=rate.closed)


def _days(view: View, cell: int) -> str:
    if cell + 1 < len(EDGES):
        return say(view.language, "days_between", start=EDGES[cell], end=EDGES[cell + 1] - 1)
    return say(view.language, "days_over", start=EDGES[cell])


def _signals(view: View, deal: Deal) -> list[str]:
    return [finding.title(view.language) for finding in review_cases(view, cases_of(view, [deal]))]
