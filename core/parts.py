"""The parts of a reply, typed and channel-neutral: tools and analytics make them, channels render them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """Base of all parts: immutable, and JSON by `model_dump`."""

    model_config = ConfigDict(frozen=True)


class RecordRef(Part):
    """A record that an answer cites."""

    kind: str
    id: str
    name: str


class Text(Part):
    """Markdown text."""

    type: Literal["text"] = "text"
    text: str


class Column(Part):
    """A table column; `unit` is a currency code, `%`, `days` or empty."""

    name: str
    label: str
    align: Literal["left", "right"] = "left"
    unit: str = ""


class Table(Part):
    """Rows already formatted for people; `records` cites one record a row where there is one.

    `says` holds for each row the message that does what the row proposes, where the rows propose something.
    """

    type: Literal["table"] = "table"
    title: str = ""
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    records: tuple[RecordRef, ...] = ()
    says: tuple[str, ...] = ()
    note: str = ""


class Series(Part):
    """One line, or one set of bars, of a chart."""

    name: str
    values: tuple[float, ...]


class Chart(Part):
    """A chart as data; a channel draws it or leaves it out."""

    type: Literal["chart"] = "chart"
    shape: Literal["line", "bar", "funnel", "waterfall"]
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""


class Figure(Part):
    """One number with everything needed to check it."""

    type: Literal["figure"] = "figure"
    metric: str
    label: str
    value: float | None
    unit: str = ""
    text: str
    formula: str
    filter_in_words: str
    as_of: str
    n: int
    n_of: int
    left_out: tuple[str, ...] = ()
    query_hash: str = ""


class FieldChange(Part):
    """One field of a change, as people read it."""

    field: str
    label: str
    before: str
    after: str


class ChangeReceipt(Part):
    """A change that was applied: what it was, before → after, and the handle that undoes it.

    `headline` says it in one line in the reply's language; a channel shows the fields below it.
    """

    type: Literal["change"] = "change"
    action: Literal["created", "updated", "deleted"]
    record: RecordRef
    headline: str = ""
    fields: tuple[FieldChange, ...]
    undo: str

    @property
    def details(self) -> tuple[FieldChange, ...]:
        """The fields that say more than the headline does; none of a deletion or a draft (shown whole)."""
        if self.action == "deleted" or self.record.kind == "draft":
            return ()
        if self.action == "updated":
            return self.fields
        if self.record.kind == "interaction":
            return tuple(each for each in self.fields if each.field not in ("type", "contacts", "subject"))
        return tuple(each for each in self.fields if each.after != self.record.name)


class Question(Part):
    """The agent needs to know something before it goes on; nothing of that request was changed."""

    type: Literal["question"] = "question"
    text: str
    candidates: tuple[RecordRef, ...] = ()
    choices: tuple[str, ...] = ()


class ApprovalRequest(Part):
    """A change that waits for a yes, rendered by code from the canonical effect.

    `effect` names this very effect: a yes that names another one is not taken. `source` holds the words of a
    dictated note that the change came from; it is empty for what was typed.
    """

    type: Literal["approval"] = "approval"
    approval_id: str
    text: str
    changes: tuple[ChangeReceipt, ...]
    reasons: tuple[str, ...]
    expires_at: str
    effect: str = ""
    source: str = ""


class Draft(Part):
    """A follow-up draft for a person to send."""

    type: Literal["draft"] = "draft"
    id: str
    to: tuple[str, ...]
    subject: str
    body: str
    language: str


class Declined(Part):
    """Not permitted, or not this agent's job."""

    type: Literal["declined"] = "declined"
    text: str


class NotKnown(Part):
    """The record does not exist for the asker, or the data is missing."""

    type: Literal["not_known"] = "not_known"
    text: str


class Failure(Part):
    """Something broke on our side; nothing was lost. `incident` finds it in the log."""

    type: Literal["failure"] = "failure"
    text: str
    incident: str = ""


AnyPart = Annotated[
    Text
    | Table
    | Chart
    | Figure
    | ChangeReceipt
    | Question
    | ApprovalRequest
    | Draft
    | Declined
    | NotKnown
    | Failure,
    Field(discriminator="type"),
]
