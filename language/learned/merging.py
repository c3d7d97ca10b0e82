"""Joins what phrases and structure say of a message with what the network reads in it, call by call.

Phrases are precise and miss much; the network misses little and errs now and then. What phrases found
stays; what only the network found counts when it is sure enough and makes sense. The thresholds are chosen on the
corpus and on the cases for development (decision 10).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from language.amounts import AmountMention
from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline, dates_in
from language.builtin.vocabulary import load_words
from language.dates import DateMention
from language.learned.acts import Understood, understood
from language.learned.calls import LearnedCall, Value, learned_calls
from language.learned.doubts import undoubted
from language.script import is_cjk

# Least chance of an act and of a part for what only the network found: where some phrase of the act's clauses speaks of
# what the tool does, and where none does.
SPOKEN, UNSPOKEN = (0.8, 0.6), (0.94, 0.85)
SPOKEN_OF: Mapping[str, tuple[float, float]] = {"create_task": (0.7, 0.6), "log_interaction": (0.85, 0.6)}
UNSPOKEN_OF: Mapping[str, tuple[float, float]] = {
    "log_interaction": (0.9, 0.7),
    "update_deal": (0.88, 0.8),
}
# Nothing is created without a phrase that speaks of it.
_NEVER = (2.0, 2.0)
# The least chance for fields that are seldom meant, and costly when they are not.
ADDED_RARE = 0.9
_RARE = ("owner", "competitor", "next_step")
# From that chance on the network's value replaces the phrases'.
CORRECTED = 0.9
_CORRECTED_TOOLS = ("update_deal", "create_task", "log_interaction")
_CORRECTED_FIELDS = (
    "amount",
    "close_date",
    "stage",
    "forecast_category",
    "lost_reason",
    "assignee",
    "duration",
)
# The least share of words in Latin and Chinese script.
LEGIBLE = 0.8
_AFTER_LATIN = "\u0250"
_LEAST_SUM, _LEAST_OF_NEW = 1000, 2
_CREATING = ("create", "add_contact", "add_person", "add_them")
# Which phrases speak of what a tool does; without any of them in its clauses the network has to be surer.
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "log_interaction": ("log", "note", "contacted", "contact_bare", "contact_noun", "terse_channel", "presence"),
    "create_task": ("task_new", "task_word", "promise", "do_later", "do_then", "delegate", "polite"),
    "update_task": (
        "task_word",
        "task_done",
        "task_move",
        "task_give",
        "thing_done",
        "priority",
        "move",
        "push",
        "pull",
    ),
    "delete_record": ("task_drop", "task_drop_it"),
    "convert_lead": ("convert",),
    "update_record": (
        "status",
        "status_verb",
        "assign",
        "title_change",
        "phone_word",
        "priority",
        "set_word",
        "apply",
    ),
    **{f"create_{kind}": _CREATING for kind in ("contact", "lead", "account", "deal", "ticket")},
}
# The same for the fields of a deal.
_SIGNS_OF_FIELDS: Mapping[str, tuple[str, ...]] = {
    "stage": ("stage_verb", "to_stage", "move", "won", "lost", "lost_to"),
    "amount": ("amount_verb", "amount_change", "amount_word"),
    "close_date": ("close_word", "move", "push", "pull"),
    "forecast_category": ("forecast_verb", "forecast_change", "forecast", "move"),
    "lost_reason": ("lost", "lost_to"),
    "next_step": ("next_step",),
    "competitor": ("competitor", "competitor_set", "lost_to"),
    "owner": ("owner_change",),
}
_BARRED = frozenset({"negation", "condition", "question", "undecided", "hearsay", "hedge", "keep"})
_WITH_WHOM = frozenset({"account", "contacts", "deal"})
_NEEDED: Mapping[str, tuple[str, ...]] = {"create_task": ("title", "due")}


def merged(outline: Outline, calls: Sequence[Call], seen: Understood | None = None) -> list[Call]:
    """The calls of both, in the order of the message; by default with what the shipped network sees."""
    is_asked = all("question" in clause.moods for clause in outline.clauses)
    if outline.is_mere_talk or is_asked or not _is_legible(outline):
        return list(calls)
    seen = seen or understood(outline)
    found = list(calls)
    for learned in learned_calls(outline, seen):
        found = _with(outline, found, learned)
    return sorted((call for each in found if (call := undoubted(outline, each, seen))), key=lambda call: call.at)


def _is_legible(outline: Outline) -> bool:
    """Whether nearly all words are written as English or Chinese is: of other scripts the network knows nothing."""
    words = [word.canon for word in outline.words if not word.kinds and any(map(str.isalpha, word.canon))]
    return sum(map(_is_known_script, words)) >= LEGIBLE * len(words)


def _is_known_script(word: str) -> bool:
    return all(sign < _AFTER_LATIN or is_cjk(sign) for sign in word)


def _with(outline: Outline, calls: list[Call], learned: LearnedCall) -> list[Call]:
    same = next((call for call in calls if _is_same(outline, call, learned)), None)
    sure = {
        name: value for name, value in learned.values.items() if _is_sure(outline, learned, name, value, calls)
    }
    if same is not None:
        return [_joined(call, learned, sure) if call is same else call for call in calls]
    if any(_is_taken(outline, call, learned) for call in calls):
        return calls
    needed = _NEEDED.get(learned.tool, ())
    if learned.tool == "update_deal" and not learned.about.get("deal"):
        return calls
    if learned.tool == "log_interaction" and not (_WITH_WHOM & set(sure) and "type" in sure):
        return calls
    if learned.tool.startswith("create_") and len(sure) < _LEAST_OF_NEW:
        return calls
    is_meant = learned.tool == "update_deal" or _is_meant(outline, learned)
    if not is_meant or not sure or any(name not in sure for name in needed):
        return calls
    return [*calls, replace(learned, values=sure).call(outline)]


def _is_sure(outline: Outline, learned: LearnedCall, name: str, value: Value, calls: Sequence[Call]) -> bool:
    """Whether a value may be added: sure enough, sensible, and not what phrases read elsewhere."""
    _, least = _least(outline, learned, name)
    if learned.tool != "update_deal":
        return value.part.sure >= least
    if value.part.sure < (ADDED_RARE if name in _RARE else least) or not _is_meant(outline, learned, name):
        return False
    if name == "owner" and not any(word.kinds & {"deal"} for part in learned.act.all("on") for word in part.words):
        return False
    if any(call.tool == "update_deal" and call.arguments.get(name) == value.said for call in calls):
        return False
    return _is_sensible(outline, learned, name, value)


def _least(outline: Outline, learned: LearnedCall, name: str = "") -> tuple[float, float]:
    """The least chance of an act and of its parts; for a deal, of that field's value."""
    signs = _SIGNS_OF_FIELDS.get(name, ()) if learned.tool == "update_deal" else _SIGNS.get(learned.tool, ())
    if any(each.has(*signs) for each in _clauses(outline, learned)):
        return SPOKEN_OF.get(learned.tool, SPOKEN)
    return _NEVER if learned.tool.startswith("create_") else UNSPOKEN_OF.get(learned.tool, UNSPOKEN)


def _is_meant(outline: Outline, learned: LearnedCall, name: str = "") -> bool:
    """Whether an act is sure enough and no clause of it is a condition, denial, question, hearsay or doubt; what is
    logged lies behind us."""
    clauses = _clauses(outline, learned)
    if not clauses or learned.act.sure < _least(outline, learned, name)[0]:
        return False
    if learned.tool == "create_task" and _is_told(outline, learned):
        return False
    if learned.tool == "log_interaction":
        return not (clauses[0].moods & _BARRED or _lies_ahead(outline, learned))
    return not any(each.moods & _BARRED for each in clauses)


def _clauses(outline: Outline, learned: LearnedCall) -> list[Clause]:
    """The clauses that share words with an act."""
    act = learned.act
    return [each for each in outline.clauses if each.first < act.after and act.first < each.after]


def _is_told(outline: Outline, learned: LearnedCall) -> bool:
    """Whether the title tells a contact that took place, "Ben sent Marek the terms", or names things only: no task."""
    title = learned.values["title"].part
    if all(word.kinds or not word.canon.isalnum() for word in title.words):
        return True
    verb = title.words[0].canon
    if verb.endswith("ed") or verb in load_words("task_words")["told_verbs"]:
        return True
    return any(
        hit.tag == "contacted" and hit.first < title.after and title.first < hit.after for hit in outline.all_hits
    )


def _lies_ahead(outline: Outline, learned: LearnedCall) -> bool:
    """Whether what is told begins with a day to come, or took place on one."""
    today = outline.reading.situation.today
    begin = min(_clauses(outline, learned)[0].after, learned.act.after)
    stretches = [(learned.act.first, begin), *((part.first, part.after) for part in learned.act.all("when"))]
    words = [word for first, after in stretches for word in outline.words[first:after]]
    days = [word.thing for word in words if isinstance(word.thing, DateMention)]
    return any(day.shift or (day.on is not None and day.on > today) for day in days)


def _is_sensible(outline: Outline, learned: LearnedCall, name: str, value: Value) -> bool:
    """No deal closes today or before without being won or lost, none is won with its closing ahead, and a small figure
    without a scale is no sum."""
    dates = [word.thing for word in value.part.words if isinstance(word.thing, DateMention)]
    amounts = [word.thing for word in value.part.words if isinstance(word.thing, AmountMention)]
    ends = any(part.role in ("won", "lost") for part in learned.act.parts)
    if name == "close_date" and dates and dates[0].on is not None:
        return ends or dates[0].on > outline.reading.situation.today
    if name == "stage" and value.part.role == "won":
        days = [
            date.on for clause in _clauses(outline, learned) for date in dates_in(clause) if date.on is not None
        ]
        return all(day <= outline.reading.situation.today for day in days)
    if name == "amount" and amounts:
        return amounts[0].kind != "plain" or amounts[0].value >= _LEAST_SUM
    return True


def _is_same(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    """Whether both are about the same thing."""
    if call.tool != learned.tool:
        return False
    if call.tool == "update_deal":
        return call.arguments.get("deal") == learned.about.get("deal")
    if call.tool in ("update_task", "delete_record"):
        name = "task" if call.tool == "update_task" else "record"
        return call.arguments.get(name) == learned.about.get(name)
    if call.tool == "update_record":
        return call.arguments.get("record") == learned.about.get("record")
    if call.tool == "create_task":
        return _is_same_task(outline, call, learned)
    name = str(call.arguments.get("name", ""))
    is_named = "name" in learned.values and share(name, str(learned.values["name"].said)) >= 0.5
    return is_named or _is_there(outline, call, learned)


def _is_taken(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    """Whether phrases read these words as another change of a task or record, or found an interaction already."""
    if call.tool != learned.tool or call.tool == "update_deal":
        return False
    return call.tool == "log_interaction" or _is_there(outline, call, learned)


def _is_there(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    """Whether a call was asked for where the act stands."""
    words = outline.words[learned.act.first : learned.act.after]
    return words[0].start <= call.at < words[-1].end


def _is_same_task(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    """Tasks are the same that share their day or half of their words, or stand at one place."""
    given = call.given()
    due = learned.values.get("due")
    return (
        share(str(given.get("title", "")), str(learned.values["title"].said)) >= 0.5
        or (due is not None and given.get("due") == due.said)
        or _is_there(outline, call, learned)
    )


def share(one: str, other: str) -> float:
    """Which share of the words of the shorter text the other one has."""
    ours, theirs = (set(_pieces(text)) for text in (one, other))
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def _pieces(text: str) -> Sequence[str]:
    return text.casefold().split() if text.isascii() else [sign for sign in text.casefold() if sign.isalnum()]


def _joined(call: Call, learned: LearnedCall, sure: Mapping[str, Value]) -> Call:
    """The call with what it lacked, and with the network's value where that is surer; which fields of other records
    change, and when it happened, stays as read."""
    if call.tool == "update_record":
        return call
    given = {**call.given(), **({"when": ""} if call.tool == "log_interaction" else {})}
    better = CORRECTED if call.tool in _CORRECTED_TOOLS else 1.0
    return replace(
        call,
        arguments={
            **call.arguments,
            **{
                name: value.said
                for name, value in sure.items()
                if name not in given or (name in _CORRECTED_FIELDS and value.part.sure >= better)
            },
        },
    )
