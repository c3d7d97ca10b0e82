"""Finds the interactions that a message reports: which kind, from which side, in which clauses, and whether
to log them.

Single signs of them are `encounter_signs`; who took part is `encounter_people`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from language.builtin.claims import claimed_by_creations
from language.builtin.clauses import Clause, Outline, dates_in
from language.builtin.encounter_lists import listed_contacts
from language.builtin.encounter_signs import Sign, bare_signs, is_command, is_commanded, signs_in
from language.builtin.senders import is_talk
from language.builtin.task_edits import find_task_edits
from language.builtin.todo import find_todos
from language.builtin.vocabulary import load_words
from language.builtin.words import accounts_in

_NAMED = ("contacted", "contact_bare")
_WRITTEN = ("email", "message", "call", "note")
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


@lru_cache(maxsize=16)
def find_encounters(outline: Outline) -> list[Encounter]:
    """The interactions to be logged, in the order of the message."""
    if outline.is_mere_talk or _is_forbidden(outline) or (outline.asks_for_draft and not is_commanded(outline)):
        return []
    kind, items = listed_contacts(outline)
    if items:
        return [Encounter(kind, "", [item], is_named=True) for item in items]
    free = _open_clauses(outline)
    signs = [sign for clause in free for sign in signs_in(outline, clause)] or bare_signs(outline, free)
    pasted = bool(outline.reading.pasted)
    creating = claimed_by_creations(outline) | _of_others(outline)
    commands = [
        clause
        for clause in outline.clauses
        if (is_command(clause) and clause.index not in creating) or (pasted and clause.has("keep_it"))
    ]
    if pasted and commands and is_talk(outline.reading):
        return [_of_talk(outline, signs, commands[0])]
    if pasted and commands and not any(sign.hit.value["type"] in _WRITTEN for sign in signs):
        return [_of_pasted(commands[0])]
    if not signs and find_todos(outline):
        # "Remind me to send Wang the minutes, file it under the refit" files the task.
        commands = [clause for clause in commands if not clause.has("file_under")]
    if not signs and commands:
        return [Encounter("note", "", [commands[0]])]
    if signs and not commands and _is_context_of_question(outline, signs):
        return []
    return _merged(outline, signs, commands)


def _of_pasted(command: Clause) -> Encounter:
    """A text of somebody else that is to be kept: a message where it is called one, else an e-mail."""
    return Encounter("message" if command.has("message_word") else "email", "inbound", [command])


def _of_talk(outline: Outline, signs: Sequence[Sign], command: Clause) -> Encounter:
    """A talk that was written down: a call, visit or message where it is called one, else a meeting."""
    told = [(sign.clause, sign.hit) for sign in signs]
    named = [(clause, hit) for clause in outline.clauses for hit in clause.all("contact_noun", "contact_bare")]
    kinds = [(clause, str(hit.value["type"])) for clause, hit in (*told, *named) if hit.value["type"] != "note"]
    clause, kind = next(iter(kinds), (command, "message" if command.has("message_word") else "meeting"))
    return Encounter(kind, "", [clause] if clause is command else [clause, command])


def _is_forbidden(outline: Outline) -> bool:
    return any(
        clause.has("no_log") and not clause.has("absence") for clause in outline.clauses
    ) and not is_commanded(outline)


def _open_clauses(outline: Outline) -> list[Clause]:
    """The clauses that no task has taken up."""
    taken = {clause.index for todo in find_todos(outline) for clause in todo.clauses if not clause.has("log")}
    edited = [clause for edit in find_task_edits(outline) for clause in edit.clauses]
    taken |= {clause.index for clause in edited if not clause.has("log", "contacted")}
    taken |= claimed_by_creations(outline) | _of_others(outline)
    return [clause for clause in outline.clauses if clause.index not in taken]


def _of_others(outline: Outline) -> set[int]:
    """ "Ask Ben to log his call with Ivy": the clauses that tell what a colleague is to log."""
    told = [hit for hit in outline.all_hits if hit.tag == "log_by_other"]
    return {
        each.index for each in outline.clauses for hit in told if hit.first < each.after and each.first < hit.after
    }


def _is_context_of_question(outline: Outline, signs: Sequence[Sign]) -> bool:
    """ "Got Kestrel on the line, what are they paying?": the call is only the reason for a question."""
    reporting = {sign.clause.index for sign in signs}
    if _is_report_by_itself(outline, [sign.clause for sign in signs]):
        return False
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


def _is_report_by_itself(outline: Outline, reporting: Sequence[Clause]) -> bool:
    """ "Visited Ann this morning. What's her number?": a sentence of its own, with how long it took or that it was
    today."""
    asking = {clause.sentence for clause in outline.clauses if "question" in clause.moods}
    today = outline.reading.situation.today
    return any(
        clause.sentence not in asking
        and (clause.things("duration") or any(date.on == today for date in dates_in(clause)))
        for clause in reporting
    )


def _merged(outline: Outline, signs: Sequence[Sign], commands: Sequence[Clause]) -> list[Encounter]:
    found: list[Encounter] = []
    for sign in signs:
        kind, direction = _kind(outline, sign), _direction(outline, sign)
        current = found[-1] if found else None
        if current is None or _is_another(outline, current, sign):
            found.append(Encounter(kind, direction, [sign.clause], sign.hit.tag in _NAMED))
            continue
        if sign.clause not in current.anchors:
            current.anchors.append(sign.clause)
        if _overrides(current, sign, kind) or _is_retake(outline, sign):
            current.type, current.direction = kind, direction
            current.is_named = current.is_named or sign.hit.tag == "contacted"
        elif kind == current.type and not current.direction:
            current.direction = direction
    return found


def _kind(outline: Outline, sign: Sign) -> str:
    """The type of a sign; a call by video is a meeting."""
    words = outline.words[max(sign.clause.first, sign.hit.first - 1) : sign.hit.after]
    by_video = any(word.canon in load_words("people")["video"] for word in words)
    return "meeting" if by_video and sign.hit.value["type"] == "call" else str(sign.hit.value["type"])


def _direction(outline: Outline, sign: Sign) -> str:
    """From which side; 跟她微信聊的 is from neither."""
    first = sign.hit.first
    at = first - 1
    while at > sign.clause.first and (outline.words[at].canon == "的" or "account" in outline.words[at].kinds):
        at -= 1
    before = outline.words[at].canon if at >= sign.clause.first else ""
    is_both = before in ("跟", "和", "与", "同") and bool(outline.words[first].kinds & {"contact", "account"})
    return "" if is_both else str(sign.hit.value.get("direction", ""))


def _is_retake(outline: Outline, sign: Sign) -> bool:
    """ "I called Ivy, no wait, she called me": what follows a correction counts."""
    before = outline.clauses[sign.clause.index - 1] if sign.clause.index else None
    return sign.hit.tag == "contacted" and (
        sign.clause.hits[0].tag == "correction" or (before is not None and before.has("correction"))
    )


def _overrides(current: Encounter, sign: Sign, kind: str) -> bool:
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
        not current.is_named
        and sign.hit.tag == "contacted"
        and kind != "note"
        and (current.type, kind) != ("visit", "meeting")
    )


def _is_another(outline: Outline, current: Encounter, sign: Sign) -> bool:
    """Whether a sign tells of a second interaction: another account, or other people by another channel."""
    if sign.clause in current.anchors or sign.hit.value["type"] == "note":
        return False
    if sign.hit.tag not in _NAMED and not _is_measured_noun(outline, sign):
        return False
    ours, theirs = _accounts(outline, current.anchors), _accounts(outline, [sign.clause])
    if ours and theirs and not ours & theirs:
        return True
    people = {word.canon for clause in current.anchors for word in clause.things("contact")}
    others = {word.canon for word in sign.clause.things("contact")}
    different = sign.hit.value["type"] != current.type and (current.is_named or sign.hit.tag == "contact_noun")
    return bool(
        people
        and others
        and not people & others
        and different
        and {current.type, sign.hit.value["type"]} != {"visit", "meeting"}
    )


def _is_measured_noun(outline: Outline, sign: Sign) -> bool:
    """ "Log: a mail to Carla yesterday and a 15 min call with Nadia": a noun with its own day or length."""
    measured = sign.clause.things("duration", "date")
    return (
        sign.hit.tag == "contact_noun"
        and is_commanded(outline)
        and bool(measured)
        and bool(sign.clause.things("contact"))
    )


def _accounts(outline: Outline, clauses: Sequence[Clause]) -> set[str]:
    homes = set[str]()
    for clause in clauses:
        homes |= accounts_in(clause.words)
    return homes
