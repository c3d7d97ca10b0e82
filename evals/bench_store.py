"""How fast a large folder comes into the store: makes 100,000 interactions, imports them, prints what it took.

Run as `python -m evals.bench_store [rows]`. The world is made up and the same on every run.
"""

import csv
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crm_store.transfer import import_world

DEFAULT_ROWS = 100_000
ACCOUNTS, CONTACTS_EACH, DEALS_EACH = 500, 4, 3
BEGIN = datetime(2025, 1, 1, 8, tzinfo=UTC)
# Numbers make them different, as no two notes of people are alike.
SENTENCES = (
    "They run {n} shifts and asked how the sensors of line {n} cope with wash-down.",
    "Procurement wants {n} references before the security review of plant {n}.",
    "客户希望在下个月{n}号之前看到试点结果。",
    "The champion is on leave until the {n}th, her deputy took {n} notes.",
    "讨论了{n}期扩容的预算和{n}台设备的交付计划。",
    "They compared offer {n} with a rival's and liked the service terms of {n} months.",
)


def main(rows: int = DEFAULT_ROWS) -> None:
    """Imports once into an empty store and once more over itself, and prints one line for each."""
    with tempfile.TemporaryDirectory(prefix="dealhand-bench-") as name:
        folder = Path(name) / "files"
        folder.mkdir()
        write_world(folder, rows)
        for label in ("first import", "same again"):
            began, cpu_began = time.perf_counter(), time.process_time()
            report = import_world(f"sqlite:///{name}/store.sqlite3", folder)
            seconds = time.perf_counter() - began
            cpu = time.process_time() - cpu_began
            peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{label}: {seconds:.1f} s ({cpu:.1f} s of CPU), {report.read / seconds:,.0f} rows/s, "
                f"peak {peak_mb:.0f} MB, "
                f"n = {rows:,} interactions, {report.read:,} rows: {report.created:,} created, "
                f"{report.unchanged:,} unchanged, {report.rejected:,} rejected"
            )


def write_world(folder: Path, rows: int) -> None:
    """Writes a made-up company with that many interactions as CSV files."""
    chance = random.Random(7)
    accounts = [f"Customer {number:04}" for number in range(ACCOUNTS)]
    owner = "rep@bench.example"
    _write(folder / "users.csv", ("email", "name", "role", "team", "timezone"),
           [(owner, "Rae Rep", "rep", "Field", "UTC")])  # fmt: skip
    _write(folder / "stages.csv", ("name", "order", "status", "probability", "forecast_category"),
           [("Open", 1, "open", 30, "pipeline"), ("Won", 2, "won", 100, "closed")])  # fmt: skip
    _write(folder / "accounts.csv", ("name", "owner_email"), [(name, owner) for name in accounts])
    _write(folder / "contacts.csv", ("name", "account"),
           [(f"Person {i} of {name}", name) for name in accounts for i in range(CONTACTS_EACH)])  # fmt: skip
    _write(folder / "deals.csv", ("name", "account", "owner_email", "stage", "amount"),
           [(f"{name} deal {i}", name, owner, "Open", 1000 * i) for name in accounts
            for i in range(DEALS_EACH)])  # fmt: skip
    _write(
        folder / "interactions.csv",
        ("id", "type", "direction", "occurred_at", "account", "deal", "contacts", "owner_email", "subject",
         "body", "duration_min"),
        (_interaction(chance, number, chance.choice(accounts), owner) for number in range(rows)),
    )  # fmt: skip


def _interaction(chance: random.Random, number: int, account: str, owner: str) -> Sequence[object]:
    kind = chance.choice(("call", "meeting", "email", "visit", "note"))
    moment = BEGIN + timedelta(minutes=7 * number)
    people = ";".join(
        f"Person {i} of {account}" for i in chance.sample(range(CONTACTS_EACH), chance.randint(1, 2))
    )
    body = " ".join(each.format(n=chance.randint(2, 9999)) for each in chance.choices(SENTENCES, k=3))
    return (f"B{number:07}", kind, "outbound", moment.isoformat(), account,
            f"{account} deal {number % DEALS_EACH}", people, owner, f"Talk {number}", body, 30)  # fmt: skip


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_ROWS)
