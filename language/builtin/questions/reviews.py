"""Questions about what is wrong with deals and what to do next."""

from language.builtin.calls import Call
from language.builtin.questions.conditions import conditions
from language.builtin.questions.pointing import pointed_at
from language.builtin.questions.slots import Slots
from language.builtin.questions.subjects import Subject, open_deals_of
from language.builtin.questions.whose import scope

# What a check may be narrowed to; other conditions are what the rules look at themselves.
_NARROWING = frozenset(
    {"account", "amount", "campaign", "close_date", "country", "forecast_category", "industry", "product", "region",
     "segment", "source", "stage"}
)  # fmt: skip


def review_calls(slots: Slots) -> list[Call]:
    """A check of one deal, of an account's open deals, or of someone's pipeline."""
    at = slots.at
    rules = list(slots.values("rule"))
    deals = _deals(slots)
    if deals:
        return [Call("review_deals", {"deal": deal, "rules": rules}, at) for deal in deals]
    whose = scope(slots)
    filters = _narrowed(slots, rules)
    if slots.has("next_action") and not rules:
        # Over many deals it is asked which of them need something, not what is wrong with them.
        rules = ["next"]
    return [
        Call("review_deals", {"scope": person, "rules": rules, "filters": filters}, at)
        for person in whose.split("|")
    ]


def _narrowed(slots: Slots, rules: list[str]) -> list[dict[str, str]]:
    """ "Commit deals at risk": which deals are checked, beyond what the rules themselves are about."""
    about = {"forecast_category"} if {"H6", "H9"} & set(rules) else set()
    about |= {"close_date"} if slots.has("next_action") else set()
    found = conditions(slots, "deal", own=False)
    return [each.plain() for each in found if each.field in _NARROWING - about]


def _deals(slots: Slots) -> list[str]:
    named = [subject for thing in slots.things for subject in [thing.as_kind(["deal", "account"])] if subject]
    deals = [subject.reference for subject in named if subject.kind == "deal"]
    if deals:
        return deals
    for subject in named:
        return _of_account(slots, subject)
    pointed = pointed_at(slots, ["deal"]) if slots.has("pronoun") else None
    return [pointed.reference] if pointed else []


def _of_account(slots: Slots, account: Subject) -> list[str]:
    found = open_deals_of(account.reference, slots.reading.situation.lexicon)
    return found or [account.reference]
