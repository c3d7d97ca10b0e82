"""From a reading to what is to be done: all request kinds look at it, in the order of their precedence."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from core.registry import Registry
from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.builtin.echoes import without_echoes
from language.builtin.reading import Reading
from language.builtin.strangers import without_strangers
from language.builtin.vocabulary import load_words
from language.builtin.withdrawn import without_withdrawn
from language.learned.merging import merged
from language.learned.overruling import is_no_wish
from language.spans import Span, cut

# A long dictated note has some 3,000 characters and 80 clauses; more than this is a document: what is to be done with
# it stands at its head or at its end, and the middle is only kept.
MOST_CHARACTERS, MOST_CLAUSES = 8_000, 250
HEAD, TAIL = 3_000, 1_500

# Kinds from here on speak up only when nothing else was found; the trained reading joins in before them.
LAST_RESORTS = 800

_SENTENCE_ENDS = (".", "。", "\n", "!", "！")

AnswerKind = Literal["text", "declined", "question", "not_known", "unsure", "several"]
# Calls of these kinds of answer wait for a yes: they may not be what was meant, or change what a whole list holds.
UNSURE_KIND: AnswerKind = "unsure"
SEVERAL_KIND: AnswerKind = "several"


@dataclass(frozen=True, slots=True)
class Intent:
    """The calls to make, or an answer in words when there is nothing to call; `kind` says what the answer does, or
    that the calls wait for a yes.

    `consumed` are stretches that belong to these calls alone: kinds asked later do not see them.
    """

    calls: tuple[Call, ...] = ()
    answer: str = ""
    kind: AnswerKind = "text"
    consumed: tuple[Span, ...] = ()

    @property
    def stands_alone(self) -> bool:
        """Whether it ends the search where nothing was found before."""
        waits = self.kind in (UNSURE_KIND, SEVERAL_KIND) and bool(self.calls)
        return waits or bool(self.answer and not self.consumed)


@dataclass(frozen=True, slots=True)
class RequestKind:
    """A kind of request: `find` gives the calls that a message asks for, or none.

    One that `gives_way` is not heard where the trained reading surely reads the words that it consumes otherwise.
    Kinds are asked in the order of `precedence`; an `exclusive` kind that finds something ends the search
    (an answer to our question, an undo, a pasted text to be stored as it is).
    """

    name: str
    precedence: int
    find: Callable[[Reading], Sequence[Call] | Intent]
    exclusive: bool = False
    gives_way: bool = False


REQUESTS: Registry[RequestKind] = Registry("request kind", "language.builtin.requests")


def request(
    *, precedence: int, exclusive: bool = False, gives_way: bool = False
) -> Callable[[Callable[[Reading], Sequence[Call] | Intent]], Callable[[Reading], Sequence[Call] | Intent]]:
    """Registers a function of a reading as a kind of request."""

    def declare(
        find: Callable[[Reading], Sequence[Call] | Intent],
    ) -> Callable[[Reading], Sequence[Call] | Intent]:
        REQUESTS.add(find.__name__, RequestKind(find.__name__, precedence, find, exclusive, gives_way))
        return find

    return declare


Join = Callable[[Outline, Sequence[Call]], Sequence[Call]]


def plan(reading: Reading, join: Join = merged) -> Intent:
    """Everything that the message asks for, in the order in which it was said; pasted text asks for nothing.

    An answer ends the search when nothing is to be called yet; one that names what it consumed is said beside
    whatever the rest of the message asks for. `join` is how the trained reading joins in.
    """
    reading = reading.own_words()
    if _is_too_long(reading):
        return _plan_document(reading, join)
    return _plan(reading, join)


def _plan_document(reading: Reading, join: Join) -> Intent:
    """What the head and the end of a very long message ask for, if it is to be logged; else a question."""
    words = load_words("answers")
    found = _plan(reading.without([_middle(reading.text)]), join)
    if not any(call.tool == "log_interaction" for call in found.calls):
        return Intent(answer=str(words["too_long"][reading.language]), kind="question")
    return Intent(found.calls, str(words["long_kept"][reading.language]))


def _middle(text: str) -> Span:
    """The stretch between head and end, cut where sentences end."""
    starts = [at for at in (text.rfind(sign, 0, HEAD) + 1 for sign in _SENTENCE_ENDS) if at > 0]
    ends = [at for at in (text.find(sign, len(text) - TAIL) + 1 for sign in _SENTENCE_ENDS) if at > 0]
    return cut(text, max(starts, default=HEAD), min(ends, default=len(text) - TAIL))


def _plan(reading: Reading, join: Join) -> Intent:
    calls: list[Call] = []
    settled: list[Call] = []
    said = Intent()
    is_joined = False
    for kind in sorted(REQUESTS, key=lambda each: each.precedence):
        if kind.precedence >= LAST_RESORTS and not is_joined:
            calls, is_joined = list(join(reading.outline, without_echoes(calls, reading))), True
        found = kind.find(reading)
        if isinstance(found, Intent):
            if kind.gives_way and is_no_wish(reading, found.consumed):
                continue
            if found.stands_alone and not (calls or settled or said.answer):
                return found
            if found.kind == UNSURE_KIND:
                continue
            if found.answer and found.consumed and not said.answer:
                said = found
            reading = reading.without(found.consumed)
            # What took its words along is no business of the trained reading, which sees the rest.
            (settled if found.consumed else calls).extend(found.calls)
        else:
            calls.extend(found)
        if kind.exclusive and (found.calls if isinstance(found, Intent) else found):
            break
    found_all = _without_farewells([*settled, *without_withdrawn(reading.outline, _once(calls))], reading)
    kept = [without_strangers(reading.outline, call) for call in found_all]
    return Intent(tuple(sorted(kept, key=lambda call: call.at)), said.answer, said.kind)


def _once(calls: Sequence[Call]) -> list[Call]:
    """Without a change of a deal that two kinds found alike."""
    return [
        call
        for i, call in enumerate(calls)
        if call.tool != "update_deal"
        or all((each.tool, each.given()) != (call.tool, call.given()) for each in calls[:i])
    ]


def _without_farewells(calls: Sequence[Call], reading: Reading) -> list[Call]:
    """Without interactions with somebody who is deleted, which nobody asks to log: "delete the lead Bo Lind, I called
    five times"."""
    deleted = {str(call.arguments["record"]) for call in calls if call.tool == "delete_record"}
    is_ordered = reading.outline.has("log", "note")
    return [
        call
        for call in calls
        if is_ordered or not (call.tool == "log_interaction" and _is_only_with(call, deleted))
    ]


def _is_only_with(call: Call, records: Set[str]) -> bool:
    """Whether an interaction is with some records only: what was told of them is why they are deleted."""
    given = call.given()
    people = {str(each) for each in (*given.get("contacts", ()), *([given["lead"]] if given.get("lead") else ()))}
    return bool(people) and people <= records


def _is_too_long(reading: Reading) -> bool:
    characters = sum(map(len, reading.text.split()))
    return characters > MOST_CHARACTERS or len(reading.outline.clauses) > MOST_CLAUSES
