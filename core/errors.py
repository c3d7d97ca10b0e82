"""Error families named by who can fix them; the leaves live beside their raisers.

Each edge (agent, cli, slack, api) translates the three families in one file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Candidate:
    """One record that may have been meant: shown in a question, with what tells it from the others.

    `facts` are visible fields that people tell records apart by ("the bigger one"), as plain text.
    """

    kind: str
    id: str
    name: str
    hint: str = ""
    facts: Mapping[str, str] = field(default_factory=dict, compare=False)


class DealhandError(Exception):
    """Base of every error that Dealhand raises on purpose.

    The message says what was asked, what is true and what would work; it may be shown to a person. `zh` is
    the same in Chinese, where the error is likely to reach a person directly.
    """

    def __init__(self, message: str, *, zh: str = "") -> None:
        super().__init__(message)
        self.message, self.zh = message, zh

    def text(self, language: str) -> str:
        """The message in `language`, in English where there is no Chinese."""
        return self.zh if language == "zh" and self.zh else self.message


class ModelFixableError(DealhandError):
    """Not found, ambiguous or unreadable: goes back to the model, or becomes a question to the person."""


class PersonFixableError(DealhandError):
    """Not permitted, needs a yes, or in conflict: told plainly to the person."""


class OperatorFixableError(DealhandError):
    """Configuration, store or an upstream service: logged with an incident id, with an honest apology."""


class InvalidArgumentError(ModelFixableError):
    """An argument cannot be read or does not fit; the message names it and gives an example."""

    def __init__(self, message: str, *, argument: str = "", zh: str = "") -> None:
        super().__init__(message, zh=zh)
        self.argument = argument


class RecordNotFoundError(ModelFixableError):
    """No visible record is meant by these words; near misses are offered.

    A record that the asker may not see gives exactly this error, too.
    """

    def __init__(self, kind: str, words: str, near: Sequence[Candidate] = ()) -> None:
        super().__init__(f"No {kind} found for “{words}”.", zh=f"没有找到“{words}”。")
        self.kind, self.words, self.near = kind, words, tuple(near)


class AmbiguousRecordError(ModelFixableError):
    """Several visible records may be meant; the person has to say which."""

    def __init__(self, kind: str, words: str, candidates: Sequence[Candidate]) -> None:
        names = ", ".join(candidate.name for candidate in candidates)
        super().__init__(f"“{words}” may mean several: {names}.", zh=f"“{words}”可能指：{names}。")
        self.kind, self.words, self.candidates = kind, words, tuple(candidates)


class MissingDetailError(ModelFixableError):
    """A change cannot be made before the person gives one more detail (a lost reason, a due date, …)."""

    def __init__(self, message: str, *, field: str, choices: Sequence[str] = (), zh: str = "") -> None:
        super().__init__(message, zh=zh)
        self.field, self.choices = field, tuple(choices)
