"""What a person wants to be told, when and where: their own schedule, else the installation's."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from briefings.rules import Rule, parse_quiet, parse_rule
from core.settings import Settings
from crm_store.principals import SYSTEM
from crm_store.schedules import Schedule
from crm_store.store import Store
from crm_store.users import User

BRIEFING = "briefing"

_SCHEDULE: Any = Schedule
_USER: Any = User


@dataclass(frozen=True, slots=True)
class Preference:
    """One person's: `rule` is None for no briefing; `schedule_id` is "default" for the installation's rule."""

    user_id: str
    email: str
    name: str
    language: str
    timezone: str
    rule: Rule | None
    channel: str
    quiet: tuple[time, time] | None
    muted_until: date | None
    schedule_id: str = "default"

    def is_muted(self, day: date) -> bool:
        """Whether nothing is sent on that day but reminders."""
        return self.muted_until is not None and day < self.muted_until


def list_preferences(store: Store, settings: Settings, user_ids: frozenset[str] | None = None) -> list[Preference]:
    """Those of all active users, or of some."""
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        some = [_USER.id.in_(user_ids)] if user_ids is not None else []
        users = uow.all("user", _USER.is_active, *some)
        theirs = [_SCHEDULE.owner_id.in_(user_ids)] if user_ids is not None else []
        own = {each.owner_id: each for each in uow.all("schedule", _SCHEDULE.job == BRIEFING, *theirs)}
        ordered = sorted(users, key=lambda one: one.id)
        return [preference_of(user, own.get(user.id), settings) for user in ordered]


def preference_of(user: User, own: Schedule | None, settings: Settings) -> Preference:
    """Those of one user, whose own schedule is `own`."""
    channel = (own.channel if own else "") or settings.delivery_channel
    text = own.rule if own else settings.briefing_rule
    wanted = bool(channel and text) and (own is None or own.is_active)
    return Preference(
        user_id=user.id,
        email=user.email,
        name=user.name,
        language="zh" if user.locale.startswith("zh") else "en",
        timezone=(own.timezone if own else "") or user.timezone,
        rule=parse_rule(text) if wanted else None,
        channel=channel,
        quiet=parse_quiet(own.quiet_hours) if own else None,
        muted_until=own.muted_until if own else None,
        schedule_id=own.id if own else "default",
    )
