"""A field of a record put right: another colleague, status, priority, address or number than the one just set."""

from language.builtin.calls import Call
from language.builtin.choices import choice_meant
from language.builtin.clauses import Outline
from language.builtin.denials import is_denied
from language.builtin.dialogue import PastCall
from language.builtin.people_facts import email_in, phone_in, with_end
from language.builtin.targets import Targets
from language.lexicon import Mention

_COLLEAGUES = ("owner", "assignee")


def corrected_field(outline: Outline, past: PastCall) -> list[Call]:
    """The same fields of the same record with what the message gives instead; none where it gives nothing else."""
    arguments = past.call.arguments
    old = arguments.get("fields")
    if not isinstance(old, dict) or str(arguments.get("kind")) in ("interaction", "task"):
        return []
    found = {name: value for name in old if (value := _instead(outline, str(arguments["kind"]), name, str(old[name]))) != ""}
    changed = {name: value for name, value in found.items() if value != old[name]}
    fields = {**old, **changed} if past.waits else changed
    return [Call("update_record", {**arguments, "fields": fields})] if changed else []


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
