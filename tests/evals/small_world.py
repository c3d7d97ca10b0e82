"""A hand-written state of a tiny company, and short ways to write expectations and replies against it."""

from copy import deepcopy
from typing import Any

from agent.reply import Reply
from core.parts import AnyPart, RecordRef, Text
from evals.cases import Expectation
from evals.graders.evidence import Evidence, Finding
from evals.graders.verdict import grade

ZONE = "America/New_York"

STATE: dict[str, dict[str, dict[str, Any]]] = {
    "user": {
        "user_1": {"email": "ida@harbor.example", "name": "Ida Berg", "timezone": ZONE},
        "user_2": {"email": "ola@harbor.example", "name": "Ola Lund", "timezone": ZONE},
    },
    "account": {
        "account_1": {"name": "Fjord Ferries", "owner_email": "ida@harbor.example", "created_at": "2025-01-02"},
        "account_2": {"name": "Fjord Foods", "owner_email": "ida@harbor.example", "created_at": "2025-01-02"},
    },
    "contact": {
        "contact_1": {"name": "Nils Aas", "account": "Fjord Ferries", "email": "nils@ferries.example",
            "title": "CFO"},
        "contact_2": {"name": "Eva Moe", "account": "Fjord Ferries", "email": "eva@ferries.example", "title": ""},
    },
    "lead": {"lead_1": {"name": "Eva Moe", "company": "Moe AS", "status": "new", "account": None,
        "contact": None}},
    "deal": {
        "deal_1": {
            "name": "Ferries dock 2", "account": "Fjord Ferries", "owner_email": "ida@harbor.example",
            "stage": "Offer", "amount": "90000.00", "close_date": "2026-04-30", "forecast_category": "best_case",
            "next_step": "", "lost_reason": "", "competitor": None, "closed_at": None, "version": "1",
        },
        "deal_2": {
            "name": "Foods cold store", "account": "Fjord Foods", "owner_email": "ida@harbor.example",
            "stage": "Talks", "amount": "45000.00", "close_date": "2026-05-31", "forecast_category": "pipeline",
            "next_step": "call Nils", "lost_reason": "", "competitor": None, "closed_at": None, "version": "1",
        },
    },
    "task": {
        "task_1": {"title": "Send offer", "due": "2026-03-12", "assignee_email": "ida@harbor.example",
                   "account": "Fjord Ferries", "deal": "Ferries dock 2", "status": "open"},
        "task_2": {"title": "Send offer", "due": "2026-03-15", "assignee_email": "ida@harbor.example",
                   "account": "Fjord Foods", "deal": "Foods cold store", "status": "done"},
    },
    "ticket": {"ticket_1": {"number": "T-1", "subject": "Gate stuck", "status": "open", "resolved_at": None}},
    "interaction": {
        "interaction_1": {"type": "call", "occurred_at": "2026-02-01T10:00:00Z", "account": "Fjord Foods",
                          "deal": None, "contacts": [], "subject": "", "body": "First call", "lead": "Eva Moe"},
    },
    "deal_product": {"deal_product_1": {"deal": "Ferries dock 2", "sku": "B-1", "quantity": "2"}},
    "stage_change": {},
    "draft": {},
}  # fmt: skip

CALL = {
    "type": "call", "occurred_at": "2026-03-11T02:30:00+00:00", "account": "Fjord Ferries",
        "deal": "Ferries dock 2",
    "contacts": ["Nils Aas", "Eva Moe"], "subject": "Call", "summary": "", "body": "They want a 10 % discount",
    "duration_min": "30", "owner_email": "ida@harbor.example",
}  # fmt: skip
EXPECTED_CALL = {
    "new": True, "type": "call", "account": "Fjord Ferries", "deal": "Ferries dock 2", "contacts": ["Eva Moe",
        "Nils Aas"],
    "occurred_on": "2026-03-10", "duration_min": 30, "text_has": [["10 %", "ten percent"]],
}  # fmt: skip
TASK = {
    "title": "Send the contract", "due": "2026-03-13", "assignee_email": "ida@harbor.example", "status": "open",
    "account": None, "deal": None,
}  # fmt: skip

Edits = dict[str, dict[str, dict[str, Any] | None]]


def state_with(edits: Edits) -> dict[str, dict[str, dict[str, Any]]]:
    """The state after edits: a mapping merges into the record or creates it, None deletes it."""
    state = deepcopy(STATE)
    for kind, records in edits.items():
        rows = state.setdefault(kind, {})
        for record, values in records.items():
            if values is None:
                del rows[record]
            else:
                rows[record] = {**rows.get(record, {}), **values}
    return state


def reply(*parts: AnyPart | str, records: list[tuple[str, str]] | None = None, model: str = "builtin") -> Reply:
    """A reply of these parts (a string is a Text), citing (kind, id) records of the state."""
    refs = tuple(RecordRef(kind=kind, id=record, name=f"shown {record}") for kind, record in records or [])
    typed = tuple(Text(text=part) if isinstance(part, str) else part for part in parts)
    return Reply(conversation_id="c", turn_id="t", parts=typed, records=refs, model=model)


def graded(expect: dict[str, Any], edits: Edits | None = None, *replies: Reply, **more: Any) -> list[Finding]:
    """Findings of an expectation, written as in a suite, against the state after the edits."""
    evidence = Evidence(STATE, state_with(edits or {}), replies, ZONE, **more)
    return grade(Expectation.model_validate(expect), evidence)
