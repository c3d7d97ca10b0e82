""" "Remember that …": a note on those who are named; what took place, tasks and questions are read as ever."""

import pytest


@pytest.mark.parametrize(
    ("words", "whom"),
    [
        ("remember that Leah Whitman prefers calls in the morning", "Leah Whitman"),
        ("记住 Leah Whitman 喜欢早上接电话", "Leah Whitman"),
        ("Note that Ines Kowalski is on leave until April", "Ines Kowalski"),
        ("please remember: the Redwood gateway upgrade needs a works council decision", "Redwood gateway upgrade"),
    ],
)
def test_it_is_kept_as_a_note_on_those_who_are_named(say, words, whom):
    reply = say(words)
    [change] = [part for part in reply.parts if part.type == "change"]
    told = change.model_dump_json()
    assert change.record.kind == "interaction"
    assert whom in told
    assert "note" in told.lower() or "备注" in told
    assert reply.undo


def test_to_remember_to_do_something_is_a_task(say):
    reply = say("remember to call Leah Whitman on Friday")
    assert [part.record.kind for part in reply.parts if part.type == "change"] == ["task"]


def test_a_call_that_took_place_is_no_mere_note(say):
    reply = say("note that I called Leah Whitman yesterday")
    [change] = [part for part in reply.parts if part.type == "change"]
    assert "call" in change.model_dump_json().lower()


def test_about_nobody_it_asks(say):
    reply = say("remember that the coffee is bad")
    assert not reply.undo
