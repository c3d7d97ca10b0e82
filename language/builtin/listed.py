"""Which record of the last answer's list a clause means: "the Vantage one", 云栖那单, "the urgent one"."""

from collections.abc import Sequence

from language.builtin.clauses import Clause, Outline
from language.builtin.dialogue import Dialogue, PastTurn
from language.builtin.picking import Candidate, by_words
from language.builtin.vocabulary import patterns
from language.builtin.words import top_candidates
from language.lexicon import Mention

_TURNS_BACK = 3


def last_listed(dialogue: Dialogue, kind: str) -> list[dict[str, str]]:
    """The records of a kind that the last turn showed, each with what the columns of its list said."""
    return shown_in(dialogue.last, kind) if dialogue.last else []


def listed_lately(dialogue: Dialogue, kind: str) -> list[dict[str, str]]:
    """The records of a kind in the last list of several, or in the last choice that a question gave, a few turns
    back at most; else those that the last turn showed."""
    for turn in reversed(dialogue.turns[-_TURNS_BACK:]):
        rows = shown_in(turn, kind) or asked_about(turn, kind)
        if len(rows) > 1:
            return rows
    return last_listed(dialogue, kind)


def asked_about(turn: PastTurn, kind: str) -> list[dict[str, str]]:
    """The records among which a question of a turn let the person choose."""
    asked = [each for past in turn.calls if past.failed for each in past.result.get("candidates", [])]
    return [{name: str(value) for name, value in each.items()} for each in asked if each.get("kind") == kind]


def shown_in(turn: PastTurn, kind: str) -> list[dict[str, str]]:
    """The records of a kind that a turn showed, in order, each with what the columns of its list said."""
    found: dict[str, dict[str, str]] = {}
    for past in turn.calls:
        rows = past.result.get("rows", [])
        for i, (each, record_id, name) in enumerate(past.records):
            if each == kind:
                row = rows[i] if len(rows) == len(past.records) else {}
                found.setdefault(record_id, {**row, "id": record_id, "kind": kind, "name": name})
    return list(found.values())


def listed_meant(outline: Outline, clause: Clause, kind: str) -> str:
    """The id of the one listed record that the clause points at by its account or a word of it; else empty."""
    rows = last_listed(outline.reading.dialogue, kind)
    if not rows:
        return ""
    if (
        place := next((hit.value["place"] for hit in clause.all("pick") if "place" in hit.value), None)
    ) is not None:
        return rows[int(place)]["id"] if -len(rows) <= int(place) < len(rows) else ""
    names = _names(clause)
    fitting = [
        row for row in rows if names & {row.get("account", ""), row.get("company", ""), row.get("contact", "")}
    ]
    if names:
        return fitting[0]["id"] if len(fitting) == 1 else ""
    return _by_words(clause, rows)


def _names(clause: Clause) -> set[str]:
    """The names of the accounts and people of a clause."""
    mentions = [
        word.thing for word in clause.things("account", "contact", "lead") if isinstance(word.thing, Mention)
    ]
    return {item.entry.name for mention in mentions for item in top_candidates(mention)}


def _by_words(clause: Clause, rows: Sequence[Candidate]) -> str:
    texts = [found["what"] for each in patterns("corrections", "the_one") for found in each.finditer(clause.text)]
    shown = [{**row, "hint": " ".join(str(value) for value in row.values())} for row in rows]
    return next((found for text in texts if (found := by_words(text, shown))), "")
