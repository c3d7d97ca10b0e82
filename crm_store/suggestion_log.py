"""The log of suggestions: what was shown, how it was answered, what became of the deal.

Bookkeeping of the product itself, not a change of the records: written beside the journal, undone by nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core.ids import new_id
from crm_store.deals import StageChange
from crm_store.principals import SYSTEM
from crm_store.stages import Stage
from crm_store.store import Store
from crm_store.suggestions import Suggestion
from crm_store.unit_of_work import UnitOfWork

EXPIRES_AFTER = timedelta(days=14)
SILENCE = timedelta(days=30)
DISMISSALS_TO_SILENCE = 2
# A deal that has not moved this long after a suggestion counts as not moved.
OUTCOME_WITHIN = timedelta(days=45)

_CHANGE: Any = StageChange
_SUGGESTION: Any = Suggestion


@dataclass(frozen=True, slots=True)
class Shown:
    """One suggestion as it is shown; the id is made before, so that an answer can name it."""

    action: str
    deal_id: str
    why: str
    rule: str
    score: float
    propensity: float
    evidence: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=lambda: new_id("suggestion"))


def open_suggestion(uow: UnitOfWork, deal_id: str, action: str) -> str:
    """The id under which the same suggestion is shown to the asker already, else ""."""
    row = uow.session.scalars(
        select(Suggestion)
        .where(
            _SUGGESTION.deal_id == deal_id,
            _SUGGESTION.action == action,
            _SUGGESTION.owner_id == uow.principal.user_id,
            _SUGGESTION.status == "shown",
            _SUGGESTION.expires_at > uow.now,
        )
        .order_by(_SUGGESTION.created_at.desc())
    ).first()
    return row.id if row is not None else ""


def silenced(uow: UnitOfWork, deal_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """By deal the actions that the asker dismissed twice; they are not suggested for 30 days after the second."""
    found: dict[tuple[str, str], list[datetime]] = {}
    for start in range(0, len(deal_ids), 500):
        rows = uow.session.scalars(
            select(Suggestion).where(
                _SUGGESTION.deal_id.in_(list(deal_ids)[start : start + 500]),
                _SUGGESTION.owner_id == uow.principal.user_id,
                _SUGGESTION.status == "dismissed",
            )
        )
        for row in rows:
            found.setdefault((str(row.deal_id), row.action), []).append(row.answered_at or row.updated_at)
    quiet: dict[str, set[str]] = {}
    for (deal_id, action), moments in found.items():
        if len(moments) >= DISMISSALS_TO_SILENCE and uow.now - max(moments) < SILENCE:
            quiet.setdefault(deal_id, set()).add(action)
    return {deal_id: frozenset(actions) for deal_id, actions in quiet.items()}


def record_shown(store: Store, user_id: str, shown: Iterable[Shown], now: datetime) -> None:
    """Writes what was shown; one that is open already only counts one more showing."""
    with store.unit_of_work(SYSTEM) as uow:
        for each in shown:
            row = uow.session.get(Suggestion, each.id)
            if row is not None:
                row.shown = {**row.shown, "times": int(row.shown.get("times", 1)) + 1}
                row.updated_at = now
                continue
            uow.session.add(
                Suggestion(
                    id=each.id, created_at=now, updated_at=now, action=each.action, deal_id=each.deal_id,
                    owner_id=user_id or None, why=each.why, evidence=list(each.evidence), shown=dict(each.detail),
                    rule=each.rule, score=each.score, propensity=each.propensity, expires_at=now + EXPIRES_AFTER,
                )
            )  # fmt: skip
        uow.commit()


def accept(store: Store, suggestion_ids: Mapping[str, tuple[str, str, str]], now: datetime) -> None:
    """Notes what accepting created: by suggestion ("accepted" or "edited", kind, record id)."""
    with store.unit_of_work(SYSTEM) as uow:
        for suggestion_id, (status, kind, record_id) in suggestion_ids.items():
            row = uow.session.get(Suggestion, suggestion_id)
            if row is not None and row.status in ("shown", "expired"):
                row.status, row.made_kind, row.made_id = status, kind, record_id
                row.answered_at = row.updated_at = now
        uow.commit()


def settle(store: Store, *, deal_ids: Sequence[str] = ()) -> int:
    """Notes what became of the deals of suggestions, and which were ignored; says how many rows changed.

    The first later move of the deal counts; without one for 45 days the outcome is "none".
    """
    changed = 0
    with store.unit_of_work(SYSTEM) as uow:
        waiting = select(Suggestion).where(_SUGGESTION.outcome == "")
        if deal_ids:
            waiting = waiting.where(_SUGGESTION.deal_id.in_(list(deal_ids)))
        stages = {stage.id: stage for stage in uow.session.scalars(select(Stage))}
        for row in uow.session.scalars(waiting):
            changed += _settle(uow, row, stages, store.clock.now())
        if changed:
            uow.commit()
    return changed


def log_rows(store: Store) -> list[Suggestion]:
    """Everything that was ever shown, oldest first, to be read after the store's session is over."""
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        rows = list(uow.session.scalars(select(Suggestion).order_by(_SUGGESTION.created_at)))
        uow.session.expunge_all()
        return rows


def _settle(uow: UnitOfWork, row: Suggestion, stages: Mapping[str, Stage], now: datetime) -> bool:
    before = (row.status, row.outcome)
    if row.status == "shown" and row.expires_at is not None and row.expires_at <= now:
        row.status = "expired"
    move = uow.session.scalars(
        select(StageChange)
        .where(_CHANGE.deal_id == row.deal_id, _CHANGE.changed_at >= row.created_at)
        .order_by(_CHANGE.changed_at)
    ).first()
    if move is not None:
        row.outcome, row.outcome_at = _outcome(move, stages), move.changed_at
    elif now - row.created_at > OUTCOME_WITHIN:
        row.outcome, row.outcome_at = "none", now
    return (row.status, row.outcome) != before


def _outcome(move: StageChange, stages: Mapping[str, Stage]) -> str:
    after, before = stages[move.to_stage_id], stages.get(move.from_stage_id or "")
    if after.status != "open":
        return after.status
    return "moved_on" if before is None or after.position > before.position else "none"
