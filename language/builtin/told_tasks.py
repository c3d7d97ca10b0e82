"""Open tasks by what is to be done and with whom: "calling Derek", "the redlines chase", "my thing with Miguel"."""

from collections.abc import Sequence

from language.builtin.clauses import Outline
from language.builtin.targets import Targets
from language.builtin.task_words import telling
from language.builtin.vocabulary import load_words
from language.builtin.words import Word, top_candidates
from language.lexicon import Entry, Mention

_LEAST_SHARED = 2
_MOST_ELSE, _MOST_ELSE_ZH = 2, 5
_JOINED = "|"


def one_or_asked(tasks: Sequence[Entry]) -> str:
    """The id of the only task; several ids, which the server asks about; empty where there are none."""
    return _JOINED.join(entry.id for entry in tasks)


def tasks_told(outline: Outline, words: Sequence[Word], *, says_task: bool = False) -> list[Entry]:
    """The open tasks that words of the message tell: by their verb or topic together with a person or deal, by two
    words of the title, or by a word such as "thing" with a person. Beside the word task, `says_task`, Chinese may
    tell more: of four signs each has its pairs.
    """
    said = telling(_plain(outline, words))
    nouns = {str(each) for each in load_words("task_words")["nouns"]}
    points = any(word.canon in nouns for word in words)
    people, deals = _people(outline, words), _ids(words, "deal")
    pool = [task for task in _of_owner(outline, words) if not deals or task.deal_id in deals]
    if people:
        pool = [task for task in pool if _is_with(task, people)]
    said -= nouns
    if not said:
        return _narrowed(outline, words, pool) if points and people else []
    scored = [(len(said & telling(task.name)), task) for task in pool]
    best = max((score for score, _ in scored), default=0)
    top = [task for score, task in scored if score == best and score]
    most_else = _MOST_ELSE_ZH if says_task and outline.reading.language == "zh" else _MOST_ELSE
    if best >= _LEAST_SHARED - bool(people or deals) and len(said) <= best + most_else:
        return _narrowed(outline, words, top)
    return _narrowed(outline, words, [task for task in top if said == telling(task.name.split()[0])])


def tasks_with(outline: Outline, words: Sequence[Word]) -> list[Entry]:
    """The open tasks with those whom words name or mean by "her"."""
    people = _people(outline, words)
    return _narrowed(outline, words, [task for task in _of_owner(outline, words) if _is_with(task, people)])


def calls_with(outline: Outline, words: Sequence[Word]) -> list[Entry]:
    """The open tasks to get in touch with those whom words name or mean by "her"; without either with the one named
    last before."""
    named = [word for word in _before(outline, words) if "contact" in word.kinds][-1:]
    verbs = telling(" ".join(load_words("task_words")["touching"]))
    found = tasks_with(outline, words) or tasks_with(outline, named)
    return [task for task in found if telling(task.name.split()[0]) <= verbs]


def tasks_on_deal_in_focus(outline: Outline, words: Sequence[Word]) -> list[Entry]:
    """ "The redlines task that hangs on it": the open tasks on the deal talked about last that words tell."""
    focus = outline.reading.dialogue.focus("deal")
    tasks = [entry for entry in outline.reading.situation.lexicon.of_kind("task") if entry.is_open]
    said = telling(_plain(outline, words))
    return [task for task in tasks if focus is not None and task.deal_id == focus[0] and said & telling(task.name)]


def _plain(outline: Outline, words: Sequence[Word]) -> str:
    """The words that are no recognised things."""
    kept = [outline.own_text(word.start, word.end) for word in words if not word.kinds and word.canon[0].isalnum()]
    return (" " if any(word.isascii() for word in kept) else "").join(kept)


def _is_with(task: Entry, people: set[str]) -> bool:
    return any(name.casefold() in task.name.casefold() for name in people)


def _of_owner(outline: Outline, words: Sequence[Word]) -> list[Entry]:
    """The open tasks of the colleague whom words name or mean by "hers", else of the asker."""
    situation = outline.reading.situation
    tasks = [entry for entry in situation.lexicon.of_kind("task") if entry.is_open]
    is_hers = any(word.canon in load_words("task_words")["theirs"] for word in words)
    others = _ids([*(_before(outline, words) if is_hers else ()), *words], "user") - {situation.asker_id}
    theirs = [task for task in tasks if task.owner_id in others]
    return theirs or [task for task in tasks if task.owner_id == situation.asker_id]


def _narrowed(outline: Outline, words: Sequence[Word], tasks: Sequence[Entry]) -> list[Entry]:
    """Those of the deals or accounts that the message names, then those whose verb it says before, where some are."""
    found = list(tasks)
    if len(found) > 1:
        deals, accounts = _ids(outline.words, "deal"), Targets(outline).accounts_said()
        found = [task for task in found if task.deal_id in deals] or found
        found = [task for task in found if task.account_id in accounts] or found
    if len(found) > 1:
        near = telling(_plain(outline, _before(outline, words)))
        found = [task for task in found if telling(task.name.split()[0]) & near] or found
    if len(found) > 1:
        last = _talked_about(outline)
        found = [task for task in found if task.account_id in last] or found
    return found


def _talked_about(outline: Outline) -> set[str]:
    """The accounts that the last turn was about, also by a deal or a person."""
    last, targets = outline.reading.dialogue.last, Targets(outline)
    cited = {record_id for past in (last.calls if last else ()) for _, record_id, _ in past.records}
    given = {str(past.call.arguments.get("account") or "") for past in (last.calls if last else ())}
    entries = [targets.get(each) for each in cited | given if each]
    return {home for entry in entries if entry is not None and (home := entry.home_account)}


def _before(outline: Outline, words: Sequence[Word]) -> list[Word]:
    at = words[0].start if words else 0
    return [word for word in outline.words if word.start < at]


def _people(outline: Outline, words: Sequence[Word]) -> set[str]:
    """The names of the contacts among words; of "her" the one named last before them, or talked about last."""
    named = _names(words)
    pronouns = load_words("people")["pronouns"]
    if named or not any(word.canon in pronouns for word in words):
        return named
    before = [word for word in _before(outline, words) if "contact" in word.kinds]
    if before:
        return _names(before[-1:])
    focus = outline.reading.dialogue.focus("contact")
    entry = Targets(outline).get(focus[0]) if focus else None
    return {entry.name} if entry is not None else set()


def _names(words: Sequence[Word]) -> set[str]:
    return {entry.name for entry in _entries(words, "contact")}


def _ids(words: Sequence[Word], kind: str) -> set[str]:
    return {entry.id for entry in _entries(words, kind)}


def _entries(words: Sequence[Word], kind: str) -> list[Entry]:
    things = [word.thing for word in words if kind in word.kinds and isinstance(word.thing, Mention)]
    return [item.entry for thing in things for item in top_candidates(thing) if item.entry.kind == kind]
