"""Which clauses one kind of request has taken up, so that no other kind reads them as its own."""

from language.builtin.clauses import Clause, Outline
from language.builtin.new_record import is_other_stage
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
        if clause.has("add_them", "add_contact") and not any(each.things("contact") for each in outline.clauses):
            found |= {each.index for each in outline.clauses if each.sentence >= clause.sentence - 1}
    return found


def _belongs(trigger: Clause, clause: Clause) -> bool:
    if clause is trigger:
        return True
    hit = trigger.hit("create")
    is_stage_of_new = hit is not None and clause.has("to_stage") and not is_other_stage(hit, clause)
    acts = [tag for tag in _OTHER_ACTS if tag != "to_stage"] if is_stage_of_new else _OTHER_ACTS
    return clause.sentence == trigger.sentence and not clause.has(*acts)


def _task_clauses(outline: Outline) -> list[Clause]:
    new = [clause for todo in find_todos(outline) for clause in todo.clauses]
    return new + [clause for edit in find_task_edits(outline) for clause in edit.clauses]
