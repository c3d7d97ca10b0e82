"""Which record a question points at without its name: the one named before, or the one talked about last."""

import re
from collections.abc import Sequence

from language.builtin.questions.accounts_meant import account_spoken_of
from language.builtin.questions.slots import Slots
from language.builtin.questions.subjects import Subject, open_deals_of

_CUSTOMER = re.compile(
    r"(?:this|that|the) (?:account|customer|client|company)|这家|那家|(?:这个?|那个?|该)客户", re.IGNORECASE
)


def pointed_at(slots: Slots, kinds: Sequence[str]) -> Subject | None:
    """The record that a pronoun or silence points to: named earlier in the message, or talked about last."""
    customer = any(_CUSTOMER.fullmatch(mark.text) for mark in slots.marks_of("pronoun"))
    if customer and "account" in kinds and (account := account_spoken_of(slots)):
        return Subject("account", account)
    said = slots.earlier.arguments if slots.earlier is not None and slots.earlier.tool == "get_record" else {}
    if said.get("kind") in kinds:
        return Subject(str(said["kind"]), str(said["record"]))
    if "deal" in kinds and (deal := _only_deal_listed(slots)):
        return Subject("deal", deal)
    for thing in reversed(slots.before):
        subject = thing.as_kind(kinds)
        if subject:
            return subject
    for turn in reversed(slots.reading.dialogue.turns[-4:]):
        for past in reversed(turn.calls):
            records = [(kind, record_id) for kind, record_id, _ in past.records if kind in kinds]
            asked = str(past.call.arguments.get("record", ""))
            records.sort(key=lambda each: (each[1] != asked, kinds.index(each[0])))
            alike = [each for each in records if records and each[0] == records[0][0]]
            if len(alike) > 1 and records[0][1] != asked:
                return None
            if records:
                return Subject(records[0][0], records[0][1])
    return None


def part_of_focus(slots: Slots, name: str, kinds: Sequence[str]) -> Subject | None:
    """ "The crane" right after the Harbor deck crane was talked about: words of its name."""
    start = slots.reading.text.find(name)
    if not slots.reading.text[:start].casefold().endswith(("the ", "this ", "that ", "our ")):
        return None
    for kind in kinds:
        focus = slots.reading.dialogue.focus(kind)
        entry = slots.reading.situation.lexicon.get(focus[0]) if focus else None
        if entry is not None and set(name.casefold().split()) <= set(entry.name.casefold().split()):
            return Subject(kind, entry.id)
    return None


def _only_deal_listed(slots: Slots) -> str:
    """The one deal that the question before in the message lists: the open one of an account."""
    earlier = slots.earlier
    if earlier is None or earlier.tool != "list_records" or earlier.arguments.get("kind") != "deal":
        return ""
    accounts = [str(each["value"]) for each in earlier.arguments["filters"] if each["field"] == "account"]
    deals = open_deals_of(accounts[0], slots.reading.situation.lexicon) if len(accounts) == 1 else []
    return deals[0] if len(deals) == 1 else ""
