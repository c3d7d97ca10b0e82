"""Whole turns against an OpenAI-compatible endpoint on loopback: what is sent, done, and said when it fails."""

import json
import os
import statistics
import subprocess
import sys

import pytest
import yaml

from agent import Turn, stream_turn
from core.parts import ApprovalRequest, ChangeReceipt, Failure, Figure, Text
from tests.agent.conftest import MARCUS
from tests.support.chat_endpoint import (
    PROMPT_TOKENS,
    Asked,
    Calls,
    Fail,
    Hang,
    Raw,
    Say,
    chat_endpoint,
)

MOVE = ("update_deal", {"deal": "Redwood renewal", "next_step": "send the redlines"})
TASK = ("create_task", {"title": "Send the redlines", "due": "Friday", "deal": "Redwood renewal"})


def test_parallel_tool_calls_run_in_order_and_their_results_go_back(talk):
    chat = talk(Calls([MOVE, TASK]), Say("Both are done."))
    reply = chat.say("Next step on Redwood is the redlines; remind me to send them by Friday.")
    assert [part.record.kind for part in reply.of_type(ChangeReceipt)] == ["deal", "task"]
    assert reply.parts[0] == Text(text="Both are done.")
    asked = chat.endpoint.asked[1].messages
    sent = [message["id"] for message in asked[-3]["tool_calls"]]
    assert [message["tool_call_id"] for message in asked[-2:]] == sent
    assert all("changes" in json.loads(message["content"]) for message in asked[-2:])


def test_key_limit_and_model_name_are_sent(talk):
    chat = talk(Say("Hello."), model_max_tokens=200)
    chat.say("hello")
    (asked,) = chat.endpoint.asked
    assert (asked.path, asked.key) == ("/v1/chat/completions", "secret-key")
    assert (asked.json["model"], asked.json["max_tokens"], asked.json["temperature"]) == ("test", 200, 0)


def test_tokens_are_those_that_the_endpoint_counted(talk):
    chat = talk(Calls([MOVE]), Say("Done."))
    reply = chat.say("Next step on Redwood: send the redlines")
    assert (reply.model_calls, reply.prompt_tokens, reply.model) == (2, 2 * PROMPT_TOKENS, "openai:test")


def test_tokens_are_estimated_where_the_endpoint_counts_none(talk):
    reply = talk(Say("Hello.", usage=False)).say("hello")
    assert 1000 < reply.prompt_tokens < 10_000


def test_system_prompt_and_tools_are_the_same_bytes_in_every_request(talk):
    chat = talk(Calls([MOVE]), Say("Done."), Say("Hello."), Say("Again."))
    for text in ("Next step on Redwood: send the redlines", "hello", "你好"):
        chat.say(text)
    assert len({_tools(asked) for asked in chat.endpoint.asked}) == 1
    assert len({json.dumps(asked.messages[0]) for asked in chat.endpoint.asked}) == 1
    for before, after in zip(chat.endpoint.asked, chat.endpoint.asked[1:], strict=False):
        assert after.messages[: len(before.messages)] == before.messages


def test_the_median_turn_takes_at_most_three_calls(talk):
    chat = talk(_typical)
    texts = ("log a call with Karl Haddad", "what is my pipeline worth?", "hello", "remind me to call Karl")
    assert statistics.median(chat.say(text).model_calls for text in texts) <= 3


def test_the_answer_is_streamed_as_it_is_written(talk):
    chat = talk(Say("Your pipeline looks good."))
    events = list(stream_turn(chat.runtime, Turn(MARCUS, "hello")))
    pieces = [event.text for event in events[:-1]]
    assert len(pieces) > 2
    assert "".join(pieces) == "Your pipeline looks good."


def test_a_failed_call_is_tried_again(talk):
    chat = talk(Fail(500), Say("Hello."), model_retries=1)
    reply = chat.say("hello")
    assert (len(chat.endpoint.asked), reply.model) == (2, "openai:test")


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Hang(2), "did not answer within 0.3 s"),
        (Fail(401), "refused the key. Set DEALHAND_MODEL_API_KEY"),
        (Fail(404), "does not know the model openai:test"),
        (Fail(429), "no more requests"),
        (Fail(400), "refused the request"),
        (Fail(503), "did not answer"),
        (Raw(b"<html>A web page</html>", "text/html"), "cannot be read"),
        (Raw(b"{broken"), "cannot be read"),
        (Raw(b"{}"), "cannot be read"),
        (Raw(b"data: {broken\n\n", "text/event-stream"), "cannot be read"),
    ],
)
def test_what_goes_wrong_is_said_in_one_line_and_the_built_in_model_answers(talk, step, said):
    reply = talk(step, model_timeout_s=0.3).say("What is my pipeline worth?")
    (line,) = reply.of_type(Text)
    assert said in line.text
    assert "fallback model answered instead" in line.text
    assert reply.of_type(Figure)
    assert (reply.model, reply.prompt_tokens) == ("builtin", 0)


def test_it_is_said_in_the_language_of_the_message(talk):
    reply = talk(Fail(401)).say("我的管道总额是多少？")
    assert "DEALHAND_MODEL_API_KEY" in reply.of_type(Text)[0].text
    assert "改由备用模型回答" in reply.of_type(Text)[0].text


def test_without_fallback_a_refused_key_is_one_clear_line(talk):
    reply = talk(Fail(401), model_fallback="").say("What is my pipeline worth?")
    (failure,) = reply.parts
    assert isinstance(failure, Failure)
    assert "Set DEALHAND_MODEL_API_KEY" in failure.text
    assert "secret-key" not in reply.model_dump_json()


def test_an_endpoint_that_dies_between_two_calls_leaves_what_was_done(talk):
    chat = talk(Calls([MOVE]), Fail(500))
    reply = chat.say("Next step on Redwood: send the redlines")
    (change,) = reply.of_type(ChangeReceipt)
    assert change.undo
    assert reply.model == "builtin"


def test_a_change_that_needs_a_yes_waits_for_it(talk):
    closing = ("update_deal", {"deal": "Redwood renewal", "stage": "Closed Won"})
    chat = talk(Calls([closing]), Say("It waits for your yes."))
    reply = chat.say("Redwood renewal is won")
    assert len(reply.of_type(ApprovalRequest)) == 1
    assert "waiting_for_yes" in chat.endpoint.asked[1].messages[-1]["content"]


CASES = [
    {
        "id": "endpoint.task",
        "world": "northstar",
        "as": MARCUS,
        "tags": ["en"],
        "turns": [{"say": "remind me to water the plants on Friday"}],
        "expect": {"changes": [{"task": {"new": True, "title": "water the plants", "due": "2026-03-13"}}]},
    },
    {
        "id": "endpoint.nothing",
        "world": "northstar",
        "as": MARCUS,
        "tags": ["en"],
        "turns": [{"say": "good morning"}],
        "expect": {"changes": []},
    },
]


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["tools", "constrained"])
def test_suites_run_against_an_endpoint_in_worker_processes(tmp_path, mode):
    suite = tmp_path / "cases" / "endpoint.yaml"
    suite.parent.mkdir()
    suite.write_text(yaml.safe_dump(CASES), encoding="utf-8")
    with chat_endpoint(_water_the_plants) as endpoint:
        command = f"-m cli.main evals run {suite} --model openai:test --jobs 2 --min-pass 1"
        settings = {
            "DEALHAND_MODEL_BASE_URL": endpoint.url,
            "DEALHAND_MODEL_MODE": mode,
            "DEALHAND_MODEL_FALLBACK": "",
        }
        done = subprocess.run(
            [sys.executable, *command.split(), "--json", str(tmp_path / "run.json")],
            env=os.environ | settings,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "run.json").read_text())
    assert report["model"] == "openai:test"
    assert {turn["reply"]["model"] for case in report["cases"] for turn in case["turns"]} == {"openai:test"}
    assert endpoint.asked


def _water_the_plants(asked: Asked) -> Say | Calls:
    last = asked.messages[-1]
    wanted = last["role"] == "user" and "plants" in last["content"]
    if "response_format" in asked.json:
        task = {"tool": "create_task", "title": "water the plants", "due": "on Friday"}
        return Say(json.dumps({"calls": [task if wanted else {"tool": "none"}]}))
    task = ("create_task", {"title": "water the plants", "due": "Friday"})
    return Calls([task]) if wanted else Say("All right.")


def _typical(asked: Asked) -> Say | Calls:
    """What a good model does: one round of calls where there is something to call, then a sentence."""
    last = asked.messages[-1]
    calls = {
        "log a call": ("log_interaction", {"type": "call", "contacts": ["Karl Haddad"]}),
        "pipeline": ("query_metric", {"metric": "pipeline_value"}),
        "remind": ("create_task", {"title": "call Karl"}),
    }
    wanted = [call for words, call in calls.items() if last["role"] == "user" and words in last["content"]]
    return Calls(wanted) if wanted else Say("Done.")


def _tools(asked: Asked) -> str:
    start = asked.raw.index('"tools":')
    return asked.raw[start:]
