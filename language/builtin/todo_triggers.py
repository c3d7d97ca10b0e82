"""Phrases that ask for a task in roundabout ways, that only look so, or whose day is an old task's."""

from language.builtin.clauses import Clause, Outline
from language.builtin.doers import duty_told
from language.builtin.patterns import Hit
from language.builtin.todo_days import day_of
from language.builtin.vocabulary import load_words

COLONS = (":", "：")


def given_to_them(outline: Outline, clause: Clause) -> Hit | None:
    """ "Ella could put the list together. Assign it to her": the clause before tells what a colleague is to do."""
    hit = clause.hit("task_for_them")
    before = outline.clauses[clause.index - 1] if clause.index else None
    if hit is None or before is None or any(word.kinds & {"ticket", "lead", "task"} for word in outline.words):
        return None
    return hit if duty_told(outline, before) is not None else None


def put_on_list(outline: Outline, clause: Clause) -> Hit | None:
    """ "The bank details: on my list for tomorrow": the list stands alone behind the thing."""
    hit = clause.hit("on_list")
    before = outline.clauses[clause.index - 1] if clause.index else None
    is_alone = hit is not None and hit.first == clause.first and before is not None
    return hit if is_alone and before is not None and before.sentence == clause.sentence else None


def asks_question(outline: Outline, clause: Clause, trigger: Hit) -> bool:
    """ "Remind me: which deals close in May", "remind me who signs": nothing that is to be done."""
    if not outline.words[trigger.first].canon.startswith("remind"):
        return False
    behind = [word for word in outline.words[trigger.after : trigger.after + 2] if word.canon not in COLONS]
    return bool(behind) and behind[0].canon in load_words("titles")["asking"]


def moves_old_task(outline: Outline, clause: Clause) -> bool:
    """ "I need to see it tomorrow, pull the task forward": the day is the one to which an old task moves."""
    following = outline.clauses[clause.index + 1] if clause.index + 1 < len(outline.clauses) else None
    return (
        following is not None
        and following.has("task_word")
        and following.has("task_move", "pull", "push")
        and not following.has("task_new")
        and day_of(following) is None
    )


def is_beside(trigger: Hit, hit: Hit) -> bool:
    """Whether a phrase stands in or right behind the one that asks for a task."""
    return trigger.first <= hit.first <= trigger.after + 1
