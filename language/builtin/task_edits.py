"""Where a message changes an existing task: which one, and whether it is done, moved, handed over or dropped."""

from dataclasses import dataclass, field
from functools import lru_cache

from language.builtin.clauses import Clause, Outline, dates_in, new_dates_in
from language.builtin.deal_mentions import is_about_deal
from language.builtin.dropped_tasks import scrapped_task, takes_out
from language.builtin.finished_tasks import finished_task
from language.builtin.listed import listed_meant
from language.builtin.spoken import spoken_date
from language.builtin.targets import Targets
from language.builtin.task_described import MARKS, described_task, description_of, said_task
from language.builtin.task_holders import given_to, same_holder
from language.builtin.task_pointed import pointed_task
from language.builtin.task_words import stops, telling
from language.builtin.todo import find_todos
from language.builtin.todo_days import day_of
from language.builtin.todo_triggers import moves_old_task
from language.builtin.told_tasks import calls_with, one_or_asked, tasks_on_deal_in_focus, tasks_told, tasks_with
from language.builtin.vocabulary import load_words
from language.builtin.words import Word, top_candidates
from language.lexicon import Mention

_UNREAL = frozenset({"condition", "question", "undecided", "hearsay"})
_REACH = 4
_BARE = frozenset(["it", "that", "it's", "that's"])
_LISTS = frozenset(["list", "plate", "desk"])
_DEAL_WORDS = ("close_word", "amount_word", "next_step", "won", "lost")


@dataclass
class TaskEdit:
    """A change of the task that `reference` (an id or words) means; `dropped` asks to delete it."""

    reference: str
    at: int
    clauses: list[Clause]
    values: dict[str, str] = field(default_factory=dict)
    account: str = ""
    dropped: bool = False


@lru_cache(maxsize=16)
def find_task_edits(outline: Outline) -> list[TaskEdit]:
    """The changes of existing tasks that a message asks for, in order; a later word corrects an earlier one."""
    if outline.is_mere_talk or outline.asks_for_draft:
        return []
    taken = {clause.index for todo in find_todos(outline) for clause in todo.clauses}
    found: list[TaskEdit] = []
    for clause in outline.clauses:
        if clause.index in taken:
            continue
        if found and _corrects(outline, clause, found[-1]):
            found[-1].clauses.append(clause)
            continue
        if found and _adds_detail(outline, clause, found[-1]):
            found[-1].values |= {"priority": clause.all("priority")[0].value["priority"]}
            found[-1].clauses.append(clause)
            continue
        if found and (day := _adds_day(outline, clause, found[-1]) or _new_day(clause, found[-1])):
            found[-1].values |= {"due": day}
            found[-1].clauses.append(clause)
            continue
        edit = _edit(outline, clause)
        if edit is None:
            continue
        same = next((other for other in found if other.reference == edit.reference), None)
        if same is None:
            found.append(edit)
        else:
            same.values |= edit.values
            same.clauses += edit.clauses
            same.dropped = same.dropped and edit.dropped
    return [edit for edit in found if edit.values or edit.dropped]


def _edit(outline: Outline, clause: Clause) -> TaskEdit | None:
    if clause.moods & _UNREAL:
        return None
    if clause.is_plain and clause.has("thing_done") and not _is_told_of_deal(clause):
        task = _named(outline, clause) or finished_task(outline, clause)
        if task:
            return TaskEdit(task, clause.start, [clause], {"status": "done"})
    if task := scrapped_task(outline, clause):
        return TaskEdit(task, clause.start, [clause], dropped=True)
    if not clause.has(*MARKS):
        return None
    values = _values(outline, clause)
    drops = (clause.has("task_drop") and not takes_out(clause)) or _drops_it(outline, clause)
    dropped = drops and not clause.moods & {"negation", "keep"}
    if not values and not dropped:
        return None
    reference = _reference(outline, clause)
    if not reference or (
        is_about_deal(clause)
        and not clause.has("task_word")
        and not (clause.has("task_done") and pointed_task(outline, clause))
        and clause.things("deal")
        and not clause.things("task")
    ):
        return None
    account = Targets(outline).accounts_said(until=clause.after)
    before = outline.clauses[clause.index - 1] if clause.index else None
    told = [before] if before is not None and _tells_which(outline, before, clause) else []
    return TaskEdit(reference, clause.start, [*told, clause], values, account[-1] if account else "", dropped)


def _is_told_of_deal(clause: Clause) -> bool:
    """Whether a clause speaks of a deal, or tells what somebody says; "the revised quote" alone is no amount of one."""
    names_amount = clause.has("amount_word") and bool(clause.things("amount", "deal"))
    return names_amount or clause.has("close_word", "next_step", "won", "lost", "reported")


def _tells_which(outline: Outline, before: Clause, clause: Clause) -> bool:
    """ "The demo for Ben is prepared, you can close that to-do": the clause before belongs to the change."""
    points = clause.has("it") and not clause.things("task", "contact", "account")
    return points and before.sentence == clause.sentence and not _is_about_else(before) and not before.has("log")


def _drops_it(outline: Outline, clause: Clause) -> bool:
    """ "The audit task isn't needed any more, delete it"."""
    before = outline.clauses[clause.index - 1] if clause.index else None
    return (
        clause.has("task_drop_it")
        and before is not None
        and before.sentence == clause.sentence
        and (before.has("task_word") or bool(before.things("task")))
    )


def _adds_detail(outline: Outline, clause: Clause, edit: TaskEdit) -> bool:
    """ ", normal priority" right behind a change of a task."""
    hits = clause.all("priority")
    covered = {i for hit in (*hits, *clause.all("joint", "polite")) for i in range(hit.first, hit.after)}
    loose = load_words("titles")["loose"]
    rest = [w for i, w in enumerate(clause.words, clause.first) if i not in covered and w.canon not in loose]
    is_next = clause.index == edit.clauses[-1].index + 1 and clause.sentence == edit.clauses[-1].sentence
    return bool(hits) and not rest and is_next and clause.is_plain and "status" not in edit.values


def _adds_day(outline: Outline, clause: Clause, edit: TaskEdit) -> str:
    """The day of ", done by Thursday", 周四前弄好 right behind a change of a task; empty when there is more to it."""
    days = [date for date in dates_in(clause) if date.on]
    is_next = clause.index == edit.clauses[-1].index + 1 and clause.sentence == edit.clauses[-1].sentence
    if not days or not is_next or not clause.is_plain or edit.dropped or "status" in edit.values:
        return ""
    said = [w for w in clause.words if not w.kinds and w.canon[0].isalnum() and w.canon not in stops()]
    text = (
        "".join(w.canon for w in said)
        if any(not w.canon.isascii() for w in said)
        else " ".join(w.canon for w in said)
    )
    return spoken_date(days[-1]) if text in load_words("titles")["completed"] else ""


def _new_day(clause: Clause, edit: TaskEdit) -> str:
    """The day of 期限改成周五, "due date Friday" right behind a change of a task; empty when there is more to it."""
    follows = clause.index == edit.clauses[-1].index + 1 and clause.sentence <= edit.clauses[-1].sentence + 1
    days = [date for date in dates_in(clause) if date.on]
    if not follows or not clause.is_plain or len(days) != 1 or edit.dropped or "status" in edit.values:
        return ""
    told = {i for hit in clause.all(*MARKS, "joint", "polite", "set_word") for i in range(hit.first, hit.after)}
    words = [w.canon for i, w in enumerate(clause.words, clause.first) if not w.kinds and i not in told]
    text = "".join(word for word in words if word[0].isalnum())
    return spoken_date(days[0]) if text in load_words("task_words")["due_nouns"] else ""


def _values(outline: Outline, clause: Clause) -> dict[str, str]:
    if clause.moods & {"negation", "keep"} or (clause.has("task_new") and clause.has("on_list")):
        return {}  # "Put “send Ada the list” on my list" is a new one.
    values: dict[str, str] = {}
    if clause.has("task_done"):
        values["status"] = "done"
    elif clause.has("task_reopen"):
        values["status"] = "open"
    dates = [
        each for each in new_dates_in(clause) if (each.on or each.shift) and each.bound not in ("from", "since")
    ]
    if dates and clause.has("task_move", "move", "push", "pull", "correction") and "status" not in values:
        sign = -1 if clause.has("pull") and not clause.has("push") else 1
        values["due"] = spoken_date(dates[-1], sign=sign)
    before = outline.clauses[clause.index - 1] if clause.index else None
    if not values and before is not None and moves_old_task(outline, before) and (day := day_of(before)):
        values["due"] = spoken_date(day)
    if "status" not in values and (holder := given_to(outline, clause)):
        values["assignee"] = holder
    if clause.has("theirs_too") and "status" not in values and (holder := same_holder(outline)):
        values["assignee"] = holder
    if clause.has("priority") and (clause.has("task_word") or (clause.has("priority_set") and said_task(outline))):
        values["priority"] = clause.all("priority")[0].value["priority"]
    return values


def _corrects(outline: Outline, clause: Clause, edit: TaskEdit) -> bool:
    """Takes over a later day: "to Friday, no, I'm off then, so Monday"; or "leave it"."""
    if (
        clause.index - edit.clauses[-1].index > 4
        or clause.has("task_new", "log", "close_word")
        or clause.things("deal")
    ):
        return False
    between = outline.clauses[edit.clauses[-1].index + 1 : clause.index + 1]
    if edit.dropped and clause.moods & {"keep", "negation"}:
        edit.dropped = False
        return True
    days = [date for date in new_dates_in(clause) if date.on]
    if not days or not any(each.has("correction") for each in between) or "due" not in edit.values:
        if edit.reference and clause.has("it") and clause.has(*MARKS):
            edit.values |= _values(outline, clause)
            return True
        return False
    edit.values["due"] = spoken_date(days[-1])
    return True


def _reference(outline: Outline, clause: Clause) -> str:
    """The task meant: named by title, described in the clause or just before it, one of a list, or the one in focus."""
    if clause.has("pick") and (listed := listed_meant(outline, clause, "task")):
        return listed
    for each in (clause, *reversed(outline.clauses[max(0, clause.index - _REACH) : clause.index])):
        if each is not clause and _is_about_else(each) and not each.has("not_reached"):
            if _ticks_task(clause) and each.has("contacted") and (task := finished_task(outline, each)):
                return task
            break
        found = _named(outline, each) or pointed_task(outline, each)
        found = found or described_task(
            outline, each, outline.has("task_word", "task_tick") or bool(clause.things("task"))
        )
        found = found or _told(outline, each, clause)
        if found:
            return found
        other = clause.has("close_word", "amount_word", "deal_word")
        follows = clause.has("task_move", "priority_set") and not other
        if (each is clause or follows) and each.has("task_word") and not each.has("it"):
            words = description_of(outline, each)
            if words:
                return words
    focus = outline.reading.dialogue.focus("task")
    if focus and (clause.has("task_word") or (clause.has("it") and _is_last_kind(outline, "task"))):
        return focus[0]
    return ""


def _told(outline: Outline, told: Clause, clause: Clause) -> str:
    """The task that a clause before tells, "calling Ines is moot, mark that done", or whose person is ticked off."""
    if told is not clause:
        behind = outline.clauses[told.index + 1 : clause.index + 1]
        if told.moods & _UNREAL or not any(each.has("it", "task_word", "correction") for each in behind):
            return ""
        words = [*told.words, *_holders(outline, clause)]
        says_task = any(each.has("task_word") for each in behind)
        if told.has("not_reached"):
            return one_or_asked(calls_with(outline, told.words))
        return one_or_asked(tasks_told(outline, words, says_task=says_task))
    if clause.has("task_word") and clause.has("it") and (found := tasks_on_deal_in_focus(outline, clause.words)):
        return one_or_asked(found)
    if task := _told_by_verb(outline, clause):
        return task
    done = clause.hit("task_done")
    ticked = outline.words[done.first : done.after] if done is not None else []
    pronouns = load_words("people")["object_pronouns"]
    is_person = any(word.canon in pronouns or "contact" in word.kinds for word in ticked)
    return one_or_asked(tasks_with(outline, ticked)) if is_person else ""


def _holders(outline: Outline, clause: Clause) -> list[Word]:
    """The colleagues whose task a clause speaks of, but not those who are to have it."""
    given = {i for give in clause.all("task_give") for i in range(give.first, give.after)}
    return [word for i, word in enumerate(clause.words, clause.first) if "user" in word.kinds and i not in given]


def _told_by_verb(outline: Outline, clause: Clause) -> str:
    """ "The call with him moves to Friday": the one task with that person whose verb the clause says."""
    pronouns = load_words("people")["pronouns"]
    marks = {i for hit in clause.all(*MARKS) for i in range(hit.first, hit.after)}
    words = [word for i, word in enumerate(clause.words, clause.first) if i not in marks]
    if not any("contact" in word.kinds or word.canon in pronouns for word in words):
        return ""
    said = telling(" ".join(word.canon for word in words if not word.kinds))
    found = [task for task in tasks_told(outline, words) if telling(task.name.split()[0]) & said]
    return found[0].id if len(found) == 1 else ""


def _ticks_task(clause: Clause) -> bool:
    """Whether a clause surely speaks of a task: "that one is done", "so it's off my list"; "that's done" may be about
    a deal."""
    hit = clause.hit("task_done")
    said = (
        [word.canon for word in clause.words[hit.first - clause.first : hit.after - clause.first]] if hit else []
    )
    return clause.has("task_word") or (bool(said) and (said[0] not in _BARE or bool(_LISTS & set(said))))


def _is_about_else(clause: Clause) -> bool:
    """Whether a clause before does something else than name a task."""
    changes_deal = bool(clause.things("deal")) and clause.has(*_DEAL_WORDS)
    return clause.has("task_new", "to_stage", "contacted") or changes_deal


def _is_last_kind(outline: Outline, kind: str) -> bool:
    """Whether the record talked about last was of that kind."""
    for turn in reversed(outline.reading.dialogue.turns):
        for past in reversed(turn.calls):
            if past.records:
                return any(found == kind for found, _, _ in past.records)
    return False


def _named(outline: Outline, clause: Clause) -> str:
    for word in clause.things("task"):
        if isinstance(word.thing, Mention):
            tasks = [item.entry for item in top_candidates(word.thing) if item.entry.kind == "task"]
            open_ones = [entry for entry in tasks if entry.is_open] or tasks
            return open_ones[0].id if len(open_ones) == 1 else word.thing.span.text
    return ""
