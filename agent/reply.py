"""What goes into a turn and what comes out of it; typed, the same for every channel."""

from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from core.parts import AnyPart, ApprovalRequest, Part, Question, RecordRef

P = TypeVar("P", bound=Part)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of one person.

    `key` identifies the message at its channel: the same key in the same conversation has its effects
    once, however often it is delivered. An empty key means a message that is never delivered twice.
    `picked` is the id of the record that a click chose among the candidates of the last question.
    """

    user_email: str
    text: str
    conversation_id: str = ""
    channel: str = "terminal"
    key: str = ""
    picked: str = ""


class Reply(BaseModel):
    """The typed answer to a turn.

    `records` are all records that the answer cites, in order; `undo` takes back everything that this
    turn changed; `seconds` is wall time; `prompt_tokens` counts all model calls of the turn.
    """

    model_config = ConfigDict(frozen=True)

    conversation_id: str
    turn_id: str
    language: str = "en"
    parts: tuple[AnyPart, ...]
    records: tuple[RecordRef, ...] = ()
    undo: str = ""
    model: str = "builtin"
    model_calls: int = 0
    prompt_tokens: int = 0
    seconds: float = 0.0

    def of_type(self, part_type: type[P]) -> list[P]:
        """The parts of one type, in order."""
        return [part for part in self.parts if isinstance(part, part_type)]

    @property
    def approvals(self) -> list[ApprovalRequest]:
        """Changes that wait for a yes."""
        return self.of_type(ApprovalRequest)

    @property
    def questions(self) -> list[Question]:
        """Questions that the person has to answer before the agent goes on."""
        return self.of_type(Question)
