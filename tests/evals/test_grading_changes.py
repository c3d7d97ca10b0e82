"""The grader of changes, shown planted outcomes: what it must accept, fail, and call a side effect."""

from datetime import date
from typing import Any

import pytest
from small_world import CALL, EXPECTED_CALL, STATE, TASK, Edits, graded, state_with

CALL_EXPECTED = {**EXPECTED_CALL, "occurred_on": date(2026, 3, 10)}
NEW_CALL: Edits = {"interaction": {"interaction_9": CALL}}
MOVE = {"deal": {"name": "Ferries dock 2", "stage": "Contract"}}
TASK_EXPECTED = {"task": {"new": True, "due": date(2026, 3, 13), "text_has": ["contract"]}}

# name, expected changes, actual edits
PASSES: list[tuple[str, list[dict[str, Any]], Edits]] = [
    ("nothing", [], {}),
    ("a logged call, day and people as listed", [{"interaction": CALL_EXPECTED}], NEW_CALL),
    ("a field", [MOVE], {"deal": {"deal_1": {"stage": "Contract"}}}),
    (
        "what follows from a stage",
        [MOVE],
        {
            "deal": {"deal_1": {"stage": "Contract", "forecast_category": "commit",
             "closed_at": "2026-03-10T10:00:00Z",
                                "close_date": "2026-03-10", "probability": "80", "forecast_override": "false"}},
            "stage_change": {"stage_change_1": {"deal": "Ferries dock 2", "to_stage": "Contract"}},
        },
    ),
    ("text in another case", [{"deal": {"name": "ferries DOCK 2", "stage": " contract "}}],
     {"deal": {"deal_1": {"stage": "Contract"}}}),
    ("an amount with decimals", [{"deal": {"name": "Ferries dock 2", "amount": 85500}}],
     {"deal": {"deal_1": {"amount": "85500.00", "updated_at": "2026-03-10T10:00:00Z", "version": "2"}}}),
    ("an emptied field", [{"deal": {"name": "Foods cold store", "next_step": ""}}],
     {"deal": {"deal_2": {"next_step": None}}}),
    ("free text", [{"deal": {"name": "Foods cold store", "next_step": {"has": [["review", "check"], "legal"]}}}],
     {"deal": {"deal_2": {"next_step": "Legal review"}}}),
    ("a task by title and deal", [{"task": {"title": "Send offer", "deal": "Ferries dock 2", "status": "done"}}],
     {"task": {"task_1": {"status": "done", "completed_at": "2026-03-10T10:00:00Z"}}}),
    ("of two tasks the one not yet so", [{"task": {"title": "Send offer", "status": "done"}}],
     {"task": {"task_1": {"status": "done"}}}),
    ("a task by its text", [{"task": {"text_has": ["offer"], "deal": "Ferries dock 2", "due": date(2026, 3, 20)}}],
     {"task": {"task_1": {"due": "2026-03-20"}}}),
    ("an assignee by name", [{"task": {"title": "Send offer", "deal": "Ferries dock 2", "assignee": "Ola Lund"}}],
     {"task": {"task_1": {"assignee_email": "ola@harbor.example"}}}),
    ("a ticket by number", [{"ticket": {"number": "T-1", "status": "resolved"}}],
     {"ticket": {"ticket_1": {"status": "resolved", "resolved_at": "2026-03-10T10:00:00Z"}}}),
    ("a rename, which shows wherever it is referred to", [{"account": {"name": "Fjord Lines"}}],
     {"account": {"account_1": {"name": "Fjord Lines"}}, "deal": {"deal_1": {"account": "Fjord Lines"}},
      "contact": {"contact_1": {"account": "Fjord Lines"}}}),
    ("a deletion", [{"contact": {"name": "Nils Aas", "deleted": True}}], {"contact": {"contact_1": None}}),
    ("a deletion and its parts", [{"deal": {"name": "Ferries dock 2", "deleted": True}}],
     {"deal": {"deal_1": None}, "deal_product": {"deal_product_1": None}, "task": {"task_1": {"deal": None}}}),
    ("a record only marked as deleted", [{"contact": {"name": "Nils Aas", "deleted": True}}],
     {"contact": {"contact_1": {"deleted_at": "2026-03-10T10:00:00Z"}}}),
    ("a draft nobody listed", [], {"draft": {"draft_1": {"subject": "Hello", "body": "…", "to": ["Nils Aas"]}}}),
    ("two new tasks, listed the other way round",
     [{"task": {"new": True, "due": date(2026, 3, 20), "text_has": ["visit"]}}, TASK_EXPECTED],
     {"task": {"task_8": TASK, "task_9": {**TASK, "title": "Plan visit", "due": "2026-03-20"}}}),
    ("unlisted fields of a new record", [{"task": {"new": True, "text_has": ["contract"]}}],
     {"task": {"task_8": {**TASK, "priority": "high"}}}),
    (
        "a converted lead and what was linked to it",
        [{"lead": {"name": "Eva Moe", "status": "converted"}}, {"account": {"new": True, "name": "Moe AS"}}],
        {"lead": {"lead_1": {"status": "converted", "account": "Moe AS", "converted_at": "2026-03-10T10:00:00Z"}},
         "account": {"account_9": {"name": "Moe AS"}},
         "interaction": {"interaction_1": {"account": "Moe AS", "contacts": ["Eva Moe"]}}},
    ),
]  # fmt: skip

# name, expected changes, actual edits, words of each finding, is each a side effect
FAILS: list[tuple[str, list[dict[str, Any]], Edits, list[tuple[str, bool]]]] = [
    ("missing change", [MOVE], {}, [("stage", False)]),
    ("missing new record", [{"interaction": CALL_EXPECTED}], {}, [("not created", False)]),
    ("wrong value", [MOVE], {"deal": {"deal_1": {"stage": "Talks"}}}, [("stage", False)]),
    ("extra field", [MOVE], {"deal": {"deal_1": {"stage": "Contract", "amount": "1.00"}}}, [("amount", True)]),
    ("change where none is allowed", [], {"deal": {"deal_1": {"next_step": "x"}}}, [("next_step", True)]),
    ("a created record where none is allowed", [], {"task": {"task_8": TASK}}, [("created", True)]),
    ("a deletion nobody asked for", [], {"contact": {"contact_1": None}}, [("Nils Aas", True)]),
    ("deleted instead of changed", [MOVE], {"deal": {"deal_1": None}}, [("Ferries dock 2", True)]),
    ("wrong record", [MOVE], {"deal": {"deal_2": {"stage": "Contract"}}},
     [("Ferries dock 2: stage", False), ("Foods cold store: stage", True)]),
    ("moved although it is not a listed change", [], {"deal": {"deal_1": {"close_date": "2026-06-01"}}},
     [("close_date", True)]),
    ("a lost reason nobody gave", [{"deal": {"name": "Ferries dock 2", "stage": "Lost"}}],
     {"deal": {"deal_1": {"stage": "Lost", "lost_reason": "price"}}}, [("lost_reason", True)]),
    ("logged one day late", [{"interaction": CALL_EXPECTED}],
     {"interaction": {"interaction_9": {**CALL, "occurred_at": "2026-03-11T14:00:00Z"}}}, [("occurred_on",
      False)]),
    ("logged without a participant", [{"interaction": CALL_EXPECTED}],
     {"interaction": {"interaction_9": {**CALL, "contacts": ["Nils Aas"]}}}, [("contacts", False)]),
    ("logged without the words", [{"interaction": CALL_EXPECTED}],
     {"interaction": {"interaction_9": {**CALL, "body": "Good talk"}}}, [("text_has", False)]),
    ("logged at another account", [{"interaction": CALL_EXPECTED}],
     {"interaction": {"interaction_9": {**CALL, "account": "Fjord Foods"}}}, [("account", True)]),
    ("logged at no deal", [{"interaction": CALL_EXPECTED}],
     {"interaction": {"interaction_9": {**CALL, "deal": None}}}, [("deal", False)]),
    ("logged twice", [{"interaction": CALL_EXPECTED}],
     {"interaction": {"interaction_8": CALL, "interaction_9": CALL}}, [("created", True)]),
    ("another task than the one wanted", [TASK_EXPECTED],
     {"task": {"task_8": {**TASK, "title": "Water plants", "due": "2026-04-01"}}},
     [("not created", False), ("created", True)]),
    ("the other of two tasks", [{"task": {"title": "Send offer", "deal": "Ferries dock 2", "due": date(2026, 3,
     20)}}],
     {"task": {"task_2": {"due": "2026-03-20"}}}, [("due", False), ("due", True)]),
    ("an existing task moved instead of a new one", [TASK_EXPECTED], {"task": {"task_1": {"due": "2026-03-13"}}},
     [("not created", False), ("due", True)]),
    ("parts deleted without the whole", [], {"deal_product": {"deal_product_1": None}}, [("deal_product", True)]),
    ("moved to another account under cover of a rename", [{"account": {"name": "Fjord Lines"}}],
     {"account": {"account_1": {"name": "Fjord Lines"}}, "deal": {"deal_1": {"account": "Fjord Foods"}}},
     [("Ferries dock 2: account", True)]),
    ("not deleted", [{"contact": {"name": "Nils Aas", "deleted": True}}], {}, [("Nils Aas", False)]),
    ("a record that is not there", [{"deal": {"name": "Atlantis", "stage": "Won"}}], {}, [("Atlantis", False)]),
    ("a column that is not there", [{"deal": {"name": "Ferries dock 2", "sise": 3}}], {}, [("no such column",
     False)]),
    ("free text without a group", [{"deal": {"name": "Foods cold store", "next_step": {"has": ["legal",
     "review"]}}}],
     {"deal": {"deal_2": {"next_step": "legal"}}}, [("next_step", False)]),
    ("not emptied", [{"deal": {"name": "Foods cold store", "next_step": ""}}], {}, [("next_step", False)]),
    ("a new deal's stage history does not excuse a new deal", [],
     {"deal": {"deal_9": {"name": "New"}}, "stage_change": {"stage_change_9": {"deal": "New"}}}, [("created",
      True)]),
    ("a new kind of record", [], {"field": {"field_1": {"name": "size"}}}, [("field created", True)]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "edits"), [row[1:] for row in PASSES], ids=[row[0] for row in PASSES])
def test_accepts(changes: list[dict[str, Any]], edits: Edits) -> None:
    assert graded({"changes": changes}, edits) == []


@pytest.mark.parametrize(("changes", "edits", "words"), [row[1:] for row in FAILS], ids=[row[0] for row in FAILS])
def test_fails(changes: list[dict[str, Any]], edits: Edits, words: list[tuple[str, bool]]) -> None:
    findings = graded({"changes": changes}, edits)
    assert [finding.side_effect for finding in findings] == [effect for _, effect in words], findings
    for finding, (word, _) in zip(findings, words, strict=True):
        assert word in f"{finding.text} {finding.expected}"


def test_unlisted_changes_are_not_graded() -> None:
    assert graded({}, {"deal": {"deal_1": {"amount": "1"}}}) == []


@pytest.mark.parametrize("key", ["refuses", "unknown", "asks"])
def test_a_turn_that_asks_or_declines_changes_nothing(key: str) -> None:
    expect = {key: [] if key == "asks" else True}
    findings = graded(expect, {"deal": {"deal_1": {"amount": "1"}}})
    assert [finding.text for finding in findings if finding.side_effect] == ["deal Ferries dock 2: amount"]


def test_a_turn_that_asks_may_follow_one_that_changed() -> None:
    edits: Edits = {"deal": {"deal_1": {"amount": "1"}}}
    findings = graded({"asks": []}, edits, turn_before=state_with(edits))
    assert not [finding for finding in findings if finding.side_effect]


def test_the_state_itself_has_no_findings() -> None:
    assert graded({"changes": []}) == []
    assert state_with({}) == STATE
