"""Who is asking: the role and the people whose records they may see. Built once a turn from the user's row."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What someone may do; `SYSTEM` is the product itself (import, schedules) and sees everything."""

    REP = "rep"
    MANAGER = "manager"
    SUPPORT = "support"
    MARKETER = "marketer"
    ADMIN = "admin"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Principal:
    """The person (or the product itself) on whose behalf records are read and changed.

    `team_user_ids` are the members of the own team; `tree_user_ids` everyone below a manager, the
    manager included (for others only themselves); `regions` are those of the teams in reach.
    """

    user_id: str
    email: str
    name: str
    role: Role
    team_id: str = ""
    timezone: str = "UTC"
    locale: str = "en"
    team_user_ids: frozenset[str] = frozenset()
    tree_user_ids: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()

    @property
    def sees_all(self) -> bool:
        """Whether no row is hidden from them."""
        return self.role in (Role.ADMIN, Role.SYSTEM)

    @property
    def reach(self) -> frozenset[str]:
        """The users whose records they may read: the team's, for a manager the team tree's."""
        return self.tree_user_ids if self.role is Role.MANAGER else self.team_user_ids

    @property
    def command(self) -> frozenset[str]:
        """The users whose records they may change: their own, for a manager the team tree's."""
        return self.tree_user_ids if self.role is Role.MANAGER else frozenset((self.user_id,))


SYSTEM = Principal(user_id="", email="system", name="Dealhand", role=Role.SYSTEM)
