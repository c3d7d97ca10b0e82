"""The app's manifest: `manifest.json` is what is asked of Slack; here it is fitted to an installation."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from integrations.slack.http import EVENTS, REDIRECT

_FILE = Path(__file__).parent / "manifest.json"


def manifest(*, public_url: str = "", over_http: bool = False, rotates: bool = False) -> dict[str, Any]:
    """The manifest for Socket Mode, or over HTTP for an app that is reached at `public_url`."""
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    settings, features = found["settings"], found["features"]
    base = public_url.rstrip("/")
    if base:
        features["unfurl_domains"] = [urlsplit(base).hostname or base]
    if over_http:
        address = f"{base}{EVENTS}"
        settings["socket_mode_enabled"] = False
        settings["event_subscriptions"]["request_url"] = address
        settings["interactivity"] |= {"request_url": address, "message_menu_options_url": address}
        for command in features["slash_commands"]:
            command["url"] = address
        found["oauth_config"]["redirect_urls"] = [f"{base}{REDIRECT}"]
    settings["token_rotation_enabled"] = rotates
    return found


@cache
def bot_scopes() -> tuple[str, ...]:
    """The scopes that the app asks for."""
    return tuple(manifest()["oauth_config"]["scopes"]["bot"])


@cache
def bot_events() -> tuple[str, ...]:
    """The events that the app subscribes to."""
    return tuple(manifest()["settings"]["event_subscriptions"]["bot_events"])
