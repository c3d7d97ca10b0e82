"""Which clauses one kind of request has taken up, so that no other kind reads them as its own."""

from language.builtin.clauses import Clause, Outline
from language.builtin.new_record import is_other_stage
from language.builtin.task_edits import find_task_edits
from language.builtin.todo import find_todos

_FEW = 3
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
    if hit is not None and hit.value.get("kind") == "deal" and _describes_deal(trigger, clause):
        return True
    is_stage_of_new = hit is not None and clause.has("to_stage") and not is_other_stage(hit, clause)
    acts = [tag for tag in _OTHER_ACTS if tag != "to_stage"] if is_stage_of_new else _OTHER_ACTS
    return clause.sentence == trigger.sentence and not clause.has(*acts)


def _describes_deal(trigger: Clause, clause: Clause) -> bool:
    """ "Open a deal “Kiln sensors” at Ostrava. 64k, October 30, Petra is the contact and next step is a site walk": the
    sentence right behind, as far as no other record is named."""
    if not trigger.sentence <= clause.sentence <= trigger.sentence + 1 or clause.things("deal", "account", "task"):
        return False
    if clause.has("task_new", "log", "apply", "keep") or (clause.has("contacted") and not clause.has("next_step")):
        return False
    tells = clause.has("next_step", "main_contact", "close_word", "amount_word")
    rest = [word for word in clause.words if word.canon[0].isalnum() and not word.kinds]
    return tells or (bool(clause.things("amount", "date", "stage")) and len(rest) <= _FEW)


def _task_clauses(outline: Outline) -> list[Clause]:
    new = [clause for todo in find_todos(outline) for clause in todo.clauses]
    return new + [clause for edit in find_task_edits(outline) for clause in edit.clauses]
