"""Every test: no network but loopback, no real home folder. Ready stores for those that need one."""

import ipaddress
import shutil
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

from core.clock import FixedClock
from crm_store.opening import open_store
from crm_store.store import Store
from crm_store.transfer import import_world

# A busy machine is no failure; what a fixture gives is made anew, or holds for all examples, by intent.
_NO_FAILURE = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
settings.register_profile("untimed", deadline=None, suppress_health_check=_NO_FAILURE)
settings.load_profile("untimed")

_connect = socket.socket.connect


def _guarded_connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
        raise RuntimeError(f"a test tried to reach {address[0]}; only loopback is allowed")
    return _connect(self, address)


def _is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(socket.socket, "connect", _guarded_connect)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DEALHAND_HOME", str(tmp_path / "dealhand"))
    # Turns of tests that are not about memory load no embedder.
    monkeypatch.setenv("DEALHAND_MEMORY_FEED", "false")
    for name in ("DATABASE_URL", "MODEL", "MODEL_BASE_URL", "MODEL_API_KEY"):
        monkeypatch.delenv(f"DEALHAND_{name}", raising=False)


@pytest.fixture(scope="session")
def northstar_folder() -> Path:
    """The files of the demo world."""
    return Path(__file__).parents[1] / "evals" / "worlds" / "northstar"


@pytest.fixture(scope="session")
def northstar_now() -> datetime:
    """Tuesday 10 March 2026, 18:00 in New York."""
    return datetime(2026, 3, 10, 18, 0, tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture
def clock(northstar_now: datetime) -> FixedClock:
    return FixedClock(northstar_now)


@pytest.fixture(scope="session")
def northstar_template(
    tmp_path_factory: pytest.TempPathFactory, northstar_folder: Path, northstar_now: datetime
) -> Path:
    """A SQLite file with the demo world, imported once; copy it, do not open it."""
    path = tmp_path_factory.mktemp("northstar") / "template.sqlite3"
    report = import_world(f"sqlite:///{path}", northstar_folder, clock=FixedClock(northstar_now))
    assert not report.rejections
    return path


@pytest.fixture
def northstar_url(northstar_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh copy of the demo world."""
    path = tmp_path / "northstar.sqlite3"
    shutil.copyfile(northstar_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def northstar_store(northstar_url: str, clock: FixedClock) -> Iterator[Store]:
    """The demo world, opened on a fresh copy, on Tuesday 10 March 2026 at 18:00 in New York."""
    store = open_store(northstar_url, clock)
    yield store
    store.close()
