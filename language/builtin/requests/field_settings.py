"""Fields that are set by name: the company's own ones and plain facts of records ("set renewal risk to high for
the Harbor renewal", 续约风险改成高). Deals' own fields are read by `deal_changes`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from language.builtin.account_facts import Fact, account_facts
from language.builtin.calls import Call
from language.builtin.claims import claimed_by_creations, claimed_by_tasks
from language.builtin.clauses import Clause, Outline
from language.builtin.plan import Intent, request
from language.builtin.questions.marks import Mark, find_marks, split_value
from language.builtin.reading import Reading
from language.builtin.situation import FieldInfo
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words, patterns
from language.lexicon import Mention
from language.spans import Span, cut

_BARRED = frozenset({"negation", "condition", "undecided", "hearsay", "hedge", "keep"})
_KINDS = ("deal", "account", "contact", "lead", "ticket")
_SETS = ("set_word", "stage_verb", "amount_change", "competitor_set", "apply", "restated", "status_verb")
_FEW = 5
_NUMBERS = frozenset({"amount", "integer"})
_EDGES = " \t\n,.;:!?()\"'“”‘’，。；：！？、（）-–—"


@dataclass(frozen=True, slots=True)
class Setting:
    """A field with its new value, and the stretch of the message that says it."""

    kind: str
    info: FieldInfo
    value: str
    span: Span


@request(precedence=52)
def set_fields(reading: Reading) -> Sequence[Call] | Intent:
    """Calls that set named fields to the values beside them; none without a field, a value and a record."""
    outline = reading.outline
    if outline.is_mere_talk or outline.asks_for_draft or not any(_settable(reading)):
        return ()
    taken = claimed_by_tasks(outline) | claimed_by_creations(outline)
    marks = list(find_marks(reading))
    calls: list[Call] = []
    spans: list[Span] = []
    for clause in outline.clauses:
        if clause.index in taken or clause.moods & _BARRED or _asks(clause, marks):
            continue
        for setting in (*settings_in(reading, clause, marks), *_role_in(reading, clause, marks)):
            record = _record(outline, clause, setting.kind)
            if record:
                calls.append(_call(setting, record, clause.start))
                spans.append(setting.span)
    for fact in account_facts(outline):
        record = _record(outline, fact.clause, "account") if fact.clause.index not in taken else ""
        if record and not any(fact.info.name in call.arguments.get("fields", {}) for call in calls):
            calls.append(_call(Setting("account", fact.info, fact.value, fact.span), record, fact.clause.start))
            spans += [fact.span, *_orders_of_facts(outline, fact)]
    calls = calls or list(_for_field_asked(reading, marks))
    return Intent(tuple(_joined(calls)), consumed=tuple(spans)) if calls else ()


def _orders_of_facts(outline: Outline, fact: Fact) -> Iterator[Span]:
    """The clauses that only order a fact to be put down: "please put that on the account"."""
    words = load_words("account_facts")["places"]
    for clause in outline.clauses:
        places = any(word.canon in words for word in clause.words)
        if places and clause.has("log", "note", "apply") and abs(clause.sentence - fact.clause.sentence) <= 1:
            yield cut(outline.text, clause.start, clause.end)


def _for_field_asked(reading: Reading, marks: Sequence[Mark]) -> Iterator[Call]:
    """ "Set it to medium" after a question for a field of one record."""
    last = reading.dialogue.last
    past = last.calls[-1] if last and last.calls else None
    fields = list(past.call.arguments.get("fields", [])) if past and past.call.tool == "get_record" else []
    if past is None or len(fields) != 1 or len(reading.outline.clauses) != 1:
        return
    clause = reading.outline.clauses[0]
    named = clause.things("deal", "account", "contact", "lead", "ticket")
    if named or not clause.has(*_SETS, "it") or clause.moods & _BARRED or _asks(clause, marks):
        return
    kind = str(past.call.arguments.get("kind", ""))
    for where, info in _settable(reading):
        if (where, info.name) == (kind, fields[0]):
            start = Mark(clause.start, clause.start, "")
            is_number = info.type in _NUMBERS
            found = _number(reading, start, clause) if is_number else _choice(reading, clause, start, kind, info)
            if found is not None:
                setting = Setting(kind, info, found.text, found)
                yield _call(setting, str(past.call.arguments["record"]), clause.start)


def _asks(clause: Clause, marks: Sequence[Mark]) -> bool:
    """Whether a clause asks for something: "list deals with high renewal risk", 续约风险高的商机有哪些."""
    inside = [mark for mark in marks if clause.start <= mark.start < clause.end]
    plural = any(mark.has("kind") and mark.text.casefold().endswith("s") for mark in inside)
    return "question" in clause.moods or plural or any(set(mark.values("ask")) - {"whether"} for mark in inside)


def _settable(reading: Reading) -> Iterator[tuple[str, FieldInfo]]:
    plain = load_words("record_words")["settable"]
    for kind in _KINDS:
        for info in reading.situation.fields.get(kind, ()):
            if info.custom or info.name in plain.get(kind, ()):
                yield kind, info


def settings_in(reading: Reading, clause: Clause, marks: Sequence[Mark]) -> Iterator[Setting]:
    """The fields that a clause sets by name."""
    end = _sentence_end(reading, clause)
    for mark in marks:
        if not clause.start <= mark.start < clause.end or mark.mention is not None:
            continue
        options = [each for each in _settable(reading) if each[1].name in mark.values("field")]
        for kind, info in sorted(options, key=lambda each: not each[1].custom):
            found = _value(reading, clause, mark, kind, info, end)
            if found is not None:
                yield Setting(kind, info, found.text, cut(reading.text, *_hull(mark, found)))
                break


def _role_in(reading: Reading, clause: Clause, marks: Sequence[Mark]) -> Iterator[Setting]:
    """ "Anita is our champion there": a contact's role without the word for it."""
    info = next((each for each in reading.situation.fields.get("contact", ()) if each.name == "role"), None)
    if info is None or not clause.things("contact"):
        return
    for mark in marks:
        roles = [value for value in mark.values("state") if value in info.choices]
        before = reading.text[clause.start : mark.start]
        told = any(each.search(before) for each in patterns("record_words", "role_leads"))
        if roles and told and clause.start <= mark.start < clause.end:
            yield Setting("contact", info, roles[0], cut(reading.text, mark.start, mark.end))
            return


def _sentence_end(reading: Reading, clause: Clause) -> int:
    return max(each.end for each in reading.outline.clauses if each.sentence == clause.sentence)


def _hull(mark: Mark, value: Span) -> tuple[int, int]:
    return min(mark.start, value.start), max(mark.end, value.end)


def _value(reading: Reading, clause: Clause, mark: Mark, kind: str, info: FieldInfo, end: int) -> Span | None:
    """What the field is set to: a choice or number beside its name, or the text behind "is", "to", 改成."""
    behind = reading.text[mark.end : end]
    linked = next((found for each in patterns("record_words", "links") if (found := each.match(behind))), None)
    sets = clause.has(*_SETS) or linked is not None
    if info.type == "choice" or info.choices:
        return _choice(reading, clause, mark, kind, info) if sets or _is_bare(clause, kind) else None
    if info.type in _NUMBERS:
        return _number(reading, mark, clause) if sets else None
    if info.type == "date":
        day = next((word for word in clause.things("day")), None)
        return Span(day.start, day.end, reading.text[day.start : day.end]) if day and sets else None
    if linked is None:
        return _text_before(reading, clause, mark)
    return _text(reading, mark.end + linked.end(), end)


def _is_bare(clause: Clause, kind: str) -> bool:
    """ "Harbor renewal: renewal risk high": a record, and hardly more than names and values."""
    plain = [word for word in clause.words if word.canon.isalnum() and not word.kinds]
    return bool(clause.things(kind) or clause.index) and len(plain) <= _FEW


def _choice(reading: Reading, clause: Clause, mark: Mark, kind: str, info: FieldInfo) -> Span | None:
    found: list[tuple[int, Span]] = []
    for other in find_marks(reading):
        inside = clause.start <= other.start and other.end <= max(clause.end, mark.end + 40)
        packed = [split_value(each) for role in ("choice", "value") for each in other.values(role)]
        values = [value for where, name, value in packed if (where, name) == (kind, info.name)]
        if inside and values and other.mention is None and not _is_old(reading.text, other):
            distance = other.start - mark.end if other.start >= mark.end else mark.start - other.end
            found.append((distance, Span(other.start, other.end, values[0])))
    return min(found, key=lambda each: each[0])[1] if found else None


def _is_old(text: str, mark: Mark) -> bool:
    """ "Not low", "instead of low", 不是低."""
    before = text[max(0, mark.start - 14) : mark.start].casefold().rstrip()
    return before.endswith(("not", "instead of", "from", "rather than", "不是", "而不是", "从"))


def _number(reading: Reading, mark: Mark, clause: Clause) -> Span | None:
    """The number nearest behind the field's name, else the first one of the clause."""
    numbers = [
        other
        for other in find_marks(reading)
        if clause.start <= other.start < clause.end and (other.has("number") or other.amount is not None)
    ]
    behind = [other for other in numbers if other.start >= mark.end]
    for other in [*behind, *numbers]:
        value = other.amount.value if other.amount is not None else Decimal(other.values("number")[0])
        return Span(other.start, other.end, format(value.normalize(), "f"))
    return None


def _text(reading: Reading, start: int, end: int) -> Span | None:
    text = reading.text[start:end]
    ends = [found.start() for each in patterns("record_words", "value_ends") if (found := each.search(text))]
    stop = min(ends, default=len(text))
    value = text[:stop].strip(_EDGES)
    return Span(start, start + stop, value) if value else None


def _text_before(reading: Reading, clause: Clause, mark: Mark) -> Span | None:
    """ "Put Buchs as the site city": the value before its field."""
    before = reading.text[clause.start : mark.start]
    found = next((hit for each in patterns("record_words", "value_before") if (hit := each.search(before))), None)
    if found is None:
        return None
    start = clause.start + found.start("value")
    return Span(start, start + len(found["value"]), found["value"].strip(_EDGES))


def _record(outline: Outline, clause: Clause, kind: str) -> str:
    """The record that is meant: named in the clause or just before, or what was talked about."""
    targets = Targets(outline)
    if kind == "deal":
        target = targets.deal_of(clause)
        return target.reference if target else ""
    near = [clause, *reversed(outline.clauses[max(0, clause.index - 2) : clause.index])]
    for each in near:
        for word in each.things(kind):
            if isinstance(word.thing, Mention):
                if kind == "account":
                    return targets.account_of(word.thing).reference
                return targets.person_of(word.thing, kind, targets.accounts_said()).reference
    focus = outline.reading.dialogue.focus(kind)
    return focus[0] if focus else ""


def _call(setting: Setting, record: str, at: int) -> Call:
    fields = {setting.info.name: setting.value}
    if setting.kind == "deal":
        return Call("update_deal", {"deal": record, "other": fields}, at)
    return Call("update_record", {"kind": setting.kind, "record": record, "fields": fields}, at)


def _joined(calls: Sequence[Call]) -> list[Call]:
    """One call a record."""
    found: dict[tuple[str, str], Call] = {}
    for call in calls:
        key = (call.tool, str(call.arguments.get("deal") or call.arguments.get("record")))
        name = "other" if call.tool == "update_deal" else "fields"
        earlier: dict[str, Any] = dict(found[key].arguments[name]) if key in found else {}
        found[key] = Call(call.tool, {**call.arguments, name: {**earlier, **call.arguments[name]}}, call.at)
    return list(found.values())
