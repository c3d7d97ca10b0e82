"""Where the network reads a wish for a draft that no phrase finds: "do Karl two lines on the delay"."""

from dataclasses import dataclass

from language.builtin.reading import Reading
from language.learned.acts import Act, understood
from language.spans import Span, cut

# From that chance on an act is surely a wish for a draft.
SURE = 0.9
_BARRED = frozenset({"negation", "condition", "question", "undecided", "hearsay", "hedge"})
# Phrases that say that it is logged, or planned.
_OTHERS = frozenset({"log", "task_new", "task_word", "promise"})
_WRITTEN = frozenset({"email_word", "message_word"})
_BEHIND_HEAD = ("to", "about")
_SIGNS = frozenset(".:;!\n-–—：。；！")


@dataclass(frozen=True, slots=True)
class Wished:
    """The words that ask for a draft, up to whom or what it is for, and where its content begins, if that is told."""

    head: Span
    content_at: int | None = None


def wished_draft(reading: Reading) -> Wished | None:
    """The first draft that is asked for; None where the network is not sure of one."""
    outline = reading.outline
    if all("question" in clause.moods for clause in outline.clauses):
        return None
    act = next((each for each in understood(outline).acts if each.kind == "draft"), None)
    if act is None or act.sure < SURE:
        return None
    tags = {hit.tag for hit in outline.all_hits if act.first <= hit.first < act.after}
    if tags & _OTHERS or ("do_later" in tags and _is_planned(reading, act)):
        return None
    # In a talk "one more for Karl" may be anything: there a word for what is written has to be said.
    if reading.dialogue.last is not None and not tags & _WRITTEN:
        return None
    clauses = [each for each in outline.clauses if each.first < act.after and act.first < each.after]
    if clauses[0].moods & _BARRED:
        return None
    words = outline.words[act.first : _end_of_head(act)]
    if not words:
        return None
    return Wished(cut(reading.text, words[0].start, words[-1].end), _content_at(reading, act))


def _content_at(reading: Reading, act: Act) -> int | None:
    """Behind the sign that follows whom it is for ("write to Ada. …"), else where what it is about begins."""
    words = reading.outline.words
    named = max((part.after for part in act.all("to", "at")), default=act.first)
    if named < len(words) and words[named].canon in _SIGNS:
        return words[named].end
    return min((words[part.first].start for part in act.all("about")), default=None)


def _is_planned(reading: Reading, act: Act) -> bool:
    """Whether "write to Ada" has a day: then it is to be done on it."""
    return any("day" in word.kinds for word in reading.outline.words[act.first : act.after])


def _end_of_head(act: Act) -> int:
    parts = [part.first for part in act.parts if part.role in _BEHIND_HEAD]
    return min(parts, default=act.after)
