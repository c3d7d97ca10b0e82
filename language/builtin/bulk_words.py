"""What changes of many records say without a noun or a name: "whatever Femke has due in those days", "his tasks"."""

from collections.abc import Collection, Iterator, Sequence

from language.builtin.clauses import Clause, Outline
from language.builtin.questions.marks import Mark, split_value
from language.builtin.targets import Targets
from language.builtin.task_words import telling
from language.builtin.vocabulary import load_words
from language.builtin.words import Word, top_candidates
from language.dates import DateMention
from language.lexicon import Mention, Scored
from language.spans import Span, cut

_NARROWING = ("state", "scope", "empty", "sort", "limit", "pronoun", "number", "rule", "negation")
_OF_TASKS = frozenset({"due", "overdue", "outstanding", "list", "plate", "desk"})
_OF_DEALS = frozenset({"closing", "close", "closes", "forecast", "pipeline"})


def kind_told(clause: Clause) -> str:
    """ "Whatever Femke has due", "everything on my list", "everything with Carla is done": tasks; "everything at
    Offer": deals; else empty."""
    closing = clause.all("that_is_all")
    if not any(not any(end.first <= hit.first < end.after for end in closing) for hit in clause.all("everything")):
        return ""
    if clause.has("thing_done", "task_done") and clause.things("contact"):
        return "task"
    said = {part for word in clause.words for part in word.canon.split()}
    if clause.has("task_word") or said & _OF_TASKS:
        return "task"
    return "deal" if clause.things("stage") or clause.has("forecast") or said & _OF_DEALS else ""


def whose_meant(outline: Outline, clause: Clause) -> str | None:
    """The colleague whom "his" or "she" of a clause means, the one named last before, or those whom "their" means, all
    named before; None where no such word stands, empty where it means nobody who is known."""
    pronouns = load_words("record_words")["whose"]
    place = next((i for i, word in enumerate(clause.words, clause.first) if word.canon in pronouns), None)
    if place is None:
        return None
    named = [word for word in outline.words[:place] if word.kinds & {"user", "contact", "lead"}]
    if not named:
        return Targets(outline).user_in_focus()
    if outline.words[place].canon in load_words("record_words")["there"]:
        people = [_user(word) for word in named]
        return "|".join(dict.fromkeys(people)) if all(people) else ""
    return _user(named[-1])


def of_those_days(outline: Outline, clause: Clause) -> tuple[list[dict[str, str]], list[Span]]:
    """ "Femke is away next week. Whatever she has due in those days …": filters on the day of a task, and the words."""
    hit = clause.hit("those_days")
    before = [word.thing for word in outline.words[: clause.first] if isinstance(word.thing, DateMention)]
    period = before[-1].period if before else None
    if hit is None or period is None:
        return [], []
    span = cut(outline.text, outline.words[hit.first].start, outline.words[hit.after - 1].end)
    first, last = period.start.isoformat(), period.end.isoformat()
    return [{"field": "due", "op": ">=", "value": first}, {"field": "due", "op": "<=", "value": last}], [span]


def titles_told(clause: Clause, marks: Sequence[Mark]) -> tuple[list[dict[str, str]], list[str]]:
    """ "All my demo tasks", "both 'Send the quote' tasks": filters on the title of tasks, and the words of them."""
    named = {
        item.entry.name for word in clause.things("task") for item in _top(word.thing) if item.entry.kind == "task"
    }
    if named:
        return [_has_title(named)], []
    noun = next(
        (mark for mark in marks if "task" in mark.values("kind") and clause.start <= mark.start < clause.end), None
    )
    before = [word for word in clause.words if noun is not None and word.end <= noun.start][-1:]
    small = (*load_words("record_words")["quantifiers"], *load_words("record_words")["beside_nouns"])
    for word in before:
        known = any(mark.start < word.end and word.start < mark.end and _narrows(mark) for mark in marks)
        plain = word.canon.isalpha() and not word.kinds and word.canon not in small
        if plain and not known and (stems := telling(word.canon)):
            return [_has_title(stems)], [word.canon, word.canon.removesuffix("s")]
    return [], []


def _has_title(words: Collection[str]) -> dict[str, str]:
    return {"field": "title", "op": "has", "value": "|".join(sorted(words))}


def _narrows(mark: Mark) -> bool:
    """Whether a word narrows records down by itself: a state, a value, a name, a day."""
    things = mark.mention is not None or mark.date is not None or mark.amount is not None
    kinds = {split_value(packed)[0] for role in ("value", "choice") for packed in mark.values(role)}
    return things or bool(kinds & {"task", "account"}) or any(mark.has(role) for role in _NARROWING)


def _top(thing: object) -> Sequence[Scored]:
    return top_candidates(thing) if isinstance(thing, Mention) else ()


def explained(clause: Clause) -> Iterator[str]:
    """The words of a clause that only say that all are meant: "whatever", "has"; verbs also without their "s"."""
    for hit in clause.all("everything", "gets", "counts_as"):
        yield from (word.canon for word in clause.words[hit.first - clause.first : hit.after - clause.first])
    for word in (*load_words("record_words")["beside_all"], *load_words("record_words")["beside_nouns"]):
        yield from (str(word), str(word).removesuffix("s"))


def _user(word: Word) -> str:
    if "user" not in word.kinds or not isinstance(word.thing, Mention):
        return ""
    users = [item.entry for item in _top(word.thing) if item.entry.kind == "user"]
    return users[0].id if len(users) == 1 else ""
