"""Home, shortcuts, pickers, unfurled links, briefings, installation and what doctor says."""

import json
import time

import pytest
from slack_bolt import BoltRequest

from briefings.channels import Message, UnreachableError
from crm_store.channel_log import ChannelLog
from integrations.slack.delivery import open_channel
from integrations.slack.doctor import SlackSetupError, check_slack
from integrations.slack.http import INSTALL, REDIRECT, SlackAsgi
from integrations.slack.installing import oauth_flow
from integrations.slack.manifest import bot_events, bot_scopes, manifest
from integrations.slack.place import Place
from integrations.slack.render.limits import check_view
from integrations.slack.workspaces import Workspaces
from tests.integrations.slack.conftest import BOT, DANA, DM, MARCUS, OPEN_ROOM, TEAM_ROOM, shown


def open_home(desk, user=MARCUS):
    desk.event({"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": "home"})
    desk.queue.run_all()
    return desk.fake.homes[user]


def test_home_shows_pipeline_tasks_approvals_and_the_briefing(desk, deal):
    desk.say("Redwood renewal is closed won")
    home = open_home(desk)
    check_view(home)
    words = json.dumps(home)
    for expected in ("Blue Heron pilot", "Call Ines Kowalski", "approval_apply", "briefing_time"):
        assert expected in words
    version = deal("Redwood renewal").version
    card = {"ts": "", "thread_ts": "", "text": "", "blocks": home["blocks"]}
    desk.click(card, "approval_apply", channel="")
    assert deal("Redwood renewal").version == version + 1
    assert "approval_apply" not in json.dumps(desk.fake.homes[MARCUS])
    assert "Closed Won" in shown(desk.last())


def test_a_manager_sees_what_waits_below_them_and_others_do_not(desk):
    desk.say("Redwood renewal is closed won")
    assert "Marcus Lee" in json.dumps(open_home(desk, DANA))
    assert "approval_apply" in json.dumps(open_home(desk, DANA))
    assert "approval_apply" not in json.dumps(open_home(desk, "UTOM"))


def test_the_briefing_is_set_in_the_home(desk):
    home = open_home(desk)
    (choice,) = [
        block for block in home["blocks"] if block.get("accessory", {}).get("action_id") == "briefing_time"
    ]
    card = {"ts": "", "thread_ts": "", "text": "", "blocks": [choice]}
    desk.click(card, "briefing_time", channel="", value="mon-fri 09:00")
    assert '"initial_option": {"text": {"type": "plain_text", "text": "weekdays 09:00"' in json.dumps(
        desk.fake.homes[MARCUS]
    )


def test_guests_see_no_data_in_their_home(desk):
    words = json.dumps(open_home(desk, "UGUEST"))
    assert "Guests" in words
    assert "Redwood" not in words


def shortcut(desk, callback, text, channel=TEAM_ROOM):
    body = {
        "type": "message_action",
        "callback_id": callback,
        "team": {"id": "T1"},
        "user": {"id": MARCUS, "team_id": "T1"},
        "channel": {"id": channel},
        "message": {"ts": "7.7", "text": text},
        "message_ts": "7.7",
        "trigger_id": "t",
    }
    assert desk.post(body, form=True).status == 200
    return desk.fake.views[-1]


def test_log_to_crm_keeps_the_message_word_for_word(desk, interactions):
    view = shortcut(desk, "log_to_crm", "Karl says scope is fine &amp; wants a quote")
    assert view["blocks"][-1]["element"]["initial_value"] == "Karl says scope is fine & wants a quote"
    picked = options(desk, "Acme Rob")
    record = next(each for each in picked if each["text"]["text"] == "Acme Robotics")
    desk.submit(view, form_values(record, text="Karl says scope is fine & wants a quote", type="email"))
    made = [each for each in interactions() if each.body == "Karl says scope is fine & wants a quote"]
    assert [each.type for each in made] == ["email"]
    assert "undo" in shown(desk.last(f"D{MARCUS}"))
    desk.submit(view, form_values(record, text="again", type="note"))
    assert not [each for each in interactions() if each.body == "again"]


def test_a_message_longer_than_the_form_is_cut_and_the_form_says_so(desk):
    (block,) = [each for each in shortcut(desk, "log_to_crm", "x" * 3001)["blocks"] if each["block_id"] == "text"]
    assert len(block["element"]["initial_value"]) == 3000
    assert "longer than a form" in block["hint"]["text"]
    (block,) = [each for each in shortcut(desk, "log_to_crm", "x")["blocks"] if each["block_id"] == "text"]
    assert "hint" not in block


@pytest.mark.parametrize(("channel", "is_logged"), [("CPRIVATE", True), ("DTWO", True), ("CSHARED", False)])
def test_a_message_is_logged_from_where_the_app_is_not_and_whoever_sent_the_form_hears_of_it(
    desk, interactions, channel, is_logged
):
    """Between two people and in private channels the app cannot look; its answer goes to the person alone."""
    view = shortcut(desk, "log_to_crm", "Karl wants a quote", channel)
    record = next(each for each in options(desk, "Acme Rob") if each["text"]["text"] == "Acme Robotics")
    desk.submit(view, form_values(record, text="Karl wants a quote", type="note"))
    assert is_logged == bool([each for each in interactions() if each.body == "Karl wants a quote"])
    assert ("undo" if is_logged else "People from outside") in shown(desk.last(f"D{MARCUS}"))


def test_create_task_from_a_message(desk):
    view = shortcut(desk, "create_task", "Send Karl the quote\nplease")
    (record, *_) = options(desk, "Redwood renewal")
    values = {
        "title": {"title": {"type": "plain_text_input", "value": "Send Karl the quote"}},
        "due": {"due": {"type": "datepicker", "selected_date": "2026-03-13"}},
        "about": {"record": {"type": "external_select", "selected_option": record}},
    }
    desk.submit(view, values)
    answer = shown(desk.last(f"D{MARCUS}"))
    assert "Send Karl the quote" in answer
    assert "13 March 2026" in answer


def form_values(record, *, text, type):
    return {
        "about": {"record": {"type": "external_select", "selected_option": record}},
        "type": {"type": {"type": "static_select", "selected_option": {"value": type}}},
        "text": {"text": {"type": "plain_text_input", "value": text}},
    }


def options(desk, value, user=MARCUS):
    body = {
        "type": "block_suggestion",
        "team": {"id": "T1"},
        "user": {"id": user, "team_id": "T1"},
        "action_id": "record",
        "block_id": "about",
        "value": value,
    }
    return json.loads(desk.post(body, form=True).body)["options"]


def test_pickers_offer_only_what_the_person_may_see(desk):
    assert options(desk, "Redwood renewal")
    assert options(desk, "Redwood renewal", user="UGUEST") == []
    assert options(desk, "Redwood renewal", user="UNOBODY") == []


def share(desk, deal, channel, base="https://crm.example.com"):
    url = f"{base}/records/deal/{deal('Redwood renewal').id}"
    event = {
        "type": "link_shared",
        "user": MARCUS,
        "channel": channel,
        "message_ts": "8.8",
        "links": [{"url": url, "domain": "crm.example.com"}],
    }
    desk.event(event)
    desk.queue.run_all()
    return desk.fake.unfurls


def test_links_unfurl_without_hidden_fields_where_everyone_may_see_the_record(desk, deal):
    (unfurled,) = share(desk, deal, TEAM_ROOM)
    words = json.dumps(unfurled)
    assert "Redwood renewal" in words
    assert "19,600" not in words
    assert "19600" not in words


def test_links_do_not_unfurl_for_others_or_from_elsewhere(desk, deal):
    assert not share(desk, deal, OPEN_ROOM)
    assert not share(desk, deal, "CSHARED")
    assert not share(desk, deal, TEAM_ROOM, base="https://crm.example.com.evil.example")


def test_charts_are_uploaded_once_as_pictures(open_desk, monkeypatch):
    desk = open_desk(draw_chart=lambda chart: b"\x89PNG")
    desk.say("what's my pipeline by stage?")
    assert len(desk.fake.called("files.completeUploadExternal")) == 1


def test_a_chart_that_could_not_be_uploaded_follows_with_the_next_try(open_desk):
    desk = open_desk(draw_chart=lambda chart: b"\x89PNG")
    desk.fake.fail("files.getUploadURLExternal", "internal_error", 1)
    desk.say("what's my pipeline by stage?", run=False)
    (job,) = desk.queue.waiting
    desk.queue.run_all()
    assert not desk.fake.called("files.completeUploadExternal")
    desk.queue.run_job(job)
    desk.queue.run_job(job)
    assert len(desk.fake.called("files.completeUploadExternal")) == 1
    assert len([each for each in desk.fake.posted(DM) if each["text"] or each["blocks"]]) == 1


# ---------------------------------------------------------------- briefings


def brief(key="k1", email="marcus@northstar.example", **more):
    given = {"user_id": "u", "name": "Marcus", "language": "en", "title": "Good morning", **more}
    line = {"text": "Redwood renewal closes soon", "records": [{"kind": "deal", "id": "deal_1", "name": "R"}],
            "say": "show my open deals"}  # fmt: skip
    return Message(key=key, kind="briefing", email=email, lines=(line,), **given)


@pytest.fixture
def channel(desk, settings, runtime):
    def lookup(body, team):
        found = [
            (key, user)
            for key, user in desk.fake.users.items()
            if user.get("profile", {}).get("email") == body["email"]
        ]
        return {"user": {"id": found[0][0], "team_id": team, **found[0][1]}} if found else _none()

    desk.fake.m_users_lookupByEmail = lookup
    return open_channel(settings, runtime.store)


def _none():
    from tests.integrations.slack.web_api import Refused

    raise Refused("users_not_found")


def test_a_briefing_is_delivered_once_and_found_again(desk, channel):
    first = channel.deliver(brief())
    assert channel.deliver(brief()) == first == channel.find(brief())
    assert len(desk.fake.posted(f"D{MARCUS}")) == 1
    assert channel.find(brief("other")) is None


def test_a_briefing_without_an_answer_is_found_by_its_metadata(desk, channel):
    from briefings.channels import ChannelError

    desk.fake.fail("chat.postMessage", "cut_after")
    with pytest.raises(ChannelError) as error:
        channel.deliver(brief())
    assert error.value.is_unknown
    assert channel.find(brief())
    channel.deliver(brief())
    assert len(desk.fake.posted(f"D{MARCUS}")) == 1


def test_someone_who_is_not_in_slack_is_unreachable(channel):
    with pytest.raises(UnreachableError):
        channel.deliver(brief(email="nobody@nowhere.example"))


def test_a_tap_on_a_line_says_it_as_the_person(desk, channel):
    channel.deliver(brief())
    home = f"D{MARCUS}"
    desk.click(desk.last(home), "say_0", channel=home)
    assert "Redwood renewal" in shown(desk.last(home))


# ---------------------------------------------------------------- installation


def test_oauth_installs_once_per_state_and_renews_tokens(desk, settings, runtime):
    multi = settings.model_copy(
        update={
            "slack_bot_token": type(settings.slack_bot_token)(""),
            "slack_client_id": "1.2",
            "slack_client_secret": type(settings.slack_bot_token)("s"),
        }
    )
    log = ChannelLog(runtime.store)
    workspaces = Workspaces(multi, log)
    asgi = SlackAsgi(desk.asgi._app, oauth_flow(multi, workspaces))
    page = asgi.answer("GET", INSTALL, BoltRequest(body="", headers={}))
    state = page.body.split("state=")[1].split("&")[0]
    cookie = page.headers["set-cookie"][0].split(";")[0]
    back = BoltRequest(body="", query=f"code=abc&state={state}", headers={"cookie": [cookie]})
    assert asgi.answer("GET", REDIRECT, back).status == 200
    first = workspaces.find("T2").token
    again = BoltRequest(body="", query=f"code=abc&state={state}", headers={"cookie": [cookie]})
    assert asgi.answer("GET", REDIRECT, again).status in (400, 401)

    kept = workspaces.load("T2")
    workspaces.store("T2", {**kept, "bot_token_expires_at": int(time.time()) + 60})
    renewed = workspaces.find("T2").token
    assert renewed != first
    assert workspaces.find("T2").token == renewed
    assert len(desk.fake.called("oauth.v2.access")) == 2
    asgi.close()


def test_the_manifest_asks_for_what_the_app_listens_to(desk):
    made = manifest(public_url="https://crm.example.com", over_http=True)
    assert made["settings"]["event_subscriptions"]["request_url"] == "https://crm.example.com/slack/events"
    assert made["features"]["unfurl_domains"] == ["crm.example.com"]
    assert "agent_session_stopped" in bot_events()
    assert {"chat:write", "users:read.email"} <= set(bot_scopes())
    assert not manifest()["settings"].get("event_subscriptions", {}).get("request_url")


def test_doctor_names_the_scope_the_token_and_the_event_that_is_missing(desk, settings):
    desk.fake.headers = {"x-oauth-scopes": ",".join(set(bot_scopes()) - {"files:read"})}
    with pytest.raises(SlackSetupError, match="files:read"):
        check_slack(settings)
    desk.fake.headers = {"x-oauth-scopes": ",".join(bot_scopes())}
    assert "events not checked" in check_slack(settings)
    wrong = settings.model_copy(update={"slack_bot_token": type(settings.slack_bot_token)("xoxb-9")})
    with pytest.raises(SlackSetupError, match="invalid_auth"):
        check_slack(wrong)
    desk.fake.m_bots_info = lambda body, team: {"bot": {"app_id": "A1"}}
    events = sorted(set(bot_events()) - {"link_shared"})
    made = {"settings": {"event_subscriptions": {"bot_events": events}}, "features": {"agent_view": {}}}
    desk.fake.m_apps_manifest_export = lambda body, team: {"manifest": made}
    desk.fake.tokens["xoxe.xoxp-1"] = "T1"
    known = settings.model_copy(update={"slack_config_token": type(settings.slack_bot_token)("xoxe.xoxp-1")})
    with pytest.raises(SlackSetupError, match="link_shared"):
        check_slack(known)


def test_places_never_share_a_conversation():
    one, two = Place("T1", DM, MARCUS, "1.1"), Place("T2", DM, MARCUS, "1.1")
    assert one.conversation("u") != two.conversation("u")
    assert BOT
