"""Tasks by what people say of them: "the prep for Hannah's demo" is “Prepare demo for Hannah Moreno”."""

import re
from collections.abc import Sequence

from language.builtin.task_pointed import pointed_task
from language.builtin.vocabulary import load_words
from language.builtin.words import top_candidates
from language.learned.acts import Part
from language.learned.calls.context import Context
from language.lexicon import Entry, Mention
from language.script import has_cjk

_WORD = re.compile(r"[^\W_]+")
# Words are the same when they begin alike; so many and this share of what is said have to be in the title.
_ALIKE, _LEAST, _SHARE = 4, 2, 0.6
_SHORTEST = 3


def task_described(context: Context, part: Part) -> str:
    """The id of the one open task whose title has most of the words; the asker's own before others'; else empty."""
    clause = context.clause_at(part.first) if has_cjk(part.text) else None
    if clause is not None and (pointed := pointed_task(context.outline, clause)):
        return pointed
    said = _telling(part.text) | _meant_by_pronoun(context, part)
    if len(said) < _LEAST:
        return ""
    scores = [
        (_shared(said, entry), entry) for entry in context.situation.lexicon.of_kind("task") if entry.is_open
    ]
    best = max((score for score, _ in scores), default=0)
    if best < _LEAST or best < _SHARE * len(said):
        return ""
    found = [entry for score, entry in scores if score == best]
    own = [entry for entry in found if entry.owner_id == context.situation.asker_id]
    chosen: Sequence[Entry] = own or found
    return chosen[0].id if len(chosen) == 1 else ""


def _shared(said: set[str], entry: Entry) -> int:
    title = _telling(entry.name)
    return sum(any(_is_alike(word, other) for other in title) for word in said)


def _is_alike(one: str, other: str) -> bool:
    return one == other or (not has_cjk(one) and len(one) >= _ALIKE and one[:_ALIKE] == other[:_ALIKE])


def _telling(text: str) -> set[str]:
    """The words of a text that tell something; of Chinese, pairs of signs."""
    little = {str(word) for word in load_words("references")["little"]}
    found: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        if has_cjk(word):
            found |= {word[i : i + 2] for i in range(len(word) - 1)}
        elif len(word) >= _SHORTEST and word not in little:
            found.add(word)
    return found


def _meant_by_pronoun(context: Context, part: Part) -> set[str]:
    """The names of the person whom "him" or "her" means: the contact named last before it."""
    pronouns = load_words("people")["pronouns"]
    if not any(word.canon in pronouns for word in part.words):
        return set()
    before = [word.thing for word in context.outline.words[: part.first] if "contact" in word.kinds]
    tops = [top_candidates(each) for each in before if isinstance(each, Mention)]
    people = [top[0].entry for top in tops if len(top) == 1]
    return set(_WORD.findall(people[-1].name.casefold())) if people else set()
