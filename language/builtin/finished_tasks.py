"""Open tasks that a clause reports as done without calling them tasks: "the redlines chase on the gateway upgrade is
done"."""

from language.builtin.clauses import Clause, Outline
from language.builtin.targets import Targets
from language.builtin.task_words import telling
from language.builtin.words import top_candidates
from language.lexicon import Entry, Mention, Scored

_LEAST_SHARED = 2


def finished_task(outline: Outline, clause: Clause) -> str:
    """The id of the one open task whose words the clause tells; empty when none or several would do."""
    said = telling(_own_words(outline, clause))
    people = {item.entry.name for word in clause.things("contact") for item in _top(word.thing)}
    deals = {item.entry.id for word in clause.things("deal") for item in _top(word.thing)}
    accounts = set(Targets(outline).accounts_said())
    fitting = [task for task in _open_tasks(outline) if not deals or task.deal_id in deals]
    fitting = [task for task in fitting if not accounts or task.account_id in accounts]
    scored = [(_shared(task, said, people), task) for task in fitting]
    best = max((score for score, _ in scored), default=0)
    top = [task for score, task in scored if score == best]
    enough = _LEAST_SHARED - bool(deals or people)
    return top[0].id if best >= enough and len(top) == 1 and len(said) <= best + 2 else ""


def _open_tasks(outline: Outline) -> list[Entry]:
    situation = outline.reading.situation
    tasks = [entry for entry in situation.lexicon.of_kind("task") if entry.is_open]
    return [entry for entry in tasks if entry.owner_id == situation.asker_id]


def _shared(task: Entry, said: set[str], people: set[str]) -> int:
    named = any(person.casefold() in task.name.casefold() for person in people)
    return len(telling(task.name) & said) if not people or named else 0


def _own_words(outline: Outline, clause: Clause) -> str:
    """The clause's words that name no record, before the phrase that says it is done."""
    done = clause.hit("thing_done")
    kept = [
        outline.own_text(word.start, word.end)
        for i, word in enumerate(clause.words, clause.first)
        if not word.kinds and word.canon[0].isalnum() and not (done and done.first <= i < done.after)
    ]
    return (" " if any(word.isascii() for word in kept) else "").join(kept)


def _top(thing: object) -> list[Scored]:
    return top_candidates(thing) if isinstance(thing, Mention) else []
