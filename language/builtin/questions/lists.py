"""Questions for several records: which kind, narrowed how, in which order, how many."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import cast

from language.builtin.calls import Call
from language.builtin.questions.accounts_meant import account_spoken_of
from language.builtin.questions.conditions import conditions, lacking
from language.builtin.questions.marks import table
from language.builtin.questions.periods import is_past
from language.builtin.questions.pointing import pointed_at
from language.builtin.questions.shape import grouping, sorting
from language.builtin.questions.slots import Slots
from language.builtin.questions.thresholds import Condition
from language.builtin.vocabulary import patterns

_CLOSING = re.compile(r"clos|成交|关单|该关", re.IGNORECASE)
_LISTED = frozenset({"deal", "ticket", "task", "lead"})
_AND = re.compile(
    r"\s*(?:,|/|&|(?:,\s*)?\b(?:and|or|plus|as well as)\b|和|与|及|以及|、|还有)"
    r"\s*(?:(?:any|the|all|all the|my|our|open|所有|所有的)\s*)?",
    re.IGNORECASE,
)
_TITLE_KINDS = frozenset({"contact", "user"})
_OF_TICKETS = frozenset(
    {"open", "pending", "unresolved", "resolved", "urgent", "high", "low", "normal", "unassigned"}
)
_OF_OPEN_DEALS = frozenset({"next_step"})
_OF_LIVING = frozenset({"days_silent", "days_in_stage"})
_SAY_STATUS = frozenset({"status", "stage", "forecast_category", "closed_at", "overdue"})


def kind_of_list(slots: Slots) -> str:
    """The kind of record that the clause lists; "" when it names none and nothing implies one."""
    named = [kind for kind in slots.kinds if kind != "user" or set(slots.kinds) == {"user"} or not grouping(slots)]
    named = [kind for kind in named if not (kind == "interaction" and len(set(named)) > 1)]
    if grouping(slots) == "owner":
        named = [kind for kind in named if kind != "user"]
    if named:
        return _leading_kind(slots, named)
    if _is_closing(slots):
        return "deal"
    due = any(mention.span.text.lower().startswith("due") for mention in slots.dates)
    if due or slots.has("moment", "due") or slots.has("state", "overdue") or _asks_day(slots):
        return "task"
    of_state = _kind_of_state(slots)
    if of_state:
        return of_state
    if slots.has("rule") or (slots.has("moment", "closing") and slots.dates and slots.has("ask")):
        return "deal"
    if (
        slots.has("ask", "what", "which", "show")
        and slots.values("field") == ["stage"]
        and not slots.things
        and not slots.has("pronoun")
        and slots.earlier is None
    ):
        return "stage"
    if slots.has("sort") and slots.has("ask") and not slots.things:
        return "deal"
    if slots.named("stage") or (slots.has("value") and slots.has("scope")):
        return "deal"
    return ""


def joined_kinds(slots: Slots) -> list[str]:
    """ "Tickets and deals", 商机和工单: several kinds that are to be listed, each by itself; empty for a single one."""
    marks = [mark for mark in slots.marks if set(mark.values("kind")[:1]) & _LISTED]
    text = slots.reading.text
    found = [
        kind
        for one, other in pairwise(marks)
        if _AND.fullmatch(text[one.end : other.start])
        for kind in (one.values("kind")[0], other.values("kind")[0])
    ]
    return list(dict.fromkeys(found)) if len(set(found)) > 1 else []


def _asks_day(slots: Slots) -> bool:
    """ "What do I have today", "what have I got next week": nothing but whose and when."""
    plain = all(mark.date or mark.is_filler or mark.has("scope") or mark.has("ask") for mark in slots.marks)
    mine = "me" in slots.scopes or slots.has("scope", "me")
    ahead = bool(slots.dates) and not any(is_past(slots, mention) for mention in slots.dates)
    return (
        ahead
        and slots.has("ask", "what")
        and ((plain and mine and slots.is_fragment) or _asks_what_is_left(slots))
    )


def _asks_what_is_left(slots: Slots) -> bool:
    """ "What's left for today": these words, then the day."""
    said = slots.reading.text[slots.clause.start : slots.clause.end]
    found = [pattern.match(said) for pattern in patterns("question_patterns", "left_of_day")]
    days = [mark for mark in slots.marks if mark.date is not None]
    return any(
        each and mark.start <= slots.clause.start + each.end() <= mark.end for each in found for mark in days
    )


def _is_closing(slots: Slots) -> bool:
    """ "Past their close date", "open ones with a close date in June": said of deals alone."""
    late = any("overdue" in mark.values("state") and _CLOSING.search(mark.text) for mark in slots.marks)
    return late or (slots.has("field", "close_date") and slots.has("state", "open"))


def _kind_of_state(slots: Slots) -> str:
    """The kind that a state implies: "won" deals, "unresolved" tickets; to support most states mean tickets."""
    implied = cast(dict[str, str], table("filters", "kind_of_state"))
    support = slots.reading.situation.role == "support"
    for mark in slots.marks:
        for state in mark.values("state"):
            if support and state in _OF_TICKETS:
                return "ticket"
            if state in implied:
                return implied[state]
    return ""


def list_call(slots: Slots, kind: str) -> Call:
    """A list of records of a kind with everything that the clause says about them."""
    found = conditions(slots, kind, in_currency=True)
    if kind == "deal" and not {each.field for each in found} & _SAY_STATUS and _means_open(slots, found):
        found = [*found, Condition("status", "=", "open")]
    filters = [each.plain() for each in found]
    arguments: dict[str, object] = {"kind": kind, "filters": filters, **sorting(slots, kind)}
    group = grouping(slots, kind)
    if group:
        arguments["group_by"] = group
    if kind == "deal" and arguments.get("sort") == "close_date" and arguments.get("limit"):
        arguments["filters"] = [each.plain() for each in _of_open_ones(found)]
    return Call("list_records", arguments, slots.at)


def _means_open(slots: Slots, found: Sequence[Condition]) -> bool:
    """Nobody misses a next step or a word on a closed deal (H2, H3); "closing this month" is said of open ones."""
    if any(each.op == "is_empty" and each.field in _OF_OPEN_DEALS for each in found):
        return True
    if any(each.field in _OF_LIVING or _is_silence(each) for each in found):
        return True
    closing = [each for each in found if each.field == "close_date"]
    until = any(each.op in ("<", "<=") for each in closing)
    ahead = bool(slots.dates) and not any(is_past(slots, mention) for mention in slots.dates)
    return until or (slots.has("moment", "closing") and ahead and bool(closing))


def _of_open_ones(found: list[Condition]) -> list[Condition]:
    """Which deal closes first is asked of those that have not closed yet."""
    told = {each.field for each in found} & {"status", "stage", "forecast_category", "closed_at"}
    return found if told else [*found, Condition("status", "=", "open")]


def _is_silence(each: Condition) -> bool:
    return each.field == "last_activity" and each.op in ("<", "<=")


def contacts_by_title(slots: Slots) -> list[Call]:
    """ "Who are the plant managers at X", "the CFO of X": people of an account by job title or role."""
    people = slots.has("kind", "contact")
    by_role = slots.has("state", "champion", "economic_buyer", "technical", "blocker", "influencer")
    asked = slots.has("ask", "who") or people or by_role
    accounts = [thing.by_kind["account"].reference for thing in slots.named("account")]
    there = account_spoken_of(slots) if not accounts and _says_there(slots) and _title_words(slots) else ""
    accounts = accounts or ([there] if there else [])
    if not asked or slots.kinds[:1] == ["deal"] or slots.named("deal") or slots.has("metric"):
        return []
    roles = [each for each in conditions(slots, "contact", own=False, dates=False) if each.field == "role"]
    title = "" if roles else _title_words(slots)
    everyone = slots.has("ask", "who") and not slots.has("field") and not slots.has("state")
    if not roles and not ((accounts or people) and title) and not (accounts and everyone):
        return []
    filters = [*roles] if roles or not title else [Condition("title", "has", title)]
    accounts = accounts or ([_account_spoken_of(slots)] if roles and not people else [])
    if any(accounts):
        filters.append(Condition("account", "=", "|".join(accounts)))
    return [Call("list_records", {"kind": "contact", "filters": [each.plain() for each in filters]}, slots.at)]


def _says_there(slots: Slots) -> bool:
    return any(mark.text.casefold() in ("there", "over there", "那边") for mark in slots.marks_of("pronoun"))


def _account_spoken_of(slots: Slots) -> str:
    """The account of the record that was named just before, or talked about last ("who decides there?")."""
    if slots.has("scope") or slots.dates or slots.marks.leftovers:
        return ""
    named = slots.named("deal") or []
    subject = named[-1].as_kind(["deal"]) if named else pointed_at(slots, ["deal", "account", "contact", "ticket"])
    if subject is None or subject.kind == "account":
        return subject.reference if subject else ""
    entry = slots.reading.situation.lexicon.get(subject.reference)
    return (entry.account_id or "") if entry is not None else subject.account_id


def _title_words(slots: Slots) -> str:
    """The words before the account that are no field of ours: "plant manager", "head of procurement"."""
    by_title = [thing.mark.text for thing in slots.things if thing.by_title]
    if by_title:
        return " ".join(by_title)
    if not slots.named("account"):
        named = [unit.form for unit in slots.marks.leftovers if unit.form.isalpha()]
        return " ".join(named) if slots.has("field", "title") else ""
    first = min((thing.mark.start for thing in slots.named("account")), default=0)
    leftover = {unit.start for unit in slots.marks.leftovers}
    taken = [
        mark
        for mark in slots.marks
        if mark.has("ask")
        or mark.has("scope")
        or mark.has("pronoun")
        or (mark.is_filler and mark.text.lower() != "of")
    ]
    words = [
        unit
        for unit in slots.marks.units
        if unit.start < first
        and unit.form.isalpha()
        and not any(mark.start <= unit.start < mark.end for mark in taken)
    ]
    if not any(unit.start in leftover for unit in words):
        return ""
    return " ".join(unit.form for unit in words).removesuffix(" of").strip()


def _leading_kind(slots: Slots, named: list[str]) -> str:
    """The kind that is asked for, not the one that narrows ("deals at enterprise accounts", "客户的工单")."""
    chinese = slots.reading.language == "zh"
    if lacking(slots):
        return "account"
    kinds = [kind for kind in named if kind != "account"] or named
    if chinese and "ticket" in kinds and set(kinds) <= {"ticket", "deal"}:
        return "ticket"
    if chinese:
        return kinds[-1] if kinds[-1] not in _TITLE_KINDS or len(kinds) == 1 else kinds[0]
    return kinds[0]
