"""Tasks: new ones, finished ones, and changes of old ones."""

from collections.abc import Iterator
from dataclasses import replace

from language.builtin.patterns import Hit
from language.builtin.requests.tasks import links_of, title_with_names
from language.builtin.todo import Todo
from language.builtin.todo_titles import trimmed
from language.builtin.vocabulary import load_words
from language.learned.acts import Act, Part
from language.learned.calls.context import (
    Context,
    LearnedCall,
    Value,
    colleague,
    due_day,
    plain,
    priority_of,
    reads,
    shift,
)
from language.learned.calls.references import meant

# From that chance on a task is to be called by the words of a title; below it they only tell which one is meant.
RENAMED = 0.85


@reads("task")
def new_task(context: Context, act: Act) -> Iterator[LearnedCall]:
    """A task with its title, day, assignee and priority."""
    titles = act.all("title")
    if not titles:
        return
    first, last = titles[0], titles[-1]
    start, end = _begin(context, act, first), last.words[-1].end
    joined = replace(
        first, after=last.after, text=context.outline.own_text(start, end), sure=min(each.sure for each in titles)
    )
    title = trimmed(joined.text if last.first - first.after < 3 else " ".join(each.text for each in titles))
    if not title:
        return
    todo = _todo(context, act, title)
    links = links_of(context.outline, todo)
    title = title_with_names(context.outline, todo, links)
    values = {"title": Value(title[:1].upper() + title[1:], joined)}
    act = _with_frame(context, act)
    due = act.one("due")
    if due is not None:
        values["due"] = Value(due_day(context, due), due)
    who = act.one("who") or next((part for part in act.all("with") if part.first < first.first), None)
    if who is not None and (said := colleague(context, who)) not in ("", "me"):
        values["assignee"] = Value(said, who)
    priority = act.one("priority")
    if priority is not None and (said := priority_of(context, priority)):
        values["priority"] = Value(said, priority)
    yield LearnedCall("create_task", act, values, links)


def _begin(context: Context, act: Act, title: Part) -> int:
    """Where a title begins: before the word that leads to its first one and belongs to nothing else, 给王总打电话."""
    before = context.outline.words[act.first : title.first][-1:]
    taken = any(part.first < title.first <= part.after for part in act.parts)
    leads = not taken and any(word.canon in load_words("titles")["towards"] for word in before)
    return before[0].start if leads else title.words[0].start


def _with_frame(context: Context, act: Act) -> Act:
    """The task with what the act beside it says of it: "Wei Jie gets a task, due Wednesday: work out the price"."""
    place = context.seen.acts.index(act)
    beside = [each for each in (place - 1, place + 1) if 0 <= each < len(context.seen.acts)]
    frames = [context.seen.acts[each] for each in beside]
    parts = [
        part
        for each in frames
        if each.kind == act.kind and not each.all("title")
        for part in each.parts
        if not act.all(part.role)
    ]
    return replace(act, parts=(*act.parts, *parts))


def _todo(context: Context, act: Act, title: str) -> Todo:
    """The task as those that phrases ask for, to find what it is about and whom its title means."""
    clauses = [each for each in context.outline.clauses if each.first < act.after and act.first < each.after]
    start = context.outline.words[act.first].start
    return Todo(title, None, clauses, start, Hit("task_new", {}, act.first, act.first))


@reads("done")
def finished_task(context: Context, act: Act) -> Iterator[LearnedCall]:
    """A task that is done."""
    for which in act.all("which"):
        for task in meant(context, which, "task"):
            yield LearnedCall("update_task", act, {"status": Value("done", which)}, {"task": task})


@reads("retask")
def changed_task(context: Context, act: Act) -> Iterator[LearnedCall]:
    """New values of a task, or its deletion."""
    title = act.one("title", "name")
    is_renamed = title is not None and title.sure >= RENAMED
    which = act.one("which") or (title if not is_renamed else None) or context.shared(act, "which")
    references = meant(context, which, "task")
    if (drop := act.one("drop")) is not None:
        if any(word.canon == "from" for word in context.outline.words[drop.after : act.after]):
            return  # "Remove Carla from the demo task" drops no task.
        for reference in references:
            yield LearnedCall("delete_record", act, {"kind": Value("task", drop)}, {"record": reference})
        return
    values: dict[str, Value] = {}
    if (due := act.one("due")) is not None:
        values["due"] = Value(due_day(context, due), due)
    if (due := act.one("due-by")) is not None and (said := shift(context, due)):
        values["due"] = Value(said, due)
    if (who := act.one("who", "owner")) is not None and (said := colleague(context, who)):
        values["assignee"] = Value(said, who)
    if (priority := act.one("priority")) is not None and (said := priority_of(context, priority)):
        values["priority"] = Value(said, priority)
    if is_renamed and title is not None:
        values["title"] = Value(plain(title), title)
    for reference in references if values else ():
        yield LearnedCall("update_task", act, values, {"task": reference})
