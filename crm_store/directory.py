"""Who someone is: from an e-mail address to the principal with everyone in their reach."""

from threading import Lock
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import PersonFixableError
from crm_store.principals import Principal, Role
from crm_store.store import Store
from crm_store.users import TEAM, USER, Team, User

USERS = USER.table


class UnknownUserError(PersonFixableError):
    """No active user has this e-mail address."""


def find_principal(store: Store, email: str) -> Principal:
    """The principal of the active user with this e-mail address, in any case.

    Raises:
        UnknownUserError: there is no such user.
    """
    with store.session() as session:
        user = session.scalars(
            select(User).where(func.lower(USERS.c.email) == email.strip().lower(), USERS.c.is_active)
        ).first()
        if user is None:
            raise UnknownUserError(f"There is no user with the e-mail address “{email}”.")
        return _principal(session, user)


def principal_of(store: Store, user_id: str) -> Principal:
    """The principal of the active user with this id.

    Raises:
        UnknownUserError: there is no such user, or not any more.
    """
    with store.session() as session:
        user = session.get(User, user_id)
        if user is None or not user.is_active:
            raise UnknownUserError("This person has no active account in the CRM.")
        return _principal(session, user)


class Directory:
    """Principals by e-mail address, kept until a user or team changes. For servers that ask often."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Principal] = {}
        self._revision: tuple[Any, ...] = ()
        self._lock = Lock()

    def find(self, email: str) -> Principal:
        """Like `find_principal`.

        Raises:
            UnknownUserError: there is no such user.
        """
        revision = self._current()
        with self._lock:
            if revision != self._revision:
                self._known, self._revision = {}, revision
            known = self._known.get(email)
        if known is None:
            known = find_principal(self._store, email)
            with self._lock:
                if revision == self._revision:
                    self._known[email] = known
        return known

    def _current(self) -> tuple[Any, ...]:
        with self._store.session() as session:
            users = session.execute(select(func.count(), func.max(USERS.c.updated_at), func.sum(USERS.c.version)))
            teams = session.execute(select(func.count(), func.sum(TEAM.table.c.version)))
            return (*users.one(), *teams.one())


def _principal(session: Session, user: User) -> Principal:
    people = session.execute(select(USERS.c.id, USERS.c.manager_id, USERS.c.team_id)).all()
    tree = {user.id}
    grown = True
    while grown:
        below = {person for person, manager, _ in people if manager in tree}
        grown = not below <= tree
        tree |= below
    team = {person for person, _, team_id in people if team_id and team_id == user.team_id} | {user.id}
    if user.role == Role.MANAGER:
        tree |= team
    team_ids = {team_id for person, _, team_id in people if person in tree and team_id}
    reach_teams = team_ids if user.role == Role.MANAGER else {user.team_id}
    regions = {
        region
        for each in session.scalars(select(Team).where(Team.id.in_(reach_teams)))  # type: ignore[attr-defined]
        for region in each.regions
    }
    return Principal(
        user_id=user.id,
        email=user.email,
        name=user.name,
        role=Role(user.role),
        team_id=user.team_id or "",
        timezone=user.timezone,
        locale=user.locale,
        team_user_ids=frozenset(team),
        tree_user_ids=frozenset(tree),
        regions=frozenset(regions),
    )
