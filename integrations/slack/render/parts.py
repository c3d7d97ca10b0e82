"""Each part of a reply as blocks, with what came of it since (a card answered, a change undone) in `Since`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from core.parts import (
    AnyPart,
    ApprovalRequest,
    ChangeReceipt,
    Chart,
    Declined,
    Draft,
    Failure,
    FieldChange,
    Figure,
    NotKnown,
    Question,
    RecordRef,
    Table,
    Text,
)
from crm_store.schema import NOUNS
from integrations.slack.render import blocks as b
from integrations.slack.render import limits
from integrations.slack.render.text import cut, escape, literal, markdown
from integrations.slack.words import say
from language.dates import describe_date

# What a message shows of a long part; the rest is behind a button.
SHOWN_ROWS = 12
SHOWN_CHARS = 1800
SHOWN_FIELDS = 20
MOST_CHANGES = 20
MOST_BUTTONS = 5


@dataclass(frozen=True)
class Since:
    """What came of a reply since: approvals by id as they stand now, effects taken back, the candidate chosen.

    `pending` holds the approvals that still wait; `answers` the parts that an answered one led to.
    """

    pending: Mapping[str, ApprovalRequest] = field(default_factory=dict)
    answers: Mapping[str, Sequence[AnyPart]] = field(default_factory=dict)
    undone: frozenset[str] = frozenset()
    chosen: str = ""


@dataclass(frozen=True)
class Draw:
    """What drawing needs besides the part: language, the turn, the reader's time zone, where record pages are."""

    language: str
    turn_id: str = ""
    timezone: str = "UTC"
    page_base: str = ""
    since: Since = field(default_factory=Since)
    whole: bool = False

    def say(self, key: str, **filled: object) -> str:
        """A text of the app."""
        return say(self.language, key, **filled)

    def page(self, record: RecordRef) -> str:
        """The address of a record's page; empty where there are no pages."""
        return f"{self.page_base}/records/{record.kind}/{record.id}" if self.page_base else ""


def draw(part: AnyPart, how: Draw) -> list[b.Block]:
    """A part as blocks; a chart is drawn by whoever can upload pictures, here it is left to its table."""
    match part:
        case Text():
            return _text(part.text, how)
        case Table():
            return _table(part, how)
        case Figure():
            return _figure(part, how)
        case ChangeReceipt():
            return _receipt(part, how)
        case ApprovalRequest():
            return _approval(part, how)
        case Question():
            return _question(part, how)
        case Draft():
            return _draft(part, how)
        case Chart():
            return []
    return _notice(part)


def folds(part: AnyPart) -> bool:
    """Whether a message shows only the beginning of a part."""
    match part:
        case Text():
            return len(part.text) > SHOWN_CHARS
        case Table():
            most = SHOWN_FIELDS if is_card(part) else SHOWN_ROWS
            return len(part.rows) > most or len(part.columns) > limits.MOST_TABLE_COLUMNS
        case Draft():
            return len(part.body) > limits.SECTION_CHARS - 500
    return False


def is_card(part: Table) -> bool:
    """Whether a table is a record's card: one line a field."""
    return [column.name for column in part.columns] == ["field", "value"]


def as_it_stands(parts: Sequence[AnyPart], since: Since) -> list[AnyPart]:
    """The parts with what came of them since: an approval as it was edited, or what its answer led to."""
    found: list[AnyPart] = []
    for part in parts:
        if not isinstance(part, ApprovalRequest):
            found.append(part)
        elif part.approval_id in since.answers:
            found += since.answers[part.approval_id]
        else:
            found.append(since.pending.get(part.approval_id, part))
    return found


def fallback(part: AnyPart, language: str) -> str:
    """The part in one line, for notifications and for readers without blocks."""
    match part:
        case ApprovalRequest():
            changes = "; ".join(wanted(each, language) for each in part.changes[:3])
            return f"{say(language, 'confirm')} {changes}"
        case Table():
            return part.title
        case Chart():
            return part.title
        case ChangeReceipt():
            values = ", ".join(f"{each.label} {each.after}" for each in part.details[:3])
            return f"{part.headline or part.record.name}: {values}" if values else part.headline
        case Draft():
            return part.subject
    return part.text


def _text(text: str, how: Draw) -> list[b.Block]:
    shown = text if how.whole else cut(text, SHOWN_CHARS)
    return [b.markdown_block(markdown(shown, allowed=how.page_base))] if text.strip() else []


def _table(part: Table, how: Draw) -> list[b.Block]:
    if is_card(part):
        return _card(part, how)
    columns = part.columns[: limits.MOST_TABLE_COLUMNS]
    heads = [f"{each.label} ({each.unit})" if each.unit else each.label for each in columns]
    shown = part.rows[: limits.MOST_TABLE_ROWS - 1] if how.whole else part.rows[:SHOWN_ROWS]
    rows = [[_cell(each) for each in line[: len(columns)]] for line in (heads, *shown)]
    settings = [{"align": each.align, "is_wrapped": True} for each in columns]
    found: list[b.Block] = [b.section(f"*{literal(part.title)}*")] if part.title else []
    found.append({"type": "table", "rows": rows, "column_settings": settings})
    if part.note:
        found.append(b.context(escape(part.note)))
    return found


def _cell(text: str) -> dict[str, str]:
    return {"type": "raw_text", "text": cut(text, 300) or "–"}


def _card(part: Table, how: Draw) -> list[b.Block]:
    rows = part.rows if how.whole else part.rows[:SHOWN_FIELDS]
    blocks: list[b.Block] = [b.header(part.title)] if part.title else []
    blocks += b.fields([(label, value) for label, value in rows])
    return blocks


def _figure(part: Figure, how: Draw) -> list[b.Block]:
    name = "" if part.text.startswith(part.label) else f"{literal(part.label)}: "
    details = [
        f"{how.say('formula')}: {escape(part.formula)}",
        f"{how.say('filter')}: {escape(part.filter_in_words)}",
        f"{how.say('as_of')}: {escape(part.as_of)}",
        f"{part.n}/{part.n_of} {how.say('rows')}",
        *(f"{how.say('left_out')}: {escape(reason)}" for reason in part.left_out),
    ]
    return [b.section(f"{name}*{literal(part.text)}*"), b.context(" · ".join(details))]


def _receipt(part: ChangeReceipt, how: Draw) -> list[b.Block]:
    undone = part.undo in how.since.undone
    text = _change_text(part, how)
    if undone:
        return [b.section(f"↩ {text}\n_{how.say('undone')}_")]
    accessory = None
    if part.undo:
        accessory = b.button(how.say("undo"), "undo", f"{how.turn_id}|{part.undo}")
    return [b.section(f"✔ {text}", accessory=accessory)]


def wanted(part: ChangeReceipt, language: str) -> str:
    """What would be done, before it is: never as if it had happened."""
    kind = NOUNS[part.record.kind].label.of(language)
    return say(language, f"to_{part.action}", kind=kind, name=part.record.name)


def wanted_text(part: ChangeReceipt, how: Draw) -> str:
    """What would be done, with the fields."""
    shown = () if part.action == "deleted" else part.fields
    lines = [f"*{literal(wanted(part, how.language))}*"]
    page = how.page(part.record) if part.action != "created" else ""
    if page:
        lines[0] += f"  <{page}|{how.say('open_record')}>"
    lines += [_field_line(each, part.action) for each in shown]
    return cut("\n".join(lines), limits.SECTION_CHARS - 200)


def _change_text(part: ChangeReceipt, how: Draw) -> str:
    name = literal(part.record.name)
    page = how.page(part.record) if part.action != "deleted" else ""
    head = f"*{literal(part.headline)}*" if part.headline else f"{how.say(part.action)} *{name}*"
    if page:
        head += f"  <{page}|{how.say('open_record')}>"
    lines = [head, *(_field_line(each, part.action) for each in part.details)]
    return cut("\n".join(lines), limits.SECTION_CHARS - 200)


def _field_line(change: FieldChange, action: str) -> str:
    label, after = literal(change.label), literal(cut(change.after, 300))
    if action == "created":
        return f"    {label}: *{after}*"
    return f"    {label}: {literal(cut(change.before, 300))} → *{after}*"


def _approval(part: ApprovalRequest, how: Draw) -> list[b.Block]:
    changes = [b.section(wanted_text(each, how)) for each in part.changes[:MOST_CHANGES]]
    more = len(part.changes) - MOST_CHANGES
    if more > 0:
        changes.append(b.context(how.say("more_changes", n=more)))
    reasons = how.say("because", reasons="; ".join(escape(reason) for reason in part.reasons))
    notes = [said_of(part, how)] if part.source else []
    notes += [reasons] if part.reasons else []
    notes.append(how.say("expires", moment=moment(part.expires_at, how.timezone, how.language)))
    value = f"{how.turn_id}|{part.approval_id}|{part.effect}"
    buttons = [
        b.button(how.say("apply"), "approval_apply", value, style="primary"),
        b.button(how.say("edit"), "approval_edit", value),
        b.button(how.say("cancel"), "approval_cancel", value, style="danger"),
    ]
    return [b.section(f"*{how.say('confirm')}*"), *changes, b.context(*notes), b.actions(buttons)]


def said_of(part: ApprovalRequest, how: Draw) -> str:
    """The words of a dictated note that a change came from."""
    long = part.changes[0].record.kind == "interaction"
    return f"_{how.say('whole_note') if long else how.say('from_words', text=literal(cut(part.source, 300)))}_"


def _question(part: Question, how: Draw) -> list[b.Block]:
    text = [b.section(f"*{literal(part.text)}*")]
    options = [(each.name, f"{how.turn_id}|{each.id}") for each in part.candidates] or [
        (choice, f"{how.turn_id}|#{number}") for number, choice in enumerate(part.choices)
    ]
    if how.since.chosen:
        return [*text, b.context(how.say("chosen", name=escape(how.since.chosen)))]
    if not options or not how.turn_id:
        return text
    if len(options) <= MOST_BUTTONS:
        return [*text, b.actions([b.button(name, f"pick_{n}", value) for n, (name, value) in enumerate(options)])]
    listed = [b.option(name, value) for name, value in options]
    return [*text, b.actions([b.select(how.say("choose"), "pick_select", listed)])]


def _draft(part: Draft, how: Draw) -> list[b.Block]:
    head = f"*{how.say('draft')}*\n{how.say('to')}: {escape(', '.join(part.to))}\n{how.say('subject')}: "
    body = part.body if how.whole else cut(part.body, limits.SECTION_CHARS - 500)
    return [b.section(f"{head}*{literal(part.subject)}*"), b.section(escape(body))]


def _notice(part: Declined | NotKnown | Failure) -> list[b.Block]:
    sign = "⚠ " if isinstance(part, Failure) else ""
    return [b.section(f"{sign}{escape(part.text)}")]


def moment(iso: str, timezone: str, language: str) -> str:
    """A moment on someone's calendar: day with weekday, and time."""
    local = datetime.fromisoformat(iso).astimezone(ZoneInfo(timezone))
    return f"{describe_date(local.date(), language)} {local:%H:%M}"
