"""What phrases took for a change and the network is sure is none: "the pumps ran 3 days" moves no close date."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from language.amounts import AmountMention
from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.builtin.deal_stages import stage_reference
from language.builtin.meta_patterns import sounds_asked
from language.builtin.outcomes import stage_of_outcome
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.todo import ABOUT
from language.builtin.words import Word
from language.dates import DateMention
from language.learned.acts import Understood
from language.lexicon import Mention

# Below these chances of its role and of its act a value is no new value.
ROLE, ACT = 0.1, 0.3
# Below these chances of its act, at every word, a call is none: of what is created, of what happened, of what changes,
# of what changes in a talk that the message leans on, of what is ordered by its name, and of a question.
NOT_CREATED, NOT_TOLD, NOT_CHANGED, NOT_IN_TALK, NOT_ORDERED, NOT_ASKED = 0.2, 0.02, 0.3, 0.2, 0.005, 0.1
# The same of a change of a deal, which many words may be taken for.
NOT_CHANGED_DEAL = 0.5
# From that chance on words surely have a role, or are words of a text; below that one they are no title while others
# are.
SURE, TEXT, UNTITLED = 0.8, 0.7, 0.3
# From that chance on a day is the one on which something took place, below the second it is none, if from the last one
# on it is another thing's.
WHEN, NOT_WHEN, OTHER_DAY = 0.3, 0.05, 0.9
# From that chance on words belong to something else.
ELSE = 0.5
_ROLES: Mapping[str, Sequence[str]] = {
    "amount": ("amount", "amount-by"),
    "close_date": ("close", "close-by"),
    "stage": ("stage", "won", "lost"),
}
# Where a phrase names the field, the value is not doubted: "correct the amount" may stand far behind it.
_NAMED: Mapping[str, Sequence[str]] = {
    "amount": ("amount_word", "amount_verb", "amount_change", "amount_result"),
    "close_date": ("close_word", "needs_till"),
    "stage": ("stage_word", "stage_verb", "to_stage"),
}
# Phrases that order something by its name: "remind me", "correct the amount".
_ORDERS: Mapping[str, Sequence[str]] = {
    "create_task": ("task_new", "task_word", "promise"),
    "update_task": ("task_word", "not_reached", "off_list"),
    "amount": ("amount_word",),
    "close_date": ("close_word", "needs_till"),
    "stage": ("stage_word",),
    "update_record": ("assign",),
    "owner": ("owner_change",),
}
# Words of these are content, whatever they would mean elsewhere: "next step: get the PO signed".
_TEXTS = ("next", "title", "about", "reason", "not")
# A value that no longer holds, and the chance from which on it does not.
_OLD, NOT_MEANT = "not", 0.65
_OF_DEALS, _OF_TASKS = ("change", "new-deal"), ("task", "retask", "done")
# The acts that a tool answers. What is created has to be seen in its own clause, what is changed anywhere.
_CREATED: Mapping[str, Sequence[str]] = {
    "create_task": _OF_TASKS,
    "create_contact": ("new-contact", "edit-contact"),
    "create_lead": ("new-lead", "edit-lead"),
    "create_account": ("new-account", "new-deal", "new-contact"),
    "create_deal": _OF_DEALS,
    "create_ticket": ("new-ticket", "edit-ticket"),
}
_CHANGED: Mapping[str, Sequence[str]] = {
    "log_interaction": ("log", "relog"),
    "update_task": ("retask", "done", "task"),
    "update_deal": _OF_DEALS,
    "update_record": ("edit-contact", "edit-lead", "edit-account", "edit-ticket"),
}
_ANSWERS = ("get_record", "list_records", "query_metric", "search_interactions", "review_deals")
# Answers that any telling words may be taken for; figures and lists are seldom.
_LOOKED_UP = ("get_record", "search_interactions", "review_deals")
_NAMES = frozenset({"deal", "account", "contact", "lead", "ticket"})
_ABOUT = ("deal", "account", "clear")


def undoubted(outline: Outline, call: Call, seen: Understood) -> Call | None:
    """The call without the values of a deal that the network is sure are none; nothing when none is left, when it sees
    no such request at all, or when an interaction lies ahead."""
    if _is_unseen(outline, call, seen) or _is_no_title(outline, call, seen) or _is_old_task(outline, call, seen):
        return None
    if call.tool == "log_interaction" and _is_addition(outline, call, seen):
        return None
    if call.tool == "log_interaction":
        return None if _is_to_come(outline, call, seen) else _when_told(outline, call, seen)
    if call.tool != "update_deal":
        return call
    doubted = {
        name
        for name, value in call.given().items()
        if _is_doubted(outline, name, str(value), seen) or _is_of_next_step(outline, call, name, str(value))
    }
    if not doubted:
        return call
    kept = {name: value for name, value in call.arguments.items() if name not in doubted}
    return replace(call, arguments=kept) if set(kept) - set(_ABOUT) else None


def _is_addition(outline: Outline, call: Call, seen: Understood) -> bool:
    """Whether words are added to what was logged before, and tell of no other contact: "add to that note that …"."""
    if not outline.reading.dialogue.turns or call.arguments.get("type") != "note":
        return False
    words = [
        i for each in outline.clauses if each.start <= call.at < each.end for i in range(each.first, each.after)
    ]
    adds = any(seen.chance_of_act(i, i + 1, "relog") >= ELSE for i in words)
    return adds and all(seen.chance_of_act(i, i + 1, "log") < ELSE for i in words)


def _leans_on_talk(outline: Outline) -> bool:
    """ "Both slip two weeks" is clear from the talk before, of which the network sees little."""
    return outline.reading.dialogue.last is not None and not any(word.kinds & _NAMES for word in outline.words)


def without_questions(outline: Outline, calls: Sequence[Call], seen: Understood) -> Sequence[Call]:
    """The calls without answers beside what is to be done, and without what is looked up in words that tell something,
    when the network sees no question in the whole message. What asks by its form is looked up: "show the renewal"."""
    if any(seen.chance_of_act(i, i + 1, "ask") >= NOT_ASKED for i in range(len(outline.words))):
        return calls
    changes = [call for call in calls if call.tool not in _ANSWERS]
    if changes or sounds_asked(outline.reading.text):
        return changes or calls
    return [call for call in calls if call.tool not in _LOOKED_UP]


def _is_old_task(outline: Outline, call: Call, seen: Understood) -> bool:
    """Whether what was taken for a new task is surely an old one: "prep for the demo can wait til Friday"."""
    if call.tool != "create_task":
        return False
    words = [
        i for each in outline.clauses if each.start <= call.at < each.end for i in range(each.first, each.after)
    ]
    return any(seen.chance_of_act(i, i + 1, "retask", "done") >= SURE for i in words) and all(
        seen.chance_of_act(i, i + 1, "task") < NOT_TOLD for i in words
    )


def _is_unseen(outline: Outline, call: Call, seen: Understood) -> bool:
    if call.tool == "log_interaction" and outline.has("log"):
        return False
    if (call.given().get("clear") and outline.has("clear_field")) or (
        call.tool == "update_record" and outline.has("opted_out")
    ):
        return False
    if call.tool in _CREATED:
        words, kinds, least = _words_at(outline, call), _CREATED[call.tool], NOT_CREATED
    else:
        words, kinds = list(range(len(outline.words))), _CHANGED.get(call.tool, ())
        least = {"log_interaction": NOT_TOLD, "update_deal": NOT_CHANGED_DEAL}.get(call.tool, NOT_CHANGED)
    if _leans_on_talk(outline):
        least = min(least, NOT_IN_TALK)
    if any(outline.has(*_ORDERS[name]) for name in (call.tool, *call.given()) if name in _ORDERS):
        least = min(least, NOT_ORDERED)
    return bool(words and kinds) and all(seen.chance_of_act(i, i + 1, *kinds) < least for i in words)


def _words_at(outline: Outline, call: Call) -> list[int]:
    """The words of the clause that a call was read in."""
    return [
        i for each in outline.clauses if each.start <= call.at < each.end for i in range(each.first, each.after)
    ]


def _is_no_title(outline: Outline, call: Call, seen: Understood) -> bool:
    """Whether a task is called by words that the network is sure are no title, while it sees one elsewhere."""
    if call.tool != "create_task":
        return False
    text, said = outline.reading.text.casefold(), str(call.arguments.get("title", "")).casefold()
    title = said.partition(ABOUT)[0]
    start = text.find(title) if title else -1
    words = [i for i, word in enumerate(outline.words) if start <= word.start < start + len(title)]
    elsewhere = [i for i in range(len(outline.words)) if i not in words]
    return (
        start >= 0
        and bool(words)
        and all(seen.chance_of_role(i, i + 1, "title") < UNTITLED for i in words)
        and any(seen.chance_of_role(i, i + 1, "title") > SURE for i in elsewhere)
    )


def _when_told(outline: Outline, call: Call, seen: Understood) -> Call:
    """The call without a day on which it took place when the network is sure that its day is another one's."""
    dates = [i for i, word in enumerate(outline.words) if isinstance(word.thing, DateMention)]
    told = any(seen.chance_of_role(i, i + 1, "when") >= NOT_WHEN for i in dates)
    other = any(seen.chance_of_role(i, i + 1, "close", "due", "not") >= OTHER_DAY for i in dates)
    if told or not other or not call.arguments.get("when"):
        return call
    return replace(call, arguments={name: value for name, value in call.arguments.items() if name != "when"})


def _is_to_come(outline: Outline, call: Call, seen: Understood) -> bool:
    """Whether the day on which it took place lies ahead, as the network reads it: 明天和周娜开会，记一下.

    A note may be about a day to come.
    """
    if call.arguments.get("type") == "note":
        return False
    today = outline.reading.situation.today
    clause = next((each for each in outline.clauses if each.start <= call.at < each.end), None)
    ahead = [date.span for date in outline.reading.past_dates if date.on is not None and date.on > today]
    words = [
        i
        for i in (range(clause.first, clause.after) if clause is not None else ())
        if isinstance(outline.words[i].thing, DateMention)
        and any(outline.words[i].start < span.end and span.start < outline.words[i].end for span in ahead)
    ]
    return any(
        seen.chance_of_role(i, i + 1, "when") >= WHEN and seen.chance_of_act(i, i + 1, "log") >= ELSE
        for i in words
    ) or (bool(words) and all(seen.chance_of_act(i, i + 1, "log") < ELSE for i in words))


def _is_doubted(outline: Outline, name: str, value: str, seen: Understood) -> bool:
    roles = _ROLES.get(name, ())
    places = _places(outline, name, value) if roles else []
    is_named = any(hit.tag in _NAMED.get(name, ()) for hit in outline.hits)
    others = [role for role in _TEXTS if not (is_named and role == _OLD)]
    if places and all(seen.chance_of_role(i, i + 1, *others) >= TEXT for i in places):
        return True
    if places and not is_named and all(seen.chance_of_role(i, i + 1, _OLD) >= NOT_MEANT for i in places):
        return True
    if is_named or _leans_on_talk(outline):
        return False
    return bool(places) and all(
        seen.chance_of_role(i, i + 1, *roles) < ROLE and seen.chance_of_act(i, i + 1, *_OF_DEALS) < ACT
        for i in places
    )


def _is_of_next_step(outline: Outline, call: Call, name: str, value: str) -> bool:
    """Whether a value is said in the next step only: "next step: get the contract signed" wins nothing."""
    text = str(call.arguments.get("next_step", ""))
    start = outline.reading.text.find(text) if text and name in _ROLES else -1
    places = _places(outline, name, value) if start >= 0 else []
    return bool(places) and all(start <= outline.words[i].start < start + len(text) for i in places)


def _places(outline: Outline, name: str, value: str) -> list[int]:
    """The words that give a value; an outcome is given by its phrase, too."""
    said = [i for i, word in enumerate(outline.words) if _says(word, value)]
    if name != "stage":
        return said
    situation = outline.reading.situation
    return said + [
        i
        for hit in outline.all_hits
        if hit.tag in ("won", "lost") and stage_of_outcome(situation, hit.tag) == value
        for i in range(hit.first, hit.after)
    ]


def _says(word: Word, value: str) -> bool:
    """Whether a word's day, amount or stage is that value in the server's words."""
    thing = word.thing
    if "stage" in word.kinds and isinstance(thing, Mention):
        return stage_reference(thing) == value
    if isinstance(thing, AmountMention):
        return value in {spoken_amount(thing, sign) for sign in (-1, 0, 1)}
    return isinstance(thing, DateMention) and value in {spoken_date(thing, sign=sign) for sign in (-1, 1)}
