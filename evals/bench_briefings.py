"""How long the morning takes in a large company: every user's briefing, composed in two processes.

Run as `python -m evals.bench_briefings [users] [deals] [interactions]`; 1,000, 50,000 and 1,000,000 if left out.
The company is the one of `evals.bench_metrics`.
"""

import os
import resource
import sys
import tempfile
import time
from multiprocessing import get_context
from typing import Any

from briefings.compose import compose
from core.clock import FixedClock
from core.settings import Settings
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from evals.bench_metrics import DEALS, INTERACTIONS, NOW, make_company

USERS = 1_000
PROCESSES = 2


def main(users: int = USERS, deals: int = DEALS, interactions: int = INTERACTIONS) -> int:
    """Makes the company, composes all briefings, and says how long that took."""
    with tempfile.TemporaryDirectory(prefix="dealhand-bench-") as folder:
        url = f"sqlite:///{folder}/bench.sqlite3"
        make_company(url, deals, interactions, users)
        teams = list(_teams(url).values())
        began = time.perf_counter()
        with get_context("spawn").Pool(PROCESSES) as pool:
            pool.map(_warm, range(PROCESSES))
            warmed = time.perf_counter()
            done = pool.map(_compose_team, [(url, team) for team in teams], chunksize=1)
        wall_s = time.perf_counter() - warmed
    lines = [number for team in done for number, _ in team]
    times = sorted(seconds for team in done for _, seconds in team)
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{len(lines):,} briefings of {users:,} users ({deals:,} deals, {interactions:,} interactions) in "
        f"{wall_s:.1f} s with {PROCESSES} processes (start {warmed - began:.1f} s), load {os.getloadavg()[0]:.1f}"
    )
    print(
        f"CPU {sum(times):.0f} s, so {sum(times) / PROCESSES:.0f} s where {PROCESSES} cores are free; "
        f"each p50 {times[len(times) // 2] * 1000:.0f} ms, p95 {times[int(len(times) * 0.95)] * 1000:.0f} ms, "
        f"slowest {times[-1] * 1000:.0f} ms; lines mean {sum(lines) / len(lines):.1f}, most {max(lines)}; "
        f"peak {peak_mb:.0f} MB a process"
    )
    return 0


def _warm(number: int) -> int:
    import analytics.next_best_action
    import briefings.sections.team

    return number + len(briefings.sections.team.__name__) + len(analytics.next_best_action.__name__)


def _teams(url: str) -> dict[str, list[str]]:
    store = open_store(url, FixedClock(NOW))
    with store.unit_of_work(SYSTEM, writes=False) as uow:
        found: dict[str, list[str]] = {}
        for user in sorted(uow.all("user"), key=lambda each: each.id):
            found.setdefault(user.team_id or user.id, []).append(user.email)
    store.close()
    return found


def _compose_team(work: tuple[str, list[str]]) -> list[tuple[int, float]]:
    """The briefings of one team, as a worker does it: what is the same for all of them is read once."""
    url, emails = work
    store, shared = open_store(url, FixedClock(NOW)), dict[Any, Any]()
    settings = Settings()
    found: list[tuple[int, float]] = []
    for email in emails:
        began = time.process_time()
        principal = find_principal(store, email)
        with store.unit_of_work(principal, writes=False) as uow:
            briefing = compose(uow, settings, shared=shared)
        found.append((len(briefing.lines), time.process_time() - began))
    store.close()
    return found


if __name__ == "__main__":
    arguments: list[Any] = [int(each) for each in sys.argv[1:4]]
    sys.exit(main(*arguments))
