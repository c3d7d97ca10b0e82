"""Who is to do what a clause tells: "Ella could put together the list", "I expect the figures from Josh"."""

from collections.abc import Sequence

from language.builtin.clauses import Clause, Outline
from language.builtin.frames.verbs import form_of
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words
from language.builtin.words import Word
from language.lexicon import Mention

_ADVERBS = frozenset(["also", "really", "probably", "perhaps", "maybe", "then", "best", "please", "better"])


def duty_told(outline: Outline, clause: Clause) -> tuple[str, int] | None:
    """The colleague who is to do what a clause tells, with the place of the word that begins it; None where it tells no
    colleague's duty."""
    for i in range(clause.first, clause.after):
        verb = _behind_modal(outline.words, i, clause.after)
        if verb is not None and (person := _person(outline, i)):
            return person, verb
    return _expected(outline, clause)


def _behind_modal(words: Sequence[Word], subject: int, after: int) -> int | None:
    """The place of the verb behind "should", "could", "has to" that follows a subject."""
    modals = load_words("task_words")["modals"]
    place, found = subject + 1, False
    while place < after and words[place].canon in (*modals, *_ADVERBS, "to"):
        found = found or words[place].canon in modals
        place += 1
    verb = form_of(words[place].canon) if found and place < after else None
    return place if verb is not None and words[place].canon == verb.base else None


def _person(outline: Outline, place: int) -> str:
    """The colleague whom a word names or means: "she" is the last one named, unless a customer was named since."""
    word = outline.words[place]
    if "user" in word.kinds and isinstance(word.thing, Mention):
        found = Targets(outline).person_of(word.thing, "user").entry
        return found.id if found is not None else ""
    if word.canon not in ("he", "she", "they"):
        return ""
    named = [each for each in outline.words[:place] if each.kinds & {"user", "contact", "lead"}]
    if not named:
        return Targets(outline).user_in_focus()
    last = named[-1]
    if "user" not in last.kinds or "contact" in last.kinds or not isinstance(last.thing, Mention):
        return ""
    entry = Targets(outline).person_of(last.thing, "user").entry
    return entry.id if entry is not None else ""


def _expected(outline: Outline, clause: Clause) -> tuple[str, int] | None:
    """ "I expect the figures from Josh": what is to come, and the colleague from whom."""
    verbs = load_words("task_words")["expecting"]
    start = next((i for i, word in enumerate(clause.words) if word.canon in verbs), None)
    if start is None:
        return None
    for i in range(start + 1, len(clause.words) - 1):
        if clause.words[i].canon != "from":
            continue
        person = _person_behind(outline, clause.words[i + 1])
        if person:
            return person, clause.first + start + 1
    return None


def _person_behind(outline: Outline, word: Word) -> str:
    if "user" in word.kinds and "contact" not in word.kinds and isinstance(word.thing, Mention):
        found = Targets(outline).person_of(word.thing, "user").entry
        return found.id if found is not None else ""
    named = any(each.kinds & {"user", "contact", "lead"} for each in outline.words if each.start < word.start)
    return Targets(outline).user_in_focus() if word.canon in ("him", "her", "them") and not named else ""
