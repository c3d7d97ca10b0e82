"""The records that words mean by what was talked about before: it, the second one, both, the Kranji one, 那单."""

from collections.abc import Sequence
from dataclasses import replace

from language.builtin.dialogue import PastTurn
from language.builtin.listed import shown_in
from language.builtin.picking import Candidate, by_place, chosen
from language.builtin.reading import Reading
from language.builtin.vocabulary import patterns
from language.builtin.words import top_candidates
from language.learned.acts import Part
from language.learned.calls.context import Context, existing, mention_in, plain
from language.learned.talk import REACH, changed_kind


def meant(context: Context, part: Part | None, kind: str) -> Sequence[str]:
    """The records that words mean: by name, or by what was talked about: it, both, the Kranji one, 那单.

    Without words the one that was talked about last. What fits none or several is passed on in the words, for the
    server to ask about; empty where there are none.
    """
    if part is not None and mention_in(part, kind) is not None:
        return [existing(context, part, kind)]
    candidates = recalled(context, kind)
    if part is None:
        return [candidates[0]["id"]] if len(candidates) == 1 else []
    found = _pointed_at(context, part, candidates)
    only_points = _is_all(plain(part).casefold()) or _is_bare(plain(part).casefold())
    return found if found or only_points else [existing(context, part, kind)]


def recalled(context: Context, kind: str) -> list[Candidate]:
    """The records of a kind that were talked about last, in the order in which they were shown."""
    for turn in reversed(context.outline.reading.dialogue.turns[-REACH:]):
        if found := shown_in(turn, kind) or _proposed(turn, kind):
            return list(found)
    return []


def _proposed(turn: PastTurn, kind: str) -> list[Candidate]:
    """The record that a proposal of a turn would change."""
    asked = [past.call.arguments for past in turn.calls if past.waits and changed_kind(past) == kind]
    ids = {str(given.get(kind) or given.get("record") or "") for given in asked}
    return [{"id": each, "kind": kind, "name": ""} for each in ids if each.startswith(f"{kind}_")]


def _pointed_at(context: Context, part: Part, candidates: Sequence[Candidate]) -> list[str]:
    text = plain(part).casefold()
    if not candidates:
        return []
    if _is_all(text):
        return [each["id"] for each in candidates]
    if _is_bare(text):
        return [candidates[0]["id"]] if len(candidates) == 1 else []
    one = by_place(text, candidates) or _of_account(context, part, candidates)
    one = one or chosen(_alone(context.outline.reading, part), candidates)
    return [one] if one else []


def _of_account(context: Context, part: Part, candidates: Sequence[Candidate]) -> str:
    """The only one of the account or person that words name."""
    mention = mention_in(part, "account", "contact", "lead")
    if mention is None:
        return ""
    names = {name for item in top_candidates(mention) for name in (item.entry.name, item.entry.id)}
    lexicon = context.situation.lexicon
    fitting = [
        each["id"]
        for each in candidates
        if names & set(each.values()) or ((known := lexicon.get(each["id"])) and known.home_account in names)
    ]
    return fitting[0] if len(fitting) == 1 else ""


def _alone(reading: Reading, part: Part) -> Reading:
    """The words of a part as a message of their own."""
    return replace(reading, text=plain(part), full_text=plain(part))


def _is_all(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in patterns("references", "all"))


def _is_bare(text: str) -> bool:
    """Whether words only point: it, that one, the deal, 那单, 这个."""
    return any(pattern.fullmatch(text) for pattern in patterns("references", "bare"))
