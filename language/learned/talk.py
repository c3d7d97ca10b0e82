"""What was talked about before a message, as marked messages tell it."""

from collections import Counter
from collections.abc import Iterator, Mapping

from language.builtin.dialogue import Dialogue, PastCall
from language.learned.markup import TALKED_OF

_KIND_OF_TOOL: Mapping[str, str] = {
    "log_interaction": "interaction",
    "update_deal": "deal",
    "update_task": "task",
    "convert_lead": "lead",
    **{f"create_{kind}": kind for kind in ("task", "deal", "lead", "contact", "account", "ticket")},
}
_NAMED_LIKE = {"interaction": "log"}
# How many turns back something may have been talked about for words to lean on it.
REACH = 3


def talked_of(dialogue: Dialogue) -> tuple[str, ...]:
    """The kinds that the last turns were about, as messages are marked: “deal” for one, “deals” for a list.

    Behind a question what was changed before it is still there to be put right.
    """
    found: set[str] = set()
    for turn in reversed(dialogue.turns[-REACH:]):
        is_change = any(changed_kind(past) for past in turn.calls)
        if is_change or not found:
            found |= {each for past in turn.calls for each in _kinds(past)}
        if is_change:
            break
    return tuple(sorted(found))


def _kinds(past: PastCall) -> Iterator[str]:
    kind = changed_kind(past)
    counts = {kind: 1} if kind else Counter(each for each, _, _ in past.records)
    listed = past.call.arguments.get("kind") if past.call.tool == "list_records" else ""
    for each, count in counts.items():
        name = _NAMED_LIKE.get(each, each)
        if name in TALKED_OF and (not listed or listed == each):
            yield name if count == 1 else f"{name}s"


def changed_kind(past: PastCall) -> str:
    """The kind of record that a call changed or proposed to change; empty for a question."""
    if past.failed:
        return ""
    if past.call.tool in ("update_record", "delete_record"):
        return str(past.call.arguments.get("kind", ""))
    return _KIND_OF_TOOL.get(past.call.tool, "")
