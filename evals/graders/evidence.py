"""What graders look at, and what they find; no grading here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agent.reply import Reply
from core.parts import Draft, Part, RecordRef
from evals.graders.phrases import plain
from evals.graders.rules import rules

Value = str | list[str] | None
Row = Mapping[str, Value]
Snapshot = Mapping[str, Mapping[str, Row]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the case expects.

    A *side effect* is an actual change nobody asked for: a change that no expected one stands for, any change
    where none was allowed, a field that was not listed, or a record made or changed in another's place. An
    expected change that is missing, or has a wrong value, is a plain difference.
    """

    grader: str
    text: str
    expected: str = ""
    actual: str = ""
    side_effect: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """The state at the start of the case, before the graded turn and after it, and that turn's replies."""

    before: Snapshot
    after: Snapshot
    replies: Sequence[Reply]
    timezone: str
    turn_before: Snapshot = field(default_factory=dict)

    def rows(self, kind: str) -> Iterator[Row]:
        """Every row of a kind, as it is now and as it was."""
        yield from self.after.get(kind, {}).values()
        yield from self.before.get(kind, {}).values()

    def parts(self) -> Iterator[Part]:
        """All parts of the replies, in order."""
        for reply in self.replies:
            yield from reply.parts

    def row(self, kind: str, record_id: str) -> Row | None:
        """One record, as it is now or was before."""
        return self.after.get(kind, {}).get(record_id) or self.before.get(kind, {}).get(record_id)

    def key(self, ref: RecordRef) -> str:
        """The name by which a case calls a cited record: tickets by number, tasks by title."""
        return record_key(ref.kind, self.row(ref.kind, ref.id)) or ref.name

    def contact_names(self) -> dict[str, str]:
        """Names of contacts by e-mail address."""
        return {plain(text_of(row.get("email"))): text_of(row.get("name")) for row in self.rows("contact")}

    def user_emails(self) -> dict[str, str]:
        """E-mail addresses of users by name."""
        return {plain(text_of(row.get("name"))): text_of(row.get("email")) for row in self.rows("user")}

    def drafts(self) -> list[tuple[Sequence[str], str, str, str]]:
        """Drafts saved or shown since the start, each as (to, subject, body, language); one draft counts once."""
        old, now = self.before.get("draft", {}), self.after.get("draft", {})
        found: dict[str, tuple[Sequence[str], str, str, str]] = {
            record_id: (many(row.get("to")), text_of(row.get("subject")), text_of(row.get("body")), "")
            for record_id, row in now.items()
            if row != old.get(record_id)
        }
        for part in self.parts():
            if isinstance(part, Draft) and part.id not in found:
                found[part.id] = (part.to, part.subject, part.body, part.language)
        return list(found.values())


def record_key(kind: str, row: Row | None) -> str:
    """The value by which cases name a record of this kind; empty when there is no such record."""
    if row is None:
        return ""
    for column in rules().keys_of(kind):
        if row.get(column):
            return text_of(row[column])
    return ""


def text_of(value: Value) -> str:
    """A column's value as one text."""
    return "" if value is None else ", ".join(value) if isinstance(value, list | tuple) else str(value)


def many(value: Value) -> list[str]:
    """A column that holds several names, as a list; files join them with semicolons."""
    if value is None or value == "":
        return []
    if isinstance(value, str):
        return [item.strip() for item in value.replace("；", ";").split(";") if item.strip()]
    return [str(item) for item in value]
