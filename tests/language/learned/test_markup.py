import pytest

from language.learned.markup import read_marked


def test_marks_give_text_acts_and_roles():
    marked = read_marked("[change push [on Acme renewal] to [stage negotiation]], thanks")
    assert marked.text == "push Acme renewal to negotiation, thanks"
    assert [(act.label, marked.text[act.start : act.end]) for act in marked.acts] == [
        ("change", "push Acme renewal to negotiation")
    ]
    assert [(role.label, marked.text[role.start : role.end]) for role in marked.roles] == [
        ("on", "Acme renewal"),
        ("stage", "negotiation"),
    ]


def test_roles_may_stand_outside_of_acts_and_line_breaks_are_signs():
    marked = read_marked("[at Acme]:⏎[task [title send it]]")
    assert marked.text == "Acme:\nsend it"
    assert [role.label for role in marked.roles] == ["at", "title"]


@pytest.mark.parametrize(
    "line", ["[log open", "closed]", "[nothing x]", "[log [call [when deep]]]", "[log [task x]]", "[log ]"]
)
def test_wrong_marks_are_refused_with_the_line(line):
    with pytest.raises(ValueError, match=r"."):
        read_marked(line)


def test_a_message_may_tell_what_was_talked_about_before():
    marked = read_marked("<log deal> [relog oh and [with Ivy Okafor] came along]")
    assert marked.before == ("log", "deal")
    assert marked.text == "oh and Ivy Okafor came along"
    with pytest.raises(ValueError, match="weather"):
        read_marked("<weather> [change [amount 5k]]")
