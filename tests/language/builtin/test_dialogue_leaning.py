"""Messages that lean on several turns before: which change is taken back, who was not there, what a refused or proposed
change leaves in focus, what there is to choose from, the one that is left."""

from typing import Any

import pytest

from language.builtin.calls import Call
from language.builtin.dialogue import Dialogue, PastCall, PastTurn
from language.builtin.plan import plan
from language.builtin.reading import Reading
from tests.language.builtin.action_world import SITUATION
from tests.language.builtin.test_actions import WRITES
from tests.language.builtin.test_actions_dialogue import RETROFIT, after, shown

FURNACE = ["deal", "deal_glass1", "Ostrava furnace upgrade"]
REASONS = ["price", "competitor", "no_decision", "requirements"]


def joined(*dialogues: Dialogue) -> Dialogue:
    return Dialogue(tuple(turn for each in dialogues for turn in each.turns))


def changed(field: str, label: str, handle: str) -> Dialogue:
    """A turn that changed one field of the retrofit."""
    return after(
        "…",
        "update_deal",
        {"deal": "deal_mills", field: "x"},
        {"records": [RETROFIT], "undo": handle, "changes": [f"updated deal X ({label}: a → b)"]},
    )


def calls_for(message: str, dialogue: Dialogue) -> list[tuple[str, dict[str, Any]]]:
    return shown(list(plan(Reading(message, SITUATION, dialogue)).calls))


THREE = joined(
    changed("amount", "amount", "eff_1"),
    changed("next_step", "next step", "eff_2"),
    changed("close_date", "close date", "eff_3"),
)


@pytest.mark.parametrize(
    ("message", "handles"),
    [
        ("nah, take that last bit back. He never said so", ["eff_3"]),
        ("ugh wrong mail, undo both of those", ["eff_3", "eff_2"]),
        ("revert the last two changes please", ["eff_3", "eff_2"]),
        ("take the last three changes back", ["eff_3", "eff_2", "eff_1"]),
        ("amount back to what it was, please", ["eff_1"]),
        ("put the next step back to the old one", ["eff_2"]),
        ("undo the last step", ["eff_3"]),
        ("undo that", ["eff_3"]),
    ],
)
def test_the_changes_that_are_meant_are_undone(message: str, handles: list[str]) -> None:
    assert calls_for(message, THREE) == [("undo_change", {"handle": each}) for each in handles]


@pytest.mark.parametrize("message", ["priority back to normal", "don't take both of those back"])
def test_no_undo_is_meant(message: str) -> None:
    assert "undo_change" not in {tool for tool, _ in calls_for(message, THREE)}


MEETING = after(
    "meeting with Marek Dvorak and Petra Novotna, log it",
    "log_interaction",
    {"type": "meeting", "account": "account_glass", "contacts": ["contact_marek", "contact_petra"]},
    {"records": [["interaction", "interaction_1", "log"]], "undo": "eff_1"},
)


@pytest.mark.parametrize(
    "message",
    [
        "and Marek got called out before we began, leave him off the list",
        "Dvorak shouldn't be on there",
        "strike Marek from that entry",
        "take Marek off it please",
    ],
)
def test_somebody_is_taken_off_a_log(message: str) -> None:
    fields = {"contacts": "contact_petra"}
    assert calls_for(message, MEETING) == [
        ("update_record", {"kind": "interaction", "record": "interaction_1", "fields": fields})
    ]


def test_who_was_called_away_called_nobody() -> None:
    assert calls_for("Marek got called away yesterday", Dialogue()) == []


@pytest.mark.parametrize(
    "message",
    ["log a call w/ Tora Lindahl of Seabright Foods, she likes it", "log a visit with Per Aune of Vardo"],
)
def test_whoever_took_part_is_not_created(message: str) -> None:
    assert not {tool for tool, _ in calls_for(message, Dialogue())} & {"create_lead", "create_contact"}


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        (
            "leave it open then. next step: ask Petra Novotna what happened",
            {"next_step": "ask Petra Novotna what happened"},
        ),
        ("push it to 30 October instead", {"close_date": "2026-10-30"}),
    ],
)
def test_a_change_that_failed_keeps_its_deal_in_focus(message: str, fields: dict[str, str]) -> None:
    failed = {"error": "missing_detail", "field": "lost_reason", "choices": REASONS}
    arguments = {"deal": "deal_glass1", "stage": "stage_lost"}
    calls = calls_for(message, after("we lost the furnace upgrade", "update_deal", arguments, failed))
    assert [(tool, {name: given[name] for name in ("deal", *fields)}) for tool, given in calls] == [
        ("update_deal", {"deal": "deal_glass1", **fields})
    ]


def test_what_follows_a_declined_proposal_is_about_its_task() -> None:
    proposed = after(
        "delete the audit report task",
        "delete_record",
        {"kind": "task", "record": "task_audit"},
        {"waiting_for_yes": ["…"], "records": [["task", "task_audit", "Prepare furnace audit report"]]},
    )
    declined = joined(proposed, Dialogue((PastTurn("no", (), "All right."),)))
    calls = calls_for("Jonas only needs it later. keep it, make it 30 September", declined)
    assert [(tool, given.get("task") or given.get("record")) for tool, given in calls] == [
        ("update_task", "task_audit")
    ]


LOSS = after(
    "the furnace upgrade is lost",
    "update_deal",
    {"deal": "deal_glass1", "stage": "stage_lost"},
    {"error": "missing_detail", "field": "lost_reason", "choices": REASONS},
)


@pytest.mark.parametrize(
    "message", ["what are the options?", "hm, which ones can I choose from?", "有哪些原因可选？"]
)
def test_the_choices_are_told_and_the_question_stays_open(message: str) -> None:
    answer = plan(Reading(message, SITUATION, LOSS)).answer
    assert "no decision" in answer
    asked = joined(LOSS, Dialogue((PastTurn(message, (), answer),)))
    assert [given["lost_reason"] for _, given in calls_for("price then", asked)] == ["price"]


def test_a_question_that_was_let_go_is_closed() -> None:
    dropped = joined(LOSS, Dialogue((PastTurn("never mind", (), "All right."),)))
    assert not [tool for tool, _ in calls_for("price", dropped) if tool in WRITES]


SHOWN = after("how is the furnace upgrade?", "get_record", {"record": "deal_glass1"}, {"records": [FURNACE]})


@pytest.mark.parametrize(
    "message", ["put me down as the owner", "write me in as its new owner please", "enter me as the owner then"]
)
def test_the_asker_becomes_the_owner(message: str) -> None:
    assert calls_for(message, SHOWN) == [("update_deal", {"deal": "deal_glass1", "owner": "me"})]


@pytest.mark.parametrize(
    "message", ["move the other one there to Demo", "the other open one with them goes to Demo"]
)
def test_the_other_deal_of_the_account(message: str) -> None:
    done = after(
        "furnace upgrade to 80k",
        "update_deal",
        {"deal": "deal_glass1", "amount": "80000"},
        {"records": [FURNACE], "undo": "eff_1", "changes": ["updated deal X (amount: a → b)"]},
    )
    calls = [(tool, given) for tool, given in calls_for(message, done) if tool in WRITES]
    assert calls == [("update_deal", {"deal": "deal_glass2", "stage": "stage_demo"})]


CLOSES = after(
    "furnace upgrade closes Oct 20",
    "update_deal",
    {"deal": "deal_glass1", "close_date": "2026-10-20"},
    {"records": [FURNACE], "undo": "eff_1", "changes": ["updated deal X (close date: a → Tue 20 October 2026)"]},
)


@pytest.mark.parametrize(
    ("message", "day"),
    [
        ("likewise the service contract", "2026-10-20"),
        ("ditto for the service contract", "2026-10-20"),
        ("service contract a week after that one, so the 27th", "2026-10-27"),
        ("service contract a week before both", "2026-10-13"),
    ],
)
def test_the_day_is_taken_over(message: str, day: str) -> None:
    assert calls_for(message, CLOSES) == [("update_deal", {"deal": "deal_glass2", "close_date": day})]


def test_a_task_is_linked_to_a_deal_afterwards() -> None:
    task = after(
        "todo: order seals for Ostrava",
        "create_task",
        {"title": "Order seals for Ostrava", "account": "account_glass"},
        {"records": [["task", "task_new", "Order seals for Ostrava"]], "undo": "eff_1"},
    )
    calls = calls_for("high priority, and the task belongs to the service contract", task)
    assert [given["fields"]["deal"] for _, given in calls] == ["deal_glass2"]
    assert not calls_for("is the service contract signed?", task) or all(
        tool not in WRITES for tool, _ in calls_for("is the service contract signed?", task)
    )


def test_a_person_picks_the_company() -> None:
    candidates = [
        {"kind": "account", "id": "account_glass", "name": "Ostrava Glassworks", "hint": ""},
        {"kind": "account", "id": "account_mills", "name": "Harbor Mills", "hint": ""},
    ]
    failed = {"error": "ambiguous", "kind": "account", "words": "works", "candidates": candidates}
    calls = calls_for(
        "I was speaking to Petra Novotna",
        after("call with works, log it", "log_interaction", {"type": "call", "account": "works"}, failed),
    )
    assert [(given["account"], given["contacts"]) for _, given in calls] == [("account_glass", ["contact_petra"])]


def test_he_is_the_main_contact_who_was_just_told() -> None:
    told = Dialogue(
        (
            PastTurn(
                "who is the main contact on the furnace upgrade?",
                (
                    PastCall(
                        Call("get_record", {"record": "deal_glass1", "fields": ["primary_contact"]}),
                        {"records": [FURNACE], "primary_contact": "Marek Dvorak"},
                    ),
                ),
                "",
            ),
        )
    )
    calls = calls_for("he rang me just now, they need the drawings. log the call", told)
    assert [(given["contacts"], given["deal"]) for _, given in calls] == [(["contact_marek"], "deal_glass1")]
    others = calls_for("Ivy Okafor rang me just now, log it", told)
    assert [(given["contacts"], given.get("deal")) for _, given in others] == [(["contact_ivy"], None)]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Hotel Bergblick gave us the nod, move their deal to Demo", "Hotel Bergblick"),
        ("Skarholm Foods wants to go ahead, set the deal to Demo", "Skarholm Foods"),
    ],
)
def test_a_company_that_nobody_knows_is_named(message: str, name: str) -> None:
    assert calls_for(message, Dialogue()) == [("update_deal", {"deal": name, "stage": "stage_demo"})]


def test_what_a_pasted_mail_wants_is_told_and_it_is_not_kept() -> None:
    message = (
        "what does Petra want me to send her by Monday? don't file the mail yet\n\n"
        "> Hi Rosa, please send the fire certificate and the seal list.\n> Petra Novotna, Ostrava Glassworks"
    )
    intent = plan(Reading(message, SITUATION, Dialogue()))
    assert not intent.calls
    assert "fire certificate" in intent.answer


def unanswered(said: str) -> Dialogue:
    return Dialogue((PastTurn(said, (), "I did not understand what to do with this; nothing was changed."),))


@pytest.mark.parametrize(
    ("told", "order", "people"),
    [
        ("Quick lunch with Ivy Okafor, she moans about the pump noise", "ok log it", ["contact_ivy"]),
        ("Petra Novotna, 10 minutes, wants the service rates in writing", "log that please", ["contact_petra"]),
        ("林晓那边十分钟，嫌交期太长", "那就记一下吧", ["contact_lin"]),
    ],
)
def test_a_report_that_was_not_understood_is_logged_when_that_is_ordered(told, order, people):
    ((tool, given),) = calls_for(order, unanswered(told))
    assert tool == "log_interaction"
    assert given["text"] == told
    assert given["contacts"] == people


@pytest.mark.parametrize("told", ["what awful weather", "I am late for the train"])
def test_an_order_to_log_what_names_nobody_asks(told):
    intent = plan(Reading("ok log it", SITUATION, unanswered(told)))
    assert not intent.calls
    assert intent.kind == "question"


def test_a_deal_handed_over_right_behind_a_task_is_no_further_task():
    task = {"records": [["task", "task_new", "Send the rates"]], "undo": "eff_9"}
    made = after("…", "create_task", {"title": "Send the rates", "assignee": "user_ben"}, task)
    assert calls_for("give Yuki the Nordwind turbine rollout", made) == [
        ("update_deal", {"deal": "deal_nord", "owner": "user_yuki"})
    ]
