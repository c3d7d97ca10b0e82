"""Corrections of what the last turn did or proposed: another record, another value, another person, a name spelt right
("sorry, Thursday", "wrong one, the renewal", "it was 25 minutes", 改成周五吧)."""

from collections.abc import Callable, Mapping, Sequence

from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.builtin.complete import is_complete
from language.builtin.corrected_deals import corrected_deal, takes_back
from language.builtin.corrected_fields import corrected_field
from language.builtin.corrected_logs import corrected_log, denies_sort
from language.builtin.corrected_names import corrected_name, facts_given
from language.builtin.corrected_tasks import corrected_task
from language.builtin.denials import is_denied
from language.builtin.dialogue import PastCall
from language.builtin.only_values import says_only
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.requests.meta import asks_for_undo
from language.builtin.targets import Targets
from language.builtin.words import accounts_in

_OPENING = 2
_LONGEST, _LONGEST_RESTATED, _SHORT = 28, 12, 4
_OTHER_ACTS = ("task_new", "task_again", "log", "create", "convert", "draft", "next_step", "contacted")
_TURNS_BACK = 4
_OF_LOGS = frozenset({"log", "contacted"})
_FIELDS_OF_DEALS = ("close_word", "amount_word", "to_stage", "forecast")
_OF_DEALS = ("push", "pull", *_FIELDS_OF_DEALS, "task_word")
_RESTATING = ("mine", "restated", "set_word", "task_move", "stage_verb", "amount_change", "move", "it", "new_day")
_NAMES = ("deal", "account", "lead", "ticket", "task")


@request(precedence=45, exclusive=True)
def corrections_of_last_turn(reading: Reading) -> Sequence[Call]:
    """Calls that put right what the last turn did; none when the message does not correct it."""
    outline = reading.outline
    last = reading.dialogue.last
    done = [past for past in last.calls if past.result.get("undo") or past.waits] if last else []
    if not done or any("question" in clause.moods for clause in outline.clauses) or _length(outline) > _LONGEST:
        return ()
    for past in reversed(done):
        kind = _kind(past)
        if (
            kind
            and not _is_something_else(outline, kind)
            and (_is_meant(reading, past, kind) or asks_for_undo(reading))
        ):
            calls = _corrected(reading, past, kind)
            if calls:
                return calls
    return _corrections_of_earlier_log(reading)


def _corrections_of_earlier_log(reading: Reading) -> Sequence[Call]:
    """ "Add him to the meeting entry", "it was Owen I talked to, fix the call": a log of a few turns back, where the
    message points at it and puts something right."""
    outline = reading.outline
    corrects = _is_correction(outline) or outline.has("besides", "taken_off", "unlog")
    if not (corrects and outline.has("log_pointed")) or _is_something_else(outline, "interaction"):
        return ()
    earlier = (past for turn in reversed(reading.dialogue.turns[-_TURNS_BACK:]) for past in reversed(turn.calls))
    logged = next((past for past in earlier if _kind(past) == "interaction" and past.result.get("undo")), None)
    return corrected_log(outline, logged) if logged is not None else ()


def _corrected(reading: Reading, past: PastCall, kind: str) -> list[Call]:
    outline = reading.outline
    if past.call.tool == "update_deal":
        return corrected_deal(outline, past, is_undone=asks_for_undo(reading))
    if past.call.tool.startswith("create_") and (named := corrected_name(outline, past)):
        return named
    if past.call.tool == "update_record" and (changed := corrected_field(outline, past)):
        return changed
    correct = _CORRECT.get(kind)
    return correct(outline, past) if correct is not None else []


def _kind(past: PastCall) -> str:
    """The kind of record that a call made or changed; what an undo left changed as it was before counts, too."""
    tool = past.call.tool
    if tool == "update_record":
        return str(past.call.arguments.get("kind", ""))
    if tool == "undo_change":
        is_there = all(str(change).startswith("updated") for change in past.result.get("changes", []))
        kinds = {kind for kind, _, _ in past.records}
        return kinds.pop() if is_there and len(kinds) == 1 else ""
    return _KIND_OF.get(tool, tool.removeprefix("create_") if tool.startswith("create_") else "")


def _is_meant(reading: Reading, past: PastCall, kind: str) -> bool:
    """Whether the message corrects that call: it says so, says a value of it anew, or belongs to a proposal."""
    outline = reading.outline
    if kind == "task" and outline.has("one_more") and not past.waits:
        return False
    if _is_correction(outline):
        return True
    if past.waits:
        return not is_complete(reading)
    if past.call.tool == "update_deal":
        return takes_back(outline, past)
    if kind == "interaction":
        return _is_of_log(outline, past)
    if kind == "task":
        return _is_of_task(outline)
    is_short = _length(outline) <= _SHORT and bool(corrected_name(outline, past))
    return _restates(outline) or is_short or bool(facts_given(outline))


def _is_of_log(outline: Outline, past: PastCall) -> bool:
    if denies_sort(outline) or says_only(outline, "log") or outline.has("file_under", "unlog", "taken_off"):
        return True
    if any(clause.things("contact") for clause in outline.clauses):
        return _adds_people(outline, past) or (_restates(outline) and outline.has("restated"))
    return _restates(outline)


def _is_of_task(outline: Outline) -> bool:
    """Somebody named beside a task that was just made is one more, unless the message denies somebody else."""
    people = [
        (clause, word.thing)
        for clause in outline.clauses
        for word in clause.things("contact")
        if word.thing is not None
    ]
    if people and not any(is_denied(outline, clause, thing) for clause, thing in people):
        return False
    return _restates(outline) or says_only(outline, "task") or outline.has("file_under")


def _is_something_else(outline: Outline, kind: str) -> bool:
    """Whether a message asks for something of its own; of a log, "fix the log" and "she called me" do not."""
    acts = [hit for clause in outline.clauses for hit in clause.hits if hit.tag in _OTHER_ACTS]
    corrects = (
        _is_correction(outline)
        or outline.has("besides", "file_under", "unlog", "taken_off")
        or denies_sort(outline)
        or says_only(outline, "log")
    )
    if kind == "interaction" and (outline.has(*_OF_DEALS) or _tells_of_another(outline)):
        return True
    if kind == "task" and outline.has("anew", *_FIELDS_OF_DEALS):
        return True
    if kind == "interaction" and corrects and not outline.has("anew"):
        acts = [hit for hit in acts if hit.tag not in _OF_LOGS]
    return bool(acts)


def _tells_of_another(outline: Outline) -> bool:
    """ "Karl called as well": a contact of its own, no correction of the one that was logged."""
    plain = [clause for clause in outline.clauses if clause.is_plain]
    tells = any(clause.has("contacted") and clause.things("contact") and clause.has("besides") for clause in plain)
    return tells and not _is_correction(outline)


def _length(outline: Outline) -> int:
    return sum(word.canon[0].isalnum() for word in outline.words)


def _is_correction(outline: Outline) -> bool:
    return any(clause.has("correction", "wrong_record", "misspelt") for clause in outline.clauses[:_OPENING])


def _restates(outline: Outline) -> bool:
    """Whether a short message only says a value anew, without naming a record: "make it friday", 改成周五吧."""
    named = any(clause.things(*_NAMES) for clause in outline.clauses)
    return not named and _length(outline) <= _LONGEST_RESTATED and outline.has(*_RESTATING)


def _adds_people(outline: Outline, past: PastCall) -> bool:
    """ "And Priya was with us", where no other account is named than that of the log."""
    record = next((record_id for kind, record_id, _ in past.records if kind == "interaction"), "")
    targets = Targets(outline)
    homes = {str(value) for call in outline.reading.dialogue.calls_on(record) for value in _homes(targets, call)}
    words = [word for clause in outline.clauses for word in clause.things("account", "deal")]
    said = accounts_in(words)
    told = any(clause.has("besides") and clause.is_plain for clause in outline.clauses)
    return told and (not homes or said <= homes)


def _homes(targets: Targets, past: PastCall) -> list[str]:
    arguments = past.call.arguments
    named = [arguments.get("account"), arguments.get("deal"), *arguments.get("contacts", [])]
    entries = [targets.get(str(each)) for each in named if each]
    return [entry.home_account for entry in entries if entry is not None and entry.home_account]


_KIND_OF = {"update_deal": "deal", "update_task": "task", "log_interaction": "interaction"}
_CORRECT: Mapping[str, Callable[[Outline, PastCall], list[Call]]] = {
    "task": corrected_task,
    "interaction": corrected_log,
}
