"""A log put right: who took part, when it was, how long, of what sort and about which deal."""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
from language.builtin.corrected_deals import other_deal
from language.builtin.denials import is_denied, is_denied_at
from language.builtin.dialogue import PastCall
from language.builtin.encounter_people import absent_in
from language.builtin.patterns import Hit
from language.builtin.strangers import names_stranger
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words
from language.builtin.words import Word, top_candidates
from language.dates import DateMention
from language.lexicon import Entry, Mention

_NOT_REACH = 4
_SORTS = ("contact_noun", "terse_channel", "contact_bare", "contacted")


def corrected_log(outline: Outline, past: PastCall) -> list[Call]:
    """The change of the log that the message asks for; none where it says nothing of it."""
    record = next((record_id for kind, record_id, _ in past.records if kind == "interaction"), "")
    if outline.has("unlog"):
        return (
            [Call("undo_change", {"handle": past.result["undo"]})] if past.call.tool == "log_interaction" else []
        )
    if names_stranger(outline) and not outline.has("correction", "restated", "retake"):
        return []  # "Call with Zork Smith, 10 min" tells of another one.
    adds = any(
        not (hit.value.get("weak") and outline.has("correction"))
        for hit in outline.all_hits
        if hit.tag == "besides"
    )
    fields = _people(outline, record, adds=adds)
    deal, _ = other_deal(outline, _last_said(outline, record, "deal")) if _names_deal(outline) else ("", "")
    if deal:
        fields["deal"] = deal
    for clause in outline.clauses:
        fields |= _times(outline, clause)
        if not adds:
            fields |= _sort(outline, clause)
    if not (fields and record):
        return []
    return [Call("update_record", {"kind": "interaction", "record": record, "fields": fields})]


def _names_deal(outline: Outline) -> bool:
    return any(clause.things("deal") for clause in outline.clauses)


def _last_said(outline: Outline, record: str, field: str) -> str:
    """What the calls of the dialogue set a field of the log to last."""
    said = [_given(past, field) for past in outline.reading.dialogue.calls_on(record)]
    return next((str(value) for value in reversed(said) if value), "")


def _given(past: PastCall, field: str) -> object:
    arguments = past.call.arguments
    fields = arguments.get("fields")
    return fields.get(field) if isinstance(fields, dict) else arguments.get(field)


def _people(outline: Outline, record: str, *, adds: bool) -> dict[str, str]:
    """The participants with those that the message adds, takes out or puts in the place of others."""
    known = people_logged(outline, record)
    named = [each for clause in outline.clauses for each in _contacts(outline, clause, known)]
    out = {entry.id for entry, denied in named if denied}
    new = list({entry.id: entry for entry, denied in named if not denied and entry.id not in out}.values())
    if not named or not (new or out & set(known)):
        return {}
    if adds:
        kept = known
    elif out & set(known):
        kept = [each for each in known if each not in out]
    else:
        kept = _without_mistaken(outline, known, new)
    people = list(dict.fromkeys([*kept, *(entry.id for entry in new)]))
    if not people:
        return {}
    return {"contacts": "; ".join(people), **_home(outline, record, new, kept)}


def people_logged(outline: Outline, record: str) -> list[str]:
    """The participants that the calls of the dialogue gave an interaction last."""
    known: list[str] = []
    for past in outline.reading.dialogue.calls_on(record):
        given = _given(past, "contacts")
        if given:
            known = given.split("; ") if isinstance(given, str) else [str(each) for each in given]  # type: ignore[attr-defined]
    return known


def _contacts(outline: Outline, clause: Clause, known: Sequence[str]) -> list[tuple[Entry, bool]]:
    """The people of a clause who are certain, also as the one of that name who was logged, each with whether it says
    that they are not meant."""
    found = []
    absent = [*absent_in(outline, clause), *_taken_off(outline)]
    for word in clause.things("contact"):
        if isinstance(word.thing, Mention):
            every = [item.entry for item in top_candidates(word.thing) if item.entry.kind == "contact"]
            entries = [entry for entry in every if entry.id in known] or every
            if len(entries) == 1:
                found.append((entries[0], word in absent or is_denied(outline, clause, word.thing)))
    return found


def _taken_off(outline: Outline) -> list[Word]:
    """Those whom the message takes out again: "take Ida off it", or with "him" the one named last before."""
    found: list[Word] = []
    for hit in outline.all_hits:
        if hit.tag == "taken_off":
            named = [word for word in outline.words[: hit.after] if "contact" in word.kinds]
            found += named[-1:]
    return found


def _without_mistaken(outline: Outline, known: Sequence[str], new: Sequence[Entry]) -> list[str]:
    """Those who stay when somebody else is named instead: of several the one of a like name goes, else all do."""
    if any(entry.id in known for entry in new):
        return [each for each in known if each in {entry.id for entry in new}]
    targets = Targets(outline)
    like = [each for each in known if any(_is_like(targets.get(each), entry) for entry in new)]
    return [each for each in known if each not in like] if like else []


def _is_like(old: Entry | None, new: Entry) -> bool:
    if old is None:
        return False
    if not new.name.isascii():
        return old.name[:1] == new.name[:1]
    return bool(set(old.name.casefold().split()) & set(new.name.casefold().split()))


def _home(outline: Outline, record: str, new: Sequence[Entry], kept: Sequence[str]) -> dict[str, str]:
    """The account, where nobody of the old one is left and all who are named belong to another."""
    homes = {entry.account_id for entry in new}
    account = _last_said(outline, record, "account")
    if kept or len(homes) != 1 or not account or account in homes:
        return {}
    known = Targets(outline).get(account)
    return {"account": str(homes.pop() or "")} if known is not None else {}


def _times(outline: Outline, clause: Clause) -> dict[str, str]:
    """When it was and how long: "it was yesterday", "40 minutes"."""
    found: dict[str, str] = {}
    lengths = [word.thing for word in clause.things("duration") if not is_denied(outline, clause, word.thing)]
    if lengths:
        found["duration_min"] = str(lengths[-1].minutes)  # type: ignore[union-attr]
    days = [each for each in _past_days(outline, clause) if not is_denied_at(outline, clause, each.span.start)]
    if days and days[-1].on:
        found["occurred_at"] = days[-1].on.isoformat()
    return found


def _past_days(outline: Outline, clause: Clause) -> list[DateMention]:
    """The days of a clause that a contact can have been on: none that is still ahead."""
    today = outline.reading.situation.today
    dates = outline.reading.past_dates
    return [
        each for each in dates if each.on and each.on <= today and clause.start <= each.span.start < clause.end
    ]


def _sort(outline: Outline, clause: Clause) -> dict[str, str]:
    """Of what sort it was, and who turned to whom: "a visit, not a call", "she called me"."""
    found: dict[str, str] = {}
    for hit in clause.all(*_SORTS):
        if hit.tag == "contact_bare" and not _is_said_of_it(outline, clause, hit):
            continue
        if _is_denied_hit(outline, clause, hit):
            continue
        is_vague = hit.tag == "contacted" and hit.value.get("type") == "meeting"
        found |= {name: hit.value[name] for name in ("type", "direction") if name in hit.value and not is_vague}
    return found


def _is_said_of_it(outline: Outline, clause: Clause, hit: Hit) -> bool:
    """Whether a bare noun says what it was: "a visit", 是拜访; not "she liked the demo"."""
    before = outline.words[hit.first - 1].canon if hit.first > clause.first else ""
    return before in load_words("corrections")["before_sort"]


def denies_sort(outline: Outline) -> bool:
    """ "Not a call, she emailed": a message that begins with what it was not, and says what it was."""
    hits = [(clause, hit) for clause in outline.clauses for hit in clause.all(*_SORTS) if "type" in hit.value]
    denied = [hit for clause, hit in hits if _is_denied_hit(outline, clause, hit)]
    return bool(denied) and len({hit.value["type"] for _, hit in hits}) > 1


def _is_denied_hit(outline: Outline, clause: Clause, hit: Hit) -> bool:
    words = {word.canon for word in outline.words[max(clause.first, hit.first - _NOT_REACH) : hit.first]}
    return bool(words & {str(each) for each in load_words("corrections")["not_before"]})
