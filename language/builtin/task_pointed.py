"""An open task that Chinese words point at by what is to be done: 向他要图纸那条, 给她寄样品这事."""

from collections.abc import Sequence

from language.builtin.clauses import Clause, Outline
from language.builtin.vocabulary import load_words, patterns
from language.builtin.words import top_candidates
from language.lexicon import Entry, Mention

# What is said counts from so many signs on, and this share of its pairs has to be in the title.
_SHORTEST, _LONGEST, _LEAST, _SHARE = 3, 16, 2, 0.6
# Who is named so near before 那条 has to be named in the title.
_NEAR = 10


def pointed_task(outline: Outline, clause: Clause) -> str:
    """The id of the one open task of the asker, else of others, that the words before 那条 or 这事 tell; else empty."""
    found = next((hit for each in patterns("task_words", "pointed_zh") if (hit := each.search(clause.text))), None)
    if found is None:
        return ""
    said = _with_name(outline, clause, found["what"])
    end = clause.start + found.end("what")
    near = [word.thing for word in clause.things("contact") if end - _NEAR <= word.start < end]
    names = [name for thing in near if isinstance(thing, Mention) and (name := _name_of(thing))]
    tasks = [entry for entry in outline.reading.situation.lexicon.of_kind("task") if entry.is_open]
    tasks = [entry for entry in tasks if all(name in entry.name for name in names)]
    own = [entry for entry in tasks if entry.owner_id == outline.reading.situation.asker_id]
    return _told(said, own) or _told(said, [entry for entry in tasks if entry not in own])


def _told(said: str, tasks: Sequence[Entry]) -> str:
    scores = [(_score(said, entry.name), entry.id) for entry in tasks]
    best = max((score for score, _ in scores), default=0.0)
    top = [task for score, task in scores if score == best]
    return top[0] if best >= _SHARE and len(top) == 1 else ""


def _score(said: str, title: str) -> float:
    """The greatest share of pairs that the end of what is said has in common with a title."""
    known = _pairs(title)
    shares = [0.0]
    for size in range(_SHORTEST, min(len(said), _LONGEST) + 1):
        pairs = _pairs(said[-size:])
        shared = len(pairs & known)
        shares.append(shared / len(pairs) if shared >= _LEAST else 0.0)
    return max(shares)


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _with_name(outline: Outline, clause: Clause, said: str) -> str:
    """What is said with the name of the person named last for 他 or 她."""
    pronoun = next((each for each in load_words("people")["object_pronouns"] if each in said), "")
    named = [word.thing for word in outline.words[: clause.first] if "contact" in word.kinds]
    named += [word.thing for word in clause.things("contact")]
    sure = [name for thing in named if isinstance(thing, Mention) and (name := _name_of(thing))]
    return said.replace(pronoun, sure[-1], 1) if pronoun and sure else said


def _name_of(mention: Mention) -> str:
    top = top_candidates(mention)
    return top[0].entry.name if len(top) == 1 else ""
