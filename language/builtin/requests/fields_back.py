"""A part of the last change taken back: "undo the date", "only the amount, leave the date", 日期别动."""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.builtin.dialogue import PastCall
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words

_LONGEST = 12
_NAMED = frozenset({"deal", "account", "contact", "lead", "ticket", "task", "date", "amount", "stage"})
_BARRED = frozenset({"question", "condition", "hearsay", "undecided"})


@request(precedence=8, exclusive=True)
def fields_back(reading: Reading) -> Sequence[Call]:
    """The old values of the fields that are named, where the last turn changed others of the deal, too."""
    last = reading.dialogue.last
    changed = [past for past in last.calls if past.result.get("undo")] if last else []
    outline = reading.outline
    if len(changed) != 1 or changed[0].call.tool != "update_deal" or not outline.has("field_back"):
        return ()
    if _says_more(outline):
        return ()
    past = changed[0]
    back = {hit.value["field"] for hit in outline.all_hits if hit.tag == "field_back"}
    old = {field: value for field in sorted(back) if (value := _before(past, field))}
    set_fields = {name for name in ("close_date", "amount", "stage") if past.call.arguments.get(name)}
    if not old or set_fields <= set(old):
        return ()
    deal = next((record_id for kind, record_id, _ in past.records if kind == "deal"), "")
    return [Call("update_deal", {"deal": deal, **old})] if deal else ()


def _says_more(outline: Outline) -> bool:
    asked = any(clause.moods & _BARRED for clause in outline.clauses)
    length = sum(word.canon[0].isalnum() for word in outline.words)
    return asked or length > _LONGEST or any(word.kinds & _NAMED for word in outline.words)


def _before(past: PastCall, field: str) -> str:
    """What a field was before the change, as it was told."""
    labels = [str(each) for each in load_words("corrections")["labels"][field]]
    for change in past.result.get("changes", []):
        for part in str(change).rpartition(" (")[2].removesuffix(")").split("; "):
            label, _, values = part.partition(": ")
            if label in labels and "→" in values:
                return values.split("→")[0].strip()
    return ""
