"""Finds the interactions that a message reports: which kind, from which side, in which clauses, and whether
to log them.

What took place is told from what is planned, asked, denied or known by hearsay. Who took part is
`encounter_people`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from language.builtin.claims import claimed_by_creations
from language.builtin.clauses import Clause, Outline, dates_in
from language.builtin.patterns import Hit
from language.builtin.targets import Targets
from language.builtin.todo import find_todos

_UNREAL = frozenset({"condition", "undecided"})
_STRENGTH = {"note": 0, "call": 1, "meeting": 1, "email": 1, "message": 1, "visit": 2}


@dataclass
class Encounter:
    """One interaction: the clauses that report it (`anchors`), its type and direction so far."""

    type: str
    direction: str
    anchors: list[Clause] = field(default_factory=list)
    is_named: bool = False

    @property
    def at(self) -> int:
        """Where the message begins to report it."""
        return self.anchors[0].start

    @property
    def index(self) -> int:
        """The first clause that reports it."""
        return self.anchors[0].index


@dataclass(frozen=True, slots=True)
class _Sign:
    clause: Clause
    hit: Hit


def find_encounters(outline: Outline) -> list[Encounter]:
    """The interactions to be logged, in the order of the message."""
    if outline.is_mere_talk or _is_forbidden(outline) or (outline.has("draft") and not is_commanded(outline)):
        return []
    signs = [sign for clause in _open_clauses(outline) for sign in _signs(outline, clause)]
    commands = [clause for clause in outline.clauses if _is_command(clause)]
    if not signs and commands:
        return [_of_pasted(commands[0]) if outline.reading.pasted else Encounter("note", "", [commands[0]])]
    if signs and not commands and _is_context_of_question(outline, signs):
        return []
    return _merged(outline, signs, commands)


def _of_pasted(command: Clause) -> Encounter:
    """A text of somebody else that is to be kept: a message where it is called one, else an e-mail."""
    return Encounter("message" if command.has("message_word") else "email", "inbound", [command])


def is_commanded(outline: Outline) -> bool:
    """Whether the person says to log something."""
    return any(_is_command(clause) for clause in outline.clauses)


def _is_command(clause: Clause) -> bool:
    return _commands(clause) and not clause.has("no_log") and not clause.moods & (_UNREAL | {"question"})


def _commands(clause: Clause) -> bool:
    """Whether "log" or "note" is said as a verb: not "show me the log"."""
    nouns = clause.all("log_noun")
    return any(
        not any(noun.first <= hit.first < noun.after for noun in nouns) for hit in clause.all("log", "note")
    )


def _is_forbidden(outline: Outline) -> bool:
    return any(
        clause.has("no_log") and not clause.has("absence") for clause in outline.clauses
    ) and not is_commanded(outline)


def _open_clauses(outline: Outline) -> list[Clause]:
    """The clauses that no task has taken up."""
    taken = {clause.index for todo in find_todos(outline) for clause in todo.clauses if not clause.has("log")}
    taken |= claimed_by_creations(outline)
    return [clause for clause in outline.clauses if clause.index not in taken]


def _signs(outline: Outline, clause: Clause) -> list[_Sign]:
    if (
        clause.moods & _UNREAL
        or ("question" in clause.moods and not is_commanded(outline))
        or clause.has("no_log")
    ):
        return []
    commanded = is_commanded(outline)
    found = [hit for hit in clause.all("contacted") if _took_place(outline, clause, hit)]
    if commanded or _lies_behind(outline, clause):
        found += [
            hit
            for hit in clause.all("contact_noun")
            if commanded or not clause.has("plan", "task_move", "task_word")
        ]
    found += [hit for hit in clause.all("contact_reply") if commanded]
    found += [hit for hit in clause.all("note") if commanded]
    step = clause.hit("next_step")
    return [_Sign(clause, hit) for hit in found if step is None or hit.first < step.first]


def _took_place(outline: Outline, clause: Clause, hit: Hit) -> bool:
    denied = (
        any(each.tag == "negation" and each.first <= hit.first for each in clause.hits)
        and "negation" in clause.moods
    )
    planned = any(each.tag == "plan" and each.first <= hit.first < each.after + 4 for each in clause.hits)
    ahead = _is_ahead(outline, clause, hit)
    if denied or planned or ahead:
        return False
    return is_commanded(outline) or not _is_of_colleague(outline, clause, hit)


def _is_ahead(outline: Outline, clause: Clause, hit: Hit) -> bool:
    """Whether the clause sets the contact to a time that lies ahead, even where bare weekdays are read as
    past ones."""
    today = outline.reading.situation.today
    until = outline.words[min(hit.after + 1, clause.after - 1)].end
    dates = [date for date in outline.reading.past_dates if clause.start <= date.span.start < until]
    days = [date.on or (date.period.start if date.period else None) for date in dates]
    opens_past = any(day is not None and day <= today for day in days)
    return any(day is not None and day > today for day in days) and not opens_past


def _is_of_colleague(outline: Outline, clause: Clause, hit: Hit) -> bool:
    """ "Tom called Ben": somebody else's call, told in passing."""
    if "hearsay" in clause.moods:
        return True
    words = [
        word
        for word in outline.words[clause.first : hit.after]
        if "user" in word.kinds and "contact" not in word.kinds
    ]
    if not words or any(word.canon in ("i", "we", "me", "us", "我", "我们") for word in clause.words):
        return False
    last = outline.words.index(words[-1])
    following = outline.words[last + 1].canon if last + 1 < len(outline.words) else ""
    return following not in ("'s", "'", "的") and last <= hit.first


def _lies_behind(outline: Outline, clause: Clause) -> bool:
    """Whether a mere noun ("call with Ben") is said of the past: a past day, a length, "just now", or a
    heading."""
    today = outline.reading.situation.today
    dates = dates_in(clause)
    if any(date.on and date.on > today for date in dates) or clause.has("plan", "task_new", "promise"):
        return False
    if any(date.on and date.on <= today for date in dates) or clause.things("duration"):
        return True
    if any(hit.value.get("behind") for hit in clause.hits):
        return True
    noun = clause.hit("contact_noun")
    return noun is not None and _heads_message(outline, clause, noun)


def _heads_message(outline: Outline, clause: Clause, noun: Hit) -> bool:
    """ "Call with Ben: he wants …": the noun opens the message, and something is told after it."""
    opens = all(word.kinds or not word.canon.isalnum() for word in outline.words[: noun.first])
    tells = clause.index + 1 < len(outline.clauses) and outline.clauses[clause.index + 1].is_plain
    return opens and tells and not clause.has("task_move", "move")


def _is_context_of_question(outline: Outline, signs: Sequence[_Sign]) -> bool:
    """ "Got Kestrel on the line, what are they paying?": the call is only the reason for a question."""
    reporting = {sign.clause.index for sign in signs}
    others = [
        clause
        for clause in outline.clauses
        if clause.index not in reporting and any(w.canon.isalnum() for w in clause.words)
    ]
    return (
        bool(others)
        and all("question" in clause.moods or len(clause.words) < 4 for clause in others)
        and any("question" in clause.moods for clause in others)
    )


def _merged(outline: Outline, signs: Sequence[_Sign], commands: Sequence[Clause]) -> list[Encounter]:
    found: list[Encounter] = []
    for sign in signs:
        kind, direction = sign.hit.value["type"], sign.hit.value.get("direction", "")
        current = found[-1] if found else None
        if current is None or _is_another(outline, current, sign):
            found.append(Encounter(kind, direction, [sign.clause], sign.hit.tag == "contacted"))
            continue
        if sign.clause not in current.anchors:
            current.anchors.append(sign.clause)
        if _overrides(current, sign, kind):
            current.type, current.direction = kind, direction
            current.is_named = current.is_named or sign.hit.tag == "contacted"
        elif kind == current.type and not current.direction:
            current.direction = direction
    return found


def _overrides(current: Encounter, sign: _Sign, kind: str) -> bool:
    if kind == current.type:
        return False
    if (
        sign.hit.tag == "contact_noun"
        and sign.clause.has("log")
        and kind != "note"
        and sign.clause.index != current.index
    ):
        return True
    return _STRENGTH[kind] > _STRENGTH[current.type] or (
        not current.is_named and sign.hit.tag == "contacted" and kind != "note"
    )


def _is_another(outline: Outline, current: Encounter, sign: _Sign) -> bool:
    """Whether a sign tells of a second interaction: another account, or other people by another channel."""
    if sign.clause in current.anchors or sign.hit.tag != "contacted" or sign.hit.value["type"] == "note":
        return False
    ours, theirs = _accounts(outline, current.anchors), _accounts(outline, [sign.clause])
    if ours and theirs and not ours & theirs:
        return True
    people = {word.canon for clause in current.anchors for word in clause.things("contact")}
    others = {word.canon for word in sign.clause.things("contact")}
    different = sign.hit.value["type"] != current.type and current.is_named
    return bool(
        people
        and others
        and not people & others
        and different
        and {current.type, sign.hit.value["type"]} != {"visit", "meeting"}
    )


def _accounts(outline: Outline, clauses: Sequence[Clause]) -> set[str]:
    targets = Targets(outline)
    homes = set[str]()
    for clause in clauses:
        homes |= targets.accounts_in(clause.words)
    return homes
