"""Joins what phrases and structure say of a message with what the network reads in it, call by call.

Phrases are precise and miss much; the network misses little and errs now and then. What only the network found counts
when it is sure enough (`thresholds.py`) and makes sense; what phrases found stays, but for what the network is sure is
none (`doubts.py`). Why: decision 11.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.builtin.questions.followups import narrows_shown
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words
from language.learned.acts import Understood, understood
from language.learned.calls import LearnedCall, Value, learned_calls
from language.learned.doubts import undoubted, without_questions
from language.learned.replacing import VAGUE, joined
from language.learned.sameness import is_same, is_taken
from language.learned.sense import is_known, is_log_of_others, is_sensible, is_told, lies_ahead
from language.learned.thresholds import (
    BELIEVED_OF_BARE,
    NEEDED,
    VERY_SURE,
    certainty,
    clauses_of,
    is_bare,
    is_barred,
    is_believed,
    is_read_surely,
    least_sure,
)
from language.lexicon import Mention
from language.script import is_cjk

# The least chance for fields that are seldom meant, and costly when they are not.
ADDED_RARE = 0.85
_RARE = ("owner", "next_step")
# From that chance on a change is another task's.
SURE_OF_OTHER = 0.8
# The least share of words in Latin and Chinese script.
LEGIBLE = 0.8
# The least share of different words in a message of many.
VARIED, _MANY = 0.2, 20
_AFTER_LATIN = "\u0250"
_LEAST_OF_NEW, _LEAST_OF_WORDS = 2, 2
# What one value tells whole, and what many values tell without a word between them.
_SHORT = ("create_task", "create_account")
_MANY_VALUES = 3
_WITH_WHOM = frozenset({"account", "contacts", "deal"})
_GUARDED = ("log_interaction", "update_deal", "create_deal")
_ORDERING = ("task_new", "polite")
_NAMED = ("deal", "account", "contact", "user")
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "create_task": ("title",),
    "create_contact": ("name", "account"),
    **{f"create_{kind}": ("name",) for kind in ("lead", "account")},
    "create_deal": ("account",),
    "create_ticket": ("subject",),
}


def merged(outline: Outline, calls: Sequence[Call], seen: Understood | None = None) -> list[Call]:
    """The calls of both, in the order of the message; by default with what the shipped network sees."""
    is_asked = all("question" in clause.moods for clause in outline.clauses)
    is_asked = is_asked or (bool(calls) and narrows_shown(outline.reading))
    if is_asked or not is_legible(outline):
        return list(calls)
    seen = seen or understood(outline)
    learned_ones = learned_calls(outline, seen)
    if outline.is_mere_talk and not _is_ordered(outline, learned_ones):
        return list(calls)
    found = [call for each in calls if (call := undoubted(outline, each, seen))]
    found = [call for call in found if not any(_is_of_another(outline, call, each) for each in learned_ones)]
    kept = without_questions(outline, _with_all(outline, found, learned_ones, calls), seen)
    kept = [call for call in kept if not _is_day_of_new_task(outline, call, kept)]
    # What is of a new account comes after it.
    return sorted(_linked(outline, kept), key=lambda call: (call.tool != "create_account", call.at))


def _is_day_of_new_task(outline: Outline, call: Call, calls: Sequence[Call]) -> bool:
    """Whether an old task would move to the day of a new one of the same clause: "put “send Ada the list” on my list
    for Monday" beside an old task to send her something."""
    given = call.given()
    if call.tool != "update_task" or set(given) != {"task", "due"}:
        return False
    clause = next((each for each in outline.clauses if each.start <= call.at < each.end), None)
    return clause is not None and any(
        each.tool == "create_task"
        and clause.start <= each.at < clause.end
        and each.given().get("due") == given["due"]
        for each in calls
    )


def _is_ordered(outline: Outline, learned_ones: Sequence[LearnedCall]) -> bool:
    """Whether what sounds like talk orders something by its name and is believed: "remind me on Sunday to pack, I
    always forget it"."""
    believed = [is_believed(outline, each) for each in learned_ones]
    return outline.has(*_ORDERING) and bool(believed) and all(believed)


def _with_all(
    outline: Outline, calls: list[Call], learned_ones: Sequence[LearnedCall], told: Sequence[Call]
) -> list[Call]:
    """The calls with all that the network reads; two tasks that are believed are never one."""
    found, taken = calls, list[Call]()
    is_only_log = sum(each.tool == "log_interaction" for each in learned_ones) == 1
    is_sure = is_read_surely(learned_ones)
    for learned in learned_ones:
        after = _with(outline, found, learned, told, is_only_log=is_only_log, is_sure=is_sure)
        is_own = learned.tool == "create_task" and is_believed(outline, learned)
        own = [call for call in after if is_own and all(call is not each for each in found)]
        taken += own
        found = [call for call in after if all(call is not each for each in own)]
    return [*found, *taken]


def _is_of_another(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    """Whether phrases changed a task by what the network surely reads of another one: "X: done. The call moves to
    Friday"."""
    if call.tool != "update_task" or learned.tool != call.tool or not _is_meant(outline, learned):
        return False
    given = {name: value for name, value in call.given().items() if name != "task"}
    theirs = {name: value.said for name, value in learned.values.items() if value.part.sure >= SURE_OF_OTHER}
    return (
        bool(given) and given.items() <= theirs.items() and call.arguments.get("task") != learned.about.get("task")
    )


def _linked(outline: Outline, calls: Sequence[Call]) -> list[Call]:
    """The calls with the only interaction linked to the only deal that changes, when both are of one account."""
    logs = [call for call in calls if call.tool == "log_interaction"]
    changed = _filed_under(outline) or {
        str(call.arguments.get("deal")) for call in calls if call.tool == "update_deal"
    }
    if len(logs) != 1 or len(changed) != 1 or logs[0].arguments.get("deal"):
        return list(calls)
    lexicon = outline.reading.situation.lexicon
    deal = lexicon.get(changed.pop())
    given = logs[0].arguments
    told = [lexicon.get(each) for each in (*given.get("contacts", ()), given.get("account", ""))]
    homes = {each.home_account for each in told if each is not None}
    if deal is None or deal.account_id not in homes:
        return list(calls)
    return [replace(call, arguments={**given, "deal": deal.id}) if call is logs[0] else call for call in calls]


def _filed_under(outline: Outline) -> set[str]:
    """The deal that a log belongs to in so many words: "it belongs to the renewal"."""
    hits = [hit for hit in outline.all_hits if hit.tag == "file_under"]
    words = [word for hit in hits for word in outline.words[hit.first : hit.after] if "deal" in word.kinds]
    return {
        Targets(outline).deal_of_mention(each.thing).reference for each in words if isinstance(each.thing, Mention)
    }


def is_legible(outline: Outline) -> bool:
    """Whether nearly all words are written as English or Chinese is, and they are not the same ones over and over: of
    anything else the network knows nothing."""
    words = [word.canon for word in outline.words if not word.kinds and any(map(str.isalpha, word.canon))]
    if len(outline.words) > _MANY and len({word.canon for word in outline.words}) < VARIED * len(outline.words):
        return False
    return sum(map(_is_known_script, words)) >= LEGIBLE * len(words)


def _is_known_script(word: str) -> bool:
    return all(sign < _AFTER_LATIN or is_cjk(sign) for sign in word)


def _with(
    outline: Outline,
    calls: list[Call],
    learned: LearnedCall,
    told: Sequence[Call],
    *,
    is_only_log: bool,
    is_sure: bool,
) -> list[Call]:
    """The calls with one that the network reads; `told` are those of the phrases alone. Of a message of which the
    network `is_sure` as a whole, what makes sense is taken."""
    same = next((call for call in calls if is_same(outline, call, learned)), None)
    if learned.tool == "log_interaction" and is_only_log:
        logs = [call for call in calls if call.tool == learned.tool]
        if len(logs) > 1:
            return calls
        same = logs[0] if logs else None
    sure = {name: value for name, value in learned.values.items() if _is_sure(outline, learned, name, value, told)}
    if same is not None:
        return [joined(outline, call, sure) if call is same else call for call in calls]
    if any(is_taken(outline, call, learned) for call in calls):
        return calls
    if is_sure and _makes_sense(outline, learned):
        return [*calls, _made(outline, learned)]
    needed = _NEEDED.get(learned.tool, ())
    if _lacks(outline, learned, sure):
        return calls
    is_new = learned.tool.startswith(("create_", "update_record"))
    is_listed = len(sure) >= _MANY_VALUES and certainty(learned) >= VERY_SURE and learned.tool != "create_deal"
    if is_new and not is_listed and _is_names_alone(outline, learned):
        return calls
    is_meant = learned.tool == "update_deal" or _is_meant(outline, learned)
    if not is_meant or not sure or any(name not in sure for name in needed):
        return calls
    return [*calls, _made(outline, replace(learned, values=sure))]


def _lacks(outline: Outline, learned: LearnedCall, sure: Mapping[str, Value]) -> bool:
    """Whether the deal that changes is not known, an interaction is hardly told or with nobody known, or a new record
    has little to it."""
    if learned.tool == "update_deal":
        return not learned.about.get("deal")
    if learned.tool == "log_interaction":
        return not (_is_told_surely(learned, sure) and _is_with_someone_known(outline, sure))
    is_new = learned.tool.startswith("create_")
    return is_new and (_says_little(learned, sure) or _is_known_deal(outline, sure))


def _made(outline: Outline, learned: LearnedCall) -> Call:
    """The call; an interaction of no known type is a note."""
    call = learned.call(outline)
    is_vague = call.tool == "log_interaction" and "type" not in call.arguments
    return replace(call, arguments={**call.arguments, "type": VAGUE}) if is_vague else call


def _makes_sense(outline: Outline, learned: LearnedCall) -> bool:
    """Whether a call of a message that was read surely may be made whole, where no mood bars it.

    Not of interactions, deals and tasks that are done: of what the guards refuse of these a fifth is wrong even there.
    """
    values = learned.values
    if learned.tool in _GUARDED or not values or any(each not in values for each in _NEEDED.get(learned.tool, ())):
        return False
    if is_barred(outline, learned):
        return False
    if learned.tool.startswith(("create_", "update_record")) and _is_names_alone(outline, learned):
        return False
    if learned.tool == "update_task":
        return "status" not in values and is_known(outline, learned.about["task"])
    return learned.tool != "create_task" or not (is_told(outline, learned) or is_log_of_others(outline, learned))


def _is_told_surely(learned: LearnedCall, sure: Mapping[str, Value]) -> bool:
    """Whether it is known what kind of interaction took place, or at least surely that one did, and how long: "had a
    cal with Ines, 25 min"."""
    return "type" in sure or ("duration" in sure and learned.act.sure >= VERY_SURE)


def _is_with_someone_known(outline: Outline, sure: Mapping[str, Value]) -> bool:
    """Whether an account, deal or participant of an interaction is on record."""
    names = [each for name in _WITH_WHOM if name in sure for each in _listed(sure[name].said)]
    is_lead = "contacts" in sure and any("lead" in word.kinds for word in sure["contacts"].part.words)
    return is_lead or any(outline.reading.situation.lexicon.get(each) is not None for each in names)


def _listed(said: object) -> Sequence[str]:
    return [str(each) for each in said] if isinstance(said, list) else [str(said)]


def _says_little(learned: LearnedCall, sure: Mapping[str, Value]) -> bool:
    """Whether one value alone tells of a new record, and the network is not very sure of it."""
    is_very_sure = certainty(learned) >= VERY_SURE and learned.tool in _SHORT
    return len(sure) < _LEAST_OF_NEW and not is_very_sure


def _is_known_deal(outline: Outline, sure: Mapping[str, Value]) -> bool:
    """Whether a new deal has nothing but words of known names, and nothing says that it is new."""
    name = sure["name"].part if "account" in sure and "name" in sure else None
    if (
        name is None
        or outline.has("create")
        or any(word.canon in load_words("record_words")["said_new"] for word in outline.words)
    ):
        return False
    return all(word.kinds or _is_in_a_name(outline, word.canon) for word in name.words)


def _is_names_alone(outline: Outline, learned: LearnedCall) -> bool:
    """Whether an act holds nothing but names and values: these ask for nothing.

    The words of a task's title ask for it; of other new records those count that stand beside the values. Words of
    known names ask for nothing.
    """
    act = learned.act
    beside = list(range(act.first, act.after))
    if learned.tool.startswith("create_") and learned.tool != "create_task":
        values = {i for part in act.parts for i in range(part.first, part.after)}
        beside = [i for i in beside if i not in values]
    words = {word.canon for word in (outline.words[i] for i in beside) if not word.kinds and _tells(word.canon)}
    if outline.reading.language == "en":
        # Chinese signs in an English sentence are a name.
        words = {word for word in words if not is_cjk(word[0])}
    words = {word for word in words if not _is_in_a_name(outline, word)}
    least = _LEAST_OF_WORDS if learned.tool == "create_task" else 1
    return len(words - set(load_words("answers")["little"])) < least


def _is_in_a_name(outline: Outline, word: str) -> bool:
    lexicon = outline.reading.situation.lexicon
    names = (entry.name.casefold() for kind in _NAMED for entry in lexicon.of_kind(kind))
    return any(word in (name if is_cjk(word[0]) else name.split()) for name in names)


def _tells(word: str) -> bool:
    """Whether it is a word of ours: no figure, no single letter, no other script."""
    return word.isalnum() and _is_known_script(word) and (len(word) > 1 or is_cjk(word))


def _is_sure(outline: Outline, learned: LearnedCall, name: str, value: Value, calls: Sequence[Call]) -> bool:
    """Whether a value may be added: sure enough, sensible, and not what phrases read elsewhere."""
    _, least = least_sure(outline, learned, name)
    if name in _NEEDED.get(learned.tool, ()) and learned.tool != "create_task":
        return value.part.sure >= NEEDED
    if learned.tool != "update_deal":
        return value.part.sure >= least
    if value.part.sure < (ADDED_RARE if name in _RARE else least) or not _is_meant(outline, learned, name):
        return False
    is_named = any(word.kinds & {"deal"} for part in learned.act.all("on") for word in part.words)
    if name == "owner" and not is_named and certainty(learned, name) < VERY_SURE:
        return False
    is_read = any(call.tool == "update_deal" and call.arguments.get(name) == value.said for call in calls)
    if is_read and not learned.is_joint:
        return False
    return is_sensible(outline, learned, name, value)


def _is_meant(outline: Outline, learned: LearnedCall, name: str = "") -> bool:
    """Whether an act is sure enough; what is logged lies behind us, and a task was not done already."""
    if learned.act.sure < least_sure(outline, learned, name)[0]:
        return False
    if learned.tool == "update_task" and not is_known(outline, learned.about["task"]):
        return any(each.has("task_word", "task_done") for each in clauses_of(outline, learned))
    if learned.tool == "create_task":
        return not is_told(outline, learned) and not is_log_of_others(outline, learned)
    is_vague = is_bare(learned) and certainty(learned) < BELIEVED_OF_BARE
    return learned.tool != "log_interaction" or not (is_vague or lies_ahead(outline, learned))
