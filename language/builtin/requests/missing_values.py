"""A field that is to change without a value ("move the close date of the pilot"): asked for, and set by the answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from language.builtin.calls import Call
from language.builtin.claims import claimed_by_creations, claimed_by_tasks
from language.builtin.clauses import Clause
from language.builtin.dialogue import Dialogue
from language.builtin.plan import Intent, request
from language.builtin.questions.marks import Mark, find_marks
from language.builtin.reading import Reading
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words

_BARRED = frozenset({"negation", "condition", "undecided", "hearsay", "hedge", "keep", "question"})
_LONGEST = 20
# "… to price", 改成价格: the value at the end of the order.
_GIVEN = re.compile(
    r"(?:\bto\s+|(?:改成|改为|设为|设成)\s*)(?P<value>[^,，.。;；\n]+?)\s*[.。!！]?$", re.IGNORECASE
)
_LEADS = re.compile(
    r"^(?:(?:set it to|make it|to|put|it(?:'s| is))\b|改成|改为|改到|设为|设成|是)\s*[:：]?\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A field of a deal that is to change; `record` is its id where certain."""

    record: str
    name: str
    field: str
    at: int


@request(precedence=39, exclusive=True)
def value_given(reading: Reading) -> Sequence[Call]:
    """The answer to our question for a value: the field that was to change, set to what is said now."""
    last = reading.dialogue.last
    text = _LEADS.sub("", reading.text.strip()).strip(" .。!！")
    if last is None or last.calls or not text or _drops(reading):
        return ()
    earlier = Reading(last.said, reading.situation, Dialogue(reading.dialogue.turns[:-1]))
    wanted = _wanted(earlier)
    if wanted is None or _question(earlier, wanted) not in last.answered:
        return ()
    return [Call("update_deal", {"deal": wanted.record, wanted.field: text})]


@request(precedence=890)
def ask_for_value(reading: Reading) -> Sequence[Call] | Intent:
    """Asks what a field of a deal is to be, where a message wants it changed and gives no value it could read."""
    wanted = _wanted(reading)
    if wanted is None:
        return ()
    given = _GIVEN.search(reading.text)
    # Why a deal was lost is read elsewhere only together with the loss.
    if given is not None and wanted.field == "lost_reason":
        return [Call("update_deal", {"deal": wanted.record, wanted.field: given["value"].strip()}, wanted.at)]
    return Intent(answer=_question(reading, wanted), kind="question")


def _wanted(reading: Reading) -> _Wanted | None:
    outline = reading.outline
    words = [word for word in outline.words if word.canon[0].isalnum()]
    if outline.is_mere_talk or outline.asks_for_draft or len(words) > _LONGEST:
        return None
    taken = claimed_by_tasks(outline) | claimed_by_creations(outline)
    marks = list(find_marks(reading))
    for clause in outline.clauses:
        if clause.index in taken or clause.moods & _BARRED:
            continue
        field = _field_to_change(marks, clause)
        target = Targets(outline).deal_of(clause) if field else None
        if target is not None and target.entry is not None:
            return _Wanted(target.reference, target.entry.name, field, clause.start)
    return None


def _field_to_change(marks: Sequence[Mark], clause: Clause) -> str:
    """The field that a clause orders to change: the first one it names, behind its verb (把…金额改成: before it)."""
    marks = [mark for mark in marks if clause.start <= mark.start < clause.end]
    verbs = [mark for mark in marks if mark.has("action")]
    known = load_words("answers")["asked_values"]
    for mark in marks:
        named = next((name for name in mark.values("field") if name in known), "")
        ordered = bool(verbs) and (verbs[0].start < mark.start or not verbs[0].text.isascii())
        if named and ordered and not any(each.has("ask") for each in marks):
            return named
    return ""


def _question(reading: Reading, wanted: _Wanted) -> str:
    language = reading.language
    words = load_words("answers")
    field = words["asked_values"][wanted.field][language]
    asked = str(words["questions"]["which_value"][language]).format(field=field, record=wanted.name)
    choices = _choices(reading, wanted.field)
    return f"{asked} ({', '.join(choices)})" if choices else asked


def _choices(reading: Reading, field: str) -> list[str]:
    situation = reading.situation
    if field == "stage":
        return [entry.name for entry in situation.lexicon.of_kind("stage")]
    infos = situation.fields.get("deal", ())
    return [each.replace("_", " ") for info in infos if info.name == field for each in info.choices]


def _drops(reading: Reading) -> bool:
    """Whether the message answers nothing: a question, another order, or "never mind"."""
    marks = list(find_marks(reading))
    opener = next((mark for mark in marks if not mark.is_filler), None)
    dropped = any(re.search(each, reading.text, re.IGNORECASE) for each in load_words("answers")["dropped"])
    asks = reading.text.rstrip().endswith(("?", "？")) or any(set(mark.values("ask")) - {"show"} for mark in marks)
    orders = opener is not None and opener.has("action") and bool(_LEADS.match(reading.text.strip())) is False
    is_other_order = reading.outline.has("task_new", "task_word") or reading.outline.asks_for_draft
    return (
        dropped
        or asks
        or is_other_order
        or (orders and reading.outline.has("log", "create", "task_new", "contacted", "draft"))
    )
