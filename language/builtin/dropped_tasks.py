"""Tasks that are to go: which one, and what only takes somebody out of one."""

from language.builtin.clauses import Clause, Outline
from language.builtin.told_tasks import one_or_asked, tasks_told


def scrapped_task(outline: Outline, clause: Clause) -> str:
    """ "Scrap my demo prep for Karl": the task that is to go, told by what it is about; empty where there is none."""
    scrap = clause.hit("task_scrap")
    if scrap is None or not clause.is_plain or clause.things("deal", "ticket", "lead"):
        return ""
    return one_or_asked(tasks_told(outline, outline.words[scrap.after : clause.after]))


def takes_out(clause: Clause) -> bool:
    """ "Remove Carla from the demo task": the task itself stays."""
    drop = clause.hit("task_drop")
    return drop is not None and any(
        word.canon == "from" for word in clause.words[drop.first - clause.first : drop.after - clause.first]
    )
