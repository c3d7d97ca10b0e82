"""All questions of a message, one clause after the other, each knowing the one before."""

from collections.abc import Sequence
from dataclasses import replace

from language.builtin.calls import Call
from language.builtin.clauses import Clause as Order
from language.builtin.questions.answers import answer
from language.builtin.questions.clauses import Clause, find_clauses, narrates
from language.builtin.questions.facts import fact_calls, fields_asked
from language.builtin.questions.followups import READ_TOOLS, only_narrows
from language.builtin.questions.marks import Marks, find_marks
from language.builtin.questions.recall import recall_calls
from language.builtin.questions.slots import Slots, read_slots
from language.builtin.reading import Reading
from language.builtin.vocabulary import patterns

LONGEST_MESSAGE = 1500
MOST_QUESTIONS = 8
# What a tool asks the person; "there is no such record" waits for nothing.
_ASKS_BACK = frozenset({"ambiguous", "missing_detail"})
# Phrases of reports and orders: beside them a name with a noun ("off the phone with Ann") hints at no question.
_WORK = ("contacted", "log", "note", "task_new")
_DENYING = ("not ", "instead of ", "rather than ", "no longer ")
_BLANK = 4
_FIELDS = ("ask", "field", "metric", "measure", "report")


def questions_in(reading: Reading) -> Sequence[Call]:
    """The read calls that a message asks for, in the order of its questions."""
    if not reading.text.strip() or len(reading.text) > LONGEST_MESSAGE:
        return []
    marks = find_marks(reading)
    calls: list[Call] = []
    clauses = find_clauses(marks)
    asking = _asking(clauses, marks, reading)
    if not asking and len(clauses) == 1 and only_narrows(marks, reading):
        asking = clauses
    for clause in asking:
        slots = read_slots(reading, marks, clause, calls[-1] if calls else None)
        found = _told_before(slots, clauses, marks) or answer(slots)
        for call in found:
            _add(call, calls)
    return calls[:MOST_QUESTIONS]


def _told_before(slots: Slots, clauses: Sequence[Clause], marks: Marks) -> Sequence[Call]:
    """ "Kylie told me a date for the board. Which day is it?": what somebody was just told to have said is searched."""
    reading, place = slots.reading, clauses.index(slots.clause)
    said = reading.text[slots.clause.start : slots.clause.end]
    if slots.things or not place or not any(each.match(said) for each in patterns("question_patterns", "told_of")):
        return []
    before = clauses[place - 1]
    end = min(
        (
            found.start()
            for each in patterns("question_patterns", "beside_forgotten")
            for found in each.finditer(reading.text, before.start, before.end)
        ),
        default=before.end,
    )
    told = read_slots(reading, marks, replace(before, end=end, force="asked"), None)
    is_told = before.force not in ("asked", "wished", "ordered") and told.has("recall", "say", "ask", "promise")
    if is_told and told.named("contact", "lead"):
        return recall_calls(told)
    # "Somebody asked for the amount on the pilot, do you see it?"
    return fact_calls(told) if before.force in ("told", "hinted") and fields_asked(told) else []


def _asking(clauses: Sequence[Clause], marks: Marks, reading: Reading) -> list[Clause]:
    """Clauses that ask; mere hints only where nothing is ordered or told and no question of ours is open."""
    told = any(clause.force in ("ordered", "told") for clause in clauses)
    told = told or (reading.outline.has(*_WORK) and not _names_a_list(clauses, marks))
    told = told or any(_changes_listed(clause) for clause in reading.outline.clauses)
    counting = {"asked"} if narrates(clauses, marks) else {"asked", "wished"}
    if not told and not _waits_for_answer(reading):
        counting.add("hinted")
    return [
        clause
        for clause in clauses
        if clause.force in counting
        and not _says_value(clause, reading)
        and (
            clause.force == "asked" or not (_tells_of_contact(clause, reading) or _leaves(clause, marks, reading))
        )
    ]


def _changes_listed(clause: Order) -> bool:
    """ "The first one is done", "both slip two weeks": said of what was listed."""
    return (clause.has("pick") and clause.has("task_done")) or (
        clause.has("all_listed") and clause.has("push", "pull") and bool(clause.things("shift", "day"))
    )


def _names_a_list(clauses: Sequence[Clause], marks: Marks) -> bool:
    """ "Todo for the rest of the week": a kind of record and a time, nothing that could be done."""
    telling = [mark for mark in marks if not mark.is_filler]
    kinds = {kind for mark in telling for kind in mark.values("kind")}
    plain = all(mark.has("kind") or mark.date or mark.has("scope") or mark.has("state") for mark in telling)
    return len(clauses) == 1 and kinds == {"task"} and plain and any(mark.date for mark in telling)


def _tells_of_contact(clause: Clause, reading: Reading) -> bool:
    """Whether a clause reports a contact, so that its nouns ask for nothing."""
    outline = reading.outline
    starts = [outline.words[hit.first].start for hit in outline.all_hits if hit.tag == "contacted"]
    return any(clause.start <= start < clause.end for start in starts)


def _says_value(clause: Clause, reading: Reading) -> bool:
    """ "What comes next on the pilot is the signed copy": begins like a question and tells."""
    outline = reading.outline
    return any(
        hit.tag == "next_step"
        and outline.words[hit.first].canon == "what"
        and clause.start <= outline.words[hit.first].start < clause.end
        and not any("question" in each.moods for each in outline.clauses if each.first <= hit.first < each.after)
        for hit in outline.all_hits
    )


def _leaves(clause: Clause, marks: Marks, reading: Reading) -> bool:
    """ "The pilot needs till May, amount as is", "…, not pipeline": names fields only to say that they stay or are not
    meant."""
    said = marks.text[clause.start : clause.end].lstrip(" \n,;.-").casefold()
    before = marks.text[: clause.end - len(said)]
    # Words that a change took along are blank.
    if said.startswith(_DENYING) and len(before) > _BLANK and not before.strip(" \n,;.-"):
        return True
    kept = [each for each in reading.outline.clauses if "keep" in each.moods and "question" not in each.moods]
    named = [mark for mark in marks.within(clause.start, clause.end) if any(map(mark.has, _FIELDS))]
    return bool(named) and all(any(each.start <= mark.start < each.end for each in kept) for mark in named)


def _waits_for_answer(reading: Reading) -> bool:
    return any(
        past.call.tool not in READ_TOOLS and past.result["error"] in _ASKS_BACK
        for past in reading.dialogue.open_calls
    )


def _add(call: Call, calls: list[Call]) -> None:
    """Adds a call unless it is there; fields of one record are asked for together."""
    last = calls[-1] if calls else None
    if last is not None and _same_record(last, call):
        fields = dict.fromkeys([*last.arguments["fields"], *call.arguments["fields"]])
        calls[-1] = Call(last.tool, {**last.arguments, "fields": list(fields)}, last.at)
    elif not any(call.tool == other.tool and call.given() == other.given() for other in calls):
        calls.append(call)


def _same_record(one: Call, other: Call) -> bool:
    both = (one.arguments, other.arguments)
    return all(each.get("fields") for each in both) and one.arguments.get("record") == other.arguments.get(
        "record"
    )
