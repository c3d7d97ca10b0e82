"""The help of every command, and that it costs nothing."""

import json
import sys

import pytest

from cli.main import COMMANDS

HEAVY = {
    "alembic", "langchain", "langchain_core", "langgraph", "openai", "openpyxl", "prompt_toolkit", "pydantic",
    "pydantic_settings", "pypinyin", "sqlalchemy", "sqlmodel", "yaml",
}  # fmt: skip


def test_help_names_every_command_and_loads_nothing_heavy(process):
    code = (
        "import sys, json, atexit;"
        "loaded = lambda: sorted({name.partition('.')[0] for name in sys.modules});"
        "atexit.register(lambda: sys.stderr.write(json.dumps(loaded())));"
        "sys.argv = ['dealhand', '--help'];"
        "from cli.main import main; main()"
    )
    done = process(shell=f'exec "{sys.executable}" -c "{code}"')
    assert done.code == 0
    for name, (_, _, text) in COMMANDS.items():
        assert name in done.out
        assert text.split()[0] in done.out
    assert not HEAVY & set(json.loads(done.err))


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(dealhand, command):
    done = dealhand(command, "--help")
    assert done.code == 0
    assert "Usage: dealhand" in done.out


def test_no_arguments_give_the_help(dealhand):
    assert "Usage: dealhand" in dealhand().out


def test_version(dealhand):
    done = dealhand("--version")
    assert done.code == 0
    assert done.out.startswith("dealhand ")


@pytest.mark.parametrize("arguments", [["nonsense"], ["ask"], ["ask", "--as"], ["audit", "--limit", "many"]])
def test_a_wrong_command_line_is_explained(dealhand, arguments):
    done = dealhand(*arguments)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert "Error" in done.err
