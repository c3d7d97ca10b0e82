"""Which value of the network fills or replaces one that phrases read."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.builtin.vocabulary import load_words
from language.learned.calls import Value
from language.learned.sameness import words_in
from language.lexicon import Mention
from language.script import has_cjk

# From that chance on the network's value replaces the phrases', and a shorter text a longer one.
CORRECTED, TRIMMED = 0.8, 0.8
# From that chance on a note is an interaction of the type that the network reads.
TYPED = 0.8
# From that chance on only those took part whom the network names, and none of those whom phrases took: "money sits with
# Carla".
FEWER = 0.93
# From that chance on a task is due on another day: "Friday, no, Friday's a holiday there, so Thursday".
OTHER_DAY = 0.85
# So many words lie between participants and somebody who is only spoken of.
_APART = 6
# From that chance on a field of another record is added to those that phrases read.
ADDED = 0.8
_ADDED_FIELDS = ("priority", "assignee", "owner", "status")
_CORRECTED_TOOLS = ("update_deal", "create_task", "create_deal", "log_interaction")
# New records about which phrases know little: the network's words replace theirs from that chance on.
_NEW_RECORDS, CORRECTED_OF_NEW = ("create_lead", "create_contact", "create_account"), 0.8
_CORRECTED_FIELDS = (
    "amount",
    "close_date",
    "stage",
    "forecast_category",
    "lost_reason",
    "assignee",
    "duration",
)
# Texts of which the network often knows better where they end.
_TRIMMED: Mapping[str, tuple[str, ...]] = {"update_deal": ("next_step",), "create_task": ("title",)}
_LEAST_OF_TEXT = 2
# The type of an interaction when nothing tells it.
VAGUE = "note"


def joined(outline: Outline, call: Call, sure: Mapping[str, Value]) -> Call:
    """The call with what it lacked, and with the network's value where that is surer; when it happened, and what is put
    right about an interaction, stays as read."""
    if call.tool == "update_record":
        return _with_more_fields(call, sure)
    given = {**call.given(), **({"when": ""} if call.tool == "log_interaction" else {})}
    if given.get("lead"):
        given["contacts"] = ""  # A lead is no contact yet.
    added = {
        name: value.said
        for name, value in sure.items()
        if name not in given or _is_better(outline, call.tool, name, given[name], value)
    }
    return replace(call, arguments={**call.arguments, **added})


def _with_more_fields(call: Call, sure: Mapping[str, Value]) -> Call:
    """A change of a record with the fields that phrases missed: "L-52 to Piotr, critical"."""
    fields = dict(call.arguments.get("fields") or {})
    more = {
        name: value.said
        for name, value in sure.items()
        if name in _ADDED_FIELDS and value.part.sure >= ADDED and name not in fields
    }
    if call.arguments.get("kind") == "interaction" or not more:
        return call
    return replace(call, arguments={**call.arguments, "fields": {**more, **fields}})


def _is_better(outline: Outline, tool: str, name: str, given: object, value: Value) -> bool:
    """Whether the network's value replaces the phrases' one: surer, or with somebody whom they missed, or only the part
    of their words that counts."""
    if name == "contacts" and isinstance(given, list):
        known = all(outline.reading.situation.lexicon.get(each) is not None for each in value.said)
        if not set(given) & set(value.said):
            return known and value.part.sure >= FEWER
        if set(given) > set(value.said):
            return (
                known and value.part.sure >= FEWER and _stand_apart(outline, set(given) - set(value.said), value)
            )
        return known and set(given) < set(value.said) and not outline.has("correction", "restated")
    if name == "type":
        return given == VAGUE and value.part.sure >= TYPED
    if tool in _NEW_RECORDS:
        is_cut = name == "name" and _is_cut(str(given), str(value.said))
        return value.part.sure >= CORRECTED_OF_NEW and not is_cut
    if name == "assignee" and outline.has("assignee_each"):
        return False
    if name in _TRIMMED.get(tool, ()):
        said, read = str(value.said).casefold(), str(given).casefold()
        is_text = (
            len(words_in(said)) >= _LEAST_OF_TEXT
            and said.split(" ")[0] not in load_words("titles")["pointing"]
            and said.split(" ")[-1] not in load_words("titles")["no_end"]
        )
        return is_text and value.part.sure >= TRIMMED and said != read and said in read
    if name == "due" and tool == "create_task":
        return value.part.sure >= OTHER_DAY and len(str(given)) == len("2026-01-01")  # An hour is kept.
    is_corrected = outline.has("correction", "retake")  # Which of two values holds, phrases tell better.
    return (
        tool in _CORRECTED_TOOLS
        and name in _CORRECTED_FIELDS
        and value.part.sure >= CORRECTED
        and not is_corrected
    )


def _is_cut(given: str, said: str) -> bool:
    """Whether a name of the network is the phrases' one cut wrongly: "Valley Foods" of Tarn Valley Foods, 管陆子豪."""
    if has_cjk(given):
        return given in said or said in given
    rest = given.replace(said, "").split()
    return said in given and all(word[:1].isupper() for word in rest)


def _stand_apart(outline: Outline, people: Collection[str], value: Value) -> bool:
    """Whether none of some people is named near those whom the network takes for the participants."""
    places = {each: _places_of(outline, [each]) for each in people}
    near = _places_of(outline, value.said)
    return all(found and all(abs(i - k) > _APART for i in found for k in near) for found in places.values())


def _places_of(outline: Outline, people: Collection[str]) -> list[int]:
    """The words that may name one of some people."""
    return [
        i
        for i, word in enumerate(outline.words)
        if isinstance(word.thing, Mention) and any(each.entry.id in people for each in word.thing.candidates)
    ]
