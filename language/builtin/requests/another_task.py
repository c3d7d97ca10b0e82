"""One more task like the one just made, for somebody else: "and Victor too but Thursday", 吴丽那边也挂一个，周四的."""

from collections.abc import Sequence
from typing import Any

from language.builtin.calls import Call
from language.builtin.clauses import Outline, dates_in
from language.builtin.corrected_tasks import renamed
from language.builtin.dialogue import PastCall
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.spoken import spoken_date
from language.builtin.targets import Target, Targets
from language.builtin.vocabulary import load_words
from language.builtin.words import Word
from language.lexicon import Entry, Mention

_KINDS = ("contact", "lead", "deal", "account")
_MOST_ELSE = 1
_LONGEST_NAME, _SURE = 3, 0.95


@request(precedence=43, exclusive=True)
def another_task(reading: Reading) -> Sequence[Call]:
    """The task that the last turn made, again for those whom the message names; none when it says more than that."""
    outline = reading.outline
    last = reading.dialogue.last
    made = [past for past in last.calls if past.call.tool == "create_task" and past.records] if last else []
    if len(made) != 1 or not outline.has("one_more") or _says_more(outline):
        return ()
    known = _old(outline, made[0])
    named = [entry for entry in _named(outline) if known is None or entry.id != known.id]
    return [Call("create_task", _again(outline, made[0], known, entry)) for entry in named]


def _says_more(outline: Outline) -> bool:
    """Whether anything is said beside names, a day, and that it is one more."""
    covered = {i for hit in outline.all_hits if hit.tag == "one_more" for i in range(hit.first, hit.after)}
    corrects = any(hit.tag == "correction" and hit.first not in covered for hit in outline.all_hits)
    if (
        corrects
        or outline.has("owner_change")
        or any(
            clause.moods & {"question", "negation", "condition", "hearsay", "undecided", "keep", "hedge"}
            for clause in outline.clauses
        )
    ):
        return True
    small = {str(each) for each in load_words("corrections")["beside_one_more"]}
    rest = [
        word
        for i, word in enumerate(outline.words)
        if i not in covered and not word.kinds and word.canon[0].isalnum() and word.canon not in small
    ]
    amounts = any(word.kinds & {"amount", "stage", "duration"} for word in outline.words)
    return amounts or len(rest) > _MOST_ELSE


def _named(outline: Outline) -> list[Entry]:
    """The records that the message names: people before what they belong to, each once."""
    targets = Targets(outline)
    words = [word for word in outline.words if isinstance(word.thing, Mention) and word.kinds & {*_KINDS, "user"}]
    people = [word for word in words if word.kinds & {"contact", "lead", "user"}]
    found = [_target(targets, word).entry for word in people or words]
    return list({entry.id: entry for entry in found if entry is not None}.values())


def _target(targets: Targets, word: Word) -> Target:
    assert isinstance(word.thing, Mention)
    if "deal" in word.kinds:
        return targets.deal_of_mention(word.thing)
    if "account" in word.kinds:
        return targets.account_of(word.thing)
    kind = next(each for each in ("contact", "lead", "user") if each in word.kinds)
    return targets.person_of(word.thing, kind, targets.accounts_said())


def _old(outline: Outline, made: PastCall) -> Entry | None:
    """Whom or what the task that was made is about."""
    given = made.call.arguments
    known = [Targets(outline).get(str(given.get(kind) or "")) for kind in _KINDS]
    return next((entry for entry in known if entry is not None), None)


def _again(outline: Outline, made: PastCall, old: Entry | None, entry: Entry) -> dict[str, Any]:
    given = dict(made.call.arguments)
    days = [date for clause in outline.clauses for date in dates_in(clause) if date.on or date.shift]
    due = spoken_date(days[-1]) if days else given.get("due", "")
    if entry.kind == "user":
        return {**given, "assignee": entry.id, "due": due}
    title = str(given.get("title", ""))
    new = renamed(title, old.name, entry.name) if old is not None else title
    new = new if new != title else _with_other_name(outline, title, entry)
    kept = {name: value for name, value in given.items() if name not in _KINDS}
    home = entry.home_account or ""
    return {**kept, "title": new, "due": due, entry.kind: entry.id, "account": home}


def _with_other_name(outline: Outline, title: str, entry: Entry) -> str:
    """The title with the person in it replaced, where it names one for sure; else the new name behind it."""
    words = title.split(" ")
    for size in range(min(_LONGEST_NAME, len(words)), 0, -1):
        for at in range(len(words) - size + 1):
            name = " ".join(words[at : at + size])
            found = outline.reading.situation.lexicon.match(name, kinds={"contact", "lead"})
            own = set(found[0].entry.name.casefold().split()) if found else set()
            if found and found[0].score >= _SURE and own >= set(name.casefold().split()):
                return " ".join([*words[:at], entry.name, *words[at + size :]])
    return f"{title} – {entry.name}"
