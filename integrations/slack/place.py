"""Where something was said in Slack: workspace, channel, thread, by whom. Every key of ours is made from it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

CONVERSATIONS = "slack"


@dataclass(frozen=True, slots=True)
class Place:
    """One message's whereabouts. `workspace` is the team of the app's installation, `enterprise` its organisation.

    `thread` is the root of the thread that an answer belongs to; in a direct message each message of its own
    begins one. `external`: the event itself said that people from outside can read along.
    """

    workspace: str
    channel: str
    user: str
    thread: str = ""
    ts: str = ""
    enterprise: str = ""
    is_dm: bool = False
    external: bool = False

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "Place":
        """The place that `to_json` gave."""
        return cls(**payload["place"])

    def to_json(self) -> dict[str, Any]:
        """The place for a job's payload."""
        return asdict(self)

    @property
    def partition(self) -> str:
        """What is said in one thread is done one after the other."""
        return f"{self.workspace}:{self.channel}:{self.thread or self.user}"

    def conversation(self, user_id: str) -> str:
        """The id of the conversation of one person in this thread; never shared between workspaces or people."""
        return f"{conversations_of(self.workspace)}{self.channel}:{self.thread or 'home'}:{user_id}"


def conversations_of(workspace: str) -> str:
    """How the ids of all conversations of a workspace begin."""
    return f"{CONVERSATIONS}:{workspace}:"
