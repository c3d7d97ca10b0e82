"""A reply as the plain text that a person gets to read, whatever the channel; drafts are apart."""

from collections.abc import Iterable, Sequence

from agent.reply import Reply
from core.parts import (
    ApprovalRequest,
    ChangeReceipt,
    Chart,
    Declined,
    Failure,
    Figure,
    NotKnown,
    Part,
    Question,
    RecordRef,
    Table,
    Text,
)


def reply_text(replies: Iterable[Reply], *, workings: bool = True) -> str:
    """Everything the replies say except drafts, one line a piece.

    Without `workings` formulas, filters and as-of times stay out: what they hold is no answer.
    """
    return "\n".join(
        line for reply in replies for part in reply.parts for line in part_lines(part, workings=workings) if line
    )


def part_lines(part: Part, *, workings: bool = True) -> list[str]:
    """One part as lines of plain text; empty for a draft."""
    match part:
        case Text() | Declined() | NotKnown() | Failure():
            return [part.text]
        case Question():
            return [part.text, *(ref.name for ref in part.candidates), *part.choices]
        case Table():
            heads = " | ".join(column.label for column in part.columns)
            return [part.title, heads, *(" | ".join(row) for row in part.rows), part.note]
        case Chart():
            values = (f"{series.name}: {', '.join(map(str, series.values))}" for series in part.series)
            return [part.title, " | ".join(part.labels), *values]
        case Figure():
            return [*_figure(part), *(_workings(part) if workings else ())]
        case ChangeReceipt():
            return _receipt(part)
        case ApprovalRequest():
            return [part.text, *part.reasons, *(line for change in part.changes for line in _receipt(change))]
    return []


def cited(replies: Iterable[Reply]) -> list[RecordRef]:
    """The records that the replies cite, in order, each once: their own list first, then those of tables."""
    found: dict[tuple[str, str], RecordRef] = {}
    for reply in replies:
        tables = (ref for table in reply.of_type(Table) for ref in table.records)
        for ref in (*reply.records, *tables):
            found.setdefault((ref.kind, ref.id), ref)
    return list(found.values())


def _figure(part: Figure) -> Sequence[str]:
    return [f"{part.label}: {part.text}", f"{part.n} of {part.n_of}", *part.left_out]


def _workings(part: Figure) -> Sequence[str]:
    return [part.formula, part.filter_in_words, part.as_of]


def _receipt(part: ChangeReceipt) -> list[str]:
    fields = (f"{field.label}: {field.before} → {field.after}" for field in part.fields)
    return [f"{part.action} {part.record.kind} {part.record.name}", *fields]
