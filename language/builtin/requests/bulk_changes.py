"""One change for many records: "push all of my March deals by a week", 我所有过期的任务都改到下周一.

Which records is read like a question for a list; what changes stands behind "to", "by", 到, 成. Policy asks first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from language.builtin.bulk_words import explained, kind_told, of_those_days, titles_told, whose_meant
from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
from language.builtin.next_steps import next_step_in
from language.builtin.patterns import phrase_book
from language.builtin.plan import Intent, request
from language.builtin.questions.clauses import Clause as Part
from language.builtin.questions.conditions import conditions
from language.builtin.questions.marks import Mark, find_marks
from language.builtin.questions.slots import read_slots
from language.builtin.quoted import quoted_in
from language.builtin.reading import Reading
from language.builtin.requests.field_settings import settings_in
from language.builtin.spoken import spoken_date
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words
from language.builtin.words import Word, top_candidates
from language.dates import DateMention
from language.lexicon import Mention
from language.spans import Span, cut

_BARRED = frozenset({"negation", "condition", "undecided", "hearsay", "hedge", "keep", "question", "reported"})
_VERBS = (
    "push", "pull", "move", "stage_verb", "task_move", "amount_change", "owner_change", "assign", "set_word",
    "task_done", "status_verb", "forecast_change", "close_word", "new_day", "restated", "task_give",
    "counts_as", "next_step", "thing_done",
)  # fmt: skip
_DAY_FIELD = {"deal": "close_date", "task": "due"}
_OWNER_FIELD = {"deal": "owner", "account": "owner", "lead": "owner", "task": "assignee", "ticket": "assignee"}
_OPEN = {"deal": ("status", "open"), "task": ("status", "open"), "ticket": ("unresolved", "yes")}
_KINDS = ("deal", "task", "ticket", "lead", "account")
_NEAR = 2
_EDGES = " \t\n,.;:\"'“”"
_JOINTS = (" and", " then", " &", ",", "，", "并", "再", "然后")


@dataclass(frozen=True, slots=True)
class _New:
    """A field's new value and the stretch that says it."""

    field: str
    value: str
    span: Span


@request(precedence=50)
def change_many(reading: Reading) -> Sequence[Call] | Intent:
    """A call for each clause that changes all records of a description; other kinds do not see its words."""
    outline = reading.outline
    if outline.is_mere_talk or outline.asks_for_draft or outline.has("task_new", "create"):
        return ()
    marks = list(find_marks(reading))
    calls: list[Call] = []
    spans: list[Span] = []
    for clause in outline.clauses:
        kind = _kind_of_many(reading, clause, marks)
        orders = _orders(outline, clause) if kind and not clause.moods & _BARRED else ()
        news = ((order, list(_news(outline, order, kind, marks))) for order in orders)
        order, found = next(((order, each) for order, each in news if each), (None, []))
        if order is None:
            continue
        filters = _filters(reading, clause, kind, found)
        if filters is None:
            answer = str(load_words("answers")["questions"]["which_records"][reading.language])
            return Intent(answer=answer, kind="question")
        if filters:
            filters = [*filters, *_left_out(outline, kind)]
            fields = {new.field: new.value for new in found}
            calls.append(
                Call("update_records", {"kind": kind, "filters": filters, "fields": fields}, clause.start)
            )
            end = max(order.end, *(new.span.end for new in found))
            spans.append(cut(reading.text, clause.start, end))
    return Intent(tuple(calls), consumed=tuple(spans)) if calls else ()


def _left_out(outline: Outline, kind: str) -> Iterator[dict[str, str]]:
    """ "… except the pilot", …，一期不改: the records that stay as they are."""
    for clause in outline.clauses:
        for hit in clause.all("left_out"):
            for word in outline.words[hit.first : hit.after]:
                if kind in word.kinds and isinstance(word.thing, Mention):
                    entries = [item.entry for item in top_candidates(word.thing) if item.entry.kind == kind]
                    yield from ({"field": "name", "op": "!=", "value": entry.name} for entry in entries)


def _orders(outline: Outline, clause: Clause) -> Iterator[Clause]:
    """The clauses that may say what changes: this one, or the next one, 我所有的商机，日期往后推一周."""
    if clause.has(*_VERBS):
        yield clause
    following = outline.clauses[clause.index + 1] if clause.index + 1 < len(outline.clauses) else None
    if (
        following is not None
        and following.sentence == clause.sentence
        and following.has(*_VERBS)
        and not following.moods & _BARRED
        and not following.things(*_KINDS, "contact")
    ):
        yield following


def _kind_of_many(reading: Reading, clause: Clause, marks: Sequence[Mark]) -> str:
    """The kind of record that a clause names in the plural, or behind "every", 所有."""
    words = load_words("record_words")["quantifiers"]
    plain = {word.canon for word in clause.words}
    counted = bool(plain & set(words)) or any(each in clause.text for each in words if not each.isascii())
    for mark in marks:
        kinds = [kind for kind in mark.values("kind") if kind in _KINDS]
        inside = clause.start <= mark.start < clause.end and mark.mention is None
        plural = mark.text.casefold().endswith("s") and mark.text.isascii()
        if inside and kinds and (plural or counted) and not _is_shown(reading, clause, mark, marks):
            return kinds[0]
    is_ordered = not any("show" in mark.values("ask") for mark in marks if mark.start == clause.start)
    return kind_told(clause) if is_ordered else ""


def _is_shown(reading: Reading, clause: Clause, kind: Mark, marks: Sequence[Mark]) -> bool:
    """Whether the records are to be shown, alone or beside what changes: "push it to May 5 and show me the June
    deals"."""
    shows = [
        mark.start for mark in marks if "show" in mark.values("ask") and clause.start <= mark.start < kind.start
    ]
    before = [reading.text[clause.start : start].casefold().rstrip() for start in shows]
    return any(not text or text.endswith(_JOINTS) for text in before)


def _news(outline: Outline, clause: Clause, kind: str, marks: Sequence[Mark]) -> Iterator[_New]:
    """The new values: the company's own fields, and things behind a linking word."""
    for setting in settings_in(outline.reading, clause, marks):
        if setting.kind == kind:
            yield _New(setting.info.name, setting.value, setting.span)
    if kind == "deal" and (step := _next_step(outline, clause, marks)):
        yield step
        return
    yield from _statuses(outline, clause, kind)
    for index in range(clause.after - 1, clause.first - 1, -1):
        new = _of_thing(outline, clause, kind, index)
        if new is not None:
            yield new
            return


def _next_step(outline: Outline, clause: Clause, marks: Sequence[Mark]) -> _New | None:
    """ "All deals there get the next step: …", "set the next step of all my deals to …"."""
    if clause.has("next_step_lacks"):
        quoted = quoted_in(clause.text)
        text = quoted.text if quoted is not None else next_step_in(outline, clause)
        at = outline.text.find(text, clause.start) if text else -1
        return _New("next_step", text, cut(outline.text, at, at + len(text))) if at >= 0 else None
    before_any = load_words("record_words")["before_any"]
    hits = clause.all("next_step")
    hit = next((each for each in hits if outline.words[each.first - 1].canon not in before_any), None)
    if hit is None:
        return None
    start = hit.first
    while start > clause.first and outline.words[start - 1].canon in load_words("record_words")["before_field"]:
        start -= 1
    begin = outline.words[start].start
    kind_at = [mark.end for mark in marks if "deal" in mark.values("kind") and begin < mark.start < clause.end]
    to_words = load_words("record_words")["to_words"]
    linked = [
        word
        for word in clause.words
        if kind_at and word.start >= kind_at[0] and word.canon in (*to_words, ":", "=")
    ]
    if kind_at and linked:
        text = outline.own_text(linked[0].end, clause.end).strip(_EDGES)
        return _New("next_step", text, cut(outline.text, linked[0].start, clause.end)) if text else None
    text = next_step_in(outline, clause)
    at = outline.text.find(text, begin) if text else -1
    return _New("next_step", text, cut(outline.text, begin, at + len(text))) if at >= 0 else None


def _statuses(outline: Outline, clause: Clause, kind: str) -> Iterator[_New]:
    if kind == "task" and (hit := clause.hit("task_done", "thing_done")):
        yield _New("status", "done", _span(outline, hit.after - 1, hit.after))
    for hit in clause.all("status") if kind in ("ticket", "lead") else ():
        last = (
            hit.after == clause.after
            or outline.words[hit.first - 1].canon in load_words("record_words")["to_words"]
        )
        if kind in hit.value and (last or hit.first == clause.first):
            yield _New("status", hit.value[kind], _span(outline, hit.first, hit.after))
            return
    for hit in clause.all("forecast") if kind == "deal" else ():
        if outline.words[hit.first - 1].canon in load_words("record_words")["to_words"]:
            after = hit.after
            while after < clause.after and outline.words[after].canon in load_words("record_words")["in_forecast"]:
                after += 1
            yield _New("forecast_category", hit.value["category"], _span(outline, hit.first, after))
            return


def _of_thing(outline: Outline, clause: Clause, kind: str, index: int) -> _New | None:
    """A day, stage or colleague that the records are to get."""
    word = outline.words[index]
    to_words = load_words("record_words")["to_words"]
    before = index
    while before > clause.first and outline.words[before - 1].canon in load_words("record_words")["before_day"]:
        before -= 1
    near = [each.canon for each in outline.words[max(clause.first, before - _NEAR) : before]]
    linked = any(each in to_words for each in near) or bool(
        near and near[-1] in load_words("record_words")["movers"]
    )
    span = cut(outline.text, word.start, word.end)
    if isinstance(word.thing, DateMention) and kind in _DAY_FIELD and (linked or word.thing.shift):
        sign = -1 if clause.has("pull") and not clause.has("push") else 1
        return _New(_DAY_FIELD[kind], spoken_date(word.thing, sign=sign), span)
    if linked and kind == "deal" and "stage" in word.kinds:
        return _New("stage", _reference(word, "stage"), span)
    if linked and "user" in word.kinds and kind in _OWNER_FIELD:
        return _New(_OWNER_FIELD[kind], _reference(word, "user"), span)
    return None


def _reference(word: Word, kind: str) -> str:
    entries = [item.entry for item in top_candidates(word.thing) if item.entry.kind == kind]  # type: ignore[arg-type]
    return entries[0].id if len(entries) == 1 and isinstance(word.thing, Mention) else word.canon


def _span(outline: Outline, first: int, after: int) -> Span:
    return cut(outline.text, outline.words[first].start, outline.words[after - 1].end)


def _filters(reading: Reading, clause: Clause, kind: str, news: Sequence[_New]) -> list[dict[str, str]] | None:
    """What chooses the records: the clause without its new values, read like a question; open ones by default.

    None where a word in it is not understood: it may narrow the records, so nobody guesses.
    """
    whose = whose_meant(reading.outline, clause)
    in_days, words_of_days = of_those_days(reading.outline, clause)
    rest = reading.without([*(new.span for new in news), *words_of_days])
    part = Part(clause.start, clause.end, "ordered")
    slots = read_slots(rest, find_marks(rest), part, None)
    titles, of_titles = titles_told(clause, list(find_marks(reading))) if kind == "task" else ([], ())
    known = phrase_book().words | {*explained(clause), *of_titles}
    if any(unit.form not in known for unit in slots.marks.leftovers if unit.form.isalpha()):
        return None
    found = [each.plain() for each in conditions(slots, kind)]
    # "Their" without an account that was talked about means colleagues here.
    found = [each for each in found if each.get("value", "").casefold() not in load_words("record_words")["whose"]]
    found += [*_of_account_before(reading, clause, found), *in_days]
    found += titles
    if whose is not None and not any(each["field"] in (_OWNER_FIELD.get(kind), "account") for each in found):
        if not whose:
            return None
        found.append({"field": _OWNER_FIELD.get(kind, "owner"), "op": "=", "value": whose})
    if kind == "task" and kind_told(clause) and not any(each["field"] == "assignee" for each in found):
        found.append({"field": "assignee", "op": "=", "value": "me"})
    if kind in _OPEN and not any(each["field"] in ("status", "unresolved", "stage") for each in found):
        name, value = _OPEN[kind]
        found.append({"field": name, "op": "=", "value": value})
    return found


def _of_account_before(
    reading: Reading, clause: Clause, found: Sequence[dict[str, str]]
) -> Iterator[dict[str, str]]:
    """ "Shutdown at Brightwater: every deal there moves out a week": those of the account named before."""
    points = any(word.canon in load_words("record_words")["there"] for word in clause.words)
    accounts = Targets(reading.outline).accounts_said(until=clause.first)
    if points and len(accounts) == 1 and not any(each["field"] == "account" for each in found):
        yield {"field": "account", "op": "=", "value": accounts[0]}
