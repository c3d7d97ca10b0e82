"""What goes wrong around a message: one clear line, an exit code, and nothing lost."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from agent import Reply
from tests.cli.conftest import MARCUS, ROOT, assert_one_line, process_environment

TASK = "remind me on Friday to call Ines Kowalski"


@pytest.fixture
def ask(dealhand):
    return lambda message=TASK, *, stdin="": dealhand("ask", "--as", MARCUS, message, stdin=stdin)


def tasks(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM task").fetchone()[0]


@pytest.mark.parametrize("name", ["nobody@x.example", "", "marcus", "\x1b[31m@x", "[red]@x[/red]", "x" * 100_000])
def test_an_unknown_user_is_told(home, dealhand, name):
    done = dealhand("ask", "--as", name, "my tasks")
    assert_one_line(done, 2, "There is no user")
    assert "\x1b" not in done.err


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("DATABASE_URL", "nonsense", "DEALHAND_DATABASE_URL"),
        ("DATABASE_URL", "mysql://host/x", "DEALHAND_DATABASE_URL"),
        ("DATABASE_URL", "sqlite:////dev/null/x.sqlite3", "/dev/null/x.sqlite3"),
        ("DATABASE_URL", "postgresql+psycopg://u:secret@127.0.0.1:1/crm", "127.0.0.1"),
        ("HOME", "/dev/null", "/dev/null"),
        ("MODEL", "nowhere:none", "DEALHAND_MODEL"),
        ("MODEL", "", "DEALHAND_MODEL"),
        ("MODEL_RETRIES", "many", "DEALHAND_MODEL_RETRIES"),
        ("HISTORY_TURNS", "9999", "DEALHAND_HISTORY_TURNS"),
        ("MODEL_TIMEOUT_S", "-1", "DEALHAND_MODEL_TIMEOUT_S"),
    ],
)
def test_a_bad_setting_is_named(ask, monkeypatch, variable, value, words):
    monkeypatch.setenv(f"DEALHAND_{variable}", value)
    done = ask()
    assert_one_line(done, 3, words)
    assert "secret" not in done.err


def test_an_env_file_that_is_no_text_is_named(home, ask):
    (home / ".env").write_bytes(b"DEALHAND_MODEL=\xff\xfe\n")
    assert_one_line(ask(), 3, ".env")


@pytest.mark.parametrize("content", [b"no database" * 999, b"SQLite format 3\x00" + b"\xff" * 9000])
def test_a_file_that_is_no_database_is_kept(home, ask, content):
    path = home / "dealhand.sqlite3"
    path.write_bytes(content)
    assert_one_line(ask(), 3, "is damaged or not a database")
    assert path.read_bytes() == content


def test_damage_inside_the_database_is_told(home, dealhand, ask):
    path = home / "dealhand.sqlite3"
    with path.open("r+b") as file:
        file.seek(4096 * 6)
        file.write(b"\xa5" * (path.stat().st_size - 4096 * 7))
    done = ask()
    assert done.code == 3
    assert "damaged" in done.out + done.err
    assert "Traceback" not in done.out + done.err


def test_a_database_that_may_only_be_read_is_told(home, ask, monkeypatch):
    path = home / "dealhand.sqlite3"
    before = tasks(path)
    monkeypatch.chdir(home)
    monkeypatch.setenv("DEALHAND_DATABASE_URL", f"sqlite:///file:{path}?mode=ro&uri=true")
    assert_one_line(ask(), 3, "cannot be written")
    assert tasks(path) == before
    assert not (home / "file:").exists()


def test_a_locked_database_is_told(home, ask, monkeypatch):
    path = home / "dealhand.sqlite3"
    monkeypatch.setattr("crm_store.store.BUSY_TIMEOUT_MS", 100)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert_one_line(ask(), 3, "is locked by another program")
    assert ask().code == 0


def test_a_full_disk_is_told_and_nothing_is_lost(home, process, dealhand):
    path = home / "dealhand.sqlite3"
    before = tasks(path)
    room = path.stat().st_size // 512 + 20
    command = f"ulimit -f {room}; exec '{sys.executable}' -m cli.main chat --as {MARCUS}"
    done = process(shell=command, stdin=f"{TASK}\n".encode() * 30)
    assert done.code == 0
    assert "Traceback" not in done.out + done.err
    assert "the disk is full" in " ".join(done.out.split())
    assert tasks(path) == before + done.out.count("Created task")
    assert dealhand("ask", "--as", MARCUS, TASK).code == 0


@pytest.mark.parametrize(
    ("message", "code", "words"),
    [
        ("a" * 1_000_000, 2, "1,000,000 characters; at most 20,000 are read. Nothing changed."),
        ("价" * 20_001, 2, "最多读取"),
        ("", 2, "The message is empty."),
        ("\x00\x07\x1b \x9b\n", 2, "The message is empty."),
    ],
)
def test_a_message_that_cannot_be_read_is_told(home, ask, message, code, words):
    done = ask("-", stdin=message)
    assert done.code == code
    assert words in done.said
    assert tasks(home / "dealhand.sqlite3") == tasks(home / "dealhand.sqlite3")


@pytest.mark.parametrize(
    "message", ["my tasks\x1b[2J\x9b31m", "\ud800my tasks\udfff", "\u202emy tasks", "my tasks \ufffe\uffff\x7f"]
)
def test_control_characters_are_taken_out(home, dealhand, message):
    for arguments in (["ask", "--as", MARCUS, "--json", message], ["ask", "--as", MARCUS, message]):
        done = dealhand(*arguments)
        assert done.code == 0, done.err
        assert not set("\x1b\x9b\u202e") & set(done.out)


def test_two_processes_chat_on_one_store(home):
    command = [sys.executable, "-m", "cli.main", "chat", "--as", MARCUS]
    before = tasks(home / "dealhand.sqlite3")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    chats = [subprocess.Popen(command, **pipes, cwd=ROOT, env=process_environment(), text=True) for _ in range(2)]
    for number, chat in enumerate(chats):
        chat.stdin.write("".join(f"remind me on Friday to pack box {number}{each}\n" for each in range(10)))
        chat.stdin.close()
    for chat in chats:
        assert chat.stdout.read().count("Created task") == 10
        assert chat.stderr.read() == ""
        assert chat.wait(timeout=120) == 0
    assert tasks(home / "dealhand.sqlite3") == before + 20


def test_a_failed_reply_has_an_exit_code(home, ask, monkeypatch):
    monkeypatch.setenv("DEALHAND_MODEL", "openai:none")
    monkeypatch.setenv("DEALHAND_MODEL_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("DEALHAND_MODEL_API_KEY", "none")
    monkeypatch.setenv("DEALHAND_MODEL_RETRIES", "0")
    monkeypatch.setenv("DEALHAND_MODEL_FALLBACK", "")
    done = ask()
    assert done.code == 3
    assert "DEALHAND_MODEL" in done.said
    assert "Traceback" not in done.out + done.err
    monkeypatch.setenv("DEALHAND_MODEL_FALLBACK", "builtin")
    assert "Created task" in ask().out


def test_json_of_a_hostile_record_is_json(home, dealhand):
    with closing(sqlite3.connect(home / "dealhand.sqlite3")) as connection:
        connection.execute("UPDATE deal SET name = name || char(155, 27) || '[31m[/]' WHERE name LIKE 'Mer%'")
        connection.commit()
    done = dealhand("ask", "--as", MARCUS, "--json", "my open deals")
    reply = Reply.model_validate_json(done.out)
    assert not set("\x1b\x9b") & set(done.out)
    assert any(record.name.endswith("\x9b\x1b[31m[/]") for record in reply.records)
