"""Draws the parts of a reply in a terminal; plain text when output is no terminal.

What records and models say is drawn as it stands: it can bring neither markup nor control characters in.
"""

import re
from collections.abc import Iterable
from typing import Any, TypeVar

from markdown_it import MarkdownIt
from rich.console import Console, RenderableType
from rich.markdown import Markdown
from rich.panel import Panel
from rich.table import Table as Grid
from rich.text import Text as Line

from agent.reply import Reply
from cli.terminal import visible
from core.parts import (
    AnyPart,
    ApprovalRequest,
    ChangeReceipt,
    Chart,
    Declined,
    Draft,
    Failure,
    Figure,
    NotKnown,
    Part,
    Question,
    Table,
    Text,
)

P = TypeVar("P", bound=Part)

_BAR_WIDTH = 30
_NOT_READ = ["html_inline", "html_block", "link", "image", "autolink", "entity", "reference", "code", "lheading"]
_MARK = re.compile(r"`[^`\n]*`|\\|_|(?<!\*)\*(?!\*)(?!(?<=^\*) )", re.MULTILINE)
_WORDS = {
    "en": {
        "undo": "undo",
        "confirm": "Shall I do this?",
        "because": "I ask because",
        "answer": "Answer yes or no.",
        "to": "To",
        "subject": "Subject",
        "draft": "Draft, not sent",
        "formula": "formula",
        "filter": "filter",
        "as_of": "as of",
        "rows": "rows",
        "left_out": "left out",
    },
    "zh": {
        "undo": "撤销",
        "confirm": "要这样修改吗？",
        "because": "需要确认，因为",
        "answer": "请回答“是”或“否”。",
        "to": "收件人",
        "subject": "主题",
        "draft": "草稿（未发送）",
        "formula": "公式",
        "filter": "范围",
        "as_of": "截至",
        "rows": "行",
        "left_out": "未计入",
    },
}


def print_reply(reply: Reply, console: Console) -> None:
    """Draws a whole reply."""
    print_parts(reply.parts, reply.language, console)


def print_parts(parts: Iterable[AnyPart], language: str, console: Console) -> None:
    """Draws parts one after the other."""
    for part in parts:
        console.print(draw(part, language))


def draw(part: AnyPart, language: str) -> RenderableType:
    """One part as something that rich can print."""
    part = _safe(part)
    match part:
        case ChangeReceipt():
            return _receipt(part, language)
        case ApprovalRequest():
            return _approval(part, language)
        case Figure():
            return _figure(part, _WORDS[language])
        case Draft():
            return _draft(part, _WORDS[language])
    return _draw_plain(part)


def _safe(part: P) -> P:
    return part.model_validate(_visible(part.model_dump()))


def _visible(value: Any) -> Any:
    match value:
        case str():
            return visible(value)
        case dict():
            return {key: _visible(each) for key, each in value.items()}
        case list() | tuple():
            return tuple(_visible(each) for each in value)
    return value


def _draw_plain(part: Text | Table | Chart | Question | Declined | NotKnown | Failure) -> RenderableType:
    match part:
        case Text():
            return _markdown(part.text)
        case Table():
            return _table(part)
        case Chart():
            return _chart(part)
        case Question():
            return _question(part)
    return Line(part.text, style="red" if isinstance(part, Failure) else "yellow")


def _markdown(text: str) -> Markdown:
    """Lists, tables, headings and **strong** words; all else of Markdown stands as it is, as names may hold it."""
    drawn = Markdown("", hyperlinks=False)
    drawn.parsed = MarkdownIt().enable("table").disable(_NOT_READ).parse(_MARK.sub(_kept_literal, text))
    return drawn


def _kept_literal(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith("`") else f"\\{match[0]}"


def _table(part: Table) -> RenderableType:
    title, note = (Line(text) if text else None for text in (part.title, part.note))
    grid = Grid(title=title, title_justify="left", caption=note, caption_justify="left")
    for column in part.columns:
        label = f"{column.label} ({column.unit})" if column.unit else column.label
        grid.add_column(Line(label), justify=column.align, overflow="fold")
    for place, row in enumerate(part.rows):
        say = f"\n› {part.says[place]}" if part.says and part.says[place] else ""
        grid.add_row(*(Line(cell) for cell in row[:-1]), Line(row[-1] + say))
    return grid


def _chart(part: Chart) -> RenderableType:
    grid = Grid.grid(padding=(0, 1))
    top = max((abs(value) for series in part.series for value in series.values), default=0) or 1
    for series in part.series:
        for label, value in zip(part.labels, series.values, strict=False):
            bar = "█" * round(abs(value) / top * _BAR_WIDTH)
            number = f"{value:,.0f} {part.unit}".rstrip()
            grid.add_row(Line(label), Line(bar, style="cyan"), Line(number, justify="right"))
    return grid


def _figure(part: Figure, words: dict[str, str]) -> RenderableType:
    name = "" if part.text.startswith(part.label) else f"{part.label}: "
    line = Line.assemble(name, (part.text, "bold"))
    detail = [
        f"{words['formula']}: {part.formula}",
        f"{words['filter']}: {part.filter_in_words}",
        f"{words['as_of']}: {part.as_of}",
        f"{part.n}/{part.n_of} {words['rows']}",
    ]
    detail += [f"{words['left_out']}: {reason}" for reason in part.left_out]
    line.append("\n  " + " · ".join(detail), style="dim")
    return line


def _receipt(part: ChangeReceipt, language: str) -> Line:
    line = Line.assemble(("✔ ", "green"), (part.headline, "bold"))
    for field in part.details:
        arrow = field.after if part.action == "created" else f"{field.before} → {field.after}"
        line.append(f"\n    {field.label}: {arrow}")
    if part.undo:
        line.append(f"\n    {_WORDS[language]['undo']}: {part.undo}", style="dim")
    return line


def _question(part: Question) -> Line:
    line = Line(f"? {part.text}", style="bold")
    options = [candidate.name for candidate in part.candidates] or list(part.choices)
    for number, option in enumerate(options, start=1):
        line.append(f"\n    {number}. {option}", style="not bold")
    return line


def _approval(part: ApprovalRequest, language: str) -> RenderableType:
    words = _WORDS[language]
    body = Line("\n").join(_receipt(change, language) for change in part.changes)
    body.append(f"\n{words['because']}: {'; '.join(part.reasons)}\n{words['answer']}", style="dim")
    return Panel(body, title=words["confirm"], title_align="left", border_style="yellow")


def _draft(part: Draft, words: dict[str, str]) -> RenderableType:
    head = f"{words['to']}: {', '.join(part.to)}\n{words['subject']}: {part.subject}\n\n"
    return Panel(Line(head + part.body), title=words["draft"], title_align="left", border_style="blue")
