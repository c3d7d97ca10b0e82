"""What a follow-up changes in the last question's call, by its tool: a person, a period, a filter, a field, a topic."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from language.builtin.questions.conditions import conditions
from language.builtin.questions.facts import amount_in, fields_asked, supports
from language.builtin.questions.metrics import kind_counted, metrics_of, total_apart
from language.builtin.questions.periods import DATE_FIELD, period_before, period_of, periods
from language.builtin.questions.relative_periods import in_year_of, shifted_period
from language.builtin.questions.shape import grouping, sorting
from language.builtin.questions.slots import Slots
from language.builtin.questions.thresholds import Condition
from language.builtin.questions.whose import OWNER_FIELD, scope

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
_CATEGORIES = {"commit_forecast": "commit|closed", "best_case_forecast": "commit|best_case|closed"}
_SUMS_OF = {"won_count": "closed_won", "lost_count": "closed_lost"}
_SUMS = {"won": "closed_won", "lost": "closed_lost"}
# "And lost?" after what was won: the same figure of the other outcome.
_OF_OUTCOME = {
    "closed_won": _SUMS,
    "closed_lost": _SUMS,
    "won_count": {"won": "won_count", "lost": "lost_count"},
    "lost_count": {"won": "won_count", "lost": "lost_count"},
}
_COUNTS = frozenset({"deal_count", "lead_count", "ticket_count", "task_count", "won_count", "lost_count"})


def _of_metric(slots: Slots, last: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    metric = str(last.get("metric", ""))
    kind = kind_counted(metric)
    if _asks_for_records(slots) and not counts_others(slots, last):
        yield _list(slots, kind, _as_filters(metric, last))
        return
    for name in _metrics_wanted(slots, metric, last):
        changed = {**last, "metric": name}
        whose = _whose(slots)
        if whose and kind != "ticket":
            changed["scope"] = whose
        asked_last = str(last.get("period", ""))
        when = shifted_period(slots, asked_last) or in_year_of(slots, period_of(slots), asked_last)
        dated = [dict(each) for each in last.get("filters", []) if each.get("field") in _DATE_FIELDS]
        if when and len(dated) == 1 and not asked_last:
            moved = Condition(str(dated[0]["field"]), "=", when)
            changed["filters"] = _with(last.get("filters", []), [moved])
        elif when:
            changed["period"] = when
        before = period_before(str(last.get("period", "")), slots.values("compare"))
        if before and not when:
            changed["compare_to"] = before
        if slots.has("compare", "other") and (when or whose) and not slots.has("follow", "change"):
            changed = {**last, "compare_to": _same_part(asked_last, when) or whose}
        by = grouping(slots)
        if by:
            changed["group_by"] = by
        currency = next(iter(slots.values("currency")), "")
        if currency:
            changed["currency"] = currency
        extra = conditions(slots, kind, own=kind == "ticket", dates=False)
        yield "query_metric", {**changed, "filters": _with(changed.get("filters", []), _fresh(extra, name))}


def _same_part(period: str, year: str) -> str:
    """ "How does that compare with last year" of a quarter or month: the same one of that year."""
    return f"{year}{period[4:]}" if year.isdigit() and period[:4].isdigit() and period[4:5] == "-" else year


def _metrics_wanted(slots: Slots, metric: str, last: Mapping[str, Any]) -> list[str]:
    """The metric that is asked for now: another one, the count or sum of the same records, or the same."""
    closed = slots.has("measure", "value") and slots.has("state", "won", "lost", "closed")
    named = metrics_of(slots) if slots.has("metric") or closed or slots.has("measure", "average") else []
    if named and total_apart(slots) and kind_counted(metric) == "deal":
        return list(dict.fromkeys([_SUMS_OF.get(metric, "pipeline_value"), *named]))
    if named:
        return named
    state = next((each for each in slots.values("state") if each in _SUMS), "")
    if state and metric in _OF_OUTCOME and not slots.has("measure"):
        return [_OF_OUTCOME[metric][state]]
    if slots.has("measure", "value") and metric in _COUNTS and kind_counted(metric) == "deal":
        return [_SUMS_OF.get(metric, "pipeline_value")]
    if slots.has("measure", "count") and metric not in _COUNTS and kind_counted(metric) == "deal":
        return [{"closed_won": "won_count", "closed_lost": "lost_count"}.get(metric, "deal_count")]
    return [metric]


def _fresh(found: Sequence[Condition], metric: str) -> list[Condition]:
    dropped = {"status"} if kind_counted(metric) == "deal" and metric != "deal_count" else set()
    return [each for each in found if each.field not in dropped]


def _of_list(slots: Slots, last: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    kind = str(last.get("kind", ""))
    others = [each for each in slots.kinds if each != kind]
    if others and slots.has("also"):
        yield _list(
            slots, others[0], {"filters": [each for each in last.get("filters", []) if each["field"] == "account"]}
        )
        return
    worth = slots.has("field", "amount") and not (
        slots.has("sort") or slots.has("compare_op") or slots.has("empty")
    )
    if kind == "deal" and (slots.has("measure", "value") or (worth and not grouping(slots))):
        tool, arguments = _sum_of(last)
        shown = next(iter([*slots.values("currency"), *slots.values("of_currency")]), "")
        yield tool, {**arguments, **({"currency": shown} if shown else {})}
        return
    yield _list(slots, kind, last)


def _sum_of(last: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """What the listed deals add up to: won, lost or open ones."""
    filters = {
        f"{each['field']} {each.get('op', '=')}": str(each.get("value", "")) for each in last.get("filters", [])
    }
    metric = _SUMS.get(filters.get("status =", ""), "pipeline_value")
    dropped = {"status ="} if metric != "pipeline_value" else set()
    whose, when = filters.get("owner =", ""), filters.get("closed_at =", "")
    arguments: dict[str, Any] = {"metric": metric, "scope": "company"}
    if whose and "|" not in whose:
        arguments["scope"] = whose
        dropped.add("owner =")
    if when and metric != "pipeline_value":
        arguments["period"] = when
        dropped.add("closed_at =")
    kept = [
        dict(each) for each in last.get("filters", []) if f"{each['field']} {each.get('op', '=')}" not in dropped
    ]
    return "query_metric", {**arguments, "filters": kept}


def _list(slots: Slots, kind: str, last: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    before = [each for each in last.get("filters", []) if each.get("field") in _DATE_FIELDS]
    replaced = [_of_same_date(each, slots, before) for each in conditions(slots, kind, in_currency=True)]
    if len(before) == 1 and before[0].get("op", "=") == "=":
        when = shifted_period(slots, str(before[0].get("value", "")))
        replaced += [Condition(str(before[0]["field"]), "=", when)] if when else []
    filters = _with(last.get("filters", []), replaced)
    layout = sorting(slots, kind)
    by = grouping(slots)
    same = "" if layout or slots.has("ask", "which", "show") or "narrow" in slots.values("follow") else "limit"
    kept = {name: last[name] for name in ("sort", "descending", "group_by", same) if name in last}
    if any(each.field in ("due", "close_date") and each.op == "=" for each in replaced):
        filters = [each for each in filters if each.get("field") != "overdue"]
    elif any(each.field == "overdue" for each in replaced):
        filters = [each for each in filters if each.get("field") not in ("due", "close_date")]
    return "list_records", {"kind": kind, **kept, "filters": filters, **layout, **({"group_by": by} if by else {})}


def _of_same_date(each: Condition, slots: Slots, before: Sequence[Mapping[str, Any]]) -> Condition:
    """A date that only takes the last one's place is about the same field, and of the same year."""
    if each.field not in _DATE_FIELDS or len(before) != 1:
        return each
    said_anew = slots.has("moment") or slots.has("state", "won", "lost", "closed", "resolved")
    field = each.field if said_anew else str(before[0]["field"])
    return Condition(field, each.op, in_year_of(slots, each.value, str(before[0].get("value", ""))))


def _of_record(slots: Slots, last: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    kind, fields = str(last.get("kind", "")), list(last.get("fields", []))
    thing = next((each for each in slots.things if each.as_kind([kind, *_other_kinds(kind)])), None)
    subject = thing.as_kind([kind, *_other_kinds(kind)]) if thing else None
    asked = [name for name in fields_asked(slots) if supports(kind, name)]
    shown = slots.values("currency")
    is_shown = bool(shown) and kind == "deal" and subject is None and "amount" in (asked or fields)
    figure = amount_in(slots, str(last.get("record", "")), shown[0]) if is_shown else None
    if figure is not None:
        yield figure.tool, dict(figure.arguments)
        return
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


def counts_others(slots: Slots, last: Mapping[str, Any]) -> bool:
    """ "And visits?" after a number of calls: contacts of another type, counted as well."""
    telling = [mark for mark in slots.marks if not (mark.is_filler or mark.has("follow"))]
    types = bool(telling) and all(mark.has("interaction_type") or mark.date is not None for mark in telling)
    counted = last.get("metric") == "interaction_count"
    return counted and types and slots.is_fragment and slots.has("interaction_type")


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
    if category := _CATEGORIES.get(metric):
        filters.append(Condition("forecast_category", "=", category).plain())
        filters.append(Condition("status", "=", "open|won").plain())
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
    fields = {each.field for each in changed if each.op != "!="}
    if fields & _DATE_FIELDS:
        fields |= _DATE_FIELDS
    kept = [dict(each) for each in filters if each.get("field") not in fields]
    return [*kept, *(each.plain() for each in changed)]


def _other_kinds(kind: str) -> tuple[str, ...]:
    return {"deal": ("account",), "contact": ("lead",)}.get(kind, ())


CHANGES = {
    "query_metric": _of_metric,
    "list_records": _of_list,
    "get_record": _of_record,
    "search_interactions": _of_search,
    "review_deals": _of_review,
}
