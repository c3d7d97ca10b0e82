"""`dealhand memory` from end to end on the demo world, with the embedder that is shipped."""

import re

import pytest
from typer.testing import CliRunner

from cli.memory import app

ADMIN = ("--as", "admin@northstar.example")


@pytest.fixture
def run(northstar_url, monkeypatch, tmp_path):
    monkeypatch.setenv("DEALHAND_DATABASE_URL", northstar_url)
    monkeypatch.setenv("DEALHAND_HOME", str(tmp_path / "home"))
    runner = CliRunner()

    def call(*arguments, code=0):
        result = runner.invoke(app, arguments)
        assert result.exit_code == code, result.output + repr(result.exception)
        return result.output

    return call


@pytest.mark.slow
def test_the_life_of_an_index(run):
    assert "There is no index yet (728 changes wait)" in run("status")
    assert "728 passages indexed" in run("rebuild")
    told = run("status")
    assert re.search(r"interactions\s+728 in 728 passages", told)
    assert "0 changes" in told
    assert "0 passages not in it yet" in told
    assert "0 changes taken in" in run("feed")
    quotes = run("search", "who is worried about information security", *ADMIN).splitlines()
    assert len(quotes) == 8
    assert all(re.match(r"\d\.\d{3}  20\d\d-\d\d-\d\d  interaction_", line) for line in quotes)
    assert any("信息安全" in line or "security" in line.casefold() for line in quotes)
    assert "Nothing found" in run("search", "qwxzv", *ADMIN)


@pytest.mark.slow
def test_forgetting_a_contact_asks_first(run):
    run("rebuild")
    run("forget-contact", "Priya Whitman", *ADMIN, code=1)
    assert re.search(r"Erased contact_\w+: ", run("forget-contact", "Priya Whitman", "--yes", *ADMIN))
    assert "Priya Whitman" not in run("search", "Priya Whitman", *ADMIN)
