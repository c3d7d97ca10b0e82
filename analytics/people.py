"""Who leads whom, and who owns records."""

from typing import Any

from analytics.measure import OWNER_COLUMNS
from crm_store.principals import Role
from crm_store.query import count_where
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork


def people_below(uow: UnitOfWork, manager: Any) -> frozenset[str]:
    """A manager with everyone in the team and the teams below."""
    users = uow.all("user")
    tree = {manager.id} | {user.id for user in users if user.team_id and user.team_id == manager.team_id}
    grown = True
    while grown:
        below = {user.id for user in users if user.manager_id in tree}
        grown = not below <= tree
        tree |= below
    return frozenset(tree)


def owns_any(uow: UnitOfWork, kind: str, user_id: str) -> bool:
    """Whether a person owns a visible record of the kind."""
    if kind not in OWNER_COLUMNS:
        return False
    model: Any = NOUNS[kind].model
    return count_where(uow, kind, [getattr(model, OWNER_COLUMNS[kind]) == user_id]) > 0


def may_see_deals_of(uow: UnitOfWork, people: frozenset[str] | None) -> bool:
    """Whether the asker reads the deals of any of these people; a colleague of another team has none for them."""
    principal = uow.principal
    limited = principal.role in (Role.REP, Role.MANAGER)
    return people is None or not limited or bool(people & principal.reach)


def may_see_figures_of(uow: UnitOfWork, people: frozenset[str] | None) -> bool:
    """Whether quotas and forecasts of these people are the asker's to see: their own, or their team tree's."""
    principal = uow.principal
    return principal.sees_all or (people is not None and people <= principal.command)
