"""Changes of existing deals: which deal each clause means, which fields it sets, the last value of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from language.builtin.all_meant import all_meant
from language.builtin.calls import Call
from language.builtin.claims import claimed_by_creations, claimed_by_tasks
from language.builtin.clauses import Clause, Outline
from language.builtin.deal_amounts import in_scale_of
from language.builtin.deal_dates import in_month_of
from language.builtin.deal_fields import fields_in, value_for
from language.builtin.deal_stages import OUTCOMES
from language.builtin.deal_texts import cleared_in, competitor_in, lost_reason_for, new_name_in
from language.builtin.field_change import FieldChange
from language.builtin.listed import last_listed
from language.builtin.next_steps import next_step_in
from language.builtin.outcomes import stage_of_outcome
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.targets import Target, Targets
from language.builtin.told_values import told_before
from language.builtin.vocabulary import load_words
from language.learned.strangers import unknown_subject

_BARRED = frozenset({"negation", "keep", "condition", "hedge", "undecided", "hearsay", "question"})
_NO_CORRECTION = frozenset({"question", "condition", "keep", "negation"})
_NEAR = 3
# A figure of so few digits may leave out the thousands that were said before it.
_SHORT_FIGURE = 3
# So many records of a list are asked about by name.
_FEW = 5
_NOUNS = {"close_word": "close_date", "amount_word": "amount", "stage_word": "stage"}


@dataclass
class _Change:
    """What is to change on one deal, as it is gathered from clause to clause."""

    target: Target | None
    at: int
    fields: dict[str, FieldChange] = field(default_factory=dict)
    clause: Clause | None = None


_Last = tuple[_Change, FieldChange, int]


@request(precedence=300)
def change_deals(reading: Reading) -> Sequence[Call]:
    """All changes of deals that a message asks for or declares."""
    outline = reading.outline
    if outline.is_mere_talk or outline.asks_for_draft:
        return ()
    return [call for change in _gather(outline) if (call := _call(outline, change)) is not None]


@request(precedence=900)
def ask_which_deal(reading: Reading) -> Intent:
    """Asks, when something is to change on a deal and nothing tells on which, or only a name that nothing has."""
    outline = reading.outline
    if outline.is_mere_talk or outline.asks_for_draft:
        return Intent()
    lost = [change for change in _gather(outline) if change.target is None and _kept(outline, change)]
    if not lost:
        return Intent()
    stranger = unknown_subject(outline)
    call = _call(outline, replace(lost[0], target=Target(stranger))) if stranger else None
    return Intent((call,)) if call is not None else Intent(answer=_which_deal(reading), kind="question")


def _gather(outline: Outline) -> Iterator[_Change]:
    targets = Targets(outline)
    taken = claimed_by_tasks(outline) | claimed_by_creations(outline)
    changes: dict[str, _Change] = {}
    last: _Last | None = None
    before: Clause | None = None
    for clause in outline.clauses:
        found = [] if clause.index in taken else _in_clause(outline, clause, before)
        _withdraw(outline, targets, clause, changes)
        if last and (moved := _other_deal(outline, targets, clause, last, found)):
            last = _move_to(moved, last, found, clause, changes)
            before = clause
            continue
        corrected = None if clause.index in taken else _correction(outline, clause, found, last)
        if corrected and last:
            last[0].fields[corrected.field] = corrected
            last = (last[0], corrected, clause.index)
            found = []
        for each in found:
            meant: Sequence[Target | None] = all_meant(outline, targets, clause, each.at)
            for target in meant or [targets.deal_of(clause, each.at) or _one_of_listed(outline, clause)]:
                change = changes.setdefault(target.reference if target else "", _Change(target, clause.start))
                change.fields[each.field] = each
                change.clause = change.clause or clause
                last = (change, each, clause.index)
        if not _is_filler(clause):
            before = clause
    yield from changes.values()


def _one_of_listed(outline: Outline, clause: Clause) -> Target | None:
    """ "Push that one out" behind a short list: one of these, the server asks which."""
    rows = last_listed(outline.reading.dialogue, "deal")
    if not clause.has("it") or not 1 < len(rows) <= _FEW or clause.things("deal", "account"):
        return None
    return Target("|".join(row["id"] for row in rows))


def _withdraw(outline: Outline, targets: Targets, clause: Clause, changes: dict[str, _Change]) -> None:
    """Takes back what a later clause says stays: "so the amount stays", "the upgrade stays exactly as is"."""
    if ("keep" not in clause.moods and not clause.has("hands_off")) or clause.moods & {"condition", "question"}:
        return
    if clause.has("hands_off"):
        changes.clear()
        return
    kept = {field for tag, field in _NOUNS.items() if clause.has(tag)}
    kept |= {"stage"} if clause.things("stage") else set()
    named = clause.things("deal")
    if not kept and not named:
        return
    target = targets.deal_of(clause)
    change = changes.get(target.reference) if target else None
    for name in [each for each in change.fields if each in kept or not kept] if change else []:
        if change is not None and change.clause is not clause:
            del change.fields[name]


def _other_deal(
    outline: Outline, targets: Targets, clause: Clause, last: _Last, found: Sequence[FieldChange]
) -> Target | None:
    """The deal that the last change was really meant for: "wrong deal, I meant the retrofit"."""
    if not 0 < clause.index - last[2] <= _NEAR or clause.moods & {"question", "condition", "keep"}:
        return None
    between = outline.clauses[last[2] + 1 : clause.index + 1]
    if not any(each.has("wrong_record", "correction") for each in between):
        return None
    if not any(each.has("wrong_record") for each in between) and (found or clause.has("to_stage", "log")):
        return None
    if not clause.things("deal") or any(each.field != last[1].field for each in found):
        return None
    target = targets.deal_of(clause)
    same = target is None or last[0].target is None or target.reference == last[0].target.reference
    return None if same or target is None or target.entry is None else target


def _move_to(
    target: Target, last: _Last, found: Sequence[FieldChange], clause: Clause, changes: dict[str, _Change]
) -> _Last:
    name = last[1].field
    last[0].fields.pop(name, None)
    change = changes.setdefault(target.reference, _Change(target, clause.start))
    change.fields[name] = found[0] if found else last[1]
    change.clause = change.clause or clause
    return (change, change.fields[name], clause.index)


def _is_filler(clause: Clause) -> bool:
    return all(
        any(hit.first <= i < hit.after for hit in clause.all("filler")) for i in range(clause.first, clause.after)
    )


def _kept_as_is(clause: Clause, each: FieldChange) -> bool:
    """Whether "stays", 不变, 别动 is said of this field: of the one named right before it, else of what stands
    before it."""
    for keep in clause.all("keep"):
        named = [hit for hit in clause.all(*_NOUNS) if keep.first - 3 <= hit.after <= keep.first]
        is_chinese = not clause.words[keep.first - clause.first].canon.isascii()
        later = [
            hit for hit in clause.all(*_NOUNS, "to_stage") if is_chinese and keep.after <= hit.first <= each.at
        ]
        if _NOUNS[named[-1].tag] == each.field if named else not later:
            return True
    return False


def _in_clause(outline: Outline, clause: Clause, before: Clause | None) -> list[FieldChange]:
    if clause.moods & _BARRED - {"negation", "keep"}:
        return _texts(outline, clause) if not clause.moods & (_BARRED - {"negation", "hedge"}) else []
    if "keep" in clause.moods:
        return [each for each in fields_in(outline, clause, before) if not _kept_as_is(clause, each)]
    texts = _texts(outline, clause)
    if "negation" in clause.moods:
        return texts
    if any(each.field == "next_step" for each in texts):
        step = clause.hit("next_step")
        found = [each for each in fields_in(outline, clause, before) if step is None or each.at < step.first]
    else:
        found = fields_in(outline, clause, before)
    return [*_carried(outline, clause, before, found), *found, *texts]


def _texts(outline: Outline, clause: Clause) -> list[FieldChange]:
    earlier = outline.clauses[: clause.index]
    found = [
        ("next_step", next_step_in(outline, clause)),
        ("competitor", competitor_in(outline, clause, earlier)),
        ("name", new_name_in(outline, clause) if not clause.has("task_word") else ""),
    ]
    emptied = cleared_in(clause)
    found = [(name, value) for name, value in found if value and not _is_asked_for(value)]
    texts = [FieldChange(name, value, clause.first) for name, value in found if name not in emptied]
    return [*texts, *(FieldChange(name, "", clause.first) for name in emptied)]


def _is_asked_for(value: str) -> bool:
    """Whether a value is only a question word ("next step is what", 下一步干嘛)."""
    bare = (
        value.strip(" ?？!！。.，,").casefold().removesuffix("呢").removesuffix("来着").removesuffix("了").strip()
    )
    return bare in load_words("deal_words")["no_value"]


def _carried(
    outline: Outline, clause: Clause, before: Clause | None, found: Sequence[FieldChange]
) -> list[FieldChange]:
    """A field named here, its value told before; or named in the clause before, its value here: "the close date is
    nonsense, we agreed end of Q2"."""
    if found or before is None or clause.has("task_new", "contacted", "promise"):
        return []
    if told := told_before(outline, clause):
        return told
    if before.sentence != clause.sentence:
        return []
    joined = Clause(
        clause.index,
        clause.sentence,
        before.first,
        clause.after,
        before.start,
        clause.end,
        "",
        [*before.words, *clause.words],
        [*before.hits, *clause.hits],
        clause.moods,
    )
    wanted = {"close_word": "close_date", "amount_word": "amount"}
    names = {field for tag, field in wanted.items() if before.has(tag)}
    if before.moods & {"question", "condition", "hedge", "keep"} or before.things("amount", "date"):
        return []
    return [each for each in fields_in(outline, joined, None) if each.field in names]


def _correction(
    outline: Outline, clause: Clause, found: Sequence[FieldChange], last: _Last | None
) -> FieldChange | None:
    """A later value for what was set last: "the 31st, no hang on, the 27th", "make that 45k"."""
    if last is None or clause.index - last[2] > _NEAR or clause.moods & _NO_CORRECTION:
        return None
    changed = last[1]
    if found and not _is_short_of(found, changed):
        return None
    if not _is_corrected(outline, clause, last) or clause.has("task_new", "promise", "log"):
        return None
    joined = Clause(
        clause.index,
        clause.sentence,
        clause.first,
        clause.after,
        clause.start,
        clause.end,
        clause.text,
        clause.words,
        clause.hits,
        frozenset(),
    )
    value = value_for(outline, joined, changed.field)
    if changed.field == "amount":
        value = in_scale_of(changed.value, outline, joined) or value
    if changed.field == "close_date":
        value = in_month_of(changed.value, joined, value)
    return FieldChange(changed.field, value, clause.first) if value else None


def _is_short_of(found: Sequence[FieldChange], changed: FieldChange) -> bool:
    """ "76k. Misheard, it's 67": nothing but a figure without the scale of the sum before it."""
    return changed.field == "amount" and all(
        each.field == "amount"
        and each.value.split(".")[0].isdigit()
        and len(each.value.split(".")[0]) <= _SHORT_FIGURE
        for each in found
    )


def _is_corrected(outline: Outline, clause: Clause, last: _Last) -> bool:
    """Whether a correction is said behind the clause that changed something last, or at its end."""
    changed = outline.clauses[last[2]]
    return any(
        hit.tag == "correction" and changed.after < hit.after and hit.first < clause.after for hit in outline.hits
    )


def _kept(outline: Outline, change: _Change) -> dict[str, FieldChange]:
    """The fields that count: firm ones, and reported ones that the person says to apply."""
    applied = _applied(outline)
    return {
        name: each for name, each in change.fields.items() if not each.weak or applied is None or name in applied
    }


def _applied(outline: Outline) -> frozenset[str] | None:
    """Which reported fields are to be applied: None for all of them ("update that"), else by name."""
    named: set[str] = set()
    for clause in outline.clauses:
        if clause.has("apply") and not clause.moods & _BARRED:
            words = {"amount_word": "amount", "close_word": "close_date"}
            fields = {field for tag, field in words.items() if clause.has(tag)}
            if not fields:
                return None
            named |= fields
    return frozenset(named)


def _call(outline: Outline, change: _Change) -> Call | None:
    fields = _kept(outline, change)
    if not fields or change.target is None or change.clause is None:
        return None
    arguments = {name: each.value for name, each in fields.items() if name not in ("outcome", *OUTCOMES)}
    situation, outcome = outline.reading.situation, fields.get("outcome")
    if outcome is not None:
        arguments["stage"] = stage_of_outcome(situation, outcome.value)
    if arguments.get("stage") == stage_of_outcome(situation, "lost"):
        arguments["lost_reason"] = lost_reason_for(outline, change.clause) or (
            "competitor" if "competitor" in arguments else ""
        )
    return Call(
        "update_deal",
        {
            "deal": change.target.reference,
            "account": change.target.account,
            **arguments,
            "clear": [name for name, value in arguments.items() if not value and name != "lost_reason"],
        },
        change.at,
    )


def _which_deal(reading: Reading) -> str:
    return str(load_words("answers")["questions"]["which_deal"][reading.language])
