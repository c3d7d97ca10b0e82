"""Which clauses one kind of request has taken up, so that no other kind reads them as its own."""

from language.builtin.clauses import Clause, Outline
from language.builtin.task_edits import find_task_edits
from language.builtin.todo import find_todos

_OTHER_ACTS = ("task_new", "log", "to_stage", "next_step", "apply")


def claimed_by_tasks(outline: Outline) -> set[int]:
    """Clauses that say what is to be done, or change an existing task."""
    return {clause.index for clause in _task_clauses(outline)}


def claimed_by_creations(outline: Outline) -> set[int]:
    """Clauses that describe a new record or a conversion: the trigger's and the rest of its sentence."""
    found: set[int] = set()
    for clause in outline.clauses:
        if clause.has("create", "convert") and not clause.moods & {"negation", "question", "condition"}:
            found |= {each.index for each in outline.clauses[clause.index :] if _belongs(clause, each)}
    return found


def _belongs(trigger: Clause, clause: Clause) -> bool:
    return clause is trigger or (clause.sentence == trigger.sentence and not clause.has(*_OTHER_ACTS))


def _task_clauses(outline: Outline) -> list[Clause]:
    new = [clause for todo in find_todos(outline) for clause in todo.clauses]
    return new + [clause for edit in find_task_edits(outline) for clause in edit.clauses]
