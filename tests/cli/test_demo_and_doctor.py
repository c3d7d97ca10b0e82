"""`dealhand demo`, `dealhand doctor`, and the mounted `dealhand evals`."""

import shutil
import sqlite3

import pytest

from tests.cli.conftest import assert_one_line


@pytest.mark.slow
def test_the_demonstration_is_loaded_once(dealhand, tmp_path):
    first = dealhand("demo", stdin="my tasks\n")
    assert first.code == 0
    assert "Loading the demonstration company" in first.out
    assert "Northstar Instruments, a demonstration. In it, today is Tuesday 10 March 2026." in first.out

    second = dealhand("demo", "--as", "chenli@northstar.example", stdin="我的任务\n")
    assert second.code == 0
    assert "Loading" not in second.out
    assert sorted(path.name for path in (tmp_path / "dealhand").glob("*.sqlite3")) == ["dealhand.sqlite3"]


def test_another_company_is_left_alone(home, dealhand, northstar_template):
    own, demonstration = home / "dealhand.sqlite3", home / "demonstration.sqlite3"
    with sqlite3.connect(own) as connection:
        connection.execute("UPDATE company SET name = 'Fjordline AS'")
    connection.close()
    before = own.read_bytes()
    shutil.copyfile(northstar_template, demonstration)
    done = dealhand("demo", stdin="remind me on Friday to call Ines Kowalski\n")
    assert done.code == 0
    assert "Created task" in done.out
    assert own.read_bytes() == before


def test_the_reader_of_a_pipe_may_leave(home, process):
    import sys

    done = process(shell=f"yes 'pipeline by stage' | head -5 | '{sys.executable}' -m cli.main demo | head -1")
    assert done.out.startswith("Northstar Instruments")
    assert done.err == ""


def test_doctor_finds_all_well(home, dealhand):
    done = dealhand("doctor")
    assert done.code == 0
    assert "bad" not in done.out
    assert "Northstar Instruments, a demonstration on 2026-03-10; 12 users, 28 accounts, 120 deals" in done.out


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("DATABASE_URL", "nonsense", "database: The database URL cannot be used"),
        ("DATABASE_URL", "postgresql+psycopg://u:secret@127.0.0.1:1/crm", "The database crm on 127.0.0.1"),
        ("MODEL", "nowhere:none", "model: The model nowhere:none cannot be set up"),
        ("HOME", "/dev/null", "home: /dev/null is no folder that can be written"),
    ],
)
def test_doctor_finds_what_is_wrong(dealhand, monkeypatch, variable, value, words):
    monkeypatch.setenv(f"DEALHAND_{variable}", value)
    done = dealhand("doctor")
    assert done.code == 1
    assert words in done.said
    assert "bad " in done.out
    assert "ok   Python" in done.out
    assert "secret" not in done.out


def test_doctor_shows_a_company_by_its_name_as_it_is_written(home, dealhand):
    with sqlite3.connect(home / "dealhand.sqlite3") as connection:
        connection.execute("UPDATE company SET name = '[red]Ro[/]t' || char(27) || '[2J'")
    connection.close()
    assert "[red]Ro[/]t␛[2J" in dealhand("doctor").out


def test_evals_are_mounted(dealhand):
    assert "compare" in dealhand("evals", "--help").out
    assert "min-pass" in dealhand("evals", "run", "--help").out


def test_a_mistake_of_ours_is_one_line_and_in_the_log(home, dealhand, monkeypatch):
    def broken(*_):
        raise RuntimeError("a mistake with a secret")

    monkeypatch.setattr("cli.doctor.model_factory", broken)
    done = dealhand("doctor")
    assert_one_line(done, 3, "Incident ", "dealhand.log")
    assert "secret" not in done.err
    assert "RuntimeError: a mistake with a secret" in (home / "dealhand.log").read_text()
    monkeypatch.undo()
