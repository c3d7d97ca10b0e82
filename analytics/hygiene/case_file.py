"""All that the rules look at for a set of open deals, loaded with a few queries however many deals there are."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from analytics.metric import percentile
from analytics.movements import Push, pushes, stays
from analytics.view import View
from core.clock import local_date
from core.parts import RecordRef
from crm_store.contacts import Contact
from crm_store.deals import Deal, StageChange
from crm_store.interactions import Interaction, InteractionContact, two_way
from crm_store.query import names_of, sight
from crm_store.stages import Stage

_CHANGE: Any = StageChange
_CONTACT: Any = Contact
_INTERACTION: Any = Interaction
_LINK: Any = InteractionContact
CHUNK = 500


@dataclass
class CaseFile:
    """One open deal with what was going on around it. `entered_on` is the day it came into its stage."""

    deal: Deal
    stage: Stage
    account: str
    rank: int
    entered_on: date
    moves: list[StageChange] = field(default_factory=list)
    last_two_way: datetime | None = None
    participants: dict[str, str] = field(default_factory=dict)
    pushes: list[Push] = field(default_factory=list)
    has_buyer: bool = False
    stage_limit: float | None = None

    @property
    def ref(self) -> RecordRef:
        """A citation of the deal."""
        return RecordRef(kind="deal", id=self.deal.id, name=self.deal.name)


def open_cases(view: View, deals: Sequence[Deal], recent_days: int, rules: Collection[str] = ()) -> list[CaseFile]:
    """The case files of those deals that are open; only what the rules look at is loaded (none named: all).

    `rank` counts open stages from 1.
    """

    def load(reader: Callable[..., Any], *for_rules: str) -> Any:
        return reader() if not rules or set(for_rules) & set(rules) else {}

    stages = {stage.id: stage for stage in view.stages}
    ranks = stage_ranks(stages.values())
    wanted = [deal for deal in deals if deal.stage_id in ranks]
    ids = [deal.id for deal in wanted]
    accounts = names_of(view.uow, "account", (deal.account_id for deal in wanted))
    moves = load(lambda: _moves(view, ids), "H4", "H10")
    limits = load(lambda: stage_limits(view), "H4") if wanted else {}
    answered = load(lambda: _last_two_way(view, ids), "H3")
    people = load(lambda: _participants(view, ids, recent_days), "H5")
    pushed = load(lambda: pushes(view, {deal.id: deal.forecast_category for deal in wanted}), "H8")
    buyers = load(lambda: _accounts_with_buyer(view, accounts), "H6")
    return [
        CaseFile(
            deal=deal,
            stage=stages[deal.stage_id],
            account=accounts.get(deal.account_id, ""),
            rank=ranks[deal.stage_id],
            entered_on=_entered(view, deal, moves.get(deal.id, ())),
            moves=moves.get(deal.id, []),
            last_two_way=answered.get(deal.id),
            participants=people.get(deal.id, {}),
            pushes=pushed.get(deal.id, []),
            has_buyer=deal.account_id in buyers,
            stage_limit=limits.get(deal.stage_id),
        )
        for deal in wanted
    ]


def stage_ranks(stages: Iterable[Stage]) -> dict[str, int]:
    """The place of each open stage among the open ones, from 1."""
    ordered = sorted((stage for stage in stages if stage.status == "open"), key=lambda stage: stage.position)
    return {stage.id: place for place, stage in enumerate(ordered, start=1)}


def stage_limits(view: View) -> dict[str, float]:
    """The 75th percentile of all completed stays in each stage, in days; once for all who see the same deals."""
    key = ("stage_limits", sight(view.uow, "stage_change"), view.timezone)
    found: dict[str, float] | None = view.shared.get(key)
    if found is None:
        completed: dict[str, list[float]] = {}
        for stay in stays(view):
            if stay.completed:
                completed.setdefault(stay.stage_id, []).append(float(stay.days))
        found = {stage_id: percentile(days, 0.75) for stage_id, days in completed.items()}
        view.shared[key] = found
    return found


def _moves(view: View, ids: Sequence[str]) -> dict[str, list[StageChange]]:
    found: dict[str, list[StageChange]] = {}
    for some in _chunks(ids):
        statement = select(StageChange).where(_CHANGE.deal_id.in_(some)).order_by(_CHANGE.changed_at, _CHANGE.id)
        for move in view.uow.session.scalars(statement):
            found.setdefault(move.deal_id, []).append(move)
    return found


def _entered(view: View, deal: Deal, moves: Sequence[StageChange]) -> date:
    into = [move.changed_at for move in moves if move.to_stage_id == deal.stage_id]
    return local_date(max(into) if into else deal.created_at, view.timezone)


def _last_two_way(view: View, ids: Sequence[str]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for some in _chunks(ids):
        statement = (
            select(_INTERACTION.deal_id, func.max(_INTERACTION.occurred_at))
            .where(_INTERACTION.deal_id.in_(some), two_way(), _INTERACTION.occurred_at <= view.uow.now)
            .group_by(_INTERACTION.deal_id)
        )
        found.update({deal_id: moment for deal_id, moment in view.uow.session.execute(statement)})
    return found


def _participants(view: View, ids: Sequence[str], days: int) -> dict[str, dict[str, str]]:
    since = view.uow.now - timedelta(days=days)
    found: dict[str, dict[str, str]] = {}
    for some in _chunks(ids):
        statement = (
            select(_INTERACTION.deal_id, _CONTACT.id, _CONTACT.name)
            .join(_LINK, _LINK.interaction_id == _INTERACTION.id)
            .join(_CONTACT, _CONTACT.id == _LINK.contact_id)
            .where(_INTERACTION.deal_id.in_(some), _INTERACTION.occurred_at >= since)
            .distinct()
        )
        for deal_id, contact_id, name in view.uow.session.execute(statement):
            found.setdefault(deal_id, {})[contact_id] = name
    return found


def _accounts_with_buyer(view: View, account_ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for some in _chunks(sorted(account_ids)):
        statement = select(_CONTACT.account_id).where(
            _CONTACT.account_id.in_(some), _CONTACT.role == "economic_buyer"
        )
        found.update(view.uow.session.scalars(statement))
    return found


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
