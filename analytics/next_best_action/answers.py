"""Recognises in committed changes that a suggestion was taken: a task, draft or log of its kind on its deal."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from analytics.next_best_action.catalogue import Catalogue, catalogue, in_title, recognised
from crm_store.suggestions import Suggestion
from crm_store.unit_of_work import Change, UnitOfWork

_SUGGESTION: Any = Suggestion
_KINDS = ("task", "draft", "interaction")


def answers_in(uow: UnitOfWork, changes: Iterable[Change]) -> dict[str, tuple[str, str, str]]:
    """By suggestion of the asker: "accepted" or "edited", with kind and id of what was created.

    Accepted is a task with the suggested title and day, and a draft or a logged activity of the suggested kind; a task
    of the same kind in other words or for another day is an edited one.
    """
    created = [
        change
        for change in changes
        if change.action == "created" and change.kind in _KINDS and change.after.get("deal")
    ]
    if not created:
        return {}
    known = catalogue(uow)
    found: dict[str, tuple[str, str, str]] = {}
    for change in created:
        for row in _open(uow, str(change.after["deal"])):
            status = _status(known, row, change)
            if status and row.id not in found:
                found[row.id] = (status, change.kind, change.record_id)
    return found


def _open(uow: UnitOfWork, deal_id: str) -> Iterable[Suggestion]:
    return uow.session.scalars(
        select(Suggestion).where(
            _SUGGESTION.deal_id == deal_id,
            _SUGGESTION.owner_id == uow.principal.user_id,
            _SUGGESTION.status == "shown",
        )
    ).all()


def _status(known: Catalogue, row: Suggestion, change: Change) -> str:
    if change.kind == "task":
        title = str(change.after.get("title", ""))
        if title == row.shown.get("title"):
            return "accepted" if row.shown.get("due") in (None, "", change.after.get("due")) else "edited"
        return "edited" if in_title(known, title) == row.action else ""
    if change.kind == "draft":
        action = known.get(row.action)
        return "accepted" if action is not None and action.makes == "draft" else ""
    values = {name: str(change.after.get(name) or "") for name in ("type", "direction", "subject")}
    return "accepted" if recognised(known, **values) == row.action else ""
