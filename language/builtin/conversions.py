"""Leads made customers: which lead, whether at an account that is known, and with which deal."""

from collections.abc import Iterator, Sequence

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
from language.builtin.listed import listed_meant
from language.builtin.new_record import QUOTED
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.targets import Targets
from language.builtin.words import Word
from language.lexicon import Mention

_SURE_NAME = 0.85


def conversions(outline: Outline, clause: Clause) -> Iterator[Call]:
    """The conversion of a lead that a clause asks for."""
    if not clause.has("convert"):
        return
    lead = lead_near(outline, clause)
    if not lead:
        return
    part = [
        each
        for each in outline.clauses[clause.index :]
        if each.sentence <= clause.sentence + 1 and not each.has("task_new", "log")
    ]
    arguments: dict[str, str] = {"lead": lead}
    accounts = [w for each in part for w in each.things("account") if _is_surely_account(w)]
    if accounts:
        arguments["account"] = Targets(outline).account_of(accounts[0].thing).reference  # type: ignore[arg-type]
    wanted = (
        [each for each in part if each.has("deal_word")]
        if not any(each.has("without_deal") for each in part)
        else []
    )
    if wanted:
        arguments |= _deal_of_conversion(
            outline, [each for each in part if each.index >= wanted[0].index], wanted[0]
        )
    yield Call("convert_lead", arguments, clause.start)


def lead_near(outline: Outline, clause: Clause) -> str:
    """The lead named in the clause, before it, or in focus."""
    words = [
        *clause.things("lead"),
        *reversed([w for each in outline.clauses[: clause.index] for w in each.things("lead")]),
    ]
    found = [Targets(outline).person_of(word.thing, "lead") for word in words if isinstance(word.thing, Mention)]
    if found:
        return next((target for target in found if target.entry), found[0]).reference
    if meant := listed_meant(outline, clause, "lead"):
        return meant
    focus = outline.reading.dialogue.focus("lead")
    return focus[0] if focus else ""


def _is_surely_account(word: Word) -> bool:
    """Whether a word names an account so well that it cannot be a part of the new deal's name."""
    return isinstance(word.thing, Mention) and word.thing.candidates[0].score >= _SURE_NAME


def _deal_of_conversion(outline: Outline, part: Sequence[Clause], first: Clause) -> dict[str, str]:
    amounts = [word.thing for each in part for word in each.things("amount")]
    dates = [word.thing for each in part for word in each.things("date")]
    named = next((hit for each in part for hit in each.all("named")), None)
    quoted = next((hit for each in part if (hit := QUOTED.search(each.text))), None)
    name = quoted[1].strip() if quoted else ""
    if named is not None and not name:
        clause = next(each for each in part if each.first <= named.first < each.after)
        name = outline.own_text(outline.words[named.after - 1].end, clause.end).strip(" ,.;:\"'“”，。：")
    entry = Targets(outline).get(lead_near(outline, first))
    return {
        "deal_name": name or (entry.name if entry and not (amounts or dates) else ""),
        "amount": spoken_amount(amounts[0], 0) if amounts else "",  # type: ignore[arg-type]
        "close_date": spoken_date(dates[-1]) if dates else "",  # type: ignore[arg-type]
    }
