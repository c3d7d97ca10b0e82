"""What `dealhand doctor` says of Slack: which token is wrong, which scope or event is missing."""

from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from core.errors import OperatorFixableError
from core.settings import Settings
from integrations.slack.calls import TryLaterError, clear, error_of
from integrations.slack.manifest import bot_events, bot_scopes, manifest
from integrations.slack.workspaces import TIMEOUT_S

_FIX = "create the app anew from `dealhand slack manifest`, or add it and reinstall; see docs/slack-setup.md"


class SlackSetupError(OperatorFixableError):
    """Something of the Slack app's set-up is missing or wrong; the message names it."""


def check_slack(settings: Settings, installed: Mapping[str, str] | None = None) -> str:
    """Tries the tokens and compares scopes and events with the manifest.

    Args:
        settings: The tokens of one workspace, or the client of several.
        installed: The bot tokens of the workspaces that have installed the app, by workspace.

    Raises:
        SlackSetupError: names the token, scope or event.
    """
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    if not (bot or settings.slack_client_id):
        return "not set up (docs/slack-setup.md)"
    told = []
    if bot:
        told.append(_bot_token(settings, bot, "DEALHAND_SLACK_BOT_TOKEN"))
    elif not settings.slack_client_secret.get_secret_value():
        raise SlackSetupError("DEALHAND_SLACK_CLIENT_SECRET is missing; the client id alone installs nothing.")
    elif not settings.public_url:
        raise SlackSetupError(
            "DEALHAND_PUBLIC_URL is missing; Slack sends people back there after the installation."
        )
    else:
        told.append(_installations(settings, installed))
    if app:
        told.append(_app_token(settings, app))
    elif not settings.slack_signing_secret.get_secret_value():
        raise SlackSetupError(
            "Neither DEALHAND_SLACK_APP_TOKEN (Socket Mode) nor DEALHAND_SLACK_SIGNING_SECRET (HTTP) is set."
        )
    else:
        told.append("events over HTTP")
    told.append(_events(settings, bot))
    return ", ".join(told)


def _installations(settings: Settings, installed: Mapping[str, str] | None) -> str:
    if not installed:
        return "installed in no workspace yet: open /slack/install at DEALHAND_PUBLIC_URL"
    return "; ".join(_bot_token(settings, token, f"workspace {name}") for name, token in installed.items())


def _bot_token(settings: Settings, token: str, name: str) -> str:
    try:
        with clear():
            known = _client(settings, token).auth_test()
    except SlackApiError as error:
        raise SlackSetupError(f"{name}: Slack says {error_of(error)}.") from error
    except TryLaterError as error:
        raise SlackSetupError(f"{settings.slack_api_url} cannot be reached.") from error
    granted = next((value for name, value in known.headers.items() if name.lower() == "x-oauth-scopes"), None)
    if granted is not None:
        missing = sorted(set(bot_scopes()) - {scope.strip() for scope in str(granted).split(",")})
        if missing:
            raise SlackSetupError(f"{name} lacks the scopes {', '.join(missing)}: {_FIX}.")
    return f"{known.get('team', known['team_id'])} as {known.get('user', known['user_id'])}"


def _app_token(settings: Settings, token: str) -> str:
    try:
        with clear():
            _client(settings, token).apps_connections_open(app_token=token)
    except SlackApiError as error:
        needs = " (it needs the scope connections:write)" if error_of(error) == "missing_scope" else ""
        raise SlackSetupError(f"DEALHAND_SLACK_APP_TOKEN: Slack says {error_of(error)}{needs}.") from error
    except TryLaterError as error:
        raise SlackSetupError(f"{settings.slack_api_url} cannot be reached.") from error
    return "Socket Mode works"


def _events(settings: Settings, bot: str) -> str:
    """Slack tells the events of an app only to a configuration token."""
    config = settings.slack_config_token.get_secret_value()
    if not (config and bot):
        return f"events not checked (DEALHAND_SLACK_CONFIG_TOKEN; {len(bot_events())} are needed)"
    client = _client(settings, bot)
    try:
        with clear():
            app_id = client.bots_info(bot=client.auth_test()["bot_id"])["bot"]["app_id"]
            exported = _client(settings, config).api_call("apps.manifest.export", params={"app_id": app_id})
    except SlackApiError as error:
        raise SlackSetupError(f"DEALHAND_SLACK_CONFIG_TOKEN: Slack says {error_of(error)}.") from error
    except TryLaterError as error:
        raise SlackSetupError(f"{settings.slack_api_url} cannot be reached.") from error
    made: dict[str, Any] = exported.get("manifest") or {}
    there = made.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])
    missing = sorted(set(bot_events()) - set(there))
    if missing:
        raise SlackSetupError(f"The app is not subscribed to {', '.join(missing)}: {_FIX}.")
    if "agent_view" not in made.get("features", {}):
        raise SlackSetupError(f"The app has no agent_view, as {manifest()['display_information']['name']} needs.")
    return "all events"


def _client(settings: Settings, token: str) -> WebClient:
    return WebClient(token=token, base_url=settings.slack_api_url, timeout=TIMEOUT_S, retry_handlers=[])
