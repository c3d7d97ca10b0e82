"""Load on the record routes: concurrent readers of the demo world over real HTTP, latencies by route.

`python -m evals.bench_api [READERS] [SECONDS] [PAUSE_S] [WORKERS]`. A reader looks at one route after the other and
pauses between two; the server runs in WORKERS processes of its own. Last it prints what a request costs the server in
processor time, which other programs on the machine change little.
"""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import as_file, files
from pathlib import Path

import httpx

from core.clock import SystemClock
from core.settings import Settings
from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.tokens import create_token
from crm_store.transfer import import_world

DEFAULTS = ("50", "20", "1", "2")
PEOPLE = ("marcus@northstar.example", "dana@northstar.example", "lina@northstar.example")
ROUTES = (
    "/v1/deals?limit=50",
    "/v1/deals?filter=owner = me&filter=status = open&sort=-amount",
    "/v1/accounts?limit=50",
    "/v1/tasks?filter=assignee = me&sort=due",
    "/v1/deals/{deal}",
)


def main() -> None:
    """Prints p50, p95 and p99 by route, the load, and processor time."""
    given = [float(each) for each in [*sys.argv[1:], *DEFAULTS[len(sys.argv) - 1 :]]]
    readers, seconds, pause_s, workers = int(given[0]), given[1], given[2], int(given[3])
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        with as_file(files("evals").joinpath("worlds", "northstar")) as world:
            import_world(settings.resolved_database_url, world)
        secrets = _tokens(settings)
        with served(Path(folder), workers) as (address, process):
            before = _processor_s(process)
            times = asyncio.run(_read(address, secrets, readers, seconds, pause_s))
            spent = _processor_s(process) - before
    sys.stdout.write(
        f"{readers} readers, {pause_s:g} s between two requests of one, {seconds:g} s, {workers} processes, "
        f"load {os.getloadavg()[0]:.1f}\n"
    )
    _report(times, seconds)
    number = sum(len(each) for each in times.values())
    sys.stdout.write(f"{spent / number * 1000:.1f} ms of processor time of the server a request (n = {number})\n")


@contextmanager
def served(home: Path, workers: int = 1) -> Iterator[tuple[str, int]]:
    """The address of a server on that home folder for the length of the block, and its process id."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"DEALHAND_HOME": str(home), "DEALHAND_REQUESTS_PER_MINUTE": "10000000"}
    command = [sys.executable, "-m", "cli.main", "serve", "--port", str(port), "--workers", str(workers)]
    server = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with suppress(httpx.TransportError):
                httpx.get(f"{address}/readyz", trust_env=False).raise_for_status()
                break
            time.sleep(0.1)
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(20)


def _processor_s(server: int) -> float:
    """Seconds of processor time that a server and the processes it started have used (Linux)."""
    spent = 0.0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name_and_rest = path.read_text().rpartition(")")[2].split()
            if server in (int(path.parent.name), int(name_and_rest[1])):
                spent += (int(name_and_rest[11]) + int(name_and_rest[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def _tokens(settings: Settings) -> list[str]:
    store = open_store(settings.resolved_database_url)
    try:
        now = SystemClock().now()
        return [
            create_token(store, find_principal(store, email), "bench", ["read"], days=1, now=now)[1]
            for email in PEOPLE
        ]
    finally:
        store.close()


async def _read(
    address: str, secrets: list[str], readers: int, seconds: float, pause_s: float
) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {route: [] for route in ROUTES}
    end = time.perf_counter() + seconds

    async def reader(number: int) -> None:
        headers = {"Authorization": f"Bearer {secrets[number % len(secrets)]}"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30, trust_env=False) as client:
            deal = (await client.get("/v1/deals?limit=1")).json()["items"][0]["id"]
            await asyncio.sleep(pause_s * number / readers)
            turn = number
            while time.perf_counter() < end:
                route = ROUTES[turn % len(ROUTES)]
                turn += 1
                started = time.perf_counter()
                answer = await client.get(route.replace("{deal}", deal))
                answer.raise_for_status()
                times[route].append(time.perf_counter() - started)
                await asyncio.sleep(pause_s)

    await asyncio.gather(*(reader(number) for number in range(readers)))
    return times


def _report(times: dict[str, list[float]], seconds: float) -> None:
    every = [each for values in times.values() for each in values]
    for route, values in {**times, "all": every}.items():
        cuts = statistics.quantiles(values, n=100)
        p50, p95, p99 = (cuts[at - 1] * 1000 for at in (50, 95, 99))
        sys.stdout.write(
            f"{route:62} n {len(values):5}  p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  p99 {p99:6.1f} ms\n"
        )
    sys.stdout.write(f"{len(every) / seconds:.0f} requests a second\n")


if __name__ == "__main__":
    main()
