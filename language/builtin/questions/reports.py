"""Questions for reports: a forecast with its range, what changed, a waterfall, chances, scores, cohorts."""

import re
from typing import Any

from language.builtin.calls import Call
from language.builtin.questions.conditions import conditions
from language.builtin.questions.periods import periods
from language.builtin.questions.pointing import pointed_at
from language.builtin.questions.slots import Slots
from language.builtin.questions.thresholds import Condition
from language.builtin.questions.whose import scope

_TEAM = re.compile(r"\bteam\b|团队|组里", re.IGNORECASE)
_OF_DEALS = ("win_probability", "changes", "cohorts", "waterfall")
# "The odds of making the number", 完成配额的可能性: the chance to reach a quota, not to win a deal.
_QUOTA = ("quota", "quota_attainment", "gap")
# Conditions that say again, or wrongly, which records count.
_IMPLIED = frozenset(
    {"status", "owner", "assignee", "close_date", "closed_at", "created_at", "probability", "forecast_category"}
)


def report_calls(slots: Slots) -> list[Call]:
    """The call for the report that a clause names; none where its words mean a field of a record."""
    name = _named(slots)
    if not name:
        return []
    kind = "lead" if name == "lead_score" else "deal"
    arguments: dict[str, Any] = {
        "metric": name, "scope": _scope(slots, kind, name), "period": "", "filters": [], "compare_to": "",
    }  # fmt: skip
    when = periods(slots)
    since = [mention for mention in slots.dates if mention.bound in ("since", "from", "after")]
    if name == "waterfall" and since:
        started = [label for label in when if " to " in label]
        arguments["compare_to"] = started[0].split(" to ")[0] if started else ""
        when = [label for label in when if label not in started]
    arguments["period"] = when[0] if when else ""
    if name in (*_OF_DEALS, "lead_score"):
        arguments["filters"] = [each.plain() for each in _filters(slots, kind)]
    return [Call("query_metric", arguments, slots.at)]


def _named(slots: Slots) -> str:
    reports = slots.values("report")
    likely = "win_probability" in reports or slots.has("field", "probability")
    if likely and slots.has("metric", *_QUOTA) and not slots.named("deal"):
        return "forecast_range"
    for name in reports:
        if name == "changes" and not _about_period(slots):
            continue
        if name == "win_probability" and not _about_deals(slots):
            continue
        if name in ("forecast_range", "win_probability") and {"forecast_range", "win_probability"} <= set(reports):
            return "win_probability" if slots.named("deal") else "forecast_range"
        return name
    return ""


def _about_period(slots: Slots) -> bool:
    """ "What changed on the pilot" asks for its history, "what changed since Friday" for all deals."""
    since = any(mention.bound in ("since", "from", "after") for mention in slots.dates)
    return since or not (slots.things or slots.has("pronoun"))


def _about_deals(slots: Slots) -> bool:
    named = bool(slots.named("deal")) or pointed_at(slots, ["deal"]) is not None
    strong = any(mark.has("report") and not mark.has("field") for mark in slots.marks)
    return named or strong


def _scope(slots: Slots, kind: str, name: str) -> str:
    whose = scope(slots)
    # A rep's "how likely are we to hit Q1" is about the forecast that a rep may see.
    if (
        name == "forecast_range"
        and whose == "my team"
        and slots.reading.situation.role == "rep"
        and not _TEAM.search(slots.reading.text)
    ):
        return "me"
    if whose == "me" and slots.named("deal"):
        return ""
    return whose.split("|")[0]


def _filters(slots: Slots, kind: str) -> list[Condition]:
    found = [each for each in conditions(slots, kind, own=False, dates=False) if each.field not in _IMPLIED]
    deals = _deals(slots) if kind == "deal" else []
    return [*found, Condition("name", "=", "|".join(deals))] if deals else found


def _deals(slots: Slots) -> list[str]:
    lexicon = slots.reading.situation.lexicon
    subjects = [thing.by_kind["deal"] for thing in slots.named("deal")]
    if not subjects and slots.has("pronoun"):
        pointed = pointed_at(slots, ["deal"])
        subjects = [pointed] if pointed is not None else []
    entries = [lexicon.get(subject.reference) for subject in subjects]
    return [entry.name for entry in entries if entry is not None]
