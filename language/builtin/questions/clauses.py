"""Which parts of a message ask something. A part that orders a change, reports or tells is none of ours."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from language.builtin.questions.marks import Mark, Marks
from language.builtin.vocabulary import patterns

Force = Literal["asked", "wished", "hinted", "told", "ordered"]

_SENTENCE = re.compile(r"[?？!！。；;\n]+|\.+(?=\s|$)")
_JOINT = re.compile(
    r"[,，、]?\s*(?:\b(?:and|but|then|also|plus)|&)\s+|[,，、:：]\s*|另外|顺便|还有|然后|同时|此外|并且|以及",
    re.IGNORECASE,
)
# "Which products and how many of each": the second half is about the same records.
_SHARES = re.compile(r"how (?:many|much) (?:of )?each\b|各(?:有)?(?:多少|几)", re.IGNORECASE)
# An auxiliary before its subject asks, with or without a question mark; "was at Acme today" reports.
_AUXILIARY = re.compile(
    r"(?:did|does|has|is|are|was|were|didn['’]t|hasn['’]t|isn['’]t|aren['’]t|doesn['’]t)\s+", re.IGNORECASE
)
_PERSON = re.compile(r"(?:he|she|they|it|we|i|you|anyone|anybody)\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?:he|she|they|it|we|i|you|anyone|anybody|any|the|my|our|their|this|that)\b", re.IGNORECASE
)
_OF_STRANGER = re.compile(r"^ (?:at|for|of|with|from) $", re.IGNORECASE)
_PEOPLE = frozenset({"contact", "user", "lead"})
_QUESTION_SIGN = re.compile(r"[?？]\s*$")
_TALK = frozenset(
    {
        "ask",
        "sort",
        "group",
        "metric",
        "report",
        "kind",
        "field",
        "brief",
        "review",
        "next_action",
        "measure",
        "rule",
        "state",
    }
)
# More unknown words than this are a story, not a question, when no question mark closes them.
_LONG_TALK = 14
_LONG_TOPIC = 5
_HAPPENS = frozenset({"closes", "signs", "moves", "slips", "now"})
_TELLS_US = frozenset({"tell me", "tell us", "let me know", "show me", "show us"})
_SHOWS_US = frozenset({"show me", "show us", "list me"})
_NUMBERS = ("metric", "report", "measure", "kind", "state")
_OPENERS = ("ask", "report", "brief", "review", "next_action", "follow")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message and how it is meant.

    "asked": openly a question. "wished": most likely one, unless the message is about something else ("show …",
    "which is why …"). "hinted": words that only name what could be asked ("pipeline by stage"), a question
    when nothing else is said. "told" and "ordered" are for others, yet their names give context; `asks_from` is where
    the question begins behind what was told.
    """

    start: int
    end: int
    force: Force
    starts_sentence: bool = True
    asks_from: int = 0


def find_clauses(marks: Marks) -> list[Clause]:
    """All parts of the message from left to right."""
    clauses: list[Clause] = []
    for start, end, sign in _sentences(marks.text):
        parts = list(_parts(marks, start, end))
        for number, (first, last) in enumerate(parts):
            closes = number == len(parts) - 1
            force = _force(marks.within(first, last), closed=sign and closes, opens=sign or number == 0)
            clauses.append(Clause(first, last, force, number == 0))
    return _with_topics(clauses, marks)


def _sentences(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, ends in a question mark)."""
    start = 0
    for found in [*_SENTENCE.finditer(text), None]:
        end = found.start() if found else len(text)
        if text[start:end].strip():
            yield start, end, bool(found and _QUESTION_SIGN.search(found[0]))
        start = found.end() if found else end


def _parts(marks: Marks, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cuts a sentence where a new question or order begins behind a comma or "and"."""
    first = start
    for joint in _JOINT.finditer(marks.text, start, end):
        if any(mark.start < joint.start() < mark.end or mark.start < joint.end() < mark.end for mark in marks):
            continue
        rest = marks.within(joint.end(), end)
        opener = _opener(rest)
        if opener is not None and _cuts(opener, joint[0], marks.within(first, joint.start()), rest):
            yield first, joint.start()
            first = joint.end()
    yield first, end


def _cuts(opener: Mark, joint: str, before: Marks, rest: Marks) -> bool:
    """A comma or "and" cuts before a question word, an order, or (Chinese) a figure that is asked for."""
    if _SHARES.match(rest.text, opener.start) or (joint.strip() == "and" and _counts_contacts(before, rest)):
        return False
    strong = (
        opener.has("ask")
        or opener.has("action")
        or _adds_to_figure(opener, joint, before, rest)
        or (joint.strip() in (":", "：") and any(opener.has(role) for role in _NUMBERS))
    )
    figure = opener.has("state") and any(mark.has("measure") for mark in rest)
    figure = figure or (opener.has("sort") and any(mark.has("ask") for mark in rest))
    chinese = not opener.text.isascii() and any(
        opener.has(role) for role in ("measure", "field", "metric", "pronoun")
    )
    return strong or ((chinese or (figure and not opener.text.isascii())) and joint.strip() in ("，", ","))


def _adds_to_figure(opener: Mark, joint: str, before: Marks, rest: Marks) -> bool:
    """ "…, then Petra's own median", "…, and the deals that are in it": what is wanted beside a figure."""
    if not any(mark.has("metric") for mark in before):
        return False
    kinds = {each.entry.kind for each in opener.mention.candidates} if opener.mention else set()
    if "then" in joint.split() and "user" in kinds:
        return True
    ands = {"and", "plus", "also"} & set(joint.replace(",", " ").split())
    records = any(mark.has("kind") and mark.text.lower().endswith("s") for mark in rest)
    return bool(ands) and records and any("it" in mark.values("pronoun") for mark in rest)


def _counts_contacts(before: Marks, rest: Marks) -> bool:
    """ "How many visits and how many calls did Tomas make last week": who and when hold for both."""
    bare = all(mark.is_filler or mark.has("measure") or mark.has("interaction_type") for mark in before)
    both = all(any(mark.has("interaction_type") for mark in side) for side in (before, rest))
    return bare and both and any("count" in mark.values("measure") for mark in rest)


def _opener(marks: Marks) -> Mark | None:
    """The first mark that is more than filler, if no unknown word stands before it."""
    meaningful = [mark for mark in marks if not mark.is_filler]
    if not meaningful:
        return None
    first = meaningful[0]
    before = [unit for unit in marks.leftovers if unit.start < first.start]
    return None if before else first


def _force(marks: Marks, *, closed: bool, opens: bool) -> Force:
    """How a part is meant; `closed` by a question mark, `opens` a sentence or stands in one with such a mark."""
    opener = _opener(marks)
    if opener is not None and _is_order(opener, marks):
        return "ordered"
    if closed or (opens and (_is_inverted(marks) or _is_forgotten(marks))):
        return "asked"
    if opener is not None and _matches(marks, "own_question"):
        return "asked"
    if opener is not None and any(opener.has(role) for role in _OPENERS):
        is_open = (opens and set(opener.values("ask")) - {"show"}) or _wants_to_know(opener, marks)
        return "asked" if is_open or opener.text.casefold() in _SHOWS_US else "wished"
    if _is_reported(marks) or len(marks.leftovers) > _LONG_TALK:
        return "told"
    if _asks_inside(marks):
        return "asked"
    if _is_polite_wish(marks):
        return "wished"
    if _is_report(marks):
        return "told"
    talks = any(mark.has(role) for mark in marks for role in _TALK) or any(mark.date for mark in marks)
    return "hinted" if talks and (not marks.leftovers or _are_of_stranger(marks)) else "told"


def _are_of_stranger(marks: Marks) -> bool:
    """ "Open deals at zorblax": records and, with nothing else unknown, the name at the end that they would be of."""
    first = marks.leftovers[0].start
    before = [mark for mark in marks if mark.start < first and not (mark.is_filler or mark.has("state"))]
    opens = len(before) == 1 and before[0].has("kind") and before[0].text.casefold().endswith("s")
    is_last = not any(mark.start > first and not mark.is_filler for mark in marks)
    return opens and is_last and _OF_STRANGER.search(marks.text[before[0].end : first]) is not None


def _is_inverted(marks: Marks) -> bool:
    """ "Has Meridian signed", "did she say": an auxiliary, then its subject."""
    start = marks.units[0].start if marks.units else len(marks.text)
    found = _AUXILIARY.match(marks.text, start)
    if not found:
        return False
    subject = next((mark.mention for mark in marks if mark.start == found.end() and mark.mention), None)
    kinds = {each.entry.kind for each in subject.candidates} if subject is not None else set()
    if found[0].lower().startswith("did"):
        # "Did the tour today", "did Harbor today" are reports.
        return bool(kinds & _PEOPLE) or bool(_PERSON.match(marks.text, found.end()))
    return bool(kinds) or bool(_SUBJECT.match(marks.text, found.end()))


def _wants_to_know(opener: Mark, marks: Marks) -> bool:
    """ "Tell me what else is open": a question word right behind."""
    following = [mark for mark in marks if mark.start >= opener.end and not mark.is_filler]
    told = opener.text.casefold() in _TELLS_US and opener.text.isascii()
    return told and bool(following) and bool(set(following[0].values("ask")) - {"show", "whether"})


def _is_forgotten(marks: Marks) -> bool:
    """ "I forgot what Maren said about the budget"."""
    return _matches(marks, "forgotten")


def _matches(marks: Marks, key: str) -> bool:
    start = marks.units[0].start if marks.units else len(marks.text)
    return any(pattern.match(marks.text[start:]) for pattern in patterns("question_patterns", key))


def _is_order(opener: Mark, marks: Marks) -> bool:
    """An order opens with its verb ("I want to log …"); in Chinese that may stand behind what it changes."""
    if opener.has("action") and not opener.has("ask"):
        return True
    following = [mark for mark in marks if mark.start >= opener.end and not mark.is_filler]
    wish = opener.values("ask") == ["show"]
    if wish and following and following[0].has("action") and not following[0].has("ask"):
        return True
    chinese = [mark for mark in marks if not mark.text.isascii()]
    ordered = any(mark.has("action") and not mark.has("review") for mark in chinese)
    asks = {value for mark in chinese for value in mark.values("ask")}
    return ordered and asks <= {"whether", "show"}


def _is_report(marks: Marks) -> bool:
    """ "Fleet order won", "my deal with X closes in May": what became of a record, without a question word."""
    named = any(mark.mention is not None and not mark.readings for mark in marks)
    if any(mark.has("limit") or mark.has("group") for mark in marks) and any(mark.has("sort") for mark in marks):
        return False
    happens = any(mark.text.lower() in _HAPPENS for mark in marks)
    state = any(mark.has("state") for mark in marks) and not any(mark.has("kind") for mark in marks)
    compared = any("other" in mark.values("compare") and mark.text.lower() in ("vs", "versus") for mark in marks)
    return named and (happens or state) and not compared


def _is_polite_wish(marks: Marks) -> bool:
    """ "Total pipeline for the deck, please": a figure that is wished for without a verb."""
    wished = any(mark.text.lower() in ("please", "pls", "plz") for mark in marks)
    return (
        wished
        and any(mark.has(role) for mark in marks for role in ("metric", "measure"))
        and not any(mark.has("action") for mark in marks)
    )


def _is_reported(marks: Marks) -> bool:
    return any(mark.has("reported") for mark in marks)


def _asks_inside(marks: Marks) -> bool:
    """Chinese asks with words anywhere in the clause; an order in it comes first."""
    for mark in marks:
        if mark.has("action"):
            return False
        chinese = not mark.text.isascii()
        if chinese and (mark.has("ask") or mark.has("next_action") or "particle" in mark.values("follow")):
            return True
    return False


def narrates(clauses: Sequence[Clause], marks: Marks) -> bool:
    """Whether the message orders or reports something, so that only open questions in it count."""
    return any(
        clause.force == "ordered"
        or (clause.force == "told" and len(marks.within(clause.start, clause.end).leftovers) >= _LONG_TOPIC)
        for clause in clauses
    )


def _is_headed(head: Clause, clause: Clause, marks: Marks) -> bool:
    """ "Straits only: weighted pipeline": nothing but whose, where or when stands before a colon and what is wanted."""
    within = marks.within(head.start, head.end)
    plain = not within.leftovers and bool(within.marks) and head.force in ("told", "hinted")
    colon = marks.text[head.end : clause.start].strip() in (":", "：")
    return plain and colon and clause.force == "hinted" and not clause.starts_sentence


def _with_topics(clauses: list[Clause], marks: Marks) -> list[Clause]:
    """Joins a question with the topic that its sentence opened with (“续约那单，谁负责”)."""
    joined: list[Clause] = []
    for clause in clauses:
        last = joined[-1] if joined else None
        is_topic = (
            last is not None
            and not clause.starts_sentence
            and clause.force in ("asked", "wished")
            and last.force in ("told", "hinted")
            and len(marks.within(last.start, last.end).leftovers) <= _LONG_TOPIC
            and not any(mark.has("reported") for mark in marks.within(last.start, last.end))
        )
        is_topic = is_topic or (last is not None and _is_headed(last, clause, marks))
        if is_topic and last is not None:
            asks_from = clause.start if last.force == "told" else 0
            joined[-1] = Clause(last.start, clause.end, clause.force, last.starts_sentence, asks_from)
        else:
            joined.append(clause)
    return joined
