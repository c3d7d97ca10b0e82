"""`dealhand undo` and `dealhand audit`."""

import pytest

from agent import Reply
from tests.cli.conftest import MARCUS, assert_one_line

PRIYA = "priya@northstar.example"


@pytest.fixture
def changed(home, dealhand):
    """The handles of a task that was made and a deal that was changed, in that order."""

    def make(message):
        return Reply.model_validate_json(dealhand("ask", "--as", MARCUS, "--json", message).out).parts[0].undo

    task = make("remind me on Friday to call Ines Kowalski")
    return task, make("set the amount of the Meridian pilot to 215k")


def test_the_audit_says_who_changed_what_and_how_to_undo_it(changed, process):
    done = process("audit", "--as", MARCUS, "--limit", "2", COLUMNS="80")
    lines = done.out.splitlines()
    assert done.code == 0
    assert lines[0].endswith("Marcus Lee, cli update_deal")
    assert lines[1:4] == [
        "    updated deal Meridian pilot",
        "      amount: 213,000 → 215,000",
        f"    undo: {changed[1]}",
    ]
    assert f"    undo: {changed[0]}" in lines
    assert all(len(line) <= 80 for line in lines)


def test_the_audit_can_be_narrowed(changed, dealhand):
    assert "Ines" not in dealhand("audit", "--as", MARCUS, "--record", "meridian").out
    assert dealhand("audit", "--as", MARCUS, "--handle", changed[0]).out.count("undo: ") == 1
    assert "There are no changes to show." in dealhand("audit", "--as", MARCUS, "--record", "no such thing").out
    assert "There are no changes to show." in dealhand("audit", "--as", PRIYA, "--handle", changed[0]).out


def test_changes_of_one_handle_stand_together(home, dealhand):
    done = dealhand("audit", "--as", "admin@northstar.example", "--limit", "50")
    assert done.out.count("created ") == 50
    assert done.out.count("undo: ") == 1


def test_undo_takes_back_the_last_or_a_named_change(changed, dealhand):
    assert "Changed deal Meridian pilot" in dealhand("undo", "--as", MARCUS).out
    assert "Deleted task" in dealhand("undo", "--as", MARCUS, changed[0]).out
    assert "(taken back)" in dealhand("audit", "--as", MARCUS, "--handle", changed[0]).out
    again = dealhand("undo", "--as", MARCUS, changed[0])
    assert again.code == 1
    assert again.out


def test_undo_is_refused_for_others_and_for_handles_that_are_none(changed, dealhand):
    for handle in (changed[0], "eff_nothing", "\x1b[31m[/]", "'; DROP TABLE deal"):
        done = dealhand("undo", "--as", PRIYA, handle)
        assert done.code == 1
        assert "\x1b" not in done.out
    assert_one_line(dealhand("undo", "--as", "nobody@x.example"), 2, "nobody@x.example")
    assert "Meridian" in dealhand("undo", "--as", MARCUS).out
