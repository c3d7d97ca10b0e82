"""Questions for fields of the company's own, and for what is no field at all: the server says what it knows."""

from language.builtin.calls import Call
from language.builtin.questions.facts import CARD_KINDS
from language.builtin.questions.pointing import pointed_at
from language.builtin.questions.slots import Slots
from language.builtin.questions.subjects import unknown_name

_POSSESSIVES = ("his", "her", "its", "their")


def counted_calls(slots: Slots) -> list[Call]:
    """ "How many outlets does that customer run": a number that is kept in a field of the company's own."""
    numbers = {
        info.name: kind
        for kind, infos in slots.reading.situation.fields.items()
        for info in infos
        if info.custom and info.type in ("integer", "amount", "number")
    }
    counts = [mark for mark in slots.marks_of("measure") if "count" in mark.values("measure")]
    for mark in slots.marks_of("field"):
        name = next((name for name in mark.values("field") if name in numbers), "")
        if not name or not any(0 <= mark.start - count.end <= 1 for count in counts) or slots.things:
            continue
        subject = pointed_at(slots, [numbers[name]])
        if subject is not None:
            return [
                Call("get_record", {"record": subject.reference, "kind": subject.kind, "fields": [name]}, slots.at)
            ]
    return []


def unknown_field_call(slots: Slots) -> list[Call]:
    """Asks for a field by words that are none of ours ("Maren's home address"): the server says what it knows."""
    if called := _unknown_of_pointed(slots):
        return called
    text = slots.reading.text
    words = unknown_name(slots.marks)
    for thing in slots.things:
        subject = thing.as_kind(CARD_KINDS)
        start = text.find(words) if words else -1
        if subject is None or start < 0:
            continue
        behind = text[thing.mark.end : start].strip().lower() if start >= thing.mark.end else None
        before = text[start + len(words) : thing.mark.start].strip().lower() if start < thing.mark.start else None
        if behind in ("'s", "’s", "'", "’", "的", "") or before in ("of", "for", "of the", "for the"):
            return [
                Call(
                    "get_record", {"record": subject.reference, "kind": subject.kind, "fields": [words]}, slots.at
                )
            ]
    return []


def _unknown_of_pointed(slots: Slots) -> list[Call]:
    """ "When is her birthday": words that are no field of ours, of somebody named or talked about before."""
    text = slots.reading.text
    for mark in slots.marks_of("pronoun"):
        units = [unit for unit in slots.marks.leftovers if unit.start >= mark.end]
        if mark.text.lower() not in _POSSESSIVES or not units or text[mark.end : units[0].start].strip():
            continue
        last = units[0]
        for unit in units[1:]:
            last = unit if not text[last.end : unit.start].strip() else last
        named = [thing for thing in (*slots.before, *slots.things) if thing.mark.end <= mark.start]
        found = [subject for thing in reversed(named) for subject in [thing.as_kind(CARD_KINDS)] if subject]
        subject = found[0] if found else pointed_at(slots, CARD_KINDS)
        if subject is not None:
            fields = [text[units[0].start : last.end]]
            return [
                Call("get_record", {"record": subject.reference, "kind": subject.kind, "fields": fields}, slots.at)
            ]
    return []
