"""Questions that change one thing of the last one: "And Tomas?", "only the big ones", "by stage", 小王呢"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from language.builtin.calls import Call
from language.builtin.questions.conditions import OWNER_FIELD, conditions, scope
from language.builtin.questions.facts import fields_asked, supports
from language.builtin.questions.metrics import kind_counted, metrics_of
from language.builtin.questions.periods import DATE_FIELD, period_before, period_of, periods
from language.builtin.questions.shape import grouping, sorting
from language.builtin.questions.slots import Slots
from language.builtin.questions.thresholds import Condition

READ_TOOLS = frozenset({"list_records", "get_record", "query_metric", "search_interactions", "review_deals"})
_DATE_FIELDS = frozenset(
    {"close_date", "closed_at", "created_at", "opened_at", "resolved_at", "due", "occurred_at", "last_activity"}
)
_STATE_FIELDS = {
    "won_count": "won",
    "lost_count": "lost",
    "closed_won": "won",
    "closed_lost": "lost",
    "pipeline_value": "open",
    "weighted_pipeline": "open",
}
_COUNTS = frozenset({"deal_count", "lead_count", "ticket_count", "task_count", "won_count", "lost_count"})
_TALKS_ANEW = ("brief", "review", "next_action", "rule")


def last_questions(slots: Slots) -> list[Call]:
    """The read calls that this clause may follow, likeliest first: of this message, or of the last turns."""
    if slots.earlier is not None:
        return [slots.earlier]
    found = []
    for turn in reversed(slots.reading.dialogue.turns[-3:]):
        found += [past.call for past in turn.calls if past.call.tool in READ_TOOLS][-1:]
    return found


def followup_calls(slots: Slots) -> list[Call]:
    """The last question's call with what this clause changes; none when the clause stands for itself."""
    for last in last_questions(slots):
        if _ranks_people(slots, last):
            arguments = {**last.arguments, "scope": "", "group_by": "owner"}
            return [Call(last.tool, arguments, slots.at)]
        changed = list(_CHANGES[last.tool](slots, last.arguments)) if _depends(slots, last) else []
        if changed:
            return [Call(tool, arguments, slots.at) for tool, arguments in changed]
    return []


def _ranks_people(slots: Slots, last: Call) -> bool:
    """ "Who has the most?" after somebody's figure: the same figure of everybody."""
    ranked = slots.has("rank") or slots.has("sort")
    anew = slots.kinds or slots.has("metric") or slots.things
    return last.tool == "query_metric" and slots.has("ask", "who") and ranked and not anew and slots.is_fragment


def _depends(slots: Slots, last: Call) -> bool:
    if any(mark.has(role) and not mark.has("follow") for mark in slots.marks for role in _TALKS_ANEW):
        return False
    pointing = "those" in slots.values("pronoun")
    if pointing or slots.has("follow"):
        return pointing or slots.is_fragment or bool(slots.things)
    if not slots.is_fragment or slots.has("recall"):
        return False
    if _measures_the_same(slots, last):
        return True
    superlative = slots.has("sort") and not slots.has("kind") and not slots.has("metric")
    return superlative or _changes_only(slots, last)


def _measures_the_same(slots: Slots, last: Call) -> bool:
    """ "How much is that in total?", 总共多少钱: a count or sum of what was just shown, with nothing said anew."""
    kind = last.arguments.get("kind") or kind_counted(str(last.arguments.get("metric", "")))
    same = set(slots.kinds) <= {kind} and last.tool in ("query_metric", "list_records")
    return (
        same and slots.has("measure") and not (slots.scopes or slots.things or slots.dates or slots.has("metric"))
    )


def _changes_only(slots: Slots, last: Call) -> bool:
    """Nothing but modifiers: a person, a period, a value, a grouping; in the same message also a measure."""
    same_message = slots.earlier is not None
    by = grouping(slots)
    named = [mark for mark in slots.marks if not (by and (mark.has("dimension") or mark.has("group")))]
    if slots.has("empty") and last.tool == "list_records":
        return not slots.has("kind")
    anew = any(
        mark.has("kind") or mark.has("metric") or (mark.has("field") and not mark.has("value")) for mark in named
    )
    if same_message:
        anew = slots.has("kind") and not slots.has("measure")
        return (
            not anew
            and last.tool in ("query_metric", "list_records")
            and (slots.has("metric") or slots.has("measure") or slots.has("scope"))
        )
    modifies = (
        slots.things
        or slots.dates
        or slots.has("value")
        or slots.has("state")
        or grouping(slots)
        or slots.has("compare_op")
        or slots.has("scope")
    )
    return not anew and bool(modifies) and not slots.has("ask", "what", "who", "when", "why", "how", "whether")


def _of_metric(slots: Slots, last: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    metric = str(last.get("metric", ""))
    kind = kind_counted(metric)
    if _asks_for_records(slots):
        yield _list(slots, kind, _as_filters(metric, last))
        return
    for name in _metrics_wanted(slots, metric, last):
        changed = {**last, "metric": name}
        whose = _whose(slots)
        if whose and kind != "ticket":
            changed["scope"] = whose
        when = period_of(slots)
        if when:
            changed["period"] = when
        before = period_before(str(last.get("period", "")), slots.values("compare"))
        if before and not when:
            changed["compare_to"] = before
        if slots.has("compare", "other") and (when or whose) and not slots.has("follow", "change"):
            changed = {**last, "compare_to": when or whose}
        by = grouping(slots)
        if by:
            changed["group_by"] = by
        currency = next(iter(slots.values("currency")), "")
        if currency:
            changed["currency"] = currency
        extra = conditions(slots, kind, own=kind == "ticket", dates=False)
        yield "query_metric", {**changed, "filters": _with(last.get("filters", []), _fresh(extra, name))}


def _metrics_wanted(slots: Slots, metric: str, last: Mapping[str, Any]) -> list[str]:
    """The metric that is asked for now: another one, the count or sum of the same records, or the same."""
    closed = slots.has("measure", "value") and slots.has("state", "won", "lost", "closed")
    named = metrics_of(slots) if slots.has("metric") or closed else []
    if named:
        return named
    if slots.has("measure", "value") and metric in _COUNTS:
        return [{"won_count": "closed_won", "lost_count": "closed_lost"}.get(metric, "pipeline_value")]
    if slots.has("measure", "count") and metric not in _COUNTS:
        return [{"closed_won": "won_count", "closed_lost": "lost_count"}.get(metric, "deal_count")]
    return [metric]


def _fresh(found: Sequence[Condition], metric: str) -> list[Condition]:
    dropped = {"status"} if kind_counted(metric) == "deal" and metric != "deal_count" else set()
    return [each for each in found if each.field not in dropped]


def _of_list(slots: Slots, last: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    kind = str(last.get("kind", ""))
    if slots.has("measure", "value") and kind == "deal":
        yield (
            "query_metric",
            {"metric": "pipeline_value", "scope": "company", "filters": list(last.get("filters", []))},
        )
        return
    yield _list(slots, kind, last)


def _list(slots: Slots, kind: str, last: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    replaced = [*conditions(slots, kind)]
    filters = _with(last.get("filters", []), replaced)
    layout = sorting(slots, kind)
    by = grouping(slots)
    kept = {name: last[name] for name in ("sort", "descending", "group_by") if name in last}
    return "list_records", {"kind": kind, **kept, "filters": filters, **layout, **({"group_by": by} if by else {})}


def _of_record(slots: Slots, last: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    kind, fields = str(last.get("kind", "")), list(last.get("fields", []))
    thing = next((each for each in slots.things if each.as_kind([kind, *_other_kinds(kind)])), None)
    subject = thing.as_kind([kind, *_other_kinds(kind)]) if thing else None
    asked = [name for name in fields_asked(slots) if supports(kind, name)]
    if subject is None and not asked:
        return
    record = subject.reference if subject else str(last.get("record", ""))
    yield (
        "get_record",
        {**last, "record": record, "kind": subject.kind if subject else kind, "fields": asked or fields},
    )


def _of_search(slots: Slots, last: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    changed = dict(last)
    for thing in slots.things:
        first = next(iter(thing.by_kind))
        if first in ("contact", "account", "deal", "user"):
            for other in ("contact", "account", "deal"):
                changed.pop(other, None)
            changed[first] = thing.by_kind[first].reference
    when = periods(slots)
    if when:
        changed["since"], _, until = when[0].partition(" to ")
        changed["until"] = until or changed["since"]
    topic = " ".join(slots.reading.text[unit.start : unit.end] for unit in slots.marks.leftovers)
    if topic:
        changed["query"] = topic
    if changed != dict(last):
        yield "search_interactions", changed


def _of_review(slots: Slots, last: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    deals = [thing.by_kind["deal"].reference for thing in slots.named("deal")]
    if deals:
        yield "review_deals", {"deal": deals[0], "rules": last.get("rules", [])}
    elif _whose(slots):
        yield "review_deals", {"scope": _whose(slots), "rules": last.get("rules", [])}


def _asks_for_records(slots: Slots) -> bool:
    if slots.has("compare", "previous_period", "previous_year") or "compare" in slots.reading.text.lower():
        return False
    if "narrow" in slots.values("follow") and not slots.has("ask", "which", "who"):
        return False
    asks = slots.has("ask", "which", "who", "show") or slots.has("kind")
    return (asks and not slots.has("measure") and not grouping(slots) and not slots.has("metric")) or slots.has(
        "sort"
    )


def _as_filters(metric: str, last: Mapping[str, Any]) -> dict[str, Any]:
    """A metric's scope and period as filters of the list of its records."""
    kind = kind_counted(metric)
    filters = list(last.get("filters", []))
    whose = str(last.get("scope", ""))
    if whose and whose != "company" and kind in OWNER_FIELD:
        filters.append(Condition(OWNER_FIELD[kind], "=", whose).plain())
    state = _STATE_FIELDS.get(metric)
    if state:
        filters.append(Condition("status", "=", state).plain())
    if last.get("period"):
        name = "closed_at" if state in ("won", "lost") else DATE_FIELD.get(kind, "")
        filters.append(Condition(name, "=", str(last["period"])).plain())
    return {"filters": filters}


def _whose(slots: Slots) -> str:
    return scope(slots)


def _with(filters: Sequence[Mapping[str, str]], changed: Sequence[Condition]) -> list[dict[str, str]]:
    """The filters with the changed ones in the place of those on the same field."""
    fields = {each.field for each in changed}
    if fields & _DATE_FIELDS:
        fields |= _DATE_FIELDS
    kept = [dict(each) for each in filters if each.get("field") not in fields]
    return [*kept, *(each.plain() for each in changed)]


def _other_kinds(kind: str) -> tuple[str, ...]:
    return {"deal": ("account",), "contact": ("lead",)}.get(kind, ())


_CHANGES = {
    "query_metric": _of_metric,
    "list_records": _of_list,
    "get_record": _of_record,
    "search_interactions": _of_search,
    "review_deals": _of_review,
}
