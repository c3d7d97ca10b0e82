"""The workspaces in which the app is installed: their tokens, kept fresh, and a client for each."""

import json
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.token_rotation.rotator import TokenRotator

from core.errors import OperatorFixableError
from core.sealing import Seal, open_seal
from core.settings import Settings
from crm_store.channel_log import ChannelLog
from integrations.slack.place import conversations_of

logger = logging.getLogger("dealhand.slack")

RENEW_MINUTES = 120
SEALED = "sealed"
_RENEWAL = timedelta(seconds=30)
TIMEOUT_S = 15
# How far Slack's clock and ours may differ.
CLOCKS_APART_S = 5.0


class NotInstalledError(OperatorFixableError):
    """The app has no token for this workspace (any more)."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A token with what Slack calls the app there."""

    token: str
    workspace: str
    bot_user: str
    bot_id: str
    enterprise: str = ""


class Workspaces:
    """Hands out tokens and clients; one workspace never gets the token of another."""

    def __init__(self, settings: Settings, log: ChannelLog) -> None:
        self.settings, self.log = settings, log
        self._lock = threading.Lock()
        self._only: Installed | None = None
        self._bots: dict[str, tuple[str, str]] = {}

    def client(self, workspace: str, enterprise: str = "") -> WebClient:
        """A client with the token of that workspace.

        Raises:
            NotInstalledError: the app is not installed there.
        """
        return self.open_client(self.find(workspace, enterprise).token)

    def open_client(self, token: str = "") -> WebClient:
        """A client with a token. It tries nothing twice but what Slack has refused for its rate limit."""
        client = WebClient(
            token=token or None, base_url=self.settings.slack_api_url, timeout=TIMEOUT_S, retry_handlers=[]
        )
        client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=2))
        return client

    def find(self, workspace: str, enterprise: str = "", *, renews: bool = True) -> Installed:
        """The installation in that workspace; `renews` its token when it is about to end, which asks Slack.

        Raises:
            NotInstalledError: the app is not installed there.
        """
        token = self.settings.slack_bot_token.get_secret_value()
        if token:
            only = self._single(token)
            if only.workspace != workspace and not (only.enterprise and only.enterprise == enterprise):
                raise NotInstalledError(f"The Slack app is not installed in workspace {workspace}.")
            return Installed(token, workspace, only.bot_user, only.bot_id, enterprise)
        for name in filter(None, (workspace, enterprise)):
            kept = self.load(name)
            if kept is not None:
                bot = self._renewed(name, kept) if renews else Bot(**kept)
                return Installed(
                    bot.bot_token, workspace, bot.bot_user_id or "", bot.bot_id or "", bot.enterprise_id or ""
                )
        raise NotInstalledError(f"The Slack app is not installed in workspace {workspace}.")

    def own_team(self) -> str:
        """The workspace of the bot token.

        Raises:
            NotInstalledError: no token is set, or Slack does not accept it.
        """
        token = self.settings.slack_bot_token.get_secret_value()
        if not token:
            raise NotInstalledError("Several workspaces may be installed: name one with --team.")
        return self._single(token).workspace

    def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        """What Bolt wants to know of a request's workspace; None refuses the request."""
        try:
            found = self.find(team_id or enterprise_id or "", enterprise_id or "", renews=False)
        except NotInstalledError:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=found.bot_user,
            bot_id=found.bot_id,
            bot_token=found.token,
        )

    def save(self, installation: Installation) -> None:
        """Keeps a new installation; a person's own token is not kept, as the app uses none."""
        data = installation.to_bot().to_dict()
        data["installed_at"] = installation.installed_at
        workspace = installation.enterprise_id if installation.is_enterprise_install else installation.team_id
        self.store(str(workspace), data)

    def load(self, workspace: str) -> dict[str, Any] | None:
        """What is kept of an installation, its tokens readable; what was kept unsealed is sealed at once.

        Raises:
            SealError: it was sealed with another key.
        """
        kept = self.log.find_installation(workspace)
        if kept is None:
            return None
        if SEALED in kept:
            found: dict[str, Any] = json.loads(self._seal.open(kept[SEALED]))
            return found
        # Under the claim of renewing: nobody puts fresh tokens in meanwhile.
        if self.log.claim_renewal(workspace, _RENEWAL):
            self.store(workspace, self.log.find_installation(workspace) or kept)
        return kept

    def store(self, workspace: str, data: Mapping[str, Any]) -> None:
        """Keeps an installation, sealed."""
        sealed = data if SEALED in data else {SEALED: self._seal.close(json.dumps(_plain(data)))}
        self.log.save_installation(workspace, dict(sealed))

    def token_of(self, workspace: str) -> str:
        """The bot token that is kept of a workspace; empty where none is."""
        return str((self.load(workspace) or {}).get("bot_token") or "")

    def installed_since(self, workspace: str, moment: float) -> bool:
        """Whether the app was installed there anew after a moment (Unix time; 0 where it is not known)."""
        kept = self.load(workspace)
        return bool(moment and kept is not None and float(kept.get("installed_at") or 0) > moment + CLOCKS_APART_S)

    def forget(self, workspace: str) -> None:
        """Wipes a workspace: tokens, people, threads, conversations, pending changes."""
        self.log.forget_workspace(workspace, conversations_of(workspace))

    @cached_property
    def _seal(self) -> Seal:
        return open_seal(self.settings)

    def _single(self, token: str) -> Installed:
        with self._lock:
            if self._only is None:
                try:
                    known = self.open_client(token).auth_test()
                except SlackApiError as error:
                    raise NotInstalledError(
                        f"Slack does not accept the bot token ({error.response['error']}); "
                        "see docs/slack-setup.md and `dealhand doctor`."
                    ) from error
                self._only = Installed(
                    token,
                    str(known["team_id"]),
                    str(known["user_id"]),
                    str(known.get("bot_id") or ""),
                    str(known.get("enterprise_id") or ""),
                )
            return self._only

    def _renewed(self, workspace: str, kept: Mapping[str, Any]) -> Bot:
        bot = Bot(**kept)
        ends = bot.bot_token_expires_at
        if not bot.bot_refresh_token or ends is None or ends > time.time() + RENEW_MINUTES * 60:
            return bot
        # A refresh token works once: whoever holds the claim renews, the others use the token that still holds.
        if not self.log.claim_renewal(workspace, _RENEWAL):
            return bot
        current = self.load(workspace)
        rotator = TokenRotator(
            client_id=self.settings.slack_client_id,
            client_secret=self.settings.slack_client_secret.get_secret_value(),
            client=self.open_client(),
        )
        try:
            fresh = rotator.perform_bot_token_rotation(
                bot=Bot(**(current or kept)), minutes_before_expiration=RENEW_MINUTES
            )
        except SlackTokenRotationError as error:
            logger.error("the token of workspace %s could not be renewed: %s", workspace, error)
            return bot
        if fresh is None:
            return Bot(**(current or kept))
        self.store(workspace, fresh.to_dict())
        return fresh


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """The installation as JSON that the library reads again: the end of a token in whole seconds."""
    scopes, ends, since = (data.get(name) for name in ("bot_scopes", "bot_token_expires_at", "installed_at"))
    return {
        **data,
        "bot_scopes": ",".join(scopes) if isinstance(scopes, list | tuple) else scopes,
        "bot_token_expires_at": int(_seconds(ends)) if ends is not None else None,
        "installed_at": float(_seconds(since)),
    }


def _seconds(moment: Any) -> float:
    return float(moment.timestamp() if hasattr(moment, "timestamp") else moment)
