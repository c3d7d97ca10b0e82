"""How sure the network has to be of what only it reads: less where a phrase speaks of what the tool does, more where
none does or where a clause sounds like a condition, a denial, a question, hearsay or doubt.

Chosen on marked messages that the network had not seen (`python -m evals.bench_reading`) and on the cases for
development (decision 11).
"""

from collections.abc import Mapping, Sequence

from language.builtin.clauses import Clause, Outline
from language.learned.calls import LearnedCall

# The least chance of an act, and of each of its parts.
Level = tuple[float, float]
SPOKEN: Level = (0.8, 0.6)
UNSPOKEN: Level = (0.85, 0.75)
BARRED: Level = (0.8, 0.65)
NEVER: Level = (2.0, 2.0)
# Under a mild mood of the very clause: "能不能周二前补一份？", "I didn't ask, so I'll call him on Monday".
IN_MOOD: Level = (0.9, 0.85)
_RECORDS = ("contact", "lead", "account", "ticket")
SPOKEN_OF: Mapping[str, Level] = {
    "create_task": (0.7, 0.6),
    "log_interaction": (0.78, 0.55),
    **{f"create_{kind}": (0.65, 0.55) for kind in _RECORDS},
}
UNSPOKEN_OF: Mapping[str, Level] = {
    "create_task": (0.8, 0.78),
    "log_interaction": (0.82, 0.65),
    "update_record": (0.85, 0.75),
    "update_task": (0.92, 0.85),
    **{f"create_{kind}": (0.85, 0.65) for kind in _RECORDS},
    "create_deal": (0.8, 0.7),
}
# The least chance of what a call cannot do without, when its act is sure enough.
NEEDED = 0.5
# From that mean chance of an act and of what it says on, neither a missing phrase nor a mood counts: the network has
# read conditions and denials, too, and knows better what they reach.
BELIEVED = 0.8
BELIEVED_OF: Mapping[str, float] = {"update_task": 0.85}
# The same of a task that is told as done: "the samples went out" may be about others.
BELIEVED_DONE = 0.92
# The same of a message that goes on with a talk.
BELIEVED_IN_TALK: Mapping[str, float] = {"update_record": 0.75}
BELIEVED_OF_BARE = 0.9
_WHEN_AND_HOW = frozenset({"when", "duration", "direction"})
BELIEVED_LEVEL: Level = (0.7, 0.5)
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
    **{f"create_{kind}": _CREATING for kind in (*_RECORDS, "deal")},
    "create_lead": (*_CREATING, "lead_word"),
}
# The same for the fields of a deal.
_SIGNS_OF_FIELDS: Mapping[str, tuple[str, ...]] = {
    "stage": ("stage_verb", "to_stage", "move", "won", "lost", "lost_to"),
    "amount": ("amount_verb", "amount_change", "amount_word"),
    "close_date": ("close_word", "move", "push", "pull"),
    "forecast_category": ("forecast_verb", "forecast_change", "forecast", "move"),
    "lost_reason": ("lost", "lost_to"),
    "next_step": ("next_step",),
    "competitor": ("competitor", "lost_to"),
    "owner": ("owner_change",),
}
_MOODS = frozenset({"negation", "condition", "question", "undecided", "hearsay", "hedge", "keep"})
# A clause of more words holds several thoughts; there a mood reaches so many words.
_LONG, _NEAR = 24, 8
# From that mean chance on an act is very sure.
VERY_SURE = 0.9
# So many words before an old value deny it.
_BEFORE_OLD = 2
# What tells of a new record or interaction, besides a title.
_TELLING: Mapping[str, str] = {"log_interaction": "type"}
# A message that leans on the talk before it is short and has few words of its own.
IN_TALK: Mapping[str, Level] = {
    **{tool: (0.6, 0.65) for tool in ("update_deal", "update_task", "delete_record")},
    "update_record": (0.7, 0.7),
}
_IN_MOODS = ("create_task", "update_record")
# From that certainty of every call of a message on, the message was read surely: it holds nothing that puzzles, so that
# what one call lacks in phrases or certainty is made up by the others.
READ_SURELY = 0.8
# Words that are added to what was logged are kept as they are, whatever they say.
KEPT_WORDS: Level = (0.6, 0.7)
# What these change is not changed because somebody says so: "Ivy thinks it's resolved".
_TOLD_BY_NOBODY = ("update_record", "update_task", "delete_record")
# Under these nothing is ever done; a denial or question may be another thought's.
_STRONG = frozenset({"condition", "undecided", "hearsay", "hedge"})
_BESIDE_MOODS = ("create_task", "update_deal", "log_interaction")


def least_sure(outline: Outline, learned: LearnedCall, name: str = "") -> Level:
    """The least chance of an act and of its parts; for a deal, of that field's value.

    A mood of the clause that holds the value forbids it, unless the network is very sure and the mood a mild one; a
    mood of another clause of the act asks for more certainty.
    """
    clauses = clauses_of(outline, learned)
    if learned.about.get("kind") == "interaction":
        if (name or next(iter(learned.values), "")) == "body":
            return KEPT_WORDS
        if "contacts" in learned.values and any(each.has("contacted") for each in clauses):
            return NEVER
    signs = _SIGNS_OF_FIELDS.get(name, ()) if learned.tool == "update_deal" else _SIGNS.get(learned.tool, ())
    is_spoken = any(each.has(*signs) for each in clauses)
    barring = {mood for each in clauses for mood in _barring(each, learned, name)}
    if barring & _STRONG or _is_never(clauses, learned, name, is_spoken=is_spoken):
        return NEVER
    is_denied = _is_denied(clauses, learned, name)
    if certainty(learned, name) >= _believed(outline, learned) and not is_denied:
        return BELIEVED_LEVEL
    is_moody = any(each.moods & _MOODS for each in clauses)
    if is_moody and learned.tool not in _BESIDE_MOODS:
        is_mild = not any(each.moods & _STRONG for each in clauses)
        return IN_MOOD if is_mild and learned.tool in _IN_MOODS else NEVER
    if barring:
        return IN_MOOD if learned.tool in _IN_MOODS else NEVER
    of_tool, usual = (SPOKEN_OF, SPOKEN) if is_spoken else (UNSPOKEN_OF, UNSPOKEN)
    act, part = of_tool.get(learned.tool, usual)
    if name != "title" and (talk := IN_TALK.get(learned.tool)) is not None and outline.reading.dialogue.turns:
        act, part = min(act, talk[0]), min(part, talk[1])
    return (max(act, BARRED[0]), max(part, BARRED[1])) if is_moody else (act, part)


def _believed(outline: Outline, learned: LearnedCall) -> float:
    """From which mean chance on an act of a message is believed."""
    if learned.tool == "update_task" and "status" in learned.values:
        return BELIEVED_DONE
    usual = BELIEVED_OF.get(learned.tool, BELIEVED)
    return BELIEVED_IN_TALK.get(learned.tool, usual) if outline.reading.dialogue.turns else usual


def _is_never(clauses: Sequence[Clause], learned: LearnedCall, name: str, *, is_spoken: bool) -> bool:
    """Whether somebody only says so, no phrase speaks of a competitor, or a next step is something to do: "call Bob
    about the renewal" is no field of the renewal."""
    if learned.tool in _TOLD_BY_NOBODY and any(each.has("reported") for each in clauses):
        return True
    if is_spoken:
        return False
    is_named = bool(learned.act.all("on")) and certainty(learned, name) >= VERY_SURE
    return (name == "competitor" and not is_named) or (
        name == "next_step" and any(each.has("do_later") for each in clauses)
    )


def is_believed(outline: Outline, learned: LearnedCall) -> bool:
    """Whether an act is sure enough in all its parts to need no phrase that speaks of it, and nothing bars it."""
    act, part = BELIEVED_LEVEL
    is_sure = learned.act.sure >= act and all(value.part.sure >= part for value in learned.values.values())
    return is_sure and least_sure(outline, learned) == BELIEVED_LEVEL


def is_read_surely(learned_ones: Sequence[LearnedCall]) -> bool:
    """Whether the network is sure of every call that it reads in a message."""
    return all(certainty(each) >= READ_SURELY for each in learned_ones)


def is_barred(outline: Outline, learned: LearnedCall) -> bool:
    """Whether a mood forbids any value of a call, or a denial stands before it."""
    clauses, names = clauses_of(outline, learned), tuple(learned.values) or ("",)
    return any(least_sure(outline, learned, name) == NEVER or _is_denied(clauses, learned, name) for name in names)


def is_bare(learned: LearnedCall) -> bool:
    """Whether an interaction has neither a day nor a length nor a direction: "in our meeting" tells what somebody
    thinks."""
    return learned.tool == "log_interaction" and not learned.values.keys() & _WHEN_AND_HOW


def certainty(learned: LearnedCall, name: str = "") -> float:
    """The mean chance of an act and of all that it says; of a deal, of one field."""
    values = [learned.values[name]] if name and learned.tool == "update_deal" else learned.values.values()
    chances = [learned.act.sure, *(value.part.sure for value in values)]
    return sum(chances) / len(chances)


def _is_denied(clauses: Sequence[Clause], learned: LearnedCall, name: str) -> bool:
    """Whether something is said to stay within an act, or a denial stands between where it begins and its value; of
    other records than deals, anywhere in the act. "Not Tuesday" denies the old value only."""
    act = learned.act
    until = act.after if learned.tool in _TOLD_BY_NOBODY else _place(learned, name) + 1
    of_old = {i for part in act.all("not") for i in range(part.first - _BEFORE_OLD, part.after)}
    denied, kept = set(range(act.first - 1, until)) - of_old, range(act.first - 1, act.after + 1)
    return any(
        (hit.tag == "negation" and hit.first in denied) or (hit.tag == "keep" and hit.first in kept)
        for clause in clauses
        for hit in clause.hits
    )


def _barring(clause: Clause, learned: LearnedCall, name: str) -> frozenset[str]:
    """The moods of a clause that hold for what a call changes: in dictation, where clauses are long, those near it, and
    within its act where that is very sure; none that a task speaks of, "call Kofi once the part is in"."""
    place, moods = _place(learned, name), clause.moods & _MOODS
    if not moods or not clause.first <= place < clause.after:
        return frozenset()
    hits = [hit for hit in clause.hits if hit.tag in moods]
    is_short = clause.after - clause.first <= _LONG
    content = {i for part in learned.act.all("title") for i in range(part.first + 1, part.after)}
    reach = range(place - _NEAR, place + _NEAR + 1)
    if certainty(learned, name) >= VERY_SURE:
        reach = range(max(reach.start, learned.act.first), min(reach.stop, learned.act.after))
    held = {
        hit.tag
        for hit in hits
        if hit.first not in content and (is_short or (hit.first < reach.stop and reach.start < hit.after))
    }
    return frozenset(held | (moods - {hit.tag for hit in hits}))


def _place(learned: LearnedCall, name: str) -> int:
    """The word at which a change is said: a deal's by field, others with their title or type, else where they begin."""
    telling = name if learned.tool == "update_deal" else _TELLING.get(learned.tool, "title")
    value = learned.values.get(telling)
    return value.part.first if value is not None else learned.act.first


def clauses_of(outline: Outline, learned: LearnedCall) -> list[Clause]:
    """The clauses that share words with an act."""
    act = learned.act
    return [each for each in outline.clauses if each.first < act.after and act.first < each.after]
