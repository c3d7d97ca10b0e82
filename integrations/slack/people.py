"""Who someone in Slack is in the CRM: by an administrator's mapping or by their verified e-mail; else nobody."""

import threading
import time
from dataclasses import dataclass
from typing import Any, Literal

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from crm_store.channel_log import ChannelLog
from crm_store.directory import UnknownUserError, find_principal, principal_of
from crm_store.principals import Principal
from crm_store.store import Store
from integrations.slack.place import Place

KEPT_S = 300.0

Refusal = Literal["unmapped", "guest", "deactivated", "outsider", "bot"]


@dataclass(frozen=True, slots=True)
class Stranger:
    """Someone who gets no data: why, and the language to say it in."""

    why: Refusal
    language: str


class People:
    """Finds the CRM user behind a Slack user. What Slack says of someone is kept for five minutes."""

    def __init__(self, store: Store, log: ChannelLog) -> None:
        self._store, self._log = store, log
        self._kept: dict[tuple[str, str], tuple[float, dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def find(self, client: WebClient, place: Place) -> Principal | Stranger:
        """The person of that place, with the rights of their role; or why they get nothing."""
        return self.find_user(client, place, place.user)

    def find_user(self, client: WebClient, place: Place, user: str) -> Principal | Stranger:
        """The same for anyone of the workspace."""
        known = self._info(client, place.workspace, user)
        language = "zh" if str(known.get("locale", "")).startswith("zh") else "en"
        refused = _refused(known, place)
        if refused is not None:
            return Stranger(refused, language)
        mapped = self._log.mapped(place.workspace, user)
        try:
            if mapped:
                return principal_of(self._store, mapped)
            email = str(known.get("profile", {}).get("email") or "")
            if not email or known.get("is_email_confirmed") is not True:
                return Stranger("unmapped", language)
            return find_principal(self._store, email)
        except UnknownUserError:
            return Stranger("deactivated" if mapped else "unmapped", language)

    def forget(self, workspace: str) -> None:
        """Drops what is kept of a workspace."""
        with self._lock:
            self._kept = {key: value for key, value in self._kept.items() if key[0] != workspace}

    def _info(self, client: WebClient, workspace: str, user: str) -> dict[str, Any]:
        key = (workspace, user)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        try:
            known: dict[str, Any] = client.users_info(user=user, include_locale=True)["user"]
        except SlackApiError as error:
            if error.response["error"] in ("user_not_found", "user_not_visible"):
                return {"is_stranger": True}
            raise
        with self._lock:
            self._kept[key] = (time.monotonic() + KEPT_S, known)
        return known


def _refused(known: dict[str, Any], place: Place) -> Refusal | None:
    if known.get("deleted"):
        return "deactivated"
    if known.get("is_bot") or known.get("id") == "USLACKBOT":
        return "bot"
    if known.get("is_stranger"):
        return "outsider"
    team = known.get("team_id")
    grid = known.get("enterprise_user", {}).get("teams", [])
    if team and team != place.workspace and place.workspace not in grid:
        return "outsider"
    if known.get("is_restricted") or known.get("is_ultra_restricted"):
        return "guest"
    return None
