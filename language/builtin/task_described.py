"""Which open task a clause describes by its telling words: "the quote for Ben" is "Send updated quote to Ben"."""

from collections.abc import Sequence

from language.builtin.clauses import Clause, Outline
from language.builtin.targets import Targets
from language.builtin.task_holders import is_owner
from language.builtin.task_words import stops, telling
from language.builtin.vocabulary import load_words
from language.lexicon import Entry
from language.names.decide import decide

_LONGEST_VERB = 3
# Phrases that say to change a task.
MARKS = (
    *(
        "task_done",
        "task_move",
        "task_give",
        "task_drop",
        "task_drop_it",
        "task_reopen",
        "priority_set",
        "theirs_too",
    ),
    *("move", "push", "pull"),
)


def described_task(outline: Outline, clause: Clause, says_task: bool) -> str:
    """A task whose title holds the clause's telling words: "the quote for Ben" is "Send updated quote to Ben"."""
    words = description_of(outline, clause)
    if len(words.split()) < (1 if not words.isascii() else 2) and not says_task:
        return ""
    situation = outline.reading.situation
    accounts = Targets(outline).accounts_said()
    scored = situation.lexicon.match(words, kinds={"task"}, account_ids=tuple(accounts))
    own = telling(words)
    scored = [item for item in scored if len(own & telling(item.entry.name)) >= (1 if says_task else 2)]
    scored = [item for item in scored if item.entry.account_id in accounts] or scored
    open_ones = [item for item in scored if item.entry.is_open] or scored
    decision = decide(open_ones)
    if decision.outcome == "one" and decision.chosen is not None:
        return decision.chosen.entry.id
    if decision.outcome == "several":
        mine = [item.entry for item in decision.candidates if item.entry.owner_id == situation.asker_id]
        return _only(mine) or words
    return _overlapping(outline, words)


def said_task(outline: Outline) -> bool:
    """Whether the message speaks of a task at all."""
    return outline.has("task_word")


def _only(entries: Sequence[Entry]) -> str:
    return entries[0].id if len(entries) == 1 else ""


def _overlapping(outline: Outline, words: str) -> str:
    """The open task that shares most telling words with a description, if one shares more than the others."""
    said = telling(words)
    accounts = Targets(outline).accounts_said()
    tasks = [entry for entry in outline.reading.situation.lexicon.of_kind("task") if entry.is_open]
    tasks = [entry for entry in tasks if entry.account_id in accounts] or tasks
    scores = [(len(said & telling(entry.name)), entry) for entry in tasks]
    best = max((score for score, _ in scores), default=0)
    top = [entry for score, entry in scores if score == best]
    if best < 2 or best < len(said) - 1 or (not said_task(outline) and best < len(said)):
        return ""
    return top[0].id if len(top) == 1 else words


def description_of(outline: Outline, clause: Clause) -> str:
    """The clause without its verbs of change, days, receivers and small words."""
    directions = load_words("task_words")["directions"]
    hits = clause.all(*MARKS, "task_word", "filler", "polite", "priority", "correction", "joint", "apply")
    dropped = {i for hit in hits if hit.after - hit.first <= _LONGEST_VERB for i in range(hit.first, hit.after)}
    dropped |= {hit.first for hit in hits}
    named = {
        i
        for i in range(clause.first, clause.after)
        if outline.words[i].kinds & {"contact", "account", "deal", "lead"}
    }
    kept = []
    for i in range(clause.first, clause.after):
        word = outline.words[i]
        if (
            (i in dropped and i not in named)
            or word.kinds & {"date", "duration"}
            or ("user" in word.kinds and ("contact" not in word.kinds or is_owner(outline, i)))
        ):
            continue
        if word.canon[0].isalnum() and word.canon not in stops() and word.canon not in directions:
            kept.append(outline.reading.text[word.start : word.end])
    joiner = " " if any(each.isascii() for each in kept) else ""
    return joiner.join(kept)
