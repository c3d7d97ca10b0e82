"""Talking in Slack: who gets an answer and where, candidates, undo, feedback, linked channels."""

import re
from pathlib import Path

import pytest
import yaml

from crm_store.principals import SYSTEM
from integrations.slack import words
from integrations.slack.answer import Answer, Pace
from integrations.slack.place import Place
from integrations.slack.render.message import Message
from integrations.slack.render.text import escape, markdown, said
from tests.integrations.slack.conftest import (
    BOT,
    DANA,
    DM,
    MARCUS,
    OPEN_ROOM,
    TEAM_ROOM,
    TOM,
    action_ids,
    shown,
)


def test_a_direct_message_is_answered_in_its_own_thread(desk):
    ts = desk.say("show my open deals")
    (answer,) = desk.fake.posted(DM)
    assert answer["thread_ts"] == ts
    assert "Redwood renewal" in shown(answer)
    assert not answer.get("streaming")
    assert desk.fake.sessions[DM, ts] == ["processing", "active"]


def test_steps_are_shown_while_the_agent_works(desk):
    desk.say("show my open deals")
    titles = [chunk["title"] for chunk in desk.last()["chunks"] if chunk["type"] == "task_update"]
    assert "Looking up records" in titles


def test_without_agent_sessions_the_older_status_is_set_and_cleared(desk):
    desk.fake.missing.add("agents.sessions.setStatus")
    ts = desk.say("show my open deals")
    assert desk.fake.sessions[DM, ts] == ["legacy:is working …", "legacy:"]


@pytest.mark.parametrize(
    ("user", "channel", "word"),
    [("UGUEST", "DGUEST", "Guests"), ("UNOBODY", "DNOBODY", "don't know who you are")],
)
def test_guests_and_unknown_people_get_a_polite_line_and_no_data(desk, user, channel, word):
    desk.say("show my open deals", user=user, channel=channel)
    (answer,) = desk.fake.posted(channel)
    assert word in shown(answer)
    assert not desk.slack.runtime.log.turns_of("x")


def test_an_address_that_slack_has_not_verified_counts_for_nothing(desk):
    desk.fake.users[MARCUS]["is_email_confirmed"] = False
    desk.say("show my open deals")
    assert "don't know who you are" in shown(desk.last())


def test_an_administrators_mapping_counts_and_a_deactivated_user_does_not(desk):
    desk.fake.users[MARCUS]["is_email_confirmed"] = False
    marcus = desk.slack.people._store  # the mapping is by the CRM's user id
    from crm_store.directory import find_principal

    user = find_principal(marcus, "marcus@northstar.example")
    desk.slack.log.map_person("T1", MARCUS, user.user_id, "")
    desk.say("show my open deals")
    assert "Redwood renewal" in shown(desk.last())
    desk.fake.users[TOM]["deleted"] = True
    desk.say("show my open deals", user=TOM, channel="DTOM")
    assert "not active" in shown(desk.last("DTOM"))


def test_an_answer_that_not_everyone_may_see_goes_to_the_asker_alone(desk):
    ts = desk.say("show my open deals", channel=OPEN_ROOM)
    (pointer,) = desk.fake.posted(OPEN_ROOM)
    assert pointer["thread_ts"] == ts
    assert "direct message" in shown(pointer)
    assert "Redwood" not in shown(pointer)
    assert "Redwood renewal" in shown(desk.last(f"D{MARCUS}"))


def test_an_answer_that_everyone_may_see_stands_in_the_channel(desk):
    desk.say("show Redwood renewal", channel=TEAM_ROOM)
    assert "Negotiation" in shown(desk.last(TEAM_ROOM))


def test_a_follow_up_in_a_thread_of_ours_needs_no_mention_elsewhere_we_are_silent(desk):
    ts = desk.say("show Redwood renewal", channel=TEAM_ROOM)
    desk.say("when does it close?", channel=TEAM_ROOM, thread=ts, bare=True)
    assert len(desk.fake.posted(TEAM_ROOM)) == 2
    desk.say("when does it close?", channel=TEAM_ROOM, thread="1.0", bare=True)
    desk.say("lunch?", channel=TEAM_ROOM, bare=True)
    desk.say(f"<@{TOM}> what do you think?", channel=TEAM_ROOM, thread=ts, bare=True)
    assert len(desk.fake.posted(TEAM_ROOM)) == 2


@pytest.mark.parametrize(
    "extra", [{"subtype": "message_changed"}, {"bot_id": "B2"}, {"subtype": "thread_broadcast"}]
)
def test_edits_copies_and_other_bots_start_nothing(desk, extra):
    desk.say("show my open deals", **extra)
    assert not desk.queue.jobs


def test_a_mention_without_words_is_answered_with_help(desk):
    desk.say("", channel=TEAM_ROOM)
    assert "Push the Redwood renewal" in shown(desk.last(TEAM_ROOM))


def test_a_candidate_is_chosen_by_a_button_and_only_by_who_was_asked(desk, interactions):
    before = len(interactions())
    desk.say("log: met Chen today, she wants pricing")
    question = desk.last()
    assert action_ids(question)[:2] == ["pick_0", "pick_1"]
    desk.click(question, "pick_1", user=TOM)
    assert len(interactions()) == before
    desk.click(question, "pick_0")
    desk.click(question, "pick_1")
    assert len(interactions()) == before + 1
    made = interactions()[-1]
    assert "wants pricing" in max((each.body for each in interactions()), key=lambda body: "met Chen" in body)
    assert made
    assert "You chose: Carla Chen" in shown(desk.again(question))


def test_undo_on_a_receipt_takes_back_once(desk, deal):
    before = deal("Redwood renewal").close_date
    desk.say("push the Redwood renewal two weeks")
    receipt = desk.last()
    assert deal("Redwood renewal").close_date != before
    desk.click(receipt, "undo")
    desk.click(receipt, "undo")
    assert deal("Redwood renewal").close_date == before
    assert "Taken back" in shown(desk.again(receipt))


def test_a_thumbs_down_asks_why_and_is_kept_with_the_reason(desk):
    desk.say("show my open deals")
    element = {"action_id": "feedback", "type": "feedback_buttons"}
    turn = desk.slack.runtime.log.turns_of(f"slack:T1:{DM}:{desk.last()['thread_ts']}:{_me(desk)}")[0]
    message = {**desk.last(), "blocks": [{"type": "context_actions", "elements": [element]}]}
    desk.click(message, "feedback", value=f"bad|{turn.id}")
    view = desk.fake.views[-1]
    desk.submit(view, {"reason": {"reason": {"type": "plain_text_input", "value": "wrong deals"}}})
    (kept,) = desk.slack.log.feedback(rating="bad")
    assert (kept.turn_id, kept.reason) == (turn.id, "wrong deals")
    assert "Thank you" in shown(desk.last())


def _me(desk):
    from crm_store.directory import find_principal

    return find_principal(desk.slack.runtime.store, "marcus@northstar.example").user_id


def test_a_channel_of_a_deal_gives_the_context(desk, deal):
    before = deal("Redwood renewal").close_date
    command(desk, "link Redwood renewal")
    assert "Redwood renewal" in str(desk.fake.responses[-1])
    desk.say("push it two weeks", channel=TEAM_ROOM)
    assert (deal("Redwood renewal").close_date - before).days == 14
    command(desk, "")
    assert "Negotiation" in str(desk.fake.responses[-1])
    command(desk, "unlink")
    assert desk.slack.log.find_room("T1", TEAM_ROOM) is None


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "slack#/types/channel_id", "value": TEAM_ROOM},
        {"type": "slack#/types/message_context", "value": {"channel_id": TEAM_ROOM, "message_ts": "1.1"}},
    ],
)
def test_a_direct_message_is_about_the_channel_that_is_open_beside_it(desk, deal, entity):
    before = deal("Redwood renewal").close_date
    command(desk, "link Redwood renewal")
    canvas = {"type": "slack#/types/canvas_id", "value": "F1"}
    desk.say("push it two weeks", app_context={"entities": [canvas, entity]})
    assert (deal("Redwood renewal").close_date - before).days == 14


def test_in_a_channel_that_the_app_is_not_in_the_command_says_so_to_the_person(desk):
    del desk.fake.channels[TEAM_ROOM]
    command(desk, "Redwood renewal")
    (answer,) = desk.fake.responses
    assert "I am not in this channel" in answer["text"]
    assert "Negotiation" not in str(answer)


def test_show_all_is_for_those_who_may_see_all(desk):
    """Who joins a channel later stands beside answers; what is folded is theirs only where the CRM says so."""
    desk.say("what's my pipeline by stage?", channel=TEAM_ROOM)
    answer = desk.last(TEAM_ROOM)
    thumbs = answer["blocks"][-1]["elements"][0]
    turn_id = thumbs["positive_button"]["value"].removeprefix("good|")
    folded = {**answer, "blocks": [{"type": "actions", "elements": [{"action_id": "show_all", "value": turn_id}]}]}
    for someone in (MARCUS, DANA):
        desk.click(folded, "show_all", channel=TEAM_ROOM, user=someone)
        assert "Negotiation" in str(desk.fake.views[-1])
    desk.click(folded, "show_all", channel=TEAM_ROOM, user=TOM)
    assert "may not see" in str(desk.fake.views[-1])
    assert "Negotiation" not in str(desk.fake.views[-1])


def speaks_chinese(desk):
    with desk.slack.runtime.store.unit_of_work(SYSTEM) as uow:
        (marcus,) = [each for each in uow.all("user") if each.email == "marcus@northstar.example"]
        uow.update("user", marcus, {"locale": "zh-CN"})
        uow.commit()


def test_windows_and_cards_are_in_the_language_of_the_person(desk):
    speaks_chinese(desk)
    desk.say("Redwood renewal 成交了")
    card = desk.last()
    assert "有效期至 2026年3月" in shown(card)
    desk.click(card, "approval_edit", run=False)
    assert desk.fake.views[-1]["title"]["text"] == "应用前编辑"
    desk.queue.run_all()
    assert desk.fake.views[-1]["submit"]["text"] == "保存"
    element = {"action_id": "feedback", "type": "feedback_buttons"}
    message = {**card, "blocks": [{"type": "context_actions", "elements": [element]}]}
    desk.click(message, "feedback", value="bad|turn_1", run=False)
    assert desk.fake.views[-1]["title"]["text"] == "哪里不对？"


ACTIONS = ("created", "updated", "deleted")


def test_the_apps_own_words_are_there_in_both_languages():
    """Each in both, with the same gaps to fill, and none that nothing says."""
    folder = Path(words.__file__).parent
    english, chinese = (
        yaml.safe_load((folder / "data" / "words.yaml").read_text())[each] for each in ("en", "zh")
    )
    code = "".join(path.read_text() for path in folder.rglob("*.py"))
    assert set(english) == set(chinese)
    for key, text in english.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", chinese[key])), key
        assert re.search("[\u4e00-\u9fff]", chinese[key]), key
        assert re.search(f"[\"']{key}[\"']", code) or key.removeprefix("to_") in ACTIONS, key


def command(desk, text, user=MARCUS):
    desk.count["command"] += 1
    url = desk.fake.url.removesuffix("/api/") + "/response/1"
    raw = (
        f"command=/deal&text={text.replace(' ', '+')}&team_id=T1&channel_id={TEAM_ROOM}&user_id={user}"
        f"&trigger_id=c{desk.count['command']}&response_url={url}"
    )
    assert desk.post_raw(raw, form=True).status == 200
    desk.queue.run_all()


def test_which_record_a_channel_is_linked_to_is_asked_and_the_answer_links_it(desk):
    command(desk, "link Acme")
    question = {**desk.fake.responses[-1], "ts": "", "thread_ts": ""}
    desk.click(question, "deal_card_0", channel=TEAM_ROOM)
    assert "This channel is now about Acme" in str(desk.fake.responses[-1])
    assert desk.slack.log.find_room("T1", TEAM_ROOM).kind == "account"


@pytest.mark.parametrize(
    ("text", "wanted", "done"),
    [
        ("Redwood renewal is closed won", "Change deal Redwood renewal", "Changed deal Redwood renewal"),
        ("Redwood renewal 成交了", "修改商机 Redwood renewal", "已修改商机 Redwood renewal"),
    ],
)
def test_a_card_and_its_notification_say_what_would_be_done_and_then_what_was(desk, text, wanted, done):
    desk.say(text)
    card = desk.last()
    assert wanted in shown(card)
    assert done not in shown(card)
    desk.click(card, "approval_apply")
    (applied,) = [each for each in desk.fake.posted(DM) if each["ts"] == card["ts"]]
    assert done in shown(applied)
    assert done in applied["text"]
    desk.click(applied, "undo")


def test_the_command_shows_a_deal_or_asks_which_to_the_person_alone(desk):
    command(desk, "Redwood renewal")
    assert "Negotiation" in str(desk.fake.responses[-1])
    assert desk.fake.responses[-1]["response_type"] == "ephemeral"
    command(desk, "Acme")
    assert "deal_card_0" in str(desk.fake.responses[-1])
    assert not desk.fake.posted(TEAM_ROOM)


def test_texts_of_others_cannot_mention_link_or_format():
    assert "<!channel>" not in escape("<!channel> hi")
    assert "https://" not in escape("see https://evil.example")
    cleaned = markdown("hi <!channel> [click](https://evil.example/x) ![p](https://evil.example/p.png)")
    assert "<!channel>" not in cleaned
    assert "](http" not in cleaned
    assert "[ok](https://crm.example.com/x)" in markdown(
        "[ok](https://crm.example.com/x)", allowed="https://crm.example.com"
    )


@pytest.mark.parametrize(
    "pieces",
    [
        ["see <", "!channel> and ht", "tps:", "//evil.example now"],
        ["see <!chan", "nel> and https", "://evil.example", " now"],
        [*"see <!channel> and https://evil.example now"],
    ],
)
def test_a_mention_or_a_link_that_comes_in_pieces_is_neither(desk, pieces):
    place = Place("T1", DM, MARCUS, "1.1", "1.1", is_dm=True)
    answer = Answer(desk.slack.sender(place), "k", lambda: False, Pace(between_s=0.0))
    assert answer.begin()
    for piece in pieces:
        answer.say(piece)
    answer.finish(Message("", []), turn_id="", user_id="")
    written = "".join(chunk["text"] for chunk in desk.last()["chunks"])
    assert "<!channel>" not in written
    assert "https://" not in written
    assert written.replace("\u2060", "") == "see <!channel> and https://evil.example now"


def test_what_people_write_is_read_as_plain_text():
    text = (
        f"<@{BOT}> mail <mailto:a@b.example|a@b.example> &amp; <@U1> in <#C1|deals> <https://x.example|x.example>"
    )
    assert said(text, bot=BOT, names={"U1": "Tom Alvarez"}) == (
        "mail a@b.example & Tom Alvarez in #deals x.example (https://x.example)"
    )
