"""Changes of deals: which deal an act means, and the new values of its fields."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from language.builtin.deal_stages import stage_reference
from language.builtin.deal_texts import cleared_in
from language.builtin.outcomes import stage_of_outcome
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.targets import Target
from language.learned.acts import Act, Part
from language.learned.calls.context import (
    Context,
    LearnedCall,
    Value,
    amount_in,
    colleague,
    date_in,
    direction,
    is_strange,
    mention_in,
    plain,
    reads,
    says,
    shift,
)
from language.learned.calls.references import is_indefinite, leaves_some, meant
from language.lexicon import Mention

_JOINING = frozenset(
    {"and", "&", "plus", ",", "also", "both", "the", "their", "和", "、", "跟", "及", "还", "有", "，"}
)


@reads("change")
def change_deal(context: Context, act: Act) -> Iterator[LearnedCall]:
    """The changes of one deal, by field."""
    values = {name: Value(said, part) for name, said, part in _deal_values(context, act)}
    if not values:
        return
    if several := _leaned_on(context, act):
        yield from (LearnedCall("update_deal", act, values, {"deal": each, "account": ""}) for each in several)
        return
    if context.outline.reading.dialogue.turns and any(
        is_indefinite(context, part, "deal") for part in act.all("on")
    ):
        return
    target = _deal_of(context, act, min(value.part.first for value in values.values()))
    about = {"deal": target.reference, "account": target.account} if target is not None else {}
    yield LearnedCall("update_deal", act, values, about)
    for deal in _named_beside(context, act):
        if deal != about.get("deal"):
            yield LearnedCall("update_deal", act, values, {"deal": deal, "account": ""}, is_joint=True)


def _joined_to(context: Context, act: Act) -> list[Act]:
    """The acts that name one more deal right before or behind this one, and tell nothing of it but that."""
    acts = [each for each in context.seen.acts if each.kind == act.kind and each.all("on")]
    return [
        each
        for one, other in pairwise(acts)
        if act in (one, other)
        for each in (other if act is one else one,)
        if not list(_deal_values(context, each)) and _is_joined(context, one, other)
    ]


def _is_joined(context: Context, one: Act, other: Act) -> bool:
    """Whether nothing but "and the" stands between the last words that tell of one deal and the name of another."""
    last, named = max(part.after for part in one.parts), min(part.first for part in other.all("on"))
    between = context.outline.words[last:named]
    return bool(between) and all(word.canon in _JOINING for word in between)


def _named_beside(context: Context, act: Act) -> list[str]:
    """The deals besides the first that an act names, or that are joined to it: "the retrofit and the contract"."""
    parts = [part for each in (act, *_joined_to(context, act)) for part in each.all("on")]
    named = [mention for part in parts if (mention := mention_in(part, "deal")) is not None]
    targets = [context.targets.deal_of_mention(each) for each in named if _is_behind_and(context, each, named)]
    return list(dict.fromkeys(target.reference for target in targets if target.entry is not None))


def _is_behind_and(context: Context, mention: Mention, named: Sequence[Mention]) -> bool:
    """Whether a name stands behind "and", or right before one that does."""
    words = context.outline.words
    at = next(i for i, word in enumerate(words) if word.thing is mention)
    others = [i for i, word in enumerate(words) if word.thing in named and i != at]
    between = [words[min(i, at) + 1 : max(i, at)] for i in others]
    return any(each and all(word.canon in _JOINING for word in each) for each in between)


def _leaned_on(context: Context, act: Act) -> list[str]:
    """The deals that an act points at in what was talked about before; none where it names them itself."""
    parts = act.all("on")
    if not context.outline.reading.dialogue.turns or any(mention_in(part, "deal") is not None for part in parts):
        return []
    parts = [part for part in parts if leaves_some(part)] or parts
    return list(dict.fromkeys(each for part in parts for each in meant(context, part, "deal")))


def _deal_of(context: Context, act: Act, at: int) -> Target | None:
    part = context.shared(act, "on")
    if (mention := mention_in(part, "deal")) is not None:
        return context.targets.deal_of_mention(mention)
    if (mention := mention_in(part or context.shared(act, "at"), "account")) is not None:
        return context.targets.deal_of_account(mention)
    if (own := act.one("on")) is not None and is_strange(context, own, "deal"):
        return Target(plain(own))
    clause = context.clause_at(at)
    return context.targets.deal_of(clause, at) if clause is not None else None


def _deal_values(context: Context, act: Act) -> Iterator[tuple[str, Any, Part]]:
    emptied = _emptied(context, act)
    for part in act.parts:
        role = _DAYS_OF_DEALS.get(part.role, part.role)
        read = DEAL_VALUES.get(role)
        said = read(context, part) if read is not None else ""
        if said and _DEAL_FIELDS[role] not in emptied and not context.hits_over(part, "clear_field"):
            yield _DEAL_FIELDS[role], said, part
    lost = act.one("lost")
    reason = act.one("reason")
    if lost is not None and reason is not None and (said := _lost_reason(context, reason)):
        yield "lost_reason", said, reason


def _emptied(context: Context, act: Act) -> set[str]:
    """The fields that the words of an act say to empty: they get no value there."""
    clauses = [each for each in context.outline.clauses if each.first < act.after and act.first < each.after]
    return {field for clause in clauses for field in cleared_in(clause)}


def _stage(context: Context, part: Part) -> str:
    mention = mention_in(part, "stage")
    return stage_reference(mention) if mention is not None else ""


def _outcome(context: Context, part: Part) -> str:
    return stage_of_outcome(context.situation, part.role)


def _new_amount(context: Context, part: Part) -> str:
    mention = amount_in(part)
    if mention is None or mention.kind == "percent" or _is_wished(context, part):
        return ""
    return spoken_amount(mention, 0)


def _amount_by(context: Context, part: Part) -> str:
    mention = amount_in(part)
    if mention is None or _is_wished(context, part):
        return ""
    down = mention.direction < 0 or mention.off or says(part, "down", "deal_words")
    return spoken_amount(mention, -1 if down else 1)


def _is_wished(context: Context, part: Part) -> bool:
    """Whether a customer only asks for it ("Ivy wants 5% off", "they hope for 72k"), and nothing says to do so."""
    clause = context.clause_at(part.first)
    if clause is None or not any(hit.first < part.first for hit in clause.all("wished")):
        return False
    others = [each for each in context.outline.clauses if each is not clause]
    return not any(each.has("apply", "amount_change", "amount_word") and each.is_plain for each in others)


def _close(context: Context, part: Part) -> str:
    mention = date_in(part)
    return spoken_date(mention, sign=direction(context, part)) if mention is not None else ""


def _category(context: Context, part: Part) -> str:
    hits = context.hits_over(part, "forecast")
    return str(hits[0].value["category"]) if hits else ""


def _lost_reason(context: Context, part: Part) -> str:
    hits = context.hits_over(part, "lost_reason")
    said = plain(part).casefold().replace(" ", "_")
    return (
        str(hits[0].value["reason"])
        if hits
        else said
        if said in ("price", "competitor", "no_decision", "requirements")
        else ""
    )


def _as_said(context: Context, part: Part) -> str:
    return plain(part)


# A deal is due when it closes: "give the first two until 30 October".
_DAYS_OF_DEALS = {"due": "close", "due-by": "close-by"}
DEAL_VALUES: Mapping[str, Callable[[Context, Part], str]] = {
    "stage": _stage,
    "won": _outcome,
    "lost": _outcome,
    "amount": _new_amount,
    "amount-by": _amount_by,
    "close": _close,
    "close-by": shift,
    "category": _category,
    "competitor": _as_said,
    "next": _as_said,
    "owner": colleague,
}
_DEAL_FIELDS = {
    **{role: "stage" for role in ("stage", "won", "lost")},
    **{role: "amount" for role in ("amount", "amount-by")},
    **{role: "close_date" for role in ("close", "close-by")},
    **{
        "category": "forecast_category",
        "competitor": "competitor",
        "next": "next_step",
        "owner": "owner",
    },
}
