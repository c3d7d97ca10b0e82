"""Marked messages: `[change push [on Acme renewal] to [stage negotiation]]`; behind a bracket stands the label.

An outer bracket is an act (what the words are there for), an inner one a role (which part of it they give). A message
that is not the first of a talk begins with what was talked about right before it: `<deal>`, `<log task>`, or `<deals>`
for a list that was shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

ACTS = (
    "log",
    # what is added to the interaction logged last, or changed of it
    "relog",
    "change",
    "task",
    "done",
    "retask",
    "draft",
    "ask",
    "new-deal",
    "new-contact",
    "new-lead",
    "new-account",
    "new-ticket",
    "edit-contact",
    "edit-lead",
    "edit-account",
    "edit-ticket",
)
KINDS = ("call", "meeting", "visit", "email", "message", "note")
ROLES = (
    # whom and what it is about
    *("on", "at", "with", "which"),
    # a log
    *(
        f"{kind}{way}"
        for kind in KINDS
        for way in ("", "-in", "-out")
        if kind in ("call", "email", "message") or not way
    ),
    *("when", "length"),
    # a deal's new values
    *(
        "stage",
        "amount",
        "amount-by",
        "close",
        "close-by",
        "category",
        "competitor",
        "next",
        "won",
        "lost",
        "reason",
    ),
    *("owner", "source"),
    # a task
    *("title", "due", "due-by", "who", "priority", "drop"),
    # a person, lead, account or ticket
    *("name", "company", "job", "phone", "mail", "status"),
    # a letter
    *("to", "about", "lang"),
    # a value that is said and does not hold: the former one, one taken back, one that is only imagined
    "not",
)
_OPENING = re.compile(r"\[([a-z-]+)(?: |$)")
_BEFORE = re.compile(r"<([a-z]+(?: [a-z]+)*)> +")
TALKED_OF = frozenset({"deal", "task", "ticket", "lead", "contact", "account", "log"})
_LINE_BREAK = "⏎"


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to `end` of a message carry `label`, an act or a role."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A message with the marks that a person set; `before` tells what was talked about right before it."""

    text: str
    acts: tuple[Mark, ...]
    roles: tuple[Mark, ...]
    before: tuple[str, ...] = ()


def read_marked(line: str) -> Marked:
    """A marked line as text and marks.

    Raises:
        ValueError: a bracket is open, closed twice, nested too deep or has an unknown label, or nobody can talk of
            what is said to come before.
    """
    found = _BEFORE.match(line)
    before = tuple(found[1].split()) if found else ()
    if strange := [each for each in before if each.removesuffix("s") not in TALKED_OF]:
        raise ValueError(f"“{strange[0]}” is nothing to talk of: {line}")
    line = line[found.end() :] if found else line
    text, marks, opened = "", list[Mark](), list[tuple[str, int]]()
    position = 0
    while position < len(line):
        if line[position] == "[":
            label, position = _label(line, position, depth=len(opened))
            opened.append((label, len(text)))
        elif line[position] == "]":
            if not opened:
                raise ValueError(f"A bracket is closed that was not open: {line}")
            label, start = opened.pop()
            marks.append(Mark(start, len(text), label))
            position += 1
        else:
            text += "\n" if line[position] == _LINE_BREAK else line[position]
            position += 1
    if opened:
        raise ValueError(f"“{opened[-1][0]}” is not closed: {line}")
    if any(not text[mark.start : mark.end].strip() for mark in marks):
        raise ValueError(f"A mark is empty: {line}")
    in_order = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    return Marked(text, tuple(_of(in_order, ACTS)), tuple(_of(in_order, ROLES)), before)


def _label(line: str, position: int, *, depth: int) -> tuple[str, int]:
    found = _OPENING.match(line, position)
    label = found[1] if found else line[position + 1 : position + 12]
    allowed = (*ACTS, *ROLES) if depth == 0 else ROLES
    if found is None or label not in allowed or depth > 1:
        raise ValueError(f"“{label}” is no label here: {line}")
    return label, found.end()


def _of(marks: list[Mark], labels: tuple[str, ...]) -> Iterator[Mark]:
    return (mark for mark in marks if mark.label in labels)
