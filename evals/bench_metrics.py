"""How fast numbers come from a large company: makes one in SQLite and times every metric, broken down and not.

Run as `python -m evals.bench_metrics [deals] [interactions] [users]`; 50,000, 1,000,000 and 200 if left out. The
company is made up and the same on every run; it is made with plain SQL, as an import of that size takes minutes.
"""

import json
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from analytics.attributes import attribute
from analytics.evaluate import evaluate
from analytics.forecast import forecast
from analytics.forecast.basis import forget_bases
from analytics.measure import Grouping, Slice
from analytics.metric import METRICS, Metric
from analytics.view import View
from core.clock import FixedClock
from crm_store.base import Record
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.principals import Principal
from crm_store.store import Store
from language.dates import Period
from language.dates.calendar import quarter_period

DEALS, INTERACTIONS, USERS = 50_000, 1_000_000, 200
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEAM = 10
ROUNDS = 3
STAGES = (
    ("Prospect", "open", 10, "pipeline"), ("Qualify", "open", 25, "pipeline"), ("Offer", "open", 50, "best_case"),
    ("Terms", "open", 75, "commit"), ("Won", "won", 100, "closed"), ("Lost", "lost", 0, "omitted"),
)  # fmt: skip
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
BY = {
    "deal": ("owner", "stage", "segment", "product", "month"), "interaction": ("owner", "type", "segment", "month"),
    "account": ("owner", "industry"), "lead": ("owner", "source"), "ticket": ("status", "segment"),
    "task": ("assignee",),
}  # fmt: skip


def main(deals: int = DEALS, interactions: int = INTERACTIONS, users: int = USERS) -> int:
    """Makes the company and prints one line for each kind of question."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="dealhand-bench-") as folder:
        url = f"sqlite:///{folder}/bench.sqlite3"
        began = time.perf_counter()
        make_company(url, deals, interactions, users)
        size = Path(folder, "bench.sqlite3").stat().st_size / 1e6
        console.print(
            f"made {deals:,} deals, {interactions:,} interactions, {users} users in "
            f"{time.perf_counter() - began:.0f} s ({size:.0f} MB)"
        )
        store = open_store(url, FixedClock(NOW))
        table = Table("question", "asker", "n", "p50 ms", "p95 ms", "slowest")
        for asker, email in (
            ("rep", "u1@bench.example"),
            ("manager", "u0@bench.example"),
            ("admin", "admin@bench.example"),
        ):
            for what, times in _timed(store, find_principal(store, email)):
                slowest = max(times, key=lambda each: times[each])
                every = sorted(times.values())
                p95 = every[0] if len(every) == 1 else statistics.quantiles(every, n=100, method="inclusive")[94]
                table.add_row(
                    what, asker, str(len(every)), f"{statistics.median(every):.0f}", f"{p95:.0f}", slowest
                )
        store.close()
    console.print(table)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"each the median of {ROUNDS} runs; peak {peak_mb:.0f} MB")
    return 0


def make_company(url: str, deals: int, interactions: int, users: int) -> None:
    """Fills a new store with a made-up company."""
    open_store(url).close()
    chance = random.Random(5)
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.execute("PRAGMA synchronous = OFF")
    stamp = _text(NOW)
    _insert(connection, "company", [_record("company_1", stamp, name="Bench", base_currency="USD", demo_day=None)])
    rates = (("EUR", 110_000_000), ("CNY", 14_000_000))
    _insert(
        connection,
        "exchange_rate",
        [_record(f"rate_{code}", stamp, currency=code, rate=rate, rate_on="2026-11-01") for code, rate in rates],
    )
    _insert(connection, "stage", [_stage(stamp, place, *stage) for place, stage in enumerate(STAGES, 1)])
    _insert(
        connection,
        "team",
        [_record(f"team_{n}", stamp, name=f"Team {n}", regions="[]") for n in range(-(-users // TEAM))],
    )
    _insert(connection, "user_account", _people(users, stamp))
    _insert(
        connection,
        "quota",
        [
            _record(f"quota_{n}", stamp, user_id=f"user_{n}", period="quarterly", amount=50_000_000)
            for n in range(users)
            if n % TEAM
        ],
    )
    accounts = max(deals // 10, 1)
    segments, countries = ("SMB", "Mid-Market", "Enterprise"), ("US", "DE", "CN", "FR")
    _insert(connection, "account", (
        _record(f"account_{n}", stamp, name=f"Customer {n}", aliases="[]", domain="",
                industry=f"Industry {n % 12}", country=countries[n % 4], segment=segments[n % 3],
                employees=None, annual_revenue=None, owner_id=f"user_{_rep(n, users)}")
        for n in range(accounts)
    ))  # fmt: skip
    made = [_deal(chance, number, accounts, users) for number in range(deals)]
    _insert(connection, "deal", (deal for deal, _ in made))
    _insert(connection, "stage_change", (move for _, moves in made for move in moves))
    _insert(connection, "deal_snapshot", (row for deal, moves in made for row in _frozen(deal, moves)))
    _insert(connection, "snapshot_run", [{"day": NOW.date().isoformat(), "made_at": stamp}])
    _insert(connection, "audit_entry", (entry for deal, moves in made for entry in _trail(chance, deal, moves)))
    _insert(connection, "interaction", _talks(chance, made, interactions))
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


def _timed(store: Store, principal: Principal) -> Iterator[tuple[str, dict[str, float]]]:
    single: dict[str, float] = {}
    grouped: dict[str, float] = {}
    with store.unit_of_work(principal, writes=False) as uow:
        people = None if principal.sees_all else principal.command
        quarter = quarter_period(uow.today, View(uow).fiscal)
        for metric in METRICS:
            usual = (metric.default_by,) if metric.default_by else ()
            for when, period in (("", quarter), (", ever", None)):
                if not usual:
                    single[metric.name + when] = _median(partial(_measure, uow, metric, people, period, None))
                for by in usual or metric.dimensions or BY.get(metric.kind, ()):
                    grouping = _grouping(uow, metric, by)
                    grouped[f"{metric.name} by {by}{when}"] = _median(
                        partial(_measure, uow, metric, people, period, grouping)
                    )
        yield "a single metric", single
        yield "a grouped metric", grouped
        forget_bases()
        yield "a forecast with range, first", {"forecast": _once(lambda: forecast(View(uow), quarter, people))}
        yield "a forecast with range, again", {"forecast": _median(lambda: forecast(View(uow), quarter, people))}


def _measure(
    uow: Any, metric: Metric, people: frozenset[str] | None, period: Period | None, by: Grouping | None
) -> None:
    """One answer of a view of its own, as each question has: nothing that an earlier one found helps it."""
    evaluate(metric, Slice(View(uow), people, period, by=by))


def _grouping(uow: Any, metric: Metric, by: str) -> Grouping:
    if by == "month":
        return Grouping(attribute(uow, metric.kind, metric.when), "month")
    return Grouping(attribute(uow, metric.kind, "user" if (metric.kind, by) == ("quota", "owner") else by))


def _once(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def _median(run: Callable[[], object]) -> float:
    return statistics.median(_once(run) for _ in range(ROUNDS))


def _rep(number: int, users: int) -> int:
    """A user who is no manager."""
    place = number % users
    return place if place % TEAM else place + 1


def _people(users: int, stamp: str) -> Iterator[dict[str, Any]]:
    more = {"timezone": "UTC", "locale": "en", "is_active": 1, "preferences": "{}"}
    for number in range(users):
        lead = number - number % TEAM
        yield _record(
            f"user_{number}", stamp, email=f"u{number}@bench.example", name=f"User {number}",
            role="manager" if number == lead else "rep", team_id=f"team_{number // TEAM}",
            manager_id=None if number == lead else f"user_{lead}", **more,
        )  # fmt: skip
    yield _record(
        "user_admin",
        stamp,
        email="admin@bench.example",
        name="Admin",
        role="admin",
        team_id=None,
        manager_id=None,
        **more,
    )


def _deal(
    chance: random.Random, number: int, accounts: int, users: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    created = NOW - timedelta(days=chance.randint(1, 1000), hours=chance.randint(0, 20))
    deal_id = f"deal_{number:06d}{_LETTERS[number % 32]}"
    moves: list[dict[str, Any]] = []
    at, stage, before, closed = created, 0, None, None
    while at < NOW:
        move_id = f"move_{number}_{len(moves)}"
        target = f"stage_{stage + 1}"
        moves.append(
            _record(
                move_id,
                _text(at),
                deal_id=deal_id,
                from_stage_id=before,
                to_stage_id=target,
                changed_at=_text(at),
                changed_by_id=None,
            )
        )
        if stage > 3:
            closed = at
            break
        before = target
        at += timedelta(days=chance.expovariate(1 / 35))
        stage = chance.choices((stage + 1, 5), (0.62 if stage < 3 else 0.8, 0.35))[0]
    final = int(moves[-1]["to_stage_id"][-1]) - 1
    close = closed or NOW + timedelta(days=chance.randint(-20, 150))
    deal = _record(
        deal_id, _text(created), name=f"Deal {number}", account_id=f"account_{number % accounts}",
        owner_id=f"user_{_rep(number, users)}", stage_id=f"stage_{final + 1}",
        amount=chance.randint(1, 400) * 50_000,
        currency=chance.choice(("USD", "USD", "EUR", "CNY")), discount=None, close_date=close.date().isoformat(),
        forecast_category=STAGES[final][3], forecast_override=0, source=f"source {number % 6}",
        primary_contact_id=None, next_step="", competitor="", lost_reason="price" if final == 5 else "",
        closed_at=_text(closed) if closed else None,
    )  # fmt: skip
    return deal, moves


def _frozen(deal: dict[str, Any], moves: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What a deal was from each of its moves on."""
    days = [(datetime.fromisoformat(move["changed_at"]) + timedelta(days=1)).date() for move in moves]
    same = {name: deal[name] for name in ("owner_id", "amount", "currency", "close_date")}
    for place, move in enumerate(moves):
        stage = int(move["to_stage_id"][-1]) - 1
        yield {
            "seq": None, "deal_id": deal["id"], "since_on": days[place].isoformat(),
            "until_on": days[place + 1].isoformat() if place + 1 < len(moves) else None, **same,
            "stage_id": move["to_stage_id"], "forecast_category": STAGES[stage][3],
            "closed_at": deal["closed_at"] if stage > 3 else None, "is_known": 1,
        }  # fmt: skip


def _trail(chance: random.Random, deal: dict[str, Any], moves: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The entries of a deal's changes: made, moved from stage to stage, its close date pushed up to three times."""
    yield _entry(deal, deal["created_at"], "created", {}, {"name": deal["name"], "amount": str(deal["amount"])})
    for move in moves[1:]:
        stages = ({"stage": move["from_stage_id"]}, {"stage": move["to_stage_id"]})
        yield _entry(deal, move["changed_at"], "updated", *stages)
    day = date.fromisoformat(deal["close_date"])
    for place in range(chance.choice((0, 0, 1, 3))):
        days = ({"close_date": str(day - timedelta(30))}, {"close_date": str(day)})
        yield _entry(deal, moves[place % len(moves)]["changed_at"], "updated", *days)
        day -= timedelta(30)


def _entry(
    deal: dict[str, Any], at: str, action: str, before: dict[str, str], after: dict[str, str]
) -> dict[str, Any]:
    return {
        "seq": None, "effect_id": f"eff_{deal['id']}", "at": at, "actor_id": deal["owner_id"], "action": action,
        "kind": "deal", "record_id": deal["id"], "record_name": deal["name"], "before": json.dumps(before),
        "after": json.dumps(after), "version": 1,
    }  # fmt: skip


def _talks(chance: random.Random, made: list[Any], interactions: int) -> Iterator[dict[str, Any]]:
    kinds = ("call", "meeting", "email", "visit", "note")
    for number in range(interactions):
        deal = made[number % len(made)][0]
        at = _text(NOW - timedelta(minutes=chance.randint(1, 1_300_000)))
        yield _record(
            f"talk_{number}", at, type=kinds[number % 5], direction="outbound", occurred_at=at,
            account_id=deal["account_id"], deal_id=deal["id"], lead_id=None, ticket_id=None,
            owner_id=deal["owner_id"], subject="Talk", summary="", body="They asked for the plan.",
            duration_min=20, external_id="",
        )  # fmt: skip


def _stage(stamp: str, place: int, name: str, status: str, probability: int, category: str) -> dict[str, Any]:
    return _record(
        f"stage_{place}", stamp, name=name, position=place, status=status, probability=probability,
        forecast_category=category, aliases="[]", exit_criteria="",
    )  # fmt: skip


def _record(record_id: str, stamp: str, **values: Any) -> dict[str, Any]:
    return {"id": record_id, "created_at": stamp, "updated_at": stamp, "version": 1, "custom": "{}", **values}


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.000000")


def _insert(connection: sqlite3.Connection, table: str, rows: Any) -> None:
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    known = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    filled = {name: _usual(table, name) for name in known - set(first)}
    names = [*first, *filled]
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"
    connection.execute(statement, {**first, **filled})
    connection.executemany(statement, ({**row, **filled} for row in rows))


def _usual(table: str, column: str) -> Any:
    """The value that the store gives a column that is left out, as SQLite keeps it."""
    model = next(each.class_ for each in Record._sa_registry.mappers if each.class_.__tablename__ == table)
    usual = model.model_fields[column].get_default(call_default_factory=True)
    return json.dumps(usual) if isinstance(usual, list | dict) else usual


if __name__ == "__main__":
    sys.exit(main(*(int(each.replace("_", "")) for each in sys.argv[1:4])))
