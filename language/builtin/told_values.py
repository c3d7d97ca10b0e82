"""Orders that name a field and leave its value to what was told before: "… shook hands on 245k. Fix the amount",
"not before 20 April. Move the close date there", 拖到四月底才签。成交日改一下, 同意53万，按这个改."""

from collections.abc import Iterator, Sequence

from language.builtin.clauses import Clause, Outline, dates_in
from language.builtin.deal_amounts import told_amounts
from language.builtin.deal_stages import stage_reference
from language.builtin.denials import is_denied
from language.builtin.field_change import FieldChange
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.vocabulary import load_words

_ORDERS = ("apply", "amount_change", "move", "push", "pull", "stage_verb")
_NAMES = {"amount_word": "amount", "close_word": "close_date", "stage_word": "stage"}
_VALUES = {"amount": "amount", "close_date": "date", "stage": "stage"}
_OF_TASKS = ("task_new", "promise", "do_later", "do_then")
_REACH = 5


def told_before(outline: Outline, clause: Clause) -> list[FieldChange]:
    """The fields that a clause orders to be changed to what was told before it, each with that value."""
    if not clause.has(*_ORDERS):
        return []
    wanted = [name for name in _named(outline, clause) if not clause.things(_VALUES[name])]
    found = ((name, _told(outline, clause, name)) for name in wanted)
    return [FieldChange(name, value, clause.first) for name, value in found if value]


def _named(outline: Outline, clause: Clause) -> Sequence[str]:
    words = load_words("deal_words")
    text = clause.text.casefold()
    named = [field for tag, field in _NAMES.items() if clause.has(tag)]
    if clause.has("apply") and any(word.canon in words["bare_date"] for word in clause.words):
        named.append("close_date")
    if named:
        return named
    if any(word.canon in words["all_told"] for word in clause.words) and not clause.things("deal", "task"):
        return ("amount", "close_date")
    before = outline.clauses[max(0, clause.index - _REACH) : clause.index][::-1]
    if clause.has("apply") and (field := _named_by(before)):
        return [field]
    if not any(each in text for each in words["as_said"]) or clause.things(*_VALUES.values()):
        return ()
    nearest = next((each for each in before if each.things("stage", "amount")), None)
    if nearest is not None and nearest.things("stage") and clause.has("move", "stage_verb"):
        return ("stage",)
    return ("amount",)


def _named_by(clauses: Sequence[Clause]) -> str:
    """The field whose name and value stand together in the nearest clause: "it won't close before 13 Nov, use that"."""
    for clause in clauses:
        for tag, field in _NAMES.items():
            if clause.has(tag) and clause.things(_VALUES[field]):
                return field
    return ""


def _told(outline: Outline, clause: Clause, name: str) -> str:
    """The value told last before a clause, first in the person's own words, then in those of others."""
    own = outline.clauses[max(0, clause.index - _REACH) : clause.index]
    theirs = [each for each in outline.reading.others.outline.clauses if each.end <= clause.start]
    for source, clauses in ((outline, own), (outline.reading.others.outline, theirs[-_REACH:])):
        for before in reversed(clauses):
            if before.moods & {"question", "condition"}:
                continue
            if value := next(_values(source, before, name), ""):
                return value
            if before.has("correction"):
                return ""  # What was told before it no longer holds.
    return ""


def _values(outline: Outline, clause: Clause, name: str) -> Iterator[str]:
    """The values of a field in a clause, the last one first."""
    if name == "stage":
        yield from (stage_reference(word.thing) for word in reversed(clause.things("stage")))
    elif name == "amount":
        yield from (spoken_amount(each, each.direction) for each in reversed(told_amounts(outline, clause)))
    elif not clause.has(*_OF_TASKS):
        today = outline.reading.situation.today
        yield from (
            spoken_date(date)
            for date in reversed(dates_in(clause))
            if date.on and date.on > today and not is_denied(outline, clause, date)
        )
