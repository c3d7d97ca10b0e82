"""Fields of a deal that a message sets and then leaves out again: "…, no wait, scrap the date, just do the stage"."""

from collections.abc import Sequence
from dataclasses import replace

from language.builtin.calls import Call
from language.builtin.clauses import Outline

_ABOUT = frozenset({"deal", "account"})


def without_withdrawn(outline: Outline, calls: Sequence[Call]) -> list[Call]:
    """The calls without the values of deals that later words of the message take back; one with nothing left goes."""
    withdrawn = {hit.value["field"] for hit in outline.all_hits if hit.tag == "field_withdrawn" and hit.first}
    kept = [_without(call, withdrawn) for call in calls] if withdrawn else calls
    return [call for call in kept if call is not None]


def _without(call: Call, fields: set[str]) -> Call | None:
    if call.tool != "update_deal" or not fields & set(call.given()):
        return call
    kept = {name: value for name, value in call.arguments.items() if name not in fields}
    return replace(call, arguments=kept) if {name for name in kept if kept[name]} - _ABOUT else None
