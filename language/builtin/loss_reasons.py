"""What an answer gives as the reason for a loss, and to whom the deal was lost."""

from collections.abc import Iterator

from language.builtin.clauses import Clause, Outline
from language.builtin.deal_texts import known_rival, rival_beside
from language.builtin.patterns import Hit
from language.builtin.vocabulary import load_words, patterns


def reason_given(outline: Outline) -> str:
    """The reason for a loss that an answer gives, in the words of the field; a rival's name alone is one, too."""
    for clause in outline.clauses:
        hits = [hit for hit in clause.all("lost_reason") if not _is_ruled_out(outline, clause, hit)]
        if hits and not {"question", "condition"} & clause.moods:
            return str(hits[0].value["reason"])
    return "competitor" if known_rival(outline, outline.text) else ""


def rival_given(outline: Outline) -> str:
    """The rival that an answer says the deal was lost to; one who is not named is none."""
    if known := known_rival(outline, outline.text) or _short_rival(outline):
        return known
    found = next((name for name in _told(outline) if name), "")
    words = load_words("deal_texts")
    is_named = found.lower() not in words["no_rivals"] and not any(
        str(each) in found.casefold() for each in words["unnamed_rivals"]
    )
    return found[:1].upper() + found[1:] if is_named else ""


def _told(outline: Outline) -> Iterator[str]:
    for pattern in patterns("deal_texts", "rival_won"):
        if won := pattern.search(outline.text):
            yield won["rival"]
    for clause in outline.clauses:
        hit = clause.hit("lost_to")
        if hit is not None and clause.is_plain:
            yield rival_beside(outline, hit.after, clause, behind=True)


def _short_rival(outline: Outline) -> str:
    """A known rival of whose name the message has the first word ("Kronos" for Kronos AG)."""
    said = {word.canon for word in outline.words}
    known = outline.reading.situation.values.get(("deal", "competitor"), ())
    return next((name for name in known if len(name.split()) > 1 and name.casefold().split()[0] in said), "")


def _is_ruled_out(outline: Outline, clause: Clause, hit: Hit) -> bool:
    """ "Not the price", "price wasn't it"."""
    words = load_words("corrections")
    before = {word.canon for word in outline.words[max(clause.first, hit.first - 2) : hit.first]}
    behind = {word.canon for word in outline.words[hit.after : hit.after + 1]}
    return bool(before & {str(each) for each in words["not_before"]} or behind & set(words["not_behind"]))
