"""What the plain SQL of all metrics is made of: who asks, which of the tables' rows are theirs, on which days."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from zoneinfo import ZoneInfo

WON = "s.status = 'won'"
LOST = "s.status = 'lost'"
OPEN = "s.status = 'open'"
Days = tuple[str, str]
Answer = float | None | dict[str, float | None]


@dataclass(frozen=True)
class Calendar:
    """The moment of asking (UTC), and the periods that are asked about: a quarter, the one before it, a year."""

    now: str
    quarter: Days
    last: Days
    year: Days
    label: str
    last_label: str

    @property
    def opening(self) -> str:
        """The first moment of the quarter's snapshot (UTC)."""
        return f"{self.quarter[0]} 00:00:00.000000"


@dataclass
class Reference:
    """Who asks: `reach` are the people whose records they read, `own` those whose figures; None: everyone's."""

    db: sqlite3.Connection
    calendar: Calendar
    role: str
    me: str
    reach: Collection[str]
    own: Collection[str] | None
    regions: Collection[str]
    zone: str
    rates: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        self.db.create_function("local_day", 2, local_day, deterministic=True)
        self.rates = dict(self.db.execute("SELECT currency, rate / 100000000.0 FROM exchange_rate"))
        self.rates[self.db.execute("SELECT base_currency FROM company").fetchone()[0]] = 1.0
        limited = self.role in ("rep", "manager")
        mine = f"owner_id IN {listed(self.reach)}"
        self.accounts = mine if limited else "1"
        of_accounts = f"account_id IN (SELECT id FROM account WHERE {self.accounts})"
        self.contacts = of_accounts
        self.tickets = of_accounts if limited else "1"
        people = self.reach if self.role == "manager" else [self.me]
        self.tasks = "1" if self.role == "admin" else (
            f"(assignee_id IN {listed(people)} OR created_by_id IN {listed(people)})"
        )  # fmt: skip
        unassigned = f"(owner_id IS NULL AND region IN {listed(self.regions)})"
        self.leads = f"(owner_id IN {listed(people)} OR {unassigned})" if limited else "1"
        of_leads = f"lead_id IN (SELECT id FROM lead WHERE {self.leads})"
        self.talks = f"({of_accounts} OR owner_id = '{self.me}' OR {of_leads})" if limited else "1"
        self.deals = f"d.{mine}" if limited else "1"
        self.figures = "1" if self.own is None else f"d.owner_id IN {listed(self.own)}"

    @property
    def quarter(self) -> Days:
        return self.calendar.quarter

    @property
    def year(self) -> Days:
        return self.calendar.year

    @property
    def today(self) -> str:
        return local_day(self.calendar.now, self.zone) or ""

    def day(self, moment: str) -> str:
        return f"local_day({moment}, '{self.zone}')"

    def within(self, moment: str, period: Days | None = None) -> str:
        return f"{self.day(moment)} {between(period or self.quarter)}"

    def one(self, sql: str) -> float:
        return self.db.execute(sql).fetchone()[0]

    def numbers(self, sql: str) -> list[float]:
        return [row[0] for row in self.db.execute(sql) if row[0] is not None]

    def rows(self, table: str, where: str) -> float:
        return self.one(f"SELECT count(*) FROM {table} WHERE {where}")

    def count(self, where: str) -> int:
        return self.one(
            f"SELECT count(*) FROM deal d JOIN stage s ON s.id = d.stage_id WHERE {self.deals} AND {where}"
        )

    def money(self, where: str, weight: str = "100", *, base: bool = False, amount: str = "d.amount") -> float:
        """In the one currency that there is, else in the base currency."""
        rows = self.db.execute(
            f"SELECT d.currency, sum({amount} * {weight}) / 10000.0 FROM deal d JOIN stage s ON s.id = d.stage_id"
            f" WHERE {self.deals} AND ({where}) AND {amount} IS NOT NULL GROUP BY 1"
        ).fetchall()
        if len(rows) == 1 and not base:
            return rows[0][1]
        return sum(round(total * self.rates[currency], 2) for currency, total in rows)

    def won(self, period: Days | None = None) -> str:
        return f"{WON} AND {self.within('d.closed_at', period)}"

    def lost(self, period: Days | None = None) -> str:
        return f"{LOST} AND {self.within('d.closed_at', period)}"

    def due(self, category: str = "") -> str:
        in_it = f"{OPEN} AND d.close_date {between(self.quarter)}"
        return f"{in_it} AND d.forecast_category = '{category}'" if category else in_it


def local_day(moment: str | None, zone: str) -> str | None:
    """The calendar day of a stored moment (UTC) in a time zone."""
    if moment is None:
        return None
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date().isoformat()


def between(period: Days) -> str:
    return f"BETWEEN '{period[0]}' AND '{period[1]}'"


def listed(names: Collection[str]) -> str:
    return "(" + ", ".join(f"'{each}'" for each in sorted(names)) + ")"


def mean(total: float, number: int) -> float | None:
    return total / number if number else None


def middle(numbers: list[float]) -> float | None:
    return median(numbers) if numbers else None
