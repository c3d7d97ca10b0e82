"""Several workspaces: tokens sealed in the database, refused retries of an old uninstall, what doctor says of each."""

import json
import time

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from core.sealing import KEY_FILE, SealError
from crm_store.channel_log import ChannelLog
from integrations.slack.doctor import SlackSetupError, check_slack
from integrations.slack.manifest import bot_scopes
from integrations.slack.workspaces import Workspaces

TOKEN, REFRESH = "xoxb-2-very-secret", "xoxe-1-very-secret"


def bot(team="T2", **more):
    return {
        "app_id": "A1", "enterprise_id": None, "team_id": team, "bot_token": TOKEN, "bot_id": "B",
        "bot_user_id": "UBOT", "bot_scopes": "chat:write", "bot_refresh_token": REFRESH,
        "bot_token_expires_at": int(time.time()) + 40_000, "installed_at": time.time(), **more,
    }  # fmt: skip


@pytest.fixture
def log(runtime):
    return ChannelLog(runtime.store)


@pytest.fixture
def several(settings):
    """The settings of an app that is installed by OAuth."""
    return settings.model_copy(
        update={
            "slack_bot_token": SecretStr(""),
            "slack_client_id": "1.2",
            "slack_client_secret": SecretStr("s"),
        }
    )


def in_database(log):
    return json.dumps(log.find_installation("T2"))


def test_tokens_lie_sealed_in_the_database(log, several):
    workspaces = Workspaces(several, log)
    workspaces.store("T2", bot())
    assert TOKEN not in in_database(log)
    assert REFRESH not in in_database(log)
    # Another process of the same installation opens them; the key is readable by its owner only.
    assert Workspaces(several, log).find("T2").token == TOKEN
    assert (several.home_dir / KEY_FILE).stat().st_mode & 0o077 == 0


def test_what_an_earlier_version_kept_in_the_open_is_sealed_when_it_is_used(log, several):
    log.save_installation("T2", bot())
    workspaces = Workspaces(several, log)
    assert workspaces.find("T2").token == TOKEN
    assert TOKEN not in in_database(log)
    assert workspaces.find("T2").token == TOKEN


def test_with_another_key_nothing_is_opened_and_a_new_key_before_the_old_one_opens(log, several):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()

    def with_key(key):
        return Workspaces(several.model_copy(update={"secret_key": SecretStr(key)}), log)

    with_key(old).store("T2", bot())
    with pytest.raises(SealError, match="another key"):
        with_key(new).find("T2")
    assert with_key(f"{new},{old}").find("T2").token == TOKEN
    with pytest.raises(SealError, match="DEALHAND_SECRET_KEY"):
        with_key("no key").find("T2")


def test_an_uninstall_wipes_but_a_late_copy_of_it_spares_a_newer_installation(open_desk, runtime, several, log):
    desk = open_desk()
    desk.slack.workspaces = Workspaces(several, log)
    desk.fake.tokens[TOKEN] = "T2"
    desk.team = "T2"
    desk.slack.workspaces.store("T2", bot())
    desk.event({"type": "app_uninstalled"}, event_time=int(time.time()) - 60)
    assert log.find_installation("T2") is not None
    desk.event({"type": "app_uninstalled"}, event_time=int(time.time()) + 60)
    assert log.find_installation("T2") is None


def test_doctor_looks_at_each_workspace_that_has_installed_the_app(desk, several):
    desk.fake.tokens[TOKEN] = "T2"
    desk.fake.headers = {"x-oauth-scopes": ",".join(set(bot_scopes()) - {"links:read"})}
    with pytest.raises(SlackSetupError, match="workspace T2 lacks the scopes links:read"):
        check_slack(several, {"T2": TOKEN})
    assert "no workspace yet" in check_slack(several, {})
    with pytest.raises(SlackSetupError, match="DEALHAND_PUBLIC_URL"):
        check_slack(several.model_copy(update={"public_url": ""}), {})
