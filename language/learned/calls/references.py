"""The records that words mean by what was talked about before: it, the second one, both, the Kranji one, 那单."""

from collections.abc import Sequence, Set
from dataclasses import replace

from language.builtin.dialogue import PastTurn
from language.builtin.listed import asked_about, shown_in
from language.builtin.picking import Candidate, chosen, compared, places_in
from language.builtin.reading import Reading
from language.builtin.vocabulary import patterns
from language.builtin.words import top_candidates
from language.learned.acts import Part
from language.learned.calls.context import Context, existing, is_strange, mention_in, plain
from language.learned.calls.described import record_described
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
    only_points = any(_is(group, plain(part).casefold()) for group in ("all", "bare", "other", "all_but"))
    if found or only_points:
        return found
    known = existing(context, part, kind)
    described = record_described(context, part, kind) if known == plain(part) else ""
    if kind == "deal" and known == plain(part) and not is_strange(context, part, kind):
        return []
    return [described or known]


def is_indefinite(context: Context, part: Part, kind: str) -> bool:
    """Whether words tell neither a record nor a pronoun nor a name that nobody has: "one for Friday too"."""
    is_bare = any(_is(group, plain(part).casefold()) for group in ("all", "bare", "other"))
    return not is_bare and not any(word.kinds for word in part.words) and not is_strange(context, part, kind)


def leaves_some(part: Part) -> bool:
    """Whether words mean some by leaving out others: "the other one", "all but the pilot"; "with them" beside it names
    none by itself."""
    return any(_is(group, plain(part).casefold()) for group in ("other", "all_but"))


def recalled(context: Context, kind: str) -> list[Candidate]:
    """The records of a kind that were talked about last, in the order in which they were shown."""
    for turn in reversed(context.outline.reading.dialogue.turns[-REACH:]):
        if found := shown_in(turn, kind) or _proposed(turn, kind) or _said(context, turn, kind):
            return list(found)
    return []


def _said(context: Context, turn: PastTurn, kind: str) -> list[Candidate]:
    """The one record of a kind that the person named in a turn."""
    mentions = context.situation.lexicon.find_mentions(turn.said)
    tops = [top_candidates(mention) for mention in mentions]
    entries = {top[0].entry.id: top[0].entry for top in tops if len(top) == 1 and top[0].entry.kind == kind}
    return [{"id": each.id, "kind": kind, "name": each.name} for each in entries.values()]


def _proposed(turn: PastTurn, kind: str) -> list[Candidate]:
    """The record that a proposal of a turn would change."""
    asked = [past.call.arguments for past in turn.calls if past.waits and changed_kind(past) == kind]
    ids = {str(given.get(kind) or given.get("record") or "") for given in asked}
    return [{"id": each, "kind": kind, "name": ""} for each in ids if each.startswith(f"{kind}_")]


def _pointed_at(context: Context, part: Part, candidates: Sequence[Candidate]) -> list[str]:
    text = plain(part).casefold()
    if not candidates:
        return []
    if _is("all", text):
        return [each["id"] for each in candidates]
    if _is("bare", text):
        return [candidates[0]["id"]] if len(candidates) == 1 else []
    all_but = next((found for each in patterns("references", "all_but") if (found := each.fullmatch(text))), None)
    if all_but is not None:
        out = _told(context, part, all_but["what"], candidates)
        return [each["id"] for each in candidates if each["id"] not in out] if out else []
    if _is("other", text):
        return _left(context, candidates)
    return _told(context, part, text, candidates)


def _told(context: Context, part: Part, text: str, candidates: Sequence[Candidate]) -> list[str]:
    """Those that places, an account, a comparison or words tell."""
    if several := places_in(text, len(candidates)):
        return [candidates[place]["id"] for place in several]
    whole = plain(part).casefold() == text
    one = (_of_account(context, part, candidates) if whole else "") or compared(text, candidates)
    one = one or chosen(_alone(context.outline.reading, text), candidates)
    return [one] if one else []


def _left(context: Context, candidates: Sequence[Candidate]) -> list[str]:
    """Of two that were shown the one that was not talked about last."""
    kind = candidates[0].get("kind", "")
    talked = {each["id"] for each in candidates} if len(candidates) == 1 else set[str]()
    for turn in reversed(context.outline.reading.dialogue.turns[-REACH:]):
        shown = shown_in(turn, kind)
        shown = shown if len(shown) > 1 else asked_about(turn, kind)
        if len(shown) > 1 and talked:
            left = [each["id"] for each in shown if each["id"] not in talked]
            return left if len(left) == 1 else []
    return _left_of_account(context, talked) if kind == "deal" else []


def _left_of_account(context: Context, talked: Set[str]) -> list[str]:
    """The only other open deal of the account whose deal was talked about last."""
    deals = [deal for each in talked if (deal := context.situation.lexicon.get(each)) is not None]
    homes = {deal.account_id for deal in deals if deal.account_id}
    every = context.targets.open_deals(homes.pop()) if len(homes) == 1 else []
    left = [each.id for each in every if each.id not in talked]
    return left if len(left) == 1 else []


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


def _alone(reading: Reading, text: str) -> Reading:
    """Some words as a message of their own."""
    return replace(reading, text=text, full_text=text)


def _is(group: str, text: str) -> bool:
    """Whether words are of a group: `all` of what was shown, `bare` pronouns, the `other` one."""
    return any(pattern.fullmatch(text) for pattern in patterns("references", group))
