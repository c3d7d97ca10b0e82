"""Interactions told as a list below a line that says what each of its items is: "Two calls for the log:"."""

from language.builtin.clauses import Clause, Outline
from language.builtin.frames.verbs import kind_of

_COLONS = (":", "：")
_OF_TASKS = ("task_new", "task_word", "task_done", "do_later", "promise")
_LEAST = 2


def listed_contacts(outline: Outline) -> tuple[str, list[Clause]]:
    """The type of contact that each item of a list of several is, and the clause of each that names somebody; nothing
    without such a list."""
    for heading in outline.clauses:
        if announces_list(outline, heading):
            items = _items(outline, heading)
            return (_kind_announced(heading), items) if len(items) >= _LEAST else ("", [])
    return "", []


def announces_list(outline: Outline, heading: Clause) -> bool:
    """Whether a line orders a log of several contacts that follow below it."""
    is_head = heading.words[-1].canon in _COLONS and _ends_line(outline, heading)
    return is_head and bool(_kind_announced(heading))


def _kind_announced(heading: Clause) -> str:
    """What a line that orders a log announces in the plural; empty where it is about somebody or tasks."""
    if not heading.has("log", "note") or heading.has("no_log", *_OF_TASKS) or not heading.is_plain:
        return ""
    if heading.things("contact", "account", "deal", "lead", "task", "ticket"):
        return ""
    plurals = [word.canon for word in heading.words if not word.kinds and word.canon.endswith("s")]
    return next((kind for each in plurals if (kind := kind_of(each.removesuffix("s"), "nouns"))), "")


def _ends_line(outline: Outline, heading: Clause) -> bool:
    return outline.text[heading.end :].lstrip(" \t").startswith("\n")


def _items(outline: Outline, heading: Clause) -> list[Clause]:
    """The first clause of each line below that names a customer or one of their people, until a line does not."""
    lines: dict[int, list[Clause]] = {}
    for clause in outline.clauses[heading.index + 1 :]:
        lines.setdefault(outline.text.count("\n", 0, clause.start), []).append(clause)
    found: list[Clause] = []
    for clauses in lines.values():
        named = [each for each in clauses if each.things("contact", "account", "lead")]
        if not named or any(not each.is_plain or each.has(*_OF_TASKS) for each in named):
            break
        found.append(named[0])
    return found
