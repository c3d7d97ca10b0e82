"""The command on a fresh copy of the demo world in a home folder of its own: in this process, or in a real one."""

import io
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from cli.main import main

# For once in a while: pytest tests/cli --hypothesis-profile=thorough
settings.register_profile("thorough", max_examples=10_000, deadline=None)

ROOT = Path(__file__).parents[2]
MARCUS = "marcus@northstar.example"
ADMIN = "admin@northstar.example"
SUPPORT = "sam@northstar.example"


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """The output with the line breaks of a narrow terminal taken out."""
        return " ".join(self.out.split())


@pytest.fixture
def home(northstar_template: Path, tmp_path: Path) -> Path:
    """The home folder of the test, with the demo world in it."""
    folder = tmp_path / "dealhand"
    folder.mkdir()
    shutil.copyfile(northstar_template, folder / "dealhand.sqlite3")
    return folder


@pytest.fixture
def dealhand(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Done]]:
    """Runs the command in this process: quick, with standard input and output that are no terminal."""
    logger = logging.getLogger("dealhand")
    kept = logger.propagate, list(logger.handlers)

    def run(*arguments: object, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["dealhand", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Done(int(ended.value.code or 0), captured.out, captured.err)

    yield run
    logger.propagate, logger.handlers[:] = kept


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., Done]:
    """Runs the command as a process of its own."""

    def run(*arguments: object, stdin: bytes = b"", shell: str = "", **environment: str) -> Done:
        command = [sys.executable, "-m", "cli.main", *map(str, arguments)]
        done = subprocess.run(
            ["sh", "-c", shell] if shell else command,
            input=stdin,
            capture_output=True,
            cwd=ROOT,
            env=process_environment(**environment),
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


def process_environment(**more: str) -> dict[str, str]:
    """The test's environment for a process: no colours forced, a terminal of 80 columns."""
    kept = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "COLUMNS")}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join((str(ROOT), kept.get("PYTHONPATH", ""))),
        "TERM": "xterm",
        **more,
    }


def assert_one_line(done: Done, code: int, *words: str) -> None:
    """It ended with this code and one line on standard error that says these words; no stack trace anywhere."""
    assert done.code == code, (done.out, done.err)
    assert done.err.startswith("dealhand: "), done.err
    assert done.err.count("\n") == 1, done.err
    assert "Traceback" not in done.out + done.err
    for word in words:
        assert word in done.err, done.err
