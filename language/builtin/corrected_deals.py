"""A change of a deal put right: another deal takes it over, another value, or the deal goes back to what it was."""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline, amounts_in, dates_in
from language.builtin.deal_amounts import in_scale_of
from language.builtin.deal_dates import bare_day_of, in_month_of
from language.builtin.denials import is_denied
from language.builtin.dialogue import PastCall
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words
from language.builtin.words import Word
from language.lexicon import Entry, Mention

_STAYS = frozenset({"keep"})


def corrected_deal(outline: Outline, past: PastCall, *, is_undone: bool) -> list[Call]:
    """Another deal takes the change over and the first gets its old value back; or the same deal another value.

    `is_undone` says that the message takes the change back in so many words already.
    """
    old = deal_of(past)
    other, account = other_deal(outline, old)
    values = _values(outline, past)
    back = [Call("undo_change", {"handle": past.result["undo"]}, 0)] if not (past.waits or is_undone) else []
    if other:
        moved = {**past.call.arguments, **values, "deal": other, "account": account}
        return [*back, Call("update_deal", moved, 1)]
    if not values and old and _goes_back(outline, old):
        return back
    if not (values and old):
        return []
    if back and any(_is_step(value) for value in values.values()) and not _says_more(outline):
        # "No, two weeks" counts from the day before the change.
        return [*back, Call("update_deal", {**past.call.arguments, "deal": old, **values}, 1)]
    kept = dict(past.call.arguments) if past.waits else {}
    return [Call("update_deal", {**kept, "deal": old, **values})]


def _says_more(outline: Outline) -> bool:
    """ "Give it a week more": on top of what was just set."""
    return any(word.canon in load_words("deal_words")["on_top"] for word in outline.words)


def _is_step(value: object) -> bool:
    """Whether a value moves the present one: "+14d", "-5000"."""
    return str(value).startswith(("+", "-"))


def _sign(past: PastCall, field: str) -> int:
    """The direction in which a call moved a field; 0 where it set a value."""
    given = str(past.call.arguments.get(field) or "")
    return {"+": 1, "-": -1}.get(given[:1], 0)


def deal_of(past: PastCall) -> str:
    """The id of the deal that a call changed."""
    return next((record_id for kind, record_id, _ in past.records if kind == "deal"), "")


def takes_back(outline: Outline, past: PastCall) -> bool:
    """Whether the message says of the deal that was changed that it is not meant, or stays as it was."""
    old = deal_of(past)
    return bool(old) and (_goes_back(outline, old) or any(_denies(outline, each, old) for each in outline.clauses))


def other_deal(outline: Outline, old: str) -> tuple[str, str]:
    """The deal that is meant instead, and its account where only that is said: named, by its account, or as "the
    other one"; empty when none is."""
    targets = Targets(outline)
    before = targets.get(old)
    for clause in outline.clauses:
        if stays(clause):
            continue
        if clause.has("other_one") and before is not None:
            return _the_other(outline, clause, before)
        for word in clause.things("deal"):
            if isinstance(word.thing, Mention) and not is_denied(outline, clause, word.thing):
                entry = targets.deal_of_mention(word.thing).entry
                if entry is not None and entry.id != old:
                    return entry.id, ""
    return _by_account(outline, before)


def stays(clause: Clause) -> bool:
    """Whether a clause says that something stays as it was: what it names is not what is to change."""
    return bool(clause.moods & _STAYS) or clause.has("put_back")


def _by_account(outline: Outline, before: Entry | None) -> tuple[str, str]:
    """ "Wrong one, I meant Harbor": the deal of another account than the one that was changed."""
    targets = Targets(outline)
    for clause in outline.clauses:
        for word in () if stays(clause) or clause.things("deal") else clause.things("account"):
            if not isinstance(word.thing, Mention) or is_denied(outline, clause, word.thing):
                continue
            account = targets.account_of(word.thing).entry
            is_other = account is not None and (before is None or account.id != before.account_id)
            if is_other and _is_all_that_is_named(outline, clause, word):
                found = targets.deal_of_account(word.thing)
                return found.reference, found.account
    return "", ""


def _is_all_that_is_named(outline: Outline, clause: Clause, account: Word) -> bool:
    """Whether nothing stands behind a company's name that may name one of its deals."""
    small = {str(each) for each in load_words("corrections")["behind_account"]}
    behind = [word for word in clause.words if word.start > account.start]
    return all(word.kinds or word.canon in small or not word.canon[0].isalnum() for word in behind)


def _the_other(outline: Outline, clause: Clause, before: Entry) -> tuple[str, str]:
    """ "The other Halden one": the account's only other open deal, else a question."""
    targets = Targets(outline)
    named = [targets.account_of(word.thing).entry for word in clause.things("account") if _is_name(word)]  # type: ignore[arg-type]
    home = next((entry.id for entry in named if entry is not None), before.account_id or "")
    others = [deal for deal in targets.open_deals(home) if deal.id != before.id]
    if len(others) == 1:
        return others[0].id, ""
    account = targets.get(home)
    return (f"{account.name} deal", account.id) if account is not None else ("", "")


def _is_name(word: Word) -> bool:
    return isinstance(word.thing, Mention)


def _goes_back(outline: Outline, old: str) -> bool:
    """ "Put the pilot back where it was", 二期的还按原来的: said of the deal that was changed."""
    return any(stays(clause) and _names(outline, clause, old) for clause in outline.clauses)


def _denies(outline: Outline, clause: Clause, old: str) -> bool:
    things = [word.thing for word in clause.things("deal", "account") if isinstance(word.thing, Mention)]
    return any(is_denied(outline, clause, thing) and _is_of(outline, thing, old) for thing in things)


def _names(outline: Outline, clause: Clause, old: str) -> bool:
    return any(
        _is_of(outline, word.thing, old)
        for word in clause.things("deal", "account")
        if isinstance(word.thing, Mention)
    )


def _is_of(outline: Outline, mention: Mention, old: str) -> bool:
    """Whether a name means the deal, or the account that it belongs to."""
    entry = Targets(outline).get(old)
    meant = {item.entry.id for item in mention.candidates}
    return bool(meant & {old, entry.account_id if entry else old})


def _values(outline: Outline, past: PastCall) -> dict[str, str]:
    """New values for the fields that the corrected call had set."""
    found: dict[str, str] = {}
    for clause in outline.clauses:
        if stays(clause) or "question" in clause.moods:
            continue
        amounts = [each for each in amounts_in(clause) if not is_denied(outline, clause, each)]
        dates = [
            each for each in dates_in(clause) if (each.on or each.shift) and not is_denied(outline, clause, each)
        ]
        old = past.call.arguments
        if "amount" in old and (short := in_scale_of(str(old["amount"]), outline, clause)):
            found["amount"] = short
        elif amounts and "amount" in old:
            found["amount"] = spoken_amount(amounts[-1], _sign(past, "amount"))
        if "close_date" in old and (bare := bare_day_of(str(old["close_date"]), clause)):
            found["close_date"] = bare
        elif dates and "close_date" in old:
            day = spoken_date(dates[-1], sign=_sign(past, "close_date") or 1)
            found["close_date"] = in_month_of(str(old["close_date"]), clause, day)
        stages = _asserted(outline, clause, clause.things("stage"))
        if stages and "stage" in past.call.arguments:
            found["stage"] = stages[-1].candidates[0].entry.id
    return found


def _asserted(outline: Outline, clause: Clause, words: Sequence[Word]) -> list[Mention]:
    return [
        word.thing
        for word in words
        if isinstance(word.thing, Mention) and not is_denied(outline, clause, word.thing)
    ]
