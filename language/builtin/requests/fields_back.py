"""A part of the last change taken back: "undo the date", "only the amount, leave the date", 日期别动; or made again
when all of it was: "the 21k itself is right though"."""

from collections.abc import Collection, Sequence

from language.amounts import AmountMention
from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
from language.builtin.dialogue import PastCall
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.vocabulary import load_words
from language.builtin.words import Word
from language.dates import DateMention

_LONGEST = 16
_NAMED = frozenset({"deal", "account", "contact", "lead", "ticket", "task", "date", "amount", "stage"})
_SAID = {
    "amount": ("amount_word", "amount"),
    "close_date": ("close_word", "day"),
    "stage": ("stage_word", "stage"),
    "forecast_category": ("forecast", "forecast"),
}
_BARRED = frozenset({"question", "condition", "hearsay", "undecided"})


@request(precedence=8, exclusive=True)
def fields_back(reading: Reading) -> Sequence[Call]:
    """The old values of the fields that are named, where the last turn changed others of the deal, too."""
    last = reading.dialogue.last
    changed = [past for past in last.calls if past.result.get("undo")] if last else []
    outline = reading.outline
    named = _fields(outline, "field_back") or _fields(outline, "field_left")
    if len(changed) != 1 or changed[0].call.tool != "update_deal" or not named:
        return ()
    if _says_more(outline, changed[0]):
        return ()
    past = changed[0]
    old = {field: value for field in sorted(named) if (value := _before(past, field))}
    set_fields = {name for name, value in past.call.arguments.items() if value and name != "deal"}
    if not old or set_fields <= set(old):
        return ()
    deal = next((record_id for kind, record_id, _ in past.records if kind == "deal"), "")
    return [Call("update_deal", {"deal": deal, **old})] if deal else ()


@request(precedence=9, exclusive=True)
def made_again(reading: Reading) -> Sequence[Call]:
    """Of a change of a deal that was just taken back the value that the message calls right."""
    last, outline = reading.dialogue.last, reading.outline
    undone = next((past for past in last.calls if past.call.tool == "undo_change"), None) if last else None
    if undone is None or not outline.has("still_right") or any(each.moods & _BARRED for each in outline.clauses):
        return ()
    handle = undone.call.arguments.get("handle")
    calls = (past for turn in reading.dialogue.turns for past in turn.calls)
    past = next((each for each in calls if each.result.get("undo") == handle), None)
    if past is None or past.call.tool != "update_deal" or not handle:
        return ()
    right = [clause for clause in outline.clauses if clause.has("still_right")]
    given = past.call.arguments
    fields = {
        name: given[name]
        for name in _SAID
        if given.get(name) and any(_is_meant(each, name, str(given[name])) for each in right)
    }
    deal = next((record_id for kind, record_id, _ in past.records if kind == "deal"), "")
    return [Call("update_deal", {"deal": deal, **fields})] if deal and fields else ()


def _fields(outline: Outline, tag: str) -> set[str]:
    return {hit.value["field"] for hit in outline.all_hits if hit.tag == tag}


def _is_meant(clause: Clause, field: str, value: str) -> bool:
    """Whether a clause means a field by its name or by the very value, and not the one that stood there before."""
    tag, kind = _SAID[field]
    things = [word.thing for word in clause.things(kind)]
    if any(word.canon in load_words("corrections")["former"] for word in clause.words):
        return False
    said = [spoken_amount(each, 0) for each in things if isinstance(each, AmountMention)]
    said += [spoken_date(each) for each in things if isinstance(each, DateMention)]
    return value in said if said else clause.has(tag) or bool(things)


def _says_more(outline: Outline, past: PastCall) -> bool:
    """Whether a message asks, is long, or names a record or a value other than one that was just set."""
    asked = any(clause.moods & _BARRED for clause in outline.clauses)
    length = sum(word.canon[0].isalnum() for word in outline.words)
    known = {str(value).rstrip("0").rstrip(".") for value in past.call.arguments.values() if value}
    others = [word for word in outline.words if word.kinds & _NAMED]
    return asked or length > _LONGEST or any(not _is_set_before(word, known) for word in others)


def _is_set_before(word: Word, known: Collection[str]) -> bool:
    """Whether a figure is one that was set, "the 210" of 210000, too."""
    thing = word.thing
    return isinstance(thing, AmountMention) and spoken_amount(thing, 0).rstrip("0").rstrip(".") in known


def _before(past: PastCall, field: str) -> str:
    """What a field was before the change, as it was told."""
    labels = [str(each) for each in load_words("corrections")["labels"][field]]
    for change in past.result.get("changes", []):
        for part in str(change).rpartition(" (")[2].removesuffix(")").split("; "):
            label, _, values = part.partition(": ")
            if label in labels and "→" in values:
                return values.split("→")[0].strip()
    return ""
