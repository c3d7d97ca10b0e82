"""The constrained mode without an endpoint: what is offered for a message, and what becomes of any answer."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.parts import Text
from language.builtin.dialogue import Dialogue
from language.builtin.plan import REQUESTS
from language.builtin.reading import Reading
from language.builtin.situation import FieldInfo, Situation
from language.constrained.actions import all_actions, load
from language.constrained.answer import read_answer
from language.constrained.candidates import find_candidates
from language.constrained.choose import choose
from language.constrained.offer import Offered, answer_schema, offer
from language.constrained.prompt import prompt
from language.lexicon import Entry, Lexicon
from tools.registry import TOOLS

LEXICON = Lexicon(
    [
        Entry("account", "account_1", "Hallberg Dairy"),
        Entry("account", "account_2", "青川物流有限公司", aliases=("青川物流",)),
        Entry("account", "account_3", "Orrin Glass"),
        Entry("contact", "contact_1", "Petra Hallberg", account_id="account_1"),
        Entry("contact", "contact_2", "宋雨", account_id="account_2"),
        Entry("deal", "deal_1", "Hallberg cold chain", account_id="account_1"),
        Entry("deal", "deal_2", "青川物流二期", account_id="account_2"),
        Entry("deal", "deal_3", "Orrin furnace", account_id="account_3"),
        Entry("deal", "deal_4", "Orrin lehr", account_id="account_3"),
        Entry("user", "user_1", "Ines Moreau"),
        Entry("stage", "stage_1", "Scoping"),
        Entry("stage", "stage_2", "Pilot", aliases=("试用",)),
        Entry("stage", "stage_3", "Signed"),
        Entry("task", "task_1", "Ship the samples", account_id="account_1"),
    ]
)
SITUATION = Situation(
    lexicon=LEXICON,
    today=date(2026, 9, 16),
    asker_id="user_1",
    asker_name="Ines Moreau",
    role="rep",
    base_currency="EUR",
    fields={
        "deal": (FieldInfo("stage", "ref", ("stage", "阶段")), FieldInfo("amount", "amount", ("amount", "金额")))
    },
)
MESSAGES = (
    "spoke with Petra Hallberg for half an hour, Hallberg cold chain to Scoping, 42k",
    "remind Ines to send Petra the quote by Friday",
    "if Hallberg signs we could move Hallberg cold chain to Scoping",
    "青川物流二期金额改成35万，月底关单",
    "what is the stage of Orrin furnace?",
    "new deal at Orrin Glass called “Tin bath”, 80k",
)


def reading(text: str) -> Reading:
    return Reading(text, SITUATION, Dialogue())


@pytest.mark.parametrize(
    ("text", "sort", "expected"),
    [
        ("move Hallberg cold chain to Scoping", "deal", {"Hallberg cold chain": "deal_1"}),
        ("move Hallberg cold chain to Scoping", "stage", {"Scoping": "stage_1"}),
        ("Hallberg Dairy: amount is 42k", "deal", {"Hallberg cold chain": "deal_1"}),
        ("Orrin Glass: amount is 42k", "deal", {"Orrin Glass": "Orrin Glass"}),
        ("Hallberg cold chain is now at 42k", "amount", {"42k": "42000"}),
        ("青川物流二期金额改成35万", "amount", {"35万": "350000"}),
        ("青川物流二期金额改成35万", "deal", {"青川物流二期": "deal_2"}),
        ("send Petra the quote by Friday", "day", {"by Friday": "2026-09-18"}),
        ("met Petra yesterday", "past_day", {"yesterday": "2026-09-15"}),
        ("met Petra for 40 minutes", "duration", {"40 minutes": "40 min"}),
        ("remind me to send Petra the quote", "span", {"send Petra the quote": "send Petra the quote"}),
        ("add Jo Quist, jo@quist.example", "email", {"jo@quist.example": "jo@quist.example"}),
    ],
)
def test_what_the_parsers_found_is_offered(text, sort, expected):
    found = find_candidates(reading(text)).of(sort)
    assert expected.items() <= dict(found).items()


@pytest.mark.parametrize(
    "text",
    [
        "if Hallberg signs we could move Hallberg cold chain to Scoping and raise it to 42k",
        "should we move Hallberg cold chain to Scoping?",
        "don't move Hallberg cold chain to Scoping",
        "如果签了就把青川物流二期改成35万",
    ],
)
def test_what_is_not_said_plainly_offers_no_change(text):
    candidates = find_candidates(reading(text))
    assert not candidates.of("stage")
    assert not candidates.of("amount")
    assert "update_deal" not in offer(candidates)


def test_a_tool_is_offered_only_when_there_is_something_to_choose_from():
    assert "update_deal" not in offer(find_candidates(reading("good morning")))
    assert "update_task" not in offer(find_candidates(reading("move Hallberg cold chain to Scoping")))
    assert "update_deal" in offer(find_candidates(reading("move Hallberg cold chain to Scoping")))


def test_every_action_is_a_tool_with_these_arguments():
    for tool, action in all_actions().items():
        known = set(TOOLS.get(tool).arguments.model_fields) | {"filters"}
        plain = {name for name, argument in action.arguments.items() if not argument.filter}
        assert plain <= known, tool
        needed = {name for name, field in TOOLS.get(tool).arguments.model_fields.items() if field.is_required()}
        assert needed <= {name for name, argument in action.arguments.items() if argument.needed}, tool
        assert action.writes == (TOOLS.get(tool).effect != "read")


def test_everything_the_data_names_exists():
    assert set(load("actions")["settled_before"]) <= set(REQUESTS.names())
    sorts = {argument.sort for action in all_actions().values() for argument in action.arguments.values()}
    shown = set().union(*(example["candidates"] for example in load("prompt")["examples"]))
    assert shown <= sorts
    assert set(load("prompt")["unlisted"]) <= sorts


@pytest.mark.parametrize("example", load("prompt")["examples"], ids=lambda example: example["message"][:20])
def test_the_examples_keep_to_their_own_rules(example):
    for call in example["calls"]:
        if call["tool"] in ("none", "clarify"):
            continue
        action = all_actions()[call["tool"]]
        for name, value in call.items():
            if name == "tool":
                continue
            argument = action.arguments[name]
            allowed = argument.choices or example["candidates"][argument.sort]
            assert {*value} <= {*allowed} if isinstance(value, list) else value in allowed


def test_all_but_the_last_message_is_the_same_for_everyone():
    prompts = [prompt(text, find_candidates(reading(text)), None) for text in MESSAGES]
    assert len({tuple(str(message.text) for message in each[:-1]) for each in prompts}) == 1


@st.composite
def messages_with_answers(draw):
    """A message with an answer that its schema allows."""
    text = draw(st.sampled_from(MESSAGES))
    offered = offer(find_candidates(reading(text)))
    return text, draw(_of_schema(answer_schema(offered)))


def _of_schema(schema):
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([_of_schema(each) for each in schema["anyOf"]])
    if schema["type"] == "array":
        return st.lists(_of_schema(schema["items"]), min_size=schema["minItems"], max_size=schema["maxItems"])
    needed = {name: _of_schema(each) for name, each in schema["properties"].items() if name in schema["required"]}
    optional = {name: _of_schema(each) for name, each in schema["properties"].items() if name not in needed}
    return st.fixed_dictionaries(needed, optional=optional)


@given(messages_with_answers())
def test_every_answer_that_the_schema_allows_gives_calls_of_candidates_only(message_and_answer):
    text, answer = message_and_answer
    candidates = find_candidates(reading(text))
    offered = offer(candidates)
    intent = read_answer(json.dumps(answer), offered, candidates, "en")
    for call in intent.calls:
        assert_only_candidates(offered[call.tool], call.given())
        TOOLS.get(call.tool).arguments.model_validate(call.given())


WORDS = st.text(max_size=20) | st.sampled_from(["none", "clarify", "deal_1"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
ARGUMENTS = st.sampled_from(sorted({name for action in all_actions().values() for name in action.arguments}))
HOSTILE = st.fixed_dictionaries({"tool": st.sampled_from([*all_actions(), "drop_tables"]) | ANYTHING}).flatmap(
    lambda head: st.dictionaries(ARGUMENTS, ANYTHING, max_size=4).map(lambda rest: rest | head)
)


@given(st.sampled_from(MESSAGES), st.lists(HOSTILE, max_size=3) | ANYTHING)
def test_no_answer_whatever_brings_in_more_than_candidates(text, calls):
    candidates = find_candidates(reading(text))
    offered = offer(candidates)
    intent = read_answer(json.dumps({"calls": calls}), offered, candidates, "zh")
    for call in intent.calls:
        assert_only_candidates(offered[call.tool], call.given())


@given(st.text(max_size=200))
def test_any_text_is_read_or_asked_about(text):
    intent = read_answer(text, {}, find_candidates(reading("hello")), "en")
    assert not intent.calls


@given(st.text(max_size=300))
def test_any_message_can_be_asked_about(text):
    intent = choose(reading(text), lambda messages, schema: '{"calls": [{"tool": "none"}]}')
    assert not any(TOOLS.get(call.tool).effect == "send" for call in intent.calls)


def test_fenced_json_is_read():
    text = "move Hallberg cold chain to Scoping"
    answer = {"calls": [{"tool": "update_deal", "deal": "Hallberg cold chain", "stage": "Scoping"}]}
    intent = choose(reading(text), lambda messages, schema: f"```json\n{json.dumps(answer)}\n```")
    assert [dict(call.arguments) for call in intent.calls] == [{"deal": "deal_1", "stage": "stage_1"}]


def test_list_conditions_become_filters():
    answer = {"calls": [{"tool": "list_records", "kind": "task", "whose": "me", "when": "this week"}]}
    intent = choose(reading("which tasks do I have this week?"), lambda messages, schema: json.dumps(answer))
    filters = intent.calls[0].arguments["filters"]
    assert [(each["field"], each["value"]) for each in filters] == [("assignee", "me"), ("due", "this week")]


def test_a_question_names_what_can_be_chosen():
    answer = {"calls": [{"tool": "clarify", "about": "deal"}]}
    text = "Hallberg cold chain and Orrin furnace: 42k"
    intent = choose(reading(text), lambda messages, schema: json.dumps(answer))
    assert intent.kind == "question"
    assert "Hallberg cold chain or Orrin furnace" in Text(text=intent.answer).text


def assert_only_candidates(offered: Offered, arguments) -> None:
    for name, value in arguments.items():
        if name == "filters":
            allowed = {each for values in offered.values.values() for each in values.values()}
            assert {each["value"] for each in value} <= allowed
        else:
            given = value if isinstance(value, list) else [value]
            assert set(given) <= set(offered.values[name].values())
