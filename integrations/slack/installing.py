"""Installing the app in several workspaces: the pages of OAuth, with tokens and states kept in the store."""

import logging
import secrets
from datetime import timedelta
from logging import Logger
from typing import Any

from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.oauth.installation_store.installation_store import InstallationStore
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.state_store import OAuthStateStore

from core.settings import Settings
from crm_store.channel_log import ChannelLog
from integrations.slack.http import INSTALL, REDIRECT
from integrations.slack.manifest import bot_scopes
from integrations.slack.workspaces import Workspaces

logger = logging.getLogger("dealhand.slack")

STATE_S = 600


def oauth_flow(settings: Settings, workspaces: Workspaces) -> OAuthFlow | None:
    """The pages of the installation; None where no client id is set."""
    secret = settings.slack_client_secret.get_secret_value()
    if not (settings.slack_client_id and secret):
        return None
    redirect = f"{settings.public_url.rstrip('/')}{REDIRECT}" if settings.public_url else None
    return OAuthFlow(
        client=workspaces.open_client(),
        logger=logger,
        settings=OAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=secret,
            scopes=bot_scopes(),
            redirect_uri=redirect,
            install_path=INSTALL,
            redirect_uri_path=REDIRECT,
            installation_store=_Installations(workspaces),
            state_store=_States(workspaces.log),
            state_expiration_seconds=STATE_S,
        ),
    )


class _Installations(InstallationStore):
    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    @property
    def logger(self) -> Logger:
        return logger

    def save(self, installation: Installation) -> None:
        self._workspaces.save(installation)


class _States(OAuthStateStore):
    def __init__(self, log: ChannelLog) -> None:
        self._log = log

    @property
    def logger(self) -> Logger:
        return logger

    def issue(self, *args: Any, **kwargs: Any) -> str:
        state = secrets.token_urlsafe(32)
        self._log.remember(f"oauth:{state}")
        return state

    def consume(self, state: str) -> bool:
        return self._log.consume(f"oauth:{state}", timedelta(seconds=STATE_S))
