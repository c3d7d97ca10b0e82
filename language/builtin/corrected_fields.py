"""A field of a record put right: another colleague, status, priority, address or number than the one just set."""

from language.builtin.calls import Call
from language.builtin.choices import choice_meant
from language.builtin.clauses import Clause, Outline
from language.builtin.corrected_deals import stays
from language.builtin.denials import is_denied
from language.builtin.dialogue import PastCall
from language.builtin.people_facts import email_in, phone_in, with_end
from language.builtin.targets import Targets
from language.builtin.task_words import telling
from language.builtin.words import accounts_in, top_candidates
from language.lexicon import Mention
from language.script import has_cjk

_COLLEAGUES = ("owner", "assignee")
# Records that are taken for one another, and how many words of a subject tell one.
_MISTAKEN, _LEAST_SHARED = ("ticket", "lead"), 2


def corrected_field(outline: Outline, past: PastCall) -> list[Call]:
    """The same fields of the same record with what the message gives instead; none where it gives nothing else."""
    arguments = past.call.arguments
    old = arguments.get("fields")
    if not isinstance(old, dict) or str(arguments.get("kind")) in ("interaction", "task"):
        return []
    if (other := _other_record(outline, past)) and not past.waits and not _orders_anew(outline):
        back = Call("undo_change", {"handle": past.result["undo"]}, 0)
        return [back, Call("update_record", {**arguments, "record": other}, 1)]
    found = {
        name: value
        for name in old
        if (value := _instead(outline, str(arguments["kind"]), name, str(old[name]))) != ""
    }
    changed = {name: value for name, value in found.items() if value != old[name]}
    fields = {**old, **changed} if past.waits else changed
    return [Call("update_record", {**arguments, "fields": fields})] if changed else []


def _orders_anew(outline: Outline) -> bool:
    """Whether a message gives a record a status of its own: "sorry, for 703: set it to open again"."""
    return any(
        clause.has("status") and clause.has("status_verb") and clause.is_plain for clause in outline.clauses
    )


def _other_record(outline: Outline, past: PastCall) -> str:
    """The id of the ticket or lead that was meant instead: named, or by its company and words of its subject."""
    kind = str(past.call.arguments.get("kind"))
    old = next((record_id for each, record_id, _ in past.records if each == kind), "")
    found: set[str] = set()
    for clause in outline.clauses if kind in _MISTAKEN and old else ():
        if stays(clause):
            continue
        named = [word.thing for word in clause.things(kind) if isinstance(word.thing, Mention)]
        denied = {thing for thing in named if is_denied(outline, clause, thing)}
        tops = [top_candidates(thing) for thing in named if thing not in denied]
        found |= {top[0].entry.id for top in tops if len(top) == 1 and top[0].entry.kind == kind}
        found |= {_of_company(outline, clause, old)} if kind == "ticket" and not named else set()
    found -= {"", old}
    return found.pop() if len(found) == 1 else ""


def _of_company(outline: Outline, clause: Clause, old: str) -> str:
    """The one ticket of the company named in a clause that shares most words with it: 海润刹车带异响那张."""
    homes = accounts_in(clause.things("account"))
    tickets = [entry for entry in outline.reading.situation.lexicon.of_kind("ticket") if entry.account_id in homes]
    said = telling(
        "".join(word.canon for word in clause.words if not word.kinds) if has_cjk(clause.text) else clause.text
    )
    scores = [(len(said & telling(" ".join(entry.aliases))), entry.id) for entry in tickets if entry.id != old]
    best = max((score for score, _ in scores), default=0)
    top = [record for score, record in scores if score == best]
    return top[0] if best >= _LEAST_SHARED and len(top) == 1 else ""


def _instead(outline: Outline, kind: str, field: str, old: str) -> str:
    if field in _COLLEAGUES:
        return _colleague(outline)
    if field == "email":
        return email_in(outline.text)
    if field == "phone":
        changed = with_end(old, outline.text)
        return phone_in(outline.text) or (changed if changed != old else "")
    if field in ("status", "priority"):
        return _choice(outline, kind, field)
    return ""


def _colleague(outline: Outline) -> str:
    targets = Targets(outline)
    for clause in outline.clauses:
        for word in clause.things("user"):
            if isinstance(word.thing, Mention) and not is_denied(outline, clause, word.thing):
                return targets.person_of(word.thing, "user").reference
    return ""


def _choice(outline: Outline, kind: str, field: str) -> str:
    key = kind if field == "status" else "priority"
    hits = [hit for clause in outline.clauses for hit in clause.all(field) if key in hit.value and clause.is_plain]
    return choice_meant(outline, kind, field, hits[-1].value[key]) if hits else ""
