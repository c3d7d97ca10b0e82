"""What time it is, so that tests, evaluations and back-dated runs can say so themselves."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the present moment as an aware UTC datetime."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands still until it is moved."""

    moment: datetime

    def now(self) -> datetime:
        """The set moment in UTC."""
        return self.moment.astimezone(UTC)

    def advance(self, step: timedelta) -> None:
        """Moves the clock forward by `step`."""
        self.moment += step


def local_date(moment: datetime, timezone: str) -> date:
    """The calendar day of `moment` for someone in `timezone` (an IANA name)."""
    return moment.astimezone(ZoneInfo(timezone)).date()
