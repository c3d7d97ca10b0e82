"""What is known of the company before anyone asks: its name and, for a demonstration, its day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from core.clock import Clock
from crm_store.company import Company
from crm_store.store import Store


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """The company's name (empty before one was loaded) and the day of a demonstration."""

    name: str = ""
    demo_day: date | None = None


def company_facts(store: Store) -> CompanyFacts:
    """The facts of the one company of a store."""
    with store.session() as session:
        company = session.scalars(select(Company)).first()
        return CompanyFacts(company.name, company.demo_day) if company else CompanyFacts()


@dataclass(frozen=True, slots=True)
class DemoClock:
    """A clock that stays on the day of a demonstration, in every time zone from California to China.

    The machine's day from midnight to midnight passes between 14:00 and 16:00 UTC of that day.
    """

    day: date
    clock: Clock

    def now(self) -> datetime:
        """The moment on the set day, in UTC."""
        real = self.clock.now()
        passed = timedelta(hours=real.hour, minutes=real.minute, seconds=real.second)
        return datetime.combine(self.day, time(14), UTC) + passed / 12


def keep_demo_day(store: Store) -> None:
    """Lets the clock of a demonstration company's store stay on its day; another store keeps its clock."""
    day = company_facts(store).demo_day
    if day is not None:
        store.clock = DemoClock(day, store.clock)
