"""Tickets meant by bare digits, by their trouble, their customer or their place in a list; and facts of companies."""

from dataclasses import replace
from typing import Any

import pytest

from language.builtin.calls import Call
from language.builtin.dialogue import Dialogue, PastCall, PastTurn
from language.builtin.plan import plan
from language.builtin.reading import Reading
from language.builtin.situation import FieldInfo, Situation
from language.lexicon import Lexicon
from tests.language.builtin.action_world import ENTRIES, SITUATION
from tests.language.builtin.test_actions import WRITES

SUPPORT = replace(SITUATION, role="support")
LIST = Dialogue(
    (
        PastTurn(
            "my open tickets?",
            (
                PastCall(
                    Call("list_records", {"kind": "ticket"}),
                    {
                        "records": [["ticket", "ticket_1", "C-501"], ["ticket", "ticket_2", "C-502"]],
                        "rows": [{"account": "Harbor Mills"}, {"account": "Nordwind Energie GmbH"}],
                    },
                ),
            ),
            "",
        ),
    )
)
COMPANY = replace(
    SITUATION,
    lexicon=Lexicon(ENTRIES),
    fields={
        "account": (
            FieldInfo("segment", "choice", ("segment",), ("SMB", "Mid-Market", "Enterprise")),
            FieldInfo("employees", "integer", ("employees", "headcount")),
            FieldInfo("silos", "integer", ("silos",), custom=True),
        )
    },
)


def changes(message: str, situation: Situation, dialogue: Dialogue | None = None) -> list[tuple[str, Any]]:
    intent = plan(Reading(message, situation, dialogue or Dialogue()))
    return [
        (str(call.arguments.get("record")), call.given().get("fields"))
        for call in intent.calls
        if call.tool in WRITES
    ]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("501 waits for the customer now, so pending", [("ticket_1", {"status": "pending"})]),
        ("put 502 down to normal", [("ticket_2", {"priority": "normal"})]),
        ("502 is getting worse, treat it as urgent", [("ticket_2", {"priority": "urgent"})]),
        ("501 -> Ben", [("ticket_1", {"assignee": "user_ben"})]),
        ("501 units are on the truck, they are fixed to pallets", []),
        ("501 is not resolved", []),
    ],
)
def test_support_calls_tickets_by_their_digits(message: str, expected: list[Any]) -> None:
    assert changes(message, SUPPORT) == expected


def test_bare_digits_are_no_ticket_for_others() -> None:
    assert changes("501 waits for the customer now, so pending", SITUATION) == []


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Nordwind is not that urgent any more, high suffices", [("ticket_2", {"priority": "high"})]),
        ("the pump alarm: take that from Ben, I'll handle it myself", [("ticket_1", {"assignee": "me"})]),
        ("the login one I leave to Yuki", [("ticket_2", {"assignee": "user_yuki"})]),
        ("and the second, set it to low", [("ticket_2", {"priority": "low"})]),
        ("login one = resolved", [("ticket_2", {"status": "resolved"})]),
    ],
)
def test_the_ticket_of_the_list_is_meant(message: str, expected: list[Any]) -> None:
    assert changes(message, SUPPORT, LIST) == expected


def test_what_fits_none_of_the_list_is_not_the_last_one() -> None:
    turns = (
        *LIST.turns,
        PastTurn(
            "C-501: high",
            (
                PastCall(
                    Call("update_record", {"kind": "ticket", "record": "ticket_1"}),
                    {"records": [["ticket", "ticket_1", "C-501"]]},
                ),
            ),
            "",
        ),
    )
    found = changes("the printer one: make it urgent", SUPPORT, Dialogue(turns))
    assert all(record != "ticket_1" for record, _ in found)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "Please correct Harbor Mills, they employ 640 people by now and belong in the Enterprise segment.",
            {"employees": "640", "segment": "Enterprise"},
        ),
        ("Nordwind now has 1,200 employees", {"employees": "1200"}),
        ("Harbor Mills built two more, so silos: 9 instead of 7", {"silos": "9"}),
        ("Harbor Mills moved to the SMB segment", {"segment": "SMB"}),
        ("Harbor Mills may grow to 900 people", None),
        ("If Harbor Mills employ 600 people now they'd be Enterprise", None),
        ("Harbor Mills wants 500 people trained by now", None),
        ("Harbor Mills now has 3 people in the project team", None),
        ("Ivy Okafor says Harbor Mills now has 600 people", None),
    ],
)
def test_facts_of_a_company(message: str, expected: dict[str, str] | None) -> None:
    found = [fields for _, fields in changes(message, COMPANY) if fields]
    assert found == ([expected] if expected else [])
