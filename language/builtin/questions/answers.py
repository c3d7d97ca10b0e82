"""From the slots of one clause to calls: the kinds of questions in the order in which they are tried."""

import re
from collections.abc import Callable, Sequence

from language.builtin.calls import Call
from language.builtin.questions.accounts_meant import unknown_account
from language.builtin.questions.facts import card_call, fact_calls, related_calls, supports
from language.builtin.questions.followups import followup_calls
from language.builtin.questions.lists import contacts_by_title, joined_kinds, kind_of_list, list_call
from language.builtin.questions.marks import Mark
from language.builtin.questions.metrics import COUNTS, commit_is_asked, metric_calls, metrics_of, pushed_calls
from language.builtin.questions.negations import negated
from language.builtin.questions.own_fields import counted_calls, unknown_field_call
from language.builtin.questions.periods import periods
from language.builtin.questions.picked import picked_calls
from language.builtin.questions.pointing import pointed_at
from language.builtin.questions.recall import is_recall, is_topic, recall_calls
from language.builtin.questions.reports import report_calls
from language.builtin.questions.reviews import review_calls
from language.builtin.questions.shape import grouping, sorting
from language.builtin.questions.slots import Slots
from language.builtin.questions.subjects import unknown_name
from language.builtin.questions.thresholds import has_threshold, length_in_days
from language.builtin.questions.whose import scope
from language.names.vocabulary import is_no_word
from language.script import has_cjk

_OUTCOMES = ("won", "lost", "closed", "open", "resolved", "unresolved", "overdue", "done", "commit", "best_case")
# How many unknown words a question about a record may have; more where it asks whether the record is in a state.
_FEW_UNKNOWN, _SOME_UNKNOWN = 1, 3
_THE_STAGE = re.compile(r"\b(?:the|its|that|this) (?:\w+ )?stage\b", re.IGNORECASE)
_WITH_STATUS = ("ticket", "task", "lead")
_IS_IT = re.compile(
    r"(?:(?:and|so|but|hey|ok|okay|hi)\b,? )*(?:is|are|was|isn['’]t|has|hasn['’]t)\b", re.IGNORECASE
)
_DEFINITE = ("the ", "our ", "my ", "his ", "her ", "their ")
_OF_OTHERS = ("H11", "H12", "H13", "H14")
_RECORDS = ("deal", "account", "contact", "lead", "ticket", "task", "product")


def answer(slots: Slots) -> Sequence[Call]:
    """The calls that answer a clause; none when it is not understood."""
    for attempt in _ATTEMPTS:
        calls = attempt(slots)
        if calls:
            return calls
    return []


def _next_action(slots: Slots) -> Sequence[Call]:
    return review_calls(slots) if slots.has("next_action") else []


def _recall(slots: Slots) -> Sequence[Call]:
    if commit_is_asked(slots) or (grouping(slots) and slots.kinds):
        return []
    return recall_calls(slots) if is_recall(slots) else []


def _brief(slots: Slots) -> Sequence[Call]:
    if not slots.has("brief", "brief") or slots.has("metric") or slots.has("recall", "say", "worry", "promise"):
        return []
    return card_call(slots, detail="brief")


def _review(slots: Slots) -> Sequence[Call]:
    """Hygiene: named rules of deals, or what needs fixing. With a length of time it is a list by days."""
    others = _rules_of_others(slots)
    if others:
        return [Call("review_deals", {"scope": scope(slots).split("|")[0], "rules": others}, slots.at)]
    if kind_of_list(slots) not in ("deal", "") or slots.has("empty") or _asks_stage(slots):
        return []
    if slots.has("rule", "H8") and periods(slots) and not slots.has("measure") and not slots.named("deal"):
        return pushed_calls(slots)
    timed = any(length_in_days(slots, mention) for mention in slots.dates)
    measured = slots.has("measure") and (slots.has("metric") or bool(slots.dates) or bool(slots.named("deal")))
    dated = timed or (slots.has("rule", "H3") and bool(slots.dates)) or measured
    if slots.has("metric", "push_count"):
        return []
    if slots.has("rule") and not dated and not slots.has("value") and not slots.has("state", "won", "lost"):
        return review_calls(slots)
    numbers = set(slots.values("metric")) - {"pipeline_value"}
    return review_calls(slots) if slots.has("review") and not numbers else []


def _asks_stage(slots: Slots) -> bool:
    """ "The stage hasn't moved, has it?" of the deal talked about: its stage, no check of deals."""
    stage = slots.has("field", "stage") and slots.has("rule", "H4") and not (slots.kinds or slots.scopes)
    return stage and _THE_STAGE.search(_said(slots)) is not None and pointed_at(slots, ["deal"]) is not None


def _in_state(slots: Slots) -> Sequence[Call]:
    """ "Is T-12 still open", "is the follow-up done": the status of one ticket, task or lead."""
    named = [thing for thing in slots.things if next(iter(thing.by_kind)) in _WITH_STATUS]
    if len(named) != 1 or not slots.has("state") or slots.kinds or not _IS_IT.match(_said(slots)):
        return []
    kind = next(iter(named[0].by_kind))
    arguments = {"record": named[0].by_kind[kind].reference, "kind": kind, "fields": ["status"]}
    return [Call("get_record", arguments, slots.at)]


def _said(slots: Slots) -> str:
    return slots.reading.text[slots.clause.start : slots.clause.end].strip()


def _of_shown_contact(slots: Slots) -> Sequence[Call]:
    """ "Who was there on the last visit, and which deal was it about": the row of the one interaction tells both."""
    earlier = slots.earlier
    is_one = earlier is not None and earlier.tool == "list_records" and earlier.arguments.get("limit") == 1
    if earlier is None or not is_one or earlier.arguments.get("kind") != "interaction":
        return []
    plain = slots.is_fragment and not (slots.things or slots.dates or slots.has("scope"))
    pointing = slots.has("pronoun", "it") or any(unit.form == "it" for unit in slots.marks.units)
    return [earlier] if plain and pointing and slots.has("ask") else []


def _products(slots: Slots) -> Sequence[Call]:
    """ "Which products are in the pilot, and how many of each": no figure of many records."""
    asked = slots.kinds[:1] == ["product"] and bool(slots.named("deal")) and not slots.has("metric")
    return related_calls(slots, "product") if asked and len(slots.named("deal")) == 1 else []


def _rules_of_others(slots: Slots) -> list[str]:
    """Hygiene beyond open deals: losses without a reason, waiting leads, duplicates, logs without a deal."""
    if slots.has("rule", "H14") and "interaction" not in slots.kinds:
        return []
    found = [rule for rule in slots.values("rule") if rule in _OF_OTHERS]
    unexplained = slots.has("state", "lost") and slots.has("empty") and slots.has("field", "lost_reason")
    return found or (["H11"] if unexplained else [])


def _metric(slots: Slots) -> Sequence[Call]:
    names = metrics_of(slots)
    if not names or _is_of_record(slots):
        return []
    return metric_calls(slots, names)


def _fact(slots: Slots) -> Sequence[Call]:
    if bool(slots.kinds) and _lists(slots):
        return []
    if slots.has("sort") and not _names_record(slots):
        return []
    return fact_calls(slots) if _is_of_record(slots) or not _narrows(slots) else []


def _compared(slots: Slots) -> Sequence[Call]:
    """ "The pilot and the renewal, which one is bigger": named deals in order."""
    deals = [
        thing.by_kind["deal"] for thing in (*slots.before, *slots.things) if next(iter(thing.by_kind)) == "deal"
    ]
    if len(deals) < 2 or not slots.has("ask", "which") or not slots.has("sort") or slots.kinds:
        return []
    entries = [slots.reading.situation.lexicon.get(deal.reference) for deal in deals]
    names = "|".join(entry.name for entry in entries if entry is not None)
    filters = [{"field": "name", "op": "=", "value": names}]
    order = {name: value for name, value in sorting(slots, "deal").items() if name != "limit"}
    return [Call("list_records", {"kind": "deal", "filters": filters, **order}, slots.at)]


def _people(slots: Slots) -> Sequence[Call]:
    return contacts_by_title(slots)


def _unknown_record(slots: Slots) -> Sequence[Call]:
    """ "Show me the Falcon deal": one record by a name that nothing has; the server says so."""
    name = unknown_name(slots.marks)
    start = slots.reading.text.find(name) if name else -1
    for mark in slots.marks_of("kind") if start >= 0 else ():
        between = slots.reading.text[start + len(name) : mark.start].strip(" '’")
        singular = not mark.text.casefold().endswith("s")
        is_name = not name[:1].islower() or is_no_word(name)
        meant = is_name or slots.reading.text[:start].casefold().endswith(_DEFINITE)
        if singular and mark.start > start and between in ("", "的") and meant and _asks(slots):
            kind = mark.values("kind")[0]
            return [Call("get_record", {"record": name, "kind": kind, "detail": "card"}, slots.at)]
    return []


def _list(slots: Slots) -> Sequence[Call]:
    kind = kind_of_list(slots)
    if not kind or (slots.marks.leftovers and not _asks(slots) and not unknown_account(slots)):
        return []
    if not slots.kinds and not slots.things and len(slots.marks.leftovers) > (1 if slots.has("scope") else 0):
        return []
    related = related_calls(slots, kind)
    if related:
        return related
    if any(next(iter(thing.by_kind)) == kind and not negated(slots, thing.mark) for thing in slots.things):
        return []
    joined = joined_kinds(slots)
    if kind in joined and not grouping(slots):
        return [list_call(slots, each) for each in joined]
    call = list_call(slots, kind)
    if call.arguments.get("group_by") and kind in COUNTS and "sort" not in call.arguments:
        return metric_calls(slots, [_grouped_figure(slots, kind)])
    everything = not call.arguments["filters"] and not call.arguments.get("limit")
    if everything and _has_unknown_words(slots):
        return []
    return [call]


def _grouped_figure(slots: Slots, kind: str) -> str:
    """What deals are counted by: open ones and those with amounts by their total, which shows the number as well."""
    valued = slots.has("field", "amount") or slots.has("state", "open")
    return "pipeline_value" if kind == "deal" and valued else COUNTS[kind]


def _has_unknown_words(slots: Slots) -> bool:
    """Whether the clause says something about the records that is not understood: never all of them then."""
    text = slots.reading.text
    return any(
        has_cjk(unit.form) or text[unit.start].isupper() or unit.form.isdigit() or is_no_word(unit.form)
        for unit in slots.marks.leftovers
    )


def _ticket_problem(slots: Slots) -> Sequence[Call]:
    """ "What's the problem on T-12", T-12什么问题: what the ticket is about, no check of deals."""
    tickets = [
        thing.by_kind["ticket"] for thing in (*slots.before, *slots.named("ticket")) if "ticket" in thing.by_kind
    ]
    if not slots.has("review") or not tickets or slots.named("deal", "account"):
        return []
    return [
        Call("get_record", {"record": tickets[-1].reference, "kind": "ticket", "fields": ["subject"]}, slots.at)
    ]


def _unknown_field(slots: Slots) -> Sequence[Call]:
    return unknown_field_call(slots) if _asks(slots) else []


def _card(slots: Slots) -> Sequence[Call]:
    is_decided = slots.has("ask", "whether") and slots.has("state", *_OUTCOMES)
    asked = slots.has("brief", "card") or bool(set(slots.values("ask")) - {"whether", "quantity"})
    if not (asked or is_decided or _only_named(slots) or _is_there(slots)):
        return []
    most = _SOME_UNKNOWN if is_decided else _FEW_UNKNOWN
    if len(slots.marks.leftovers) > most and not slots.has("brief"):
        return []
    named = [thing for thing in slots.things if thing.as_kind([*_RECORDS, "user", "stage"])]
    if named or (slots.has("brief", "card") and (slots.has("pronoun") or slots.marks.leftovers)):
        return card_call(slots, detail="card")
    return []


def _is_there(slots: Slots) -> bool:
    """ "Is there a task to call Ann?", "do I still have to call Ann?": one that is on record by that name."""
    kinds = {next(iter(thing.by_kind)) for thing in slots.things}
    asked = slots.has("ask", "whether") or (slots.clause.force == "asked" and not slots.has("ask"))
    return asked and bool(kinds & {"task", *slots.kinds}) and slots.is_fragment


def _told_about(slots: Slots) -> Sequence[Call]:
    """A question about a named record in words that are no field of ours: what was said about it may tell."""
    asked = bool(set(slots.values("ask")) - {"show"}) or slots.clause.force == "asked"
    named = slots.named("deal", "account", "contact")
    return recall_calls(slots) if asked and named and is_topic(slots) and not slots.kinds[1:] else []


def _only_named(slots: Slots) -> bool:
    """ "Lobby machines?": nothing but a name, and a question mark."""
    bare = all(mark.mention or mark.is_filler for mark in slots.marks)
    return slots.clause.force == "asked" and slots.is_fragment and bare


def _asks(slots: Slots) -> bool:
    return slots.has("ask") or slots.clause.force == "asked"


def _lists(slots: Slots) -> bool:
    """Whether records of a kind are asked for, rather than a field of a named one ("the deal's amount")."""
    kind = kind_of_list(slots)
    named = [thing for thing in slots.things if thing.as_kind(_RECORDS)]
    exact = [thing for thing in named if thing.as_kind([kind])]
    if exact:
        return False
    only_account = bool(named) and all(thing.as_kind(["account"]) for thing in named)
    if only_account and kind == "deal" and _field_is_the_question(slots):
        return False
    return not slots.has("pronoun") or slots.has("ask", "which", "show")


def _field_is_the_question(slots: Slots) -> bool:
    """ "What stage is the Harbor deal in": a field stands before the kind, which is in the singular."""
    kind = next((mark for mark in slots.marks if mark.has("kind")), None)
    first = next((mark for mark in slots.marks if mark.has("field") and not mark.has("kind")), None)
    return kind is not None and first is not None and not kind.text.lower().endswith("s") and not _plural(kind)


def _plural(mark: Mark) -> bool:
    return mark.text in ("商机", "这些单")


def _names_record(slots: Slots) -> bool:
    return bool(slots.named(*_RECORDS))


def _is_of_record(slots: Slots) -> bool:
    """Whether a number is asked of one record ("what is the renewal worth"), not of many."""
    strong = [
        mark for mark in slots.marks if mark.has("metric") and not mark.has("field") and not mark.has("state")
    ]
    counted = slots.has("measure", "count", "average") or grouping(slots)
    if strong or counted or _narrows(slots):
        return False
    fields = [name for mark in slots.marks for name in mark.values("field")]
    for thing in slots.things:
        kinds = [kind for kind in _RECORDS if kind in thing.by_kind]
        if any(supports(kind, name) for kind in kinds for name in fields):
            return not (kinds == ["account"] and slots.has("kind", "deal") and _lists(slots))
    pointing = slots.has("pronoun") or (slots.is_fragment and not slots.has("kind"))
    kinds = [kind for kind in _RECORDS if any(supports(kind, name) for name in fields)]
    return bool(fields) and pointing and not slots.has("scope") and pointed_at(slots, kinds) is not None


def _narrows(slots: Slots) -> bool:
    """Whether the clause puts conditions on several records."""
    return has_threshold(slots) or slots.has("empty")


_ATTEMPTS: Sequence[Callable[[Slots], Sequence[Call]]] = (
    report_calls,
    _next_action,
    _brief,
    _recall,
    _in_state,
    _of_shown_contact,
    picked_calls,
    counted_calls,
    followup_calls,
    _ticket_problem,
    _review,
    _products,
    _metric,
    _compared,
    _people,
    _fact,
    _unknown_record,
    _list,
    _unknown_field,
    _card,
    _told_about,
)
