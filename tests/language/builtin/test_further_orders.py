"""Orders as busy people give them: in shorthand, two deals at once, withdrawn in the same breath, in two languages."""

from typing import Any

import pytest

from language.builtin.calls import Call
from language.builtin.dialogue import Dialogue, PastCall, PastTurn
from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin.action_world import SITUATION


def calls(text: str, dialogue: Dialogue | None = None) -> list[tuple[str, dict[str, Any]]]:
    return [(each.tool, each.given()) for each in plan(Reading(text, SITUATION, dialogue or Dialogue())).calls]


def turn(*done: tuple[str, dict[str, Any], str, str, str], said: str = "") -> PastTurn:
    """A turn whose calls (tool, arguments, kind, id, name) were made and can be undone."""
    return PastTurn(
        said,
        tuple(
            PastCall(Call(tool, arguments), {"records": [[kind, record, name]], "undo": f"eff_{i}"})
            for i, (tool, arguments, kind, record, name) in enumerate(done)
        ),
        "",
    )


@pytest.mark.parametrize(
    ("text", "deals", "field", "value"),
    [
        (
            "move the furnace upgrade and the service contract to Offer",
            {"deal_glass1", "deal_glass2"},
            "stage",
            "stage_offer",
        ),
        (
            "I'd like Ben to own the furnace upgrade and the service contract",
            {"deal_glass1", "deal_glass2"},
            "owner",
            "user_ben",
        ),
        ("furnace upgrade to Offer, the service contract stays", {"deal_glass1"}, "stage", "stage_offer"),
    ],
)
def test_deals_named_in_one_breath_change_together(text: str, deals: set[str], field: str, value: str) -> None:
    found = calls(text)
    assert {each["deal"] for _, each in found} == deals
    assert {each[field] for _, each in found} == {value}


@pytest.mark.parametrize(
    "text",
    [
        "furnace upgrade into Demo and close date end of october no wait scrap the date bit just do the stage",
        "put the furnace upgrade into Demo, close 30 October. sorry, forget the date, only the stage",
    ],
)
def test_a_field_that_is_withdrawn_stays(text: str) -> None:
    assert calls(text) == [("update_deal", {"deal": "deal_glass1", "stage": "stage_demo"})]


@pytest.mark.parametrize(
    "text", ["Set Clover cold chain at 175k. Ugh no, transposed it, 157.", "Clover cold chain 175k, typo, 157k"]
)
def test_a_figure_that_was_mistyped_is_the_one_behind(text: str) -> None:
    assert calls(text) == [("update_deal", {"deal": "deal_dairy", "amount": "157000"})]


def test_a_rival_that_got_a_lost_deal_is_its_competitor() -> None:
    found = dict(calls("they're giving the Harbor Mills retrofit to Voltaic. Lost, to the competition"))
    assert found["update_deal"]["competitor"] == "Voltaic"
    assert "competitor" not in dict(
        calls("they went with Ivy Okafor to the site. The retrofit is lost on price")
    ).get("update_deal", {})


@pytest.mark.parametrize(
    ("text", "deal"),
    [
        ("Harbor Mills的改造推到Demo", "deal_mills"),
        ("Ostrava的升级推到Demo", "deal_glass1"),
        ("华岳 spares 推到Demo", "deal_hy2"),
        ("华岳 retrofit 推到Demo", "deal_hy1"),
    ],
)
def test_deals_are_named_in_either_language(text: str, deal: str) -> None:
    assert calls(text) == [("update_deal", {"deal": deal, "stage": "stage_demo"})]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Add Dale Winters at Ostrava Glassworks, plant manager", "plant manager"),
        ("Dale Winters is the new plant manager at Ostrava Glassworks, add him", "plant manager"),
        ("at Ostrava Glassworks met somebody new, Dale Winters, their plant manager. add him", "plant manager"),
    ],
)  # fmt: skip
def test_a_name_that_looks_like_a_misspelt_word_is_a_name(text: str, title: str) -> None:
    made = [each for tool, each in calls(text) if tool == "create_contact"]
    assert made == [{"name": "Dale Winters", "account": "account_glass", "title": title}]


def test_a_deal_belongs_to_the_account_that_is_made_with_it() -> None:
    found = calls("new account Fairwick Mills and a deal Fairwick pilot for 40k closing 30 June")
    assert [tool for tool, _ in found] == ["create_account", "create_deal"]
    assert found[1][1]["account"] == "Fairwick Mills"


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("can u do a short email to Ivy Okafor thanking her for the call", "Ivy Okafor"),
        ("Tell Ivy Okafor in a mail that the samples ship on Monday", "Ivy Okafor"),
        ("a line to Marek Dvorak, ask whether the drawings are final", "Marek Dvorak"),
    ],
)
def test_a_draft_is_wished_in_many_words(text: str, to: str) -> None:
    [(tool, given)] = calls(text)
    assert (tool, given["to"]) == ("draft_follow_up", [to])


@pytest.mark.parametrize(
    "text",
    [
        "log an email to Marek Dvorak about the drawings",
        "write to Marek Dvorak by Friday about the drawings",
        "Marek Dvorak sent an email about the terms",
    ],
)
def test_what_only_sounds_like_a_draft_is_none(text: str) -> None:
    assert "draft_follow_up" not in [tool for tool, _ in calls(text)]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("met Marek at Ostrava Glassworks today, 9:00 to 10:30, furnace upgrade", "90 min"),
        ("今天下午三点到四点半和赵敏在华岳开会", "90 min"),
        ("visited Marek Dvorak today, we were through in two hours", "120 min"),
    ],
)
def test_a_log_takes_as_long_as_the_clock_says(text: str, minutes: str) -> None:
    [(tool, given)] = calls(text)
    assert (tool, given["duration"]) == ("log_interaction", minutes)


@pytest.mark.parametrize(
    "text",
    [
        "Ostrava, wait no, looking at the wrong email",
        "I have a reminder in my own calendar so don't make one",
        "need Marek Dvorak's email address quick",
        "明天要去华岳",
    ],
)
def test_what_is_no_task_makes_none(text: str) -> None:
    assert "create_task" not in [tool for tool, _ in calls(text)]


def test_a_detail_that_is_needed_is_looked_up() -> None:
    looked_up = {"record": "contact_marek", "kind": "contact", "fields": ["email"]}
    assert calls("need Marek Dvorak's email address quick") == [("get_record", looked_up)]


def test_a_new_task_on_the_list_moves_no_other_one() -> None:
    found = calls('Log a call with Ivy Okafor, and put "send Ivy the reference list" on my list for Monday.')
    assert [tool for tool, _ in found] == ["log_interaction", "create_task"]


def test_somebody_is_opted_out() -> None:
    fields = {"kind": "contact", "record": "contact_petra", "fields": {"opted_out": "yes"}}
    assert ("update_record", fields) in calls("Petra Novotna wants no more mail from us. Could you opt her out")
    assert calls("take Petra Novotna off the mailing list") == [("update_record", fields)]


STAGE_AND_TASK = Dialogue(
    (
        turn(
            ("update_deal", {"deal": "deal_glass1", "stage": "stage_demo"}, "deal", "deal_glass1", "x"),
            ("create_task", {"title": "Call Petra"}, "task", "task_9", "Call Petra"),
        ),
    )
)  # fmt: skip
ONE_CHANGE = Dialogue(
    (turn(("update_deal", {"deal": "deal_glass1", "stage": "stage_demo"}, "deal", "deal_glass1", "x")),)
)


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("scratch the second one", ["eff_1"]),
        ("第一条取消", ["eff_0"]),
        ("take back both the stage and the task", ["eff_1", "eff_0"]),
    ],
)
def test_a_part_of_what_was_done_is_taken_back(text: str, handles: list[str]) -> None:
    assert calls(text, STAGE_AND_TASK) == [("undo_change", {"handle": each}) for each in handles]


@pytest.mark.parametrize(
    "text", ["wait, hold off on that", "hmm no leave it where it was", "cancel that", "先别动"]
)
def test_the_only_change_is_taken_back_in_passing(text: str) -> None:
    assert calls(text, ONE_CHANGE) == [("undo_change", {"handle": "eff_0"})]


def test_a_log_some_turns_back_is_put_right() -> None:
    logged = turn(
        (
            "log_interaction",
            {"type": "call", "contacts": ["contact_marek"]},
            "interaction",
            "interaction_1",
            "call",
        )
    )
    talk = Dialogue((logged, turn(("update_deal", {"deal": "deal_glass1"}, "deal", "deal_glass1", "x"))))
    [(tool, given)] = calls("sorry, it was Petra Novotna I talked to, not Marek. fix the call", talk)
    assert (tool, given["record"], given["fields"]["contacts"]) == (
        "update_record",
        "interaction_1",
        "contact_petra",
    )
    [(tool, given)] = calls("Petra Novotna sat in too, add her to the call entry", talk)
    assert "contact_petra" in str(given["fields"])


def test_more_counts_from_what_was_just_set() -> None:
    pushed = Dialogue(
        (turn(("update_deal", {"deal": "deal_glass1", "close_date": "2026-10-20"}, "deal", "deal_glass1", "x")),)
    )
    assert calls("actually give it a week more", pushed) == [
        ("update_deal", {"deal": "deal_glass1", "close_date": "+7d"})
    ]
    assert [tool for tool, _ in calls("no, two weeks", pushed)] == ["undo_change", "update_deal"]
