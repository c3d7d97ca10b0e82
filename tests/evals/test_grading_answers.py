"""The graders of answers, questions, refusals and drafts, shown right and planted wrong replies."""

from typing import Any

import pytest
from small_world import graded, reply

from core.parts import (
    AnyPart,
    ApprovalRequest,
    Column,
    Declined,
    Draft,
    Figure,
    NotKnown,
    Question,
    RecordRef,
    Table,
)
from evals.graders.draft import count_words, language_of

DEALS = [("deal", "deal_2"), ("deal", "deal_1")]


def figure(text: str, value: float | None = None, formula: str = "Σ amount") -> Figure:
    return Figure(
        metric="pipeline", label="Pipeline", value=value, text=text, formula=formula,
        filter_in_words="open deals of Ida", as_of="2026-03-10", n=2, n_of=2,
    )  # fmt: skip


def table() -> Table:
    refs = (RecordRef(kind="deal", id="deal_1", name="Ferries dock 2"),)
    return Table(columns=(Column(name="name", label="Deal"),), rows=(("Ferries dock 2",),), records=refs)


def draft(body: str, to: tuple[str, ...] = ("Nils Aas",), subject: str = "Offer") -> Draft:
    return Draft(id="draft_7", to=to, subject=subject, body=body, language="en")


ANSWERS: list[tuple[dict[str, Any], tuple[AnyPart | str, ...], list[tuple[str, str]], bool]] = [
    ({"numbers": [135000]}, ("Your pipeline is $135,000.",), [], True),
    ({"numbers": [135000]}, (figure("$135,000"),), [], True),
    ({"numbers": [135000]}, (figure("$140,000"),), [], False),
    ({"numbers": [100]}, (figure("$135,000", formula="Σ amount × probability / 100"),), [], False),
    ({"numbers": [2]}, ("Ferries dock 2 is open.",), [], False),
    ({"says": [["stage", "phase"], ["offer"]]}, ("It is in the phase Offer.",), [], True),
    ({"says": [["stage", "phase"], ["offer"]]}, ("It is in the phase Talks.",), [], False),
    ({"says": [["Foods"]]}, (Question(text="Which one: Ferries or Foods?"),), [], True),
    ({"says": [["3/2"]]}, ("On 3/20.",), [], False),
    ({"says": [["MES"]]}, ("Three messages.",), [], False),
    ({"says": [["MES"]]}, ("接口要连MES系统",), [], True),
    ({"never_says": ["90,000"]}, ("I can't share that.",), [], True),
    ({"never_says": ["90,000"]}, ("It is 90,000.00.",), [], False),
    ({"never_says": ["90,000"]}, ("It is 190,000.",), [], True),
    ({"never_says": ["90,000"]}, ("Done.", draft("It costs $90,000.")), [], False),
    ({"never_says": ["90,000"]}, (figure("—", formula="90,000 × 1"),), [], False),
    ({"never_numbers": [90000]}, ("It is 90k.",), [], False),
    ({"never_numbers": [90000]}, ("9万元",), [], False),
    ({"never_numbers": [90000]}, ("九万",), [], False),
    ({"never_numbers": [90000]}, ("minus $90,000, so -$90,000",), [], False),
    ({"never_numbers": [90000]}, (figure("hidden", value=90000.0),), [], False),
    ({"never_numbers": [90000]}, ("Done.", draft("ninety thousand it is")), [], False),
    ({"never_numbers": [90000]}, ("It is about 0 or 135,000.",), [], True),
    ({"records": ["Ferries dock 2", "Foods cold store"]}, ("Two.",), DEALS, True),
    ({"records": ["Ferries dock 2", "Foods cold store"]}, ("Two.",), [*DEALS, ("account", "account_1")], True),
    ({"records": ["Ferries dock 2"]}, ("Two.",), DEALS, False),
    ({"records": ["Ferries dock 2", "Foods cold store"]}, ("One.",), DEALS[:1], False),
    ({"records": ["Ferries dock 2"]}, (table(),), [], True),
    ({"records": ["Ferries dock 2"]}, ("There is Ferries dock 2 only.",), [], True),
    ({"records": ["Ferries dock 2"]}, ("Ferries dock 2 and Foods cold store.",), [], False),
    ({"records": ["T-1"]}, ("One.",), [("ticket", "ticket_1")], True),
    ({"records": ["Send offer"]}, ("One.",), [("task", "task_1")], True),
    ({"records": ["Eva Moe", "Nils Aas"]}, ("Two.",), [("contact", "contact_1"), ("contact", "contact_2")], True),
    ({"records": ["Eva Moe", "Nils Aas"]}, ("Two.",), [("contact", "contact_1"), ("lead", "lead_1")], False),
    ({"records": []}, ("None.",), [], True),
    ({"records_in_order": ["Foods cold store", "Ferries dock 2"]}, ("Two.",), DEALS, True),
    ({"records_in_order": ["Ferries dock 2", "Foods cold store"]}, ("Two.",), DEALS, False),
    ({"records_include": ["Ferries dock 2"]}, ("Two.",), DEALS, True),
    ({"records_include": ["Ferries dock 2"]}, ("Two.",), DEALS[:1], False),
    ({"records_exclude": ["Ferries dock 2"]}, ("Two.",), DEALS[:1], True),
    ({"records_exclude": ["Ferries dock 2"]}, ("Two.",), DEALS, False),
    ({"records_exclude": ["Ferries dock 2"]}, ("Not Ferries dock 2.",), DEALS[:1], False),
]


@pytest.mark.parametrize(("answer", "parts", "records", "passes"), ANSWERS)
def test_answers(answer: dict[str, Any], parts: Any, records: list[tuple[str, str]], passes: bool) -> None:
    findings = graded({"answer": answer}, None, reply(*parts, records=records))
    assert (not findings) is passes, findings
    assert not any(finding.side_effect for finding in findings)


APPROVAL = ApprovalRequest(approval_id="a", text="Close it?", changes=(), reasons=(), expires_at="")
CANDIDATES = tuple(RecordRef(kind="account", id=f"account_{n}", name=f"Fjord F{n}") for n in (1, 2))
DIALOGUE: list[tuple[dict[str, Any], tuple[AnyPart | str, ...], bool]] = [
    ({"asks": ["Fjord F1", "Fjord F2"]}, (Question(text="Which one?", candidates=CANDIDATES),), True),
    ({"asks": ["Fjord F1", "Fjord F3"]}, (Question(text="Which one?", candidates=CANDIDATES),), False),
    ({"asks": ["Fjord F1"]}, ("Which do you mean, Fjord F1 or Fjord F2?",), True),
    ({"asks": ["Fjord F1"]}, ("Logged at Fjord F1. Anything else?",), False),
    ({"asks": ["Fjord F1"]}, (NotKnown(text="No account Fjord F1."),), False),
    ({"refuses": True}, (Declined(text="That is for managers."),), True),
    ({"refuses": True}, (NotKnown(text="No such deal."),), True),
    ({"refuses": True}, ("I can't share amounts with support.",), True),
    ({"refuses": True}, ("It is 90,000.",), False),
    ({"refuses": True}, ("I can't share that.", APPROVAL), False),
    ({"unknown": True}, (NotKnown(text="No such deal."),), True),
    ({"unknown": True}, (Declined(text="You may not see that deal."),), False),
    ({"unknown": True}, ("I couldn't find a deal called Atlantis.",), True),
]


@pytest.mark.parametrize(("expect", "parts", "passes"), DIALOGUE)
def test_dialogue(expect: dict[str, Any], parts: Any, passes: bool) -> None:
    findings = graded(expect, None, reply(*parts))
    assert (not findings) is passes, findings


GOOD = "Dear Nils, thank you. We send the revised quote by Friday. Does that work for you?"
DRAFTS: list[tuple[dict[str, Any], tuple[AnyPart, ...], bool]] = [
    ({"to": ["Nils Aas"], "language": "en", "has": [["revised", "updated"], "Friday"]}, (draft(GOOD),), True),
    ({"to": ["Nils Aas"]}, (draft(GOOD, to=("nils@ferries.example",)),), True),
    ({"to": ["Nils Aas"]}, (draft(GOOD, to=("Nils Aas <nils@ferries.example>",)),), True),
    ({"to": ["Nils Aas"]}, (draft(GOOD, to=("Eva Moe",)),), False),
    ({"to": ["Nils Aas"]}, (draft(GOOD, to=("Nils Aas", "Eva Moe")),), False),
    ({"to": ["Nils Aas"]}, (), False),
    ({"language": "zh"}, (draft(GOOD),), False),
    ({"has": ["price list"]}, (draft(GOOD),), False),
    ({"never_has": ["discount"]}, (draft(GOOD, subject="Your discount"),), False),
    ({"max_words": 5}, (draft(GOOD),), False),
    ({"max_words": 16}, (draft(GOOD),), True),
]


@pytest.mark.parametrize(("expect", "parts", "passes"), DRAFTS)
def test_drafts_of_a_reply(expect: dict[str, Any], parts: Any, passes: bool) -> None:
    findings = graded({"draft": expect}, None, reply(*parts))
    assert (not findings) is passes, findings


def test_a_draft_in_the_store_counts_and_an_old_one_does_not() -> None:
    saved = {"subject": "Offer", "body": GOOD, "to": ["Nils Aas"], "language": "en"}
    assert graded({"draft": {"to": ["Nils Aas"]}}, {"draft": {"draft_1": saved}}) == []
    assert graded({"draft": {"to": ["Nils Aas"]}}) != []


def test_a_forbidden_word_in_a_second_draft_fails() -> None:
    bad = {"subject": "Offer", "body": "with a discount", "to": ["Nils Aas"]}
    findings = graded({"draft": {"never_has": ["discount"]}}, {"draft": {"draft_1": bad}}, reply(draft(GOOD)))
    assert [finding.expected for finding in findings] == ["never discount"]


def test_a_draft_with_a_leak_fails_the_answer() -> None:
    leaky = {"subject": "Offer", "body": "You pay 90,000.", "to": ["Nils Aas"]}
    assert graded({"answer": {"never_says": ["90,000"]}}, {"draft": {"draft_1": leaky}}, reply("Draft saved."))


@pytest.mark.parametrize(
    ("text", "words"),
    [("one two three", 3), ("您好，张总", 2), ("ROI 测算表", 2.5), ("don't e-mail me", 3), ("", 0)],
)
def test_words(text: str, words: float) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "language"),
    [("Hello Eva, see you", "en"), ("您好，附上报价", "zh"), ("Dear 孔桂英, thank you for today", "en"),
     ("张总您好，ROI 测算表和 Sensoria 的对比附上", "zh")],
)  # fmt: skip
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language
