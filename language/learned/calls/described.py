"""Tasks and tickets by what people say of them: "the prep for Hannah's demo" is “Prepare demo for Hannah Moreno”."""

from collections.abc import Sequence

from language.builtin.describing import fitting, telling
from language.builtin.task_pointed import pointed_task
from language.builtin.ticket_targets import described as ticket_described
from language.builtin.told_tasks import one_or_asked, tasks_told
from language.builtin.vocabulary import load_words
from language.builtin.words import top_candidates
from language.learned.acts import Part
from language.learned.calls.context import Context
from language.lexicon import Entry, Mention
from language.script import has_cjk

_LEAST = 2


def record_described(context: Context, part: Part, kind: str) -> str:
    """The id of the one open task or ticket that words describe; of tasks the asker's before others'; else empty."""
    if kind == "ticket":
        return ticket_described(context.outline, part.text)
    return _task_described(context, part) if kind == "task" else ""


def _task_described(context: Context, part: Part) -> str:
    clause = context.clause_at(part.first) if has_cjk(part.text) else None
    if clause is not None and (pointed := pointed_task(context.outline, clause)):
        return pointed
    if context.outline.asks_for_draft:
        return ""
    said = telling(part.text) | _meant_by_pronoun(context, part)
    if len(said) < _LEAST:
        return one_or_asked(tasks_told(context.outline, part.words)) or _told_before(context, part)
    tasks = {each.id: each for each in context.situation.lexicon.of_kind("task") if each.is_open}
    found = [tasks[each] for each in fitting(said, ((id, task.name) for id, task in tasks.items()), least=_LEAST)]
    own = [entry for entry in found if entry.owner_id == context.situation.asker_id]
    chosen: Sequence[Entry] = own or found
    return chosen[0].id if len(chosen) == 1 else one_or_asked(tasks_told(context.outline, part.words))


def _told_before(context: Context, part: Part) -> str:
    """ "He keeps asking about the drawings, the task for that moves": what the clause before tells, where words only
    point back."""
    clause = context.clause_at(part.first)
    nouns = load_words("task_words")["nouns"]
    if clause is None or not clause.index or telling(part.text) - set(nouns):
        return ""
    before = context.outline.clauses[clause.index - 1]
    return one_or_asked(tasks_told(context.outline, before.words))


def _meant_by_pronoun(context: Context, part: Part) -> set[str]:
    """The names of the person whom "him" or "her" means: the contact named last before it."""
    pronouns = load_words("people")["pronouns"]
    if not any(word.canon in pronouns for word in part.words):
        return set()
    before = [word.thing for word in context.outline.words[: part.first] if "contact" in word.kinds]
    tops = [top_candidates(each) for each in before if isinstance(each, Mention)]
    people = [top[0].entry for top in tops if len(top) == 1]
    return set(people[-1].name.casefold().split()) if people else set()
