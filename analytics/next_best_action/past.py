"""Past moments: what was on the table, what was done next, and whether the deal moved on before anything else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from analytics.next_best_action.catalogue import Catalogue, recognised
from analytics.view import View
from crm_store.deals import Deal, StageChange
from crm_store.interactions import Interaction
from memory.facts.extract import objections_in

MOST_INTERACTIONS = 6000
# What counts as heard before an action, as in `Situation.heard_in`.
_LOOK_BACK, _LOOK_BACK_DAYS = 3, 45
# A move later than this after an action is not counted for it; a younger action without one is still open.
_COUNTS_FOR, _STILL_OPEN = timedelta(days=60), timedelta(days=30)
_LAST = 2

_CHANGE: Any = StageChange
_DEAL: Any = Deal
_INTERACTION: Any = Interaction


@dataclass(frozen=True, slots=True)
class Moment:
    """One action of ours with the situation before it; `moved`: the deal moved on before the next action.

    `interaction_id` is the action, `heard_id` the interaction that was the last word before it.
    """

    deal_id: str
    owner_id: str
    stage_id: str
    heard: frozenset[str]
    words: str
    before: tuple[str, ...]
    action: str
    moved: bool
    interaction_id: str
    heard_id: str = ""


@dataclass(frozen=True, slots=True)
class _Spoken:
    id: str
    at: datetime
    text: str
    action: str


def past_moments(view: View, known: Catalogue) -> tuple[list[Moment], list[tuple[str, ...]]]:
    """The moments of the visible deals whose outcome is known, and each deal's sequence of actions.

    Looks at the newest interactions only, up to `MOST_INTERACTIONS`; at nothing after the present of the view.
    """
    spoken = _spoken(view, known)
    deals = _deals(view, spoken)
    ranks = {stage.id: _rank(stage) for stage in view.stages}
    moves = _moves(view, spoken)
    moments: list[Moment] = []
    sequences: list[tuple[str, ...]] = []
    for deal_id, said in spoken.items():
        if deal_id not in deals:
            continue
        sequences.append(tuple(each.action for each in said if each.action))
        moments.extend(_moments(view.uow.now, deal_id, deals[deal_id], said, moves.get(deal_id, ()), ranks))
    return moments, sequences


def _spoken(view: View, known: Catalogue) -> dict[str, list[_Spoken]]:
    columns = (
        _INTERACTION.id, _INTERACTION.deal_id, _INTERACTION.occurred_at, _INTERACTION.type,
        _INTERACTION.direction, _INTERACTION.subject, _INTERACTION.summary, _INTERACTION.body,
    )  # fmt: skip
    statement = select(*columns).select_from(Interaction)
    statement = statement.where(_INTERACTION.deal_id.is_not(None), _INTERACTION.occurred_at <= view.uow.now)
    newest_first = statement.order_by(_INTERACTION.occurred_at.desc(), _INTERACTION.id).limit(MOST_INTERACTIONS)
    found: dict[str, list[_Spoken]] = {}
    for row in reversed(view.uow.session.execute(newest_first).all()):
        action = recognised(known, type=row.type, direction=row.direction, subject=row.subject)
        text = "\n".join(filter(None, (row.summary, row.body))) or row.subject
        found.setdefault(row.deal_id, []).append(_Spoken(row.id, row.occurred_at, text, action))
    return found


def _deals(view: View, spoken: Mapping[str, Any]) -> dict[str, str]:
    """The owners of the visible deals; a deal that is not visible is not learnt from."""
    found: dict[str, str] = {}
    ids = sorted(spoken)
    for start in range(0, len(ids), 500):
        query = select(_DEAL.id, _DEAL.owner_id).select_from(Deal).where(_DEAL.id.in_(ids[start : start + 500]))
        found.update((deal_id, owner_id or "") for deal_id, owner_id in view.uow.session.execute(query))
    return found


def _moves(view: View, spoken: Mapping[str, Any]) -> dict[str, list[tuple[datetime, str]]]:
    found: dict[str, list[tuple[datetime, str]]] = {}
    ids = sorted(spoken)
    for start in range(0, len(ids), 500):
        query = select(_CHANGE.deal_id, _CHANGE.changed_at, _CHANGE.to_stage_id).select_from(StageChange)
        query = query.where(_CHANGE.deal_id.in_(ids[start : start + 500]), _CHANGE.changed_at <= view.uow.now)
        for deal_id, at, stage_id in view.uow.session.execute(query.order_by(_CHANGE.changed_at, _CHANGE.id)):
            found.setdefault(deal_id, []).append((_as_moment(at), stage_id))
    return found


def _as_moment(at: datetime) -> datetime:
    """A change of which only the day is known came after what was said that day."""
    return at + timedelta(hours=23, minutes=59) if at.time() == time() else at


def _rank(stage: Any) -> int:
    """Where a stage stands; winning is furthest, losing nowhere."""
    return {"won": 10_000, "lost": -1}.get(stage.status, int(stage.position))


def _moments(
    now: datetime,
    deal_id: str,
    owner_id: str,
    said: Sequence[_Spoken],
    moves: Sequence[tuple[datetime, str]],
    ranks: Mapping[str, int],
) -> Iterator[Moment]:
    acted = [place for place, each in enumerate(said) if each.action]
    for number, place in enumerate(acted):
        action = said[place]
        following = said[acted[number + 1]].at if number + 1 < len(acted) else None
        stage_id = _stage_at(moves, action.at)
        moved = _moved_on(now, action.at, following, moves, ranks, ranks.get(stage_id, 0))
        if not stage_id or ranks.get(stage_id, -1) in (-1, 10_000) or moved is None:
            continue
        heard = _heard(said[:place])
        before = tuple(said[each].action for each in acted[max(0, number - _LAST) : number][::-1])
        yield Moment(
            deal_id, owner_id, stage_id, objections_in(heard.text) if heard else frozenset(),
            heard.text if heard else "", before, action.action, moved, action.id, heard.id if heard else "",
        )  # fmt: skip


def _heard(said: Sequence[_Spoken]) -> _Spoken | None:
    """The last word that counts: the latest that raises an objection nothing answered, else the last one."""
    for each in said[::-1][:_LOOK_BACK]:
        if said[-1].at - each.at > timedelta(days=_LOOK_BACK_DAYS):
            break
        if objections_in(each.text):
            return each
        if each.action:
            break
    return said[-1] if said else None


def _stage_at(moves: Sequence[tuple[datetime, str]], at: datetime) -> str:
    return next((stage_id for moved_at, stage_id in reversed(moves) if moved_at <= at), "")


def _moved_on(
    now: datetime,
    at: datetime,
    following: datetime | None,
    moves: Sequence[tuple[datetime, str]],
    ranks: Mapping[str, int],
    rank: int,
) -> bool | None:
    """Whether the deal moved on after an action and before the next; None while that is still open."""
    until = min(filter(None, (following, at + _COUNTS_FOR)))
    first = next((stage_id for moved_at, stage_id in moves if at < moved_at <= until), None)
    if first is not None:
        return ranks.get(first, -1) > rank
    if following is None and now - at < _STILL_OPEN:
        return None
    return False
