"""Times turns of the built-in model in the process: `python -m evals.bench_turns`."""

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from agent import Turn, build_runtime, run_turn
from core.clock import FixedClock
from core.settings import Settings
from crm_store.transfer import import_world

MARCUS, LINA = "marcus@northstar.example", "lina@northstar.example"
# Plain messages of the kinds that people write, in both languages; not taken from a suite.
MESSAGES: Sequence[tuple[str, str, str]] = (
    ("log", MARCUS, "Spoke with Karl Haddad from Acme Robotics for half an hour, he wants a second demo"),
    ("log", LINA, "今天拜访了澄海食品的周娜，聊了上线计划，大概一个小时"),
    ("change", MARCUS, "Move the Blue Heron pilot's close date to the end of April"),
    ("change", LINA, "澄海食品续约的金额改成五十四万"),
    ("task", MARCUS, "Remind me next Tuesday to send Leah Whitman the contract"),
    ("task", LINA, "下周三提醒我给冯艳发报价"),
    ("compound", MARCUS, "Met Derek at Copperline, 45 min. Next step: send the list. Task: call him Monday"),
    ("fact", MARCUS, "When does the Meridian pilot close?"),
    ("list", MARCUS, "Which of my deals close this month?"),
    ("list", LINA, "我的商机里哪些没有下一步"),
    ("number", MARCUS, "How much pipeline do I have?"),
    ("number", LINA, "我这个季度离配额还差多少"),
    ("brief", MARCUS, "Prepare me for a call with Acme Robotics"),
    ("memory", MARCUS, "Who has raised security at Meridian?"),
    ("help", MARCUS, "What can you do?"),
    ("undo", MARCUS, "undo that"),
)  # fmt: skip


def main() -> int:
    """Plays the messages over and over on one store and prints the times of each kind and of all."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    times: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite3"
        now = datetime(2026, 3, 10, 12, tzinfo=ZoneInfo("America/New_York"))
        import_world(url, Path(__file__).parent / "worlds" / "northstar", clock=FixedClock(now))
        runtime = build_runtime(Settings(home=Path(folder), database_url=url), clock=FixedClock(now))
        for number in range(rounds + 1):
            for kind, user, text in MESSAGES:
                started = time.perf_counter()
                run_turn(runtime, Turn(user, text, conversation_id=f"conv_{number}_{user}"))
                if number:  # the first round warms the process up
                    times.setdefault(kind, []).append((time.perf_counter() - started) * 1000)
        runtime.close()
    _print(times)
    return 0


def _print(times: dict[str, list[float]]) -> None:
    table = Table(
        "kind of message", "n", "p50 ms", "p95 ms", title="A turn of the built-in model, Northstar, SQLite"
    )
    everything = [each for values in times.values() for each in values]
    for kind, values in {**times, "all": everything}.items():
        table.add_row(kind, str(len(values)), f"{_quantile(values, 50):.0f}", f"{_quantile(values, 95):.0f}")
    Console().print(table)


def _quantile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    sys.exit(main())
