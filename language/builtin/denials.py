"""What a message denies: "not Julia", "rather than the pilot", 不是二期, 跟二期没关系."""

from language.builtin.clauses import Clause, Outline
from language.builtin.vocabulary import load_words

_REACH = 2


def is_denied(outline: Outline, clause: Clause, thing: object) -> bool:
    """Whether a clause says of a thing that it is not meant, or was not there.

    "No" at the head of a message is an answer and denies nothing.
    """
    index = next(i for i in range(clause.first, clause.after) if outline.words[i].thing is thing)
    words = load_words("corrections")
    start = max(clause.first, index - _REACH)
    before = {word.canon for i, word in enumerate(outline.words[start:index], start) if i or word.canon != "no"}
    if before & {str(each) for each in words["not_before"]}:
        return True
    behind = outline.words[index + 1 : index + 1 + _REACH]
    if outline.words[index].canon.isascii():
        away = (
            any(word.canon in words["absent_behind"] for word in behind)
            and "contact" in outline.words[index].kinds
        )
        return away or any(word.canon in words["not_behind"] for word in behind)
    return any(hit.tag == "negation" and 0 <= hit.first - index <= _REACH for hit in clause.hits)


def is_denied_at(outline: Outline, clause: Clause, start: int) -> bool:
    """The same for the thing that begins at an offset."""
    thing = next((word.thing for word in clause.words if word.start == start), None)
    return thing is not None and is_denied(outline, clause, thing)
