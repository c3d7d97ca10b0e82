"""The Slack app's parts in one place, built once a process, and what its listeners and jobs share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from slack_sdk import WebClient

from agent import Runtime
from crm_store.channel_log import ChannelLog
from crm_store.principals import Principal
from integrations.slack.answer import Pace
from integrations.slack.audience import Audience
from integrations.slack.people import People, Stranger
from integrations.slack.place import Place
from integrations.slack.rooms import Rooms
from integrations.slack.sending import OWNER, Sender
from integrations.slack.words import say
from integrations.slack.workspaces import Workspaces
from speech.transcript import Transcriber

TURNS, CLICKS = "slack", "slack-clicks"


class JobQueue(Protocol):
    """Where work is put in; `jobs.engine.Jobs` is one."""

    def enqueue(
        self,
        queue: str,
        handler: str,
        payload: dict[str, Any],
        *,
        key: str,
        partition: str = "",
        run_at: datetime | None = None,
    ) -> bool:
        """Puts work in; whether it is new. It is durable when this returns."""
        ...

    def enqueue_soon(
        self, queue: str, handler: str, payload: dict[str, Any], *, key: str, partition: str = ""
    ) -> None:
        """The same for a request that has to be answered at once."""
        ...


@dataclass
class Slack:
    """Everything that listeners and jobs need. Share it between threads."""

    runtime: Runtime
    jobs: JobQueue
    workspaces: Workspaces
    people: People
    rooms: Rooms
    audience: Audience
    log: ChannelLog
    pace: Pace = field(default_factory=Pace)
    transcriber: Transcriber | None = None
    draw_chart: Callable[[Any], bytes] | None = None
    owner: str = OWNER

    @property
    def page_base(self) -> str:
        """Where record pages are; empty where there are none."""
        return self.runtime.settings.public_url.rstrip("/")

    def client(self, place: Place) -> WebClient:
        """A client for the workspace of a place."""
        return self.workspaces.client(place.workspace, place.enterprise)

    def sender(self, place: Place) -> Sender:
        """Sends to a place."""
        return Sender(self.client(place), self.log, place, self.owner)

    def admitted(self, place: Place, key: str) -> Principal | None:
        """The CRM user who is speaking there, if they may be answered; else they are told why, politely.

        `key` names what is told.
        """
        found = self.admit(place)
        if isinstance(found, Principal):
            return found
        if found and place.channel:
            self.sender(place).tell(found, f"{key}:told")
        return None

    def admit(self, place: Place, *, elsewhere: bool = False) -> Principal | str:
        """The CRM user who is speaking there, or why they are not answered; bots are told nothing.

        In a channel that outsiders can read nobody is answered. One that cannot be looked up counts as such, unless
        the answer goes `elsewhere`, to the person alone.
        """
        client = self.client(place)
        person = self.people.find(client, place)
        if isinstance(person, Stranger):
            return "" if person.why == "bot" else say(person.language, person.why)
        if place.channel:
            room = self.rooms.find(client, place)
            if room.is_external and not (room.is_unknown and elsewhere):
                return say(person.locale[:2], "unknown_room" if room.is_unknown else "external")
        return person

    def dm(self, place: Place) -> Place:
        """The direct message with the person of a place."""
        opened = self.client(place).conversations_open(users=place.user)
        return Place(
            place.workspace, str(opened["channel"]["id"]), place.user, enterprise=place.enterprise, is_dm=True
        )


def build_service(
    runtime: Runtime,
    jobs: JobQueue,
    *,
    transcriber: Transcriber | None = None,
    draw_chart: Callable[[Any], bytes] | None = None,
) -> Slack:
    """The app's parts over a runtime and a queue."""
    log = ChannelLog(runtime.store)
    people = People(runtime.store, log)
    return Slack(
        runtime=runtime,
        jobs=jobs,
        workspaces=Workspaces(runtime.settings, log),
        people=people,
        rooms=Rooms(log),
        audience=Audience(runtime.store, people),
        log=log,
        transcriber=transcriber,
        draw_chart=draw_chart,
    )
