"""Questions for numbers: named metrics, counts, totals and averages, for whom, over which period, by what."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from language.builtin.calls import Call
from language.builtin.questions.conditions import conditions
from language.builtin.questions.figure_words import after_commit, averages_other, is_phone, says, weighs
from language.builtin.questions.marks import Mark
from language.builtin.questions.negations import negated
from language.builtin.questions.periods import closed_by_then, date_filters, is_past, period_before, periods
from language.builtin.questions.shape import grouping, ranking
from language.builtin.questions.slots import Slots
from language.builtin.questions.thresholds import Condition
from language.builtin.questions.whose import OWNER_FIELD, left_out, scope

COUNTS = {
    "deal": "deal_count",
    "lead": "lead_count",
    "ticket": "ticket_count",
    "task": "task_count",
    "interaction": "interaction_count",
}
KIND_OF = {
    "lead_count": "lead", "lead_response_time": "lead", "task_count": "task", "interaction_count": "interaction",
    "ticket_count": "ticket", "open_ticket_count": "ticket", "csat": "ticket",
    "first_response_time": "ticket", "resolution_time": "ticket", "campaign_roi": "campaign",
}  # fmt: skip
# Metrics whose own definition says which deals count: these conditions would say it again, or wrongly.
_IMPLIED = (
    "status",
    "owner",
    "assignee",
    "close_date",
    "closed_at",
    "created_at",
    "opened_at",
    "resolved_at",
    "occurred_at",
    "due",
)
# Broken down by stage in themselves.
_BY_PEOPLE = ("owner", "team")
_BY_STAGE = frozenset({"stage_conversion", "stage_duration"})
# Of what is over: a quarter without a year is the latest one.
_OF_PAST = frozenset(
    {"closed_won", "closed_lost", "won_count", "lost_count", "win_rate", "win_rate_by_value", "average_deal_size",
     "sales_cycle", "slippage", "push_count", "forecast_accuracy", "forecast_bias"}
)  # fmt: skip
_COMMIT = frozenset({"commit", "commits", "承诺"})
_INSIDE = (" in", " in my", " in our", " in the", " in his", " in her", " in their", "在", "里的")
_FIGURE_WORDS = ("what", "quantity", "how", "show")
_CATEGORY_METRICS = frozenset({"commit_forecast", "best_case_forecast"})
# Figures that may be asked for together with a number of deals and what they add up to.
_BESIDE_COUNTS = frozenset({"closed_won", "pipeline_value", "weighted_pipeline", "win_rate"})
_COMPARES = re.compile(r"\bcompare|对比|比一比|比较一下", re.IGNORECASE)
_JOINTS = "和与、,，及+;；"
_QUOTA_METRICS = frozenset({"quota", "quota_attainment", "gap", "to_go", "coverage", "velocity"})
# A quota question names the quota beside what it asks about it ("how far am I from quota").
_ABOUT_QUOTA = ("quota_attainment", "gap", "coverage")


def metrics_of(slots: Slots) -> list[str]:
    """The metrics that a clause asks for, after words that only belong to another metric were left out."""
    if reasons_lost(slots) and not slots.has("measure", "value"):
        return ["lost_count"]
    if after_commit(slots):
        return ["to_go"]
    named = _specific(slots)
    measured = _measured(slots)
    if (
        slots.has("measure", "average")
        and "pipeline_value" not in named
        and _about_deals(slots)
        and "sales_cycle" not in named
        and not averages_other(slots)
    ):
        return list(dict.fromkeys([*named, "average_deal_size"]))
    counted = [metric for metric in measured if metric.endswith("count") and not weighs(slots, named)]
    totals = [metric for metric in measured if metric not in counted and total_apart(slots)]
    if named and (counted or totals) and not slots.named("deal"):
        return list(dict.fromkeys([*counted, *totals, *(name for name in named if name in _BESIDE_COUNTS)]))
    return named or measured


def total_apart(slots: Slots) -> bool:
    """ "Worth, and weighted": a total that is asked for beside a figure with a name, not as its unit."""
    totals = [mark for mark in slots.marks if "value" in mark.values("measure")]
    figures = [mark for mark in slots.marks if mark.has("metric") and not mark.has("measure")]
    text = slots.reading.text.lower()
    for total in totals:
        for figure in figures:
            between = text[min(total.end, figure.end) : max(total.start, figure.start)]
            if any(sign in between for sign in _JOINTS) or {"and", "plus", "also", "then"} & set(between.split()):
                return True
    return False


def reasons_lost(slots: Slots) -> bool:
    """ "Why are we losing deals", 丢单原因分布: the lost deals by their reason, not one deal's reason."""
    if slots.named("deal", "account", "contact") or slots.has("pronoun"):
        return False
    why = slots.has("ask", "why") and (slots.has("state", "lost") or slots.has("field", "lost_reason"))
    by_reason = slots.has("field", "lost_reason") and (
        grouping(slots) or slots.has("sort") or slots.has("state", "lost") or slots.has("rank")
    )
    return bool(why or by_reason)


def metric_calls(slots: Slots, names: Sequence[str]) -> list[Call]:
    """One call a metric, and one a person or period where several are asked about."""
    return [call for name in names for call in _calls_for(slots, name)]


def pushed_calls(slots: Slots) -> list[Call]:
    """ "Which deals slipped this quarter": how often each was pushed in that time."""
    return [
        replace(call, arguments={**call.arguments, "group_by": "name"})
        for call in metric_calls(slots, ["push_count"])
    ]


def kind_counted(metric: str) -> str:
    """The kind of record that a metric is about."""
    return KIND_OF.get(metric, "deal")


def _calls_for(slots: Slots, name: str) -> list[Call]:
    shown = slots.values("currency")
    if len(shown) > 1:
        calls = _calls_for_people(slots, name)
        return [replace(call, arguments={**call.arguments, "currency": each}) for each in shown for call in calls]
    types = slots.values("interaction_type") if name == "interaction_count" else []
    if len(types) > 1:
        return [call for each in types for call in _of_type(_calls_for_people(slots, name), each)]
    return _calls_for_people(slots, name)


def _of_type(calls: Sequence[Call], type_: str) -> list[Call]:
    """ "How many visits, and calls?": each type of contact by itself."""
    narrowed = {"field": "type", "op": "=", "value": type_}
    return [
        replace(call, arguments={**call.arguments, "filters": [*call.arguments["filters"], narrowed]})
        for call in calls
    ]


def _calls_for_people(slots: Slots, name: str) -> list[Call]:
    kind = kind_counted(name)
    whose, when = _whose(slots, kind), periods(slots, past=name in _OF_PAST)
    if slots.earlier is not None and slots.earlier.tool == "query_metric":
        whose = whose or str(slots.earlier.arguments.get("scope", ""))
        when = when or [str(slots.earlier.arguments.get("period", ""))]
    by = grouping(slots, kind) or ("lost_reason" if reasons_lost(slots) else ranking(slots, kind))
    if by == "owner" and whose in ("", "me") and slots.reading.situation.role == "rep":
        whose = "my team"
    arguments: dict[str, Any] = {
        "metric": name,
        "period": when[0] if when else "",
        "filters": [each.plain() for each in metric_filters(slots, name)],
        "group_by": "" if name in _BY_STAGE or (name == "to_go" and by not in _BY_PEOPLE) else by,
        "compare_to": "",
        "currency": "" if _is_count(name) else next(iter(slots.values("currency")), ""),
    }
    earlier = period_before(when[0], slots.values("compare")) if when else ""
    if earlier:
        arguments["compare_to"] = earlier
    if slots.limit and arguments["group_by"]:
        arguments["top"] = slots.limit
    if name == "deal_count" and "created" in slots.values("moment") and by in ("week", "month", "quarter", "year"):
        arguments["metric"] = name = "new_deal_count"
    name, dated = _dated(slots, name)
    if dated:
        when = []
        plain = arguments["filters"]
        arguments |= {"metric": name, "period": "", "filters": [*plain, *dated], "compare_to": ""}
        if earlier:
            before = [{**each, "value": earlier} for each in dated[:1]]
            second = Call("query_metric", {**arguments, "filters": [*plain, *before], "scope": whose}, slots.at)
            return [Call("query_metric", {**arguments, "scope": whose}, slots.at), second]
    people = [whose] if says(slots, "jointly") else whose.split("|")
    if kind == "ticket":
        return [Call("query_metric", {**arguments, "scope": ""}, slots.at)]
    if slots.has("compare", "other") and len(people) == 1 and len(when) > 1:
        return [Call("query_metric", {**arguments, "scope": whose, "compare_to": when[1]}, slots.at)]
    later = when[1:] if not slots.has("compare", "previous_period", "previous_year") else []
    calls = [Call("query_metric", {**arguments, "scope": person}, slots.at) for person in people]
    return calls + [
        Call("query_metric", {**arguments, "scope": people[0], "period": each}, slots.at) for each in later
    ]


def _is_count(name: str) -> bool:
    """Whether a currency can only narrow what is counted."""
    return name in COUNTS.values() or name in ("won_count", "lost_count")


def _whose(slots: Slots, kind: str) -> str:
    """Whose figures; somebody named beside "each rep" ("Bridget too") is one of these and narrows nothing."""
    whose = scope(slots)
    extra = slots.named("user") and slots.has("also") and grouping(slots, kind) == "owner"
    return "" if extra and "|" not in whose else whose


def _dated(slots: Slots, name: str) -> tuple[str, list[dict[str, str]]]:
    """ "Pipeline created last month", "tickets resolved last week": the date is not the metric's usual one."""
    kind = kind_counted(name)
    odd = {"ticket": "resolved", "deal": "created"}.get(kind, "")
    said = odd in slots.values("moment") or (kind == "ticket" and closed_by_then(slots))
    if name not in ("ticket_count", "pipeline_value", "deal_count") or not said:
        return name, []
    if name == "ticket_count" and slots.has("state", "unresolved", "open"):
        return name, []
    wanted = {"ticket": "resolved_at", "deal": "created_at"}[kind]
    found = [Condition(wanted, *each[1:]).plain() for each in date_filters(slots, kind)]
    return name, found


def metric_filters(slots: Slots, name: str) -> list[Condition]:
    """The conditions beyond those that scope, period and the metric itself state."""
    kind = kind_counted(name)
    if name in _QUOTA_METRICS:
        return []
    found = conditions(slots, kind, own=kind == "ticket", dates=False, in_currency=_is_count(name))
    found += _only_deals(slots) if kind == "deal" else []
    others = [Condition(OWNER_FIELD[kind], "!=", each) for each in left_out(slots)] if kind in OWNER_FIELD else []
    dropped = set(_IMPLIED) - ({"assignee"} if kind == "ticket" else set())
    if kind != "deal" or name == "deal_count":
        dropped -= {"status"}
    if name in _CATEGORY_METRICS:
        dropped |= {"forecast_category"}
    nobodys = [
        each for each in found if each.field in dropped and each.field == OWNER_FIELD.get(kind) and each.is_empty
    ]
    return [*(each for each in found if each.field not in dropped), *nobodys, *others]


def _only_deals(slots: Slots) -> list[Condition]:
    """ "How often was the pilot pushed": the number of one deal."""
    entries = [
        slots.reading.situation.lexicon.get(thing.by_kind["deal"].reference)
        for thing in slots.named("deal")
        if not negated(slots, thing.mark)
    ]
    names = [entry.name for entry in entries if entry is not None]
    return [Condition("name", "=", "|".join(names))] if names else []


def _specific(slots: Slots) -> list[str]:
    """Named metrics, without a "quota" or "pipeline" that only belongs to another one ("pipeline coverage")."""
    found: list[str] = []
    for mark in slots.marks:
        names = [] if is_phone(slots, mark) else mark.values("metric")
        if names and not (mark.has("state") and _is_condition(slots, mark.text)) and not _is_named(slots, mark):
            found += names[:1]
    if not found and commit_is_asked(slots):
        found = ["commit_forecast"]
    found = list(dict.fromkeys(found))
    if any(name in found for name in _ABOUT_QUOTA):
        found = [name for name in found if name != "quota"]
    if found == ["quota"] and (slots.has("share") or says(slots, "toward_quota")):
        found = ["quota_attainment"]
    if found == ["quota"] and says(slots, "short_of"):
        found = ["gap"]
    if "gap" in found:
        found = [name for name in found if name != "quota_attainment"]
    others = [name for name in found if name != "pipeline_value"]
    if (others and "coverage" in others) or (others and not _both_asked(slots)):
        found = others
    return found


def _is_named(slots: Slots, mark: Mark) -> bool:
    """Whether the words name a record; "closed won" names a stage only where it narrows deals."""
    if mark.mention is None:
        return False
    return slots.has("kind", "deal") or any(each.entry.kind != "stage" for each in mark.mention.candidates)


def commit_is_asked(slots: Slots) -> bool:
    """ "What's my commit for Q2", 我的承诺是多少: the figure; "what is in commit" asks for its deals."""
    marks = [mark for mark in slots.marks_of("state") if mark.values("state") == ["commit"]]
    if slots.kinds or slots.named("deal", "account", "contact") or not slots.has("ask", *_FIGURE_WORDS):
        return False
    text = slots.reading.text.casefold()
    if text.isascii() is False and not slots.has("ask", "quantity"):
        return False
    return any(
        mark.text.casefold() in _COMMIT and not text[: mark.start].rstrip().endswith(_INSIDE) for mark in marks
    )


def _both_asked(slots: Slots) -> bool:
    """ "My pipeline and my commit": two metrics joined by "and"."""
    marks = [mark for mark in slots.marks if mark.has("metric")]
    text = slots.reading.text.lower()
    return any(
        word in text[one.end : other.start].split()
        or any(sign in text[one.end : other.start] for sign in "和与、,，及")
        for one, other in pairwise(marks)
        for word in ("and", "plus", "vs", "versus")
    )


def _is_condition(slots: Slots, text: str) -> bool:
    """ "Best case", "closed won" beside "deals" narrow the deals; alone they are metrics."""
    return slots.has("kind", "deal") or (
        text.lower() in ("commit", "committed") and not slots.has("measure", "value")
    )


def _measured(slots: Slots) -> list[str]:
    """Counts and totals of the records that the clause names."""
    kinds = [kind for kind in slots.kinds if kind in COUNTS]
    found: list[str] = []
    counted = slots.has("measure", "count")
    if not kinds and _is_vague(slots):
        return _totals(slots, has_kind=False)
    talks = not kinds and slots.has("interaction_type")
    if talks and (counted or slots.has("rank")):
        return ["interaction_count"]
    ranked = slots.has("rank") and not _largest_first(slots) and ranking(slots, kinds[0] if kinds else "deal")
    if counted or (ranked and not slots.has("measure", "value") and "account" not in slots.kinds):
        if slots.has("state", "won", "lost") and (not kinds or kinds[0] == "deal"):
            found += [f"{state}_count" for state in ("won", "lost") if slots.has("state", state)]
        elif closed_by_then(slots) and (not kinds or kinds[0] == "deal"):
            found.append("won_count")
        elif kinds or slots.has("state", "closed"):
            found.append(COUNTS[kinds[0]] if kinds else "deal_count")
    valued = slots.has("measure", "value") or (not found and _compares_results(slots))
    if valued and (not kinds or kinds[0] == "deal") and not slots.named("deal"):
        found += _totals(slots, bool(kinds))
    return found


def _compares_results(slots: Slots) -> bool:
    """ "Compare won in Q2 and Q3", "lost by rep": results side by side are told in money, with their number."""
    compared = bool(_COMPARES.search(slots.reading.text)) or bool(grouping(slots))
    return compared and slots.has("state", "won", "lost")


def _is_vague(slots: Slots) -> bool:
    """各签了多少, 三季度预计成交多少: how much, in no unit; deals are told in money."""
    counts = [mark for mark in slots.marks if "count" in mark.values("measure")]
    vague = bool(counts) and all(mark.text in ("多少", "有多少") for mark in counts)
    dealt = slots.has("state", "won", "lost") or (slots.has("moment", "closing") and bool(slots.dates))
    return vague and dealt and not slots.has("interaction_type")


def _largest_first(slots: Slots) -> bool:
    """ "Biggest open deals per rep": records in an order, not how many there are."""
    following = [mark for mark in slots.marks if not mark.is_filler and not mark.has("state")]
    return any(one.has("sort") and other.has("kind") for one, other in pairwise(following))


def _totals(slots: Slots, has_kind: bool) -> list[str]:
    if slots.has("state", "commit", "best_case") and slots.has("moment", "closing"):
        return ["pipeline_value"]
    if slots.has("state", "closed") and not has_kind:
        return ["closed_won"]
    if (
        slots.has("state", "won")
        or closed_by_then(slots)
        or (slots.has("moment", "closing") and not has_kind and _past(slots))
    ):
        return ["closed_won"]
    if slots.has("state", "lost"):
        return ["closed_lost"]
    narrowed = (
        slots.has("state", "open", "commit", "best_case")
        or slots.has("value")
        or slots.has("moment", "closing")
        or bool(slots.named("stage"))
        or bool(grouping(slots))
    )
    return ["pipeline_value"] if has_kind or narrowed else []


def _past(slots: Slots) -> bool:
    return any(is_past(slots, mention) for mention in slots.dates)


def _about_deals(slots: Slots) -> bool:
    if not slots.kinds:
        # "The average size of the ones we won".
        return slots.has("field", "amount") and slots.has("state", "won")
    return slots.has("kind", "deal") and (
        slots.has("field", "amount") or slots.has("state", "won") or slots.has("measure", "value")
    )
