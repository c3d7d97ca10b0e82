"""`dealhand chat`: line by line from a pipe, and typed into a terminal."""

import pytest

from tests.cli.conftest import MARCUS
from tests.cli.pseudo_terminal import PseudoTerminal

CONVERSATION = """\
my tasks

remind me on Friday to call Ines Kowalski
/why
/undo
/nope
/as nobody@x.example
/as sam@northstar.example
what can you do?
/new
/why
/help
/quit
my open deals
"""


@pytest.fixture
def chat(home, dealhand):
    return lambda text, *arguments: dealhand("chat", "--as", MARCUS, *arguments, stdin=text)


def test_a_conversation_from_a_pipe(chat):
    done = chat(CONVERSATION)
    assert done.code == 0
    assert done.err == ""
    for words in (
        "> my tasks",
        "Created task Call Ines Kowalski",
        "create_task {",
        "Deleted task Call Ines Kowalski",
        "There is no command /nope",
        "There is no user with the e-mail address “nobody@x.example”",
        "Speaking as Sam Porter (support).",
        "A new conversation.",
        "Nothing has been answered yet.",
        "take back the last change",
    ):
        assert words in done.said, words
    assert "> my open deals" not in done.out


def test_the_end_of_the_input_ends_it(chat):
    assert chat("my tasks").code == 0
    assert chat("").code == 0
    assert chat("\n \n\n").out == ""


@pytest.mark.parametrize("word", ["quit", "Exit", "退出"])
def test_the_word_alone_ends_it(chat, word):
    assert "> my tasks" not in chat(f"{word}\nmy tasks\n").out


def test_undo_takes_a_handle_and_says_when_there_is_nothing(chat):
    done = chat("/undo\n/undo eff_nothing\n")
    assert done.code == 0
    assert "Deleted" not in done.out
    assert done.out.count("> /undo") == 2


def test_a_process_reads_a_pipe_and_writes_no_escape_codes(home, process):
    done = process("chat", "--as", MARCUS, stdin="我的任务\npipeline by stage\n/help\n".encode())
    assert done.code == 0
    assert "Negotiation" in done.out
    assert "\x1b" not in done.out
    assert done.err == ""


def test_bytes_that_are_no_text_do_not_end_it(home, process):
    for encoding in ("utf-8:strict", "ascii:strict"):
        done = process("chat", "--as", MARCUS, stdin=b"\xff\xfe caf\xe9\nmy tasks\n", PYTHONIOENCODING=encoding)
        assert done.code == 0, done.err
        assert "> my tasks" in done.out
        assert "Traceback" not in done.err


def test_typing_in_a_terminal(home):
    with PseudoTerminal("chat", "--as", MARCUS) as terminal:
        terminal.wait_for("Speaking as Marcus Lee (rep).")
        terminal.wait_for("\n>")
        terminal.type("remind me on Friday to call Ines Kowalski\r")
        terminal.wait_for_prompt(after="Created task Call Ines Kowalski")
        terminal.type("this line is given up\x03")
        terminal.type("/undo\r")
        terminal.wait_for_prompt(after="Deleted task Call Ines Kowalski")
        terminal.type("\x04")
        assert terminal.ended() == 0
    history = (home / "chat_history").read_text(encoding="utf-8")
    assert "+remind me on Friday to call Ines Kowalski" in history
    assert "given up" not in history


def test_a_home_that_cannot_keep_the_history_still_chats(home, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DEALHAND_DATABASE_URL", f"sqlite:///{home / 'dealhand.sqlite3'}")
    monkeypatch.setenv("DEALHAND_HOME", str(tmp_path / "file"))
    with PseudoTerminal("chat", "--as", MARCUS) as terminal:
        terminal.wait_for("\n>")
        terminal.type("/help\r")
        terminal.wait_for_prompt(after="take back the last change")
        terminal.type("\x04")
        assert terminal.ended() == 0
