"""The twelve acceptance checks of the Slack app, one after the other; the file names of others go into details."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from agent import build_runtime
from crm_store.channel_log import ChannelLog
from integrations.slack.answer import Pace
from integrations.slack.app import build_app
from integrations.slack.calls import TryLaterError
from integrations.slack.http import SlackAsgi
from integrations.slack.render.limits import InvalidBlocksError, check_message, check_view
from integrations.slack.work import turn
from integrations.slack.work.turn import answer_message
from tests.integrations.slack.conftest import (
    BOT,
    DANA,
    DM,
    MARCUS,
    SHARED_ROOM,
    TEAM_ROOM,
    TOM,
    action_ids,
    shown,
    user,
)

LOG = "called karl @ acme robotics, 20 min, expansion scope is ok for him, no objections. just log it"
CLOSE = "Redwood renewal is closed won"


# ---------------------------------------------------------------- 1: one mention, one reply


def mention(desk, ts, *, event_id="", kind="app_mention", headers=None):
    event = {"type": kind, "user": MARCUS, "channel": TEAM_ROOM, "channel_type": "channel", "ts": ts,
             "text": f"<@{BOT}> {LOG}"}  # fmt: skip
    assert desk.event(event, event_id=event_id, headers=headers).status == 200


@pytest.mark.parametrize("case", ["same event", "message and app_mention", "retry", "two workers"])
def test_01_one_mention_gives_one_reply(desk, open_desk, interactions, settings, clock, case):
    before, ts = len(interactions()), desk.fake.next_ts()
    mention(desk, ts, event_id="Ev1")
    if case == "same event":
        mention(desk, ts, event_id="Ev1")
    elif case == "message and app_mention":
        mention(desk, ts, event_id="Ev2", kind="message")
    elif case == "retry":
        mention(
            desk, ts, event_id="Ev1", headers={"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
        )
    (job,) = desk.queue.waiting
    if case == "two workers":
        other_runtime = build_runtime(settings, clock=clock)
        other = open_desk(other_runtime)
        other.slack.owner = "another process"

        def work(slack):
            for _ in range(60):
                try:
                    return answer_message(slack, job.payload)
                except TryLaterError:
                    time.sleep(0.05)
            raise AssertionError("never done")

        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(work, [desk.slack, other.slack])) == [None, None]
        other_runtime.close()
    desk.queue.run_all()
    assert len(desk.fake.posted(TEAM_ROOM)) == 1
    assert len(interactions()) == before + 1


# ---------------------------------------------------------------- 2: ack under load


def test_02_requests_are_answered_while_fifty_turns_run(desk):
    going, held = threading.Event(), threading.Semaphore(0)

    def hold(method, body):
        if method == "chat.startStream":
            held.release()
            going.wait(20)

    desk.fake.on_call = hold
    for _ in range(50):
        desk.say("show my open deals", run=False)
    jobs, desk.queue.waiting = desk.queue.waiting, []
    with ThreadPoolExecutor(50) as turns, ThreadPoolExecutor(4) as requests:
        running = [turns.submit(desk.queue.run_job, job) for job in jobs]
        for _ in range(50):
            assert held.acquire(timeout=20)
        command = (
            "command=/deal&text=Redwood&team_id=T1&channel_id=CTEAM&user_id=UMARCUS&trigger_id=t&response_url=x"
        )
        answers = [
            requests.submit(desk.post_raw, command, form=True),
            requests.submit(desk.say, "what is due today?", run=False),
        ]
        assert answers[0].result(timeout=3).status == 200
        assert answers[1].result(timeout=3)
        assert not any(turn.done() for turn in running)
        going.set()
        for turn in running:
            turn.result(timeout=30)
    assert len(desk.fake.posted(DM)) == 50


def test_02_what_slack_takes_long_for_follows_the_answer(desk):
    """A window, a status, a renewed token: nothing that asks Slack is waited for before a request is answered."""
    desk.say("Redwood renewal is closed won")
    message, turn_id = desk.last(), "turn_1"
    asgi, slow = SlackAsgi(build_app(desk.slack)), threading.Event()

    def hold(method, body):
        slow.wait(20)

    desk.asgi, desk.fake.on_call = asgi, hold
    buttons = [
        {"type": "actions", "elements": [{"action_id": "show_all", "value": turn_id}, {"action_id": "feedback"}]}
    ]
    answered = ThreadPoolExecutor(1)
    try:
        for action_id, value in (("approval_edit", None), ("show_all", turn_id), ("feedback", f"bad|{turn_id}")):
            card = message if value is None else {**message, "blocks": buttons}
            answered.submit(desk.click, card, action_id, value=value, run=False).result(timeout=3)
        event = {"type": "agent_session_stopped", "channel": DM, "thread_ts": message["thread_ts"], "user": MARCUS}
        answered.submit(desk.event, event).result(timeout=3)
    finally:
        slow.set()
        answered.shutdown()
        asgi.close()


# ---------------------------------------------------------------- 3: signatures


@pytest.mark.parametrize(
    ("stamp", "secret"),
    [(None, "forged"), (-301, None), (400, None), ("soon", None), ("", None)],
    ids=["forged", "stale", "ahead", "no number", "empty"],
)
def test_03_stale_and_forged_requests_are_refused_and_do_nothing(desk, stamp, secret):
    if isinstance(stamp, int):
        stamp += int(time.time())
    event = {"type": "message", "channel_type": "im", "user": MARCUS, "channel": DM, "ts": "1.1", "text": LOG}
    body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}
    more = {"secret": secret} if secret else {}
    assert desk.post(body, stamp=stamp, **more).status == 401
    assert not desk.queue.jobs
    assert not desk.fake.calls


def test_03_a_signed_request_with_another_body_is_refused(desk):
    answer = desk.post_raw("{}", headers={"x-slack-signature": "v0=" + "0" * 64})
    assert answer.status == 401


# ---------------------------------------------------------------- 4: no write without a click


def card(desk):
    desk.say(CLOSE)
    message = desk.last()
    assert action_ids(message)[:3] == ["approval_apply", "approval_edit", "approval_cancel"]
    return message


def test_04_nothing_is_written_before_the_click_and_once_after_two(desk, deal):
    before = deal("Redwood renewal")
    message = card(desk)
    assert deal("Redwood renewal").version == before.version
    assert desk.fake.sessions[DM, message["thread_ts"]][-1] == "suspended"
    desk.click(message, "approval_apply", run=False)
    desk.click(message, "approval_apply", run=False)
    desk.queue.run_all()
    assert deal("Redwood renewal").version == before.version + 1
    assert "approval_apply" not in action_ids(desk.again(message))
    assert "undo" in action_ids(desk.again(message))


def test_04_two_clicks_at_the_same_moment_are_one_write(desk, deal):
    before, message = deal("Redwood renewal"), card(desk)
    desk.click(message, "approval_apply", run=False)
    desk.click(message, "approval_apply", run=False)
    jobs, desk.queue.waiting = desk.queue.waiting, []
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(desk.queue.run_job, jobs))
    assert deal("Redwood renewal").version == before.version + 1


def test_04_a_stranger_cannot_say_yes_and_an_approver_can(desk, deal):
    before, message = deal("Redwood renewal"), card(desk)
    desk.click(message, "approval_apply", user=TOM)
    assert deal("Redwood renewal").version == before.version
    desk.click(message, "approval_apply", user=DANA)
    assert deal("Redwood renewal").version == before.version + 1
    assert "Dana" in shown(desk.again(message))


def test_04_a_card_that_is_answered_in_words_loses_its_buttons(desk, deal):
    before, message = deal("Redwood renewal"), card(desk)
    desk.say("yes", thread=message["thread_ts"])
    assert deal("Redwood renewal").version == before.version + 1
    assert "approval_apply" not in action_ids(desk.again(message))
    assert "This has been answered" in shown(desk.again(message))
    assert "Closed Won" in shown(desk.last())


@pytest.mark.parametrize("action_id", ["approval_apply", "approval_cancel"])
def test_04_a_session_waits_until_its_card_is_answered(desk, action_id):
    message = card(desk)
    session = desk.fake.sessions[DM, message["thread_ts"]]
    assert session[-1] == "suspended"
    desk.click(message, action_id)
    assert session[-1] == "active"


def test_04_cancel_leaves_everything(desk, deal):
    before, message = deal("Redwood renewal"), card(desk)
    desk.click(message, "approval_cancel")
    desk.click(message, "approval_apply")
    assert deal("Redwood renewal").version == before.version
    assert "Left as it was" in shown(desk.again(message))


def test_04_edit_changes_exactly_what_is_written(desk, deal):
    message = card(desk)
    desk.click(message, "approval_edit")
    view = desk.fake.views[-1]
    values = {}
    for block in view["blocks"]:
        element = block["element"]
        values[block["block_id"]] = {element["action_id"]: _state(element)}
    (close_date,) = [block_id for block_id in values if block_id.endswith("|close_date")]
    values[close_date] = {"value": {"type": "datepicker", "selected_date": "2026-03-05"}}
    desk.submit(view, values)
    assert "5 March 2026" in shown(desk.again(message))
    # The card that was shown before the edit says yes to something else.
    desk.click(message, "approval_apply")
    assert str(deal("Redwood renewal").close_date) == "2026-04-07"
    desk.click(desk.again(message), "approval_apply")
    assert str(deal("Redwood renewal").close_date) == "2026-03-05"


def _state(element):
    if element["type"] == "static_select":
        return {"type": "static_select", "selected_option": element.get("initial_option")}
    if element["type"] == "datepicker":
        return {"type": "datepicker", "selected_date": element.get("initial_date")}
    return {"type": "plain_text_input", "value": element.get("initial_value")}


def test_04_a_value_that_cannot_be_taken_is_told_in_the_window(desk, deal):
    desk.click(card(desk), "approval_edit")
    view = desk.fake.views[-1]
    (block,) = [block for block in view["blocks"] if block["block_id"].endswith("|close_date")]
    typed = {"type": "plain_text_input", "value": "when pigs fly"}
    answer = desk.submit(view, {block["block_id"]: {"value": typed}})
    assert json.loads(answer.body)["response_action"] == "errors"
    assert block["block_id"] in json.loads(answer.body)["errors"]


# ---------------------------------------------------------------- 5: Stop


def test_05_stop_in_the_middle_ends_appends_writes_and_the_session(desk, interactions):
    before, stopped = len(interactions()), []

    def stop(method, body):
        if method == "chat.startStream" and not stopped:
            stopped.append(len(desk.fake.calls))
            event = {
                "type": "agent_session_stopped",
                "channel": DM,
                "thread_ts": body["thread_ts"],
                "user": MARCUS,
            }
            assert desk.event(event).status == 200

    desk.fake.on_call = stop
    ts = desk.say(LOG)
    later = [name for name, _ in desk.fake.calls[stopped[0] :]]
    assert "chat.appendStream" not in later
    assert "chat.postMessage" not in later
    assert len(interactions()) == before
    assert desk.fake.sessions[DM, ts][-1] == "active"
    assert not any(message.get("streaming") for message in desk.fake.posted(DM))
    # The thread goes on: the next message is answered.
    desk.say("show my open deals", thread=ts)
    assert "Redwood renewal" in shown(desk.last())


def test_05_a_stop_holds_although_the_process_died_before_it_saw_it(desk, interactions, monkeypatch):
    before = len(interactions())
    ts = desk.say(LOG, run=False)
    (job,) = desk.queue.waiting

    def die(*args, **more):
        event = {"type": "agent_session_stopped", "channel": DM, "thread_ts": ts, "user": MARCUS}
        assert desk.event(event).status == 200
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(turn, "stream_turn", die)
        with pytest.raises(KeyboardInterrupt):
            desk.queue.run_job(job)
    desk.queue.run_all()
    assert len(interactions()) == before
    assert not desk.fake.posted(DM)
    assert desk.fake.sessions[DM, ts][-1] == "active"


# ---------------------------------------------------------------- 6: streams fail


@pytest.mark.parametrize(
    ("method", "kind", "times"),
    [
        ("chat.startStream", "unknown_method", 9),
        ("chat.startStream", "429", 9),
        ("chat.startStream", "cut", 1),
        ("chat.startStream", "cut_after", 1),
        ("chat.appendStream", "message_not_in_streaming_state", 9),
        ("chat.appendStream", "429", 9),
        ("chat.appendStream", "cut", 9),
        ("chat.stopStream", "429", 2),
        ("chat.stopStream", "429", 9),
        ("chat.stopStream", "message_not_in_streaming_state", 9),
        ("chat.stopStream", "cut", 2),
        ("chat.stopStream", "cut_after", 1),
        ("chat.postMessage", "cut_after", 1),
        ("chat.postMessage", "429", 9),
        ("chat.update", "cut_after", 1),
    ],
)
def test_06_every_failure_of_a_stream_ends_in_one_whole_answer(desk, method, kind, times):
    if method == "chat.postMessage":
        desk.fake.missing.add("chat.startStream")
    if method == "chat.update":
        desk.fake.fail("chat.stopStream", "message_not_in_streaming_state", 1)
        desk.fake.fail("chat.stopStream", "cut", 1)
    desk.fake.fail(method, kind, times)
    desk.say("show my open deals", run=False)
    (job,) = desk.queue.waiting
    desk.queue.waiting = []
    if kind == "429" and method in ("chat.postMessage", "chat.stopStream"):
        for fault in desk.fake.faults[method]:
            fault.times = min(fault.times, 7)
    desk.queue.run_job(job, tries=6)
    answers = desk.fake.posted(DM)
    assert len(answers) == 1, [shown(answer)[:200] for answer in answers]
    assert shown(answers[0]).count("Redwood renewal") == 1
    assert any(block["type"] == "table" for block in answers[0]["blocks"])
    assert not answers[0].get("streaming")


@pytest.mark.parametrize("method", ["chat.stopStream", "chat.postMessage"])
def test_06_where_slack_refuses_our_blocks_everything_is_said_as_text(desk, method):
    """A limit of Slack that we do not know, or a fault of ours, costs the look and not the answer."""
    if method == "chat.postMessage":
        desk.fake.missing.add("chat.startStream")
    for each in (method, "chat.update"):
        desk.fake.fail(each, "invalid_blocks", 1)
    desk.say("show my open deals")
    (answer,) = desk.fake.posted(DM)
    assert not answer["blocks"]
    assert not answer.get("streaming")
    assert "Redwood renewal" in shown(answer)
    assert "Blue Heron pilot" in shown(answer)


def test_06_a_reply_is_found_again_in_a_thread_longer_than_a_page(desk):
    desk.fake.missing.add("chat.startStream")
    root = desk.fake.next_ts()
    for n in range(450):
        desk.fake.messages[DM].append(
            {"ts": desk.fake.next_ts(), "user": MARCUS, "thread_ts": root, "text": str(n)}
        )
    desk.fake.fail("chat.postMessage", "cut_after")
    desk.say("show my open deals", thread=root)
    assert len(desk.fake.posted(DM)) == 1


def test_06_a_stream_that_lasts_too_long_is_ended_and_made_whole(desk):
    desk.slack.pace = Pace(longest_s=0.0, between_s=0.0, waits_s=(0.0,), streams_a_minute=100)
    desk.say("show my open deals")
    (answer,) = desk.fake.posted(DM)
    assert not answer.get("streaming")
    assert "Redwood renewal" in shown(answer)


def test_06_beyond_what_slack_allows_answers_come_in_one_go(desk):
    desk.slack.pace = Pace(between_s=0.0, streams_a_minute=1)
    desk.say("show my open deals")
    desk.say("what is due today?")
    assert len(desk.fake.called("chat.startStream")) == 1
    assert len(desk.fake.posted(DM)) == 2


# ---------------------------------------------------------------- 8: agent_view


def test_08_each_direct_message_of_its_own_is_a_thread_and_replies_stay_in_it(desk):
    first = desk.say("push the Redwood renewal two weeks")
    desk.say("show my open deals")
    desk.say("undo that", thread=first)
    roots = [message["thread_ts"] for message in desk.fake.posted(DM)]
    assert roots[0] == roots[2] == first
    assert roots[1] != first


def test_08_prompts_are_suggested_without_a_thread(desk):
    event = {"type": "app_home_opened", "user": MARCUS, "channel": DM, "tab": "messages", "thread_ts": "1.1"}
    desk.event(event)
    desk.queue.run_all()
    (call,) = desk.fake.called("assistant.threads.setSuggestedPrompts")
    assert "thread_ts" not in call
    assert 1 <= len(call["prompts"]) <= 4


# ---------------------------------------------------------------- 9: two workspaces


def test_09_workspaces_share_nothing_and_an_uninstall_wipes(desk, settings, clock, open_desk):
    runtime = build_runtime(
        settings.model_copy(update={"slack_bot_token": type(settings.slack_bot_token)("")}), clock=clock
    )
    desk.fake.tokens = {"xoxb-1": "T1", "xoxb-2": "T2"}
    one, two = open_desk(runtime), open_desk(runtime)
    two.team = "T2"
    log = ChannelLog(runtime.store)
    for team, token in (("T1", "xoxb-1"), ("T2", "xoxb-2")):
        log.save_installation(team, _bot(team, token))
    desk.fake.channels["D2"] = {"is_im": True, "members": [MARCUS, BOT], "team": "T2"}

    ts = one.say(CLOSE)
    card = one.last()
    two.say("yes", channel="D2", ts=ts)
    assert "approval_apply" in action_ids(one.last())
    two.click({**card, "ts": ts}, "approval_apply", channel="D2")
    (approval,) = runtime.log.waiting_of([_marcus(runtime).user_id])
    assert approval.status == "pending"
    assert desk.fake.posted("D2")

    one.event({"type": "tokens_revoked", "tokens": {"bot": [BOT]}})
    assert log.find_installation("T1") is None
    assert log.find_installation("T2") is not None
    assert not runtime.log.waiting_of([_marcus(runtime).user_id])
    assert not runtime.log.turns_of(approval.conversation_id)
    event = {"type": "message", "channel_type": "im", "user": MARCUS, "channel": DM, "ts": "9.9", "text": "hi"}
    one.event(event)
    assert not one.queue.waiting
    runtime.close()


def _bot(team, token):
    return {
        "app_id": "A1",
        "enterprise_id": None,
        "team_id": team,
        "bot_token": token,
        "bot_id": "B",
        "bot_user_id": BOT,
        "bot_scopes": "chat:write",
        "installed_at": time.time(),
    }


def _marcus(runtime):
    from crm_store.directory import find_principal

    return find_principal(runtime.store, "marcus@northstar.example")


# ---------------------------------------------------------------- 10: blocks and views


@pytest.mark.parametrize(
    "text",
    [
        "show my open deals",
        "what's my pipeline by stage?",
        "brief me on Acme Robotics",
        "show Redwood renewal",
        "log: met Chen today",
        CLOSE,
        LOG,
        "show all contacts",
        "list all interactions",
        "draft a follow up to Karl Haddad about the expansion",
        "我的商机",
        "xyzzy",
    ],
)
def test_10_messages_pass_the_library_and_our_limits(desk, text):
    desk.say(text)
    message = desk.last()
    check_message(message["blocks"])
    assert message["text"] or message["chunks"]
    if "show_all" in action_ids(message):
        desk.click(message, "show_all")
        check_view(desk.fake.views[-1])


def test_10_the_checks_see_what_slack_would_refuse():
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "x" * 76}}
    with pytest.raises(InvalidBlocksError):
        check_message([{"type": "actions", "elements": [button]}])
    with pytest.raises(InvalidBlocksError):
        check_message([{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}])
    with pytest.raises(InvalidBlocksError):
        check_message([{"type": "divider"}] * 51)
    with pytest.raises(InvalidBlocksError):
        check_view(
            {"type": "modal", "title": {"type": "plain_text", "text": "x" * 25}, "blocks": [{"type": "divider"}]}
        )


# ---------------------------------------------------------------- 11: restart


def test_11_a_restart_between_card_and_click_still_works(desk, open_desk, settings, clock, deal):
    before, message = deal("Redwood renewal"), card(desk)
    again = build_runtime(settings, clock=clock)
    restarted = open_desk(again)
    restarted.click(message, "approval_apply")
    assert deal("Redwood renewal").version == before.version + 1
    restarted.click(restarted.again(message), "undo")
    assert deal("Redwood renewal").stage_id == before.stage_id
    assert "Taken back" in shown(restarted.again(message))
    again.close()


def test_11_an_expired_card_changes_nothing_and_says_so(desk, clock, deal):
    from datetime import timedelta

    before, message = deal("Redwood renewal"), card(desk)
    clock.advance(timedelta(hours=25))
    desk.click(message, "approval_apply")
    assert deal("Redwood renewal").version == before.version
    assert "expired" in shown(desk.again(message))
    assert "approval_apply" not in action_ids(desk.again(message))


# ---------------------------------------------------------------- 12: external channels


def test_12_nothing_is_told_or_changed_where_outsiders_read(desk, interactions):
    before = len(interactions())
    for text in ("show my open deals", LOG):
        desk.say(text, channel=SHARED_ROOM)
    assert not desk.fake.posted(SHARED_ROOM)
    assert len(interactions()) == before
    assert all("Redwood" not in json.dumps(each) for each in desk.fake.ephemerals)


def test_12_the_event_itself_may_say_that_outsiders_read(desk):
    event = {
        "type": "app_mention",
        "user": MARCUS,
        "channel": TEAM_ROOM,
        "ts": "5.5",
        "text": f"<@{BOT}> show my open deals",
    }
    desk.event(event, is_ext_shared_channel=True)
    desk.queue.run_all()
    assert not desk.fake.posted(TEAM_ROOM)


def test_12_a_click_in_a_channel_that_was_shared_since_does_nothing(desk, deal):
    before = deal("Redwood renewal")
    desk.say(CLOSE, channel=TEAM_ROOM)
    (message,) = desk.fake.posted(TEAM_ROOM)
    desk.fake.channels[TEAM_ROOM]["is_ext_shared"] = True
    desk.event({"type": "channel_shared", "channel": TEAM_ROOM})
    desk.click(message, "approval_apply", channel=TEAM_ROOM)
    assert deal("Redwood renewal").version == before.version


def test_12_people_from_another_workspace_get_no_data(desk):
    desk.fake.users["UOUT"] = user("marcus@northstar.example", team_id="T9")
    desk.fake.channels["DOUT"] = {"is_im": True, "members": ["UOUT", BOT]}
    desk.say("show my open deals", user="UOUT", channel="DOUT")
    assert "Redwood" not in shown(desk.last("DOUT"))
