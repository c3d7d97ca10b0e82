"""A manager's call: the commit that somebody's quarter is put at ("put my commit at 400k for Q1")."""

import re
from collections.abc import Sequence
from functools import cache

from language.amounts import parse_amount
from language.builtin.calls import Call
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words

_LONGEST = 200
# "Call Tom at 300" is about a telephone.
_LEAST = 1000


@request(precedence=16, exclusive=True)
def forecast_call(reading: Reading) -> Sequence[Call] | Intent:
    """Puts someone's commit at an amount when the message is nothing else; whose has to be ours, or one of us."""
    text = reading.text.strip()
    if len(text) > _LONGEST or "\n" in text:
        return ()
    found = next((hit for each in _patterns() if (hit := each.fullmatch(text)) is not None), None)
    if found is None:
        return ()
    said = {name: (words or "").strip() for name, words in found.groupdict().items()}
    whose = _whose(reading, said["whose"])
    if not whose or parse_amount(said["amount"]).value < _LEAST:
        return ()
    period = said.get("period") or said.get("period1") or ""
    fields = {"commit": said["amount"], "period": period, "reason": said["reason"]}
    return Intent((Call("update_record", {"kind": "forecast", "record": whose, "fields": fields}),))


def _whose(reading: Reading, words: str) -> str:
    name = re.sub(r"['’]s?$", "", words)
    if words.casefold() in load_words("forecast_calls")["ours"] or name.casefold() in ("the team",):
        return "me"
    mentions = reading.situation.lexicon.find_mentions(name)
    kinds = {each.entry.kind for mention in mentions for each in mention.candidates}
    return name if "user" in kinds else ""


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    words = load_words("forecast_calls")
    parts = {
        "AMOUNT": f"(?P<amount>{words['amount']})", "AMOUNT_ZH": f"(?P<amount>{words['amount_zh']})",
        "PERIOD": words["period"], "PERIOD1": words["period"].replace("<period>", "<period1>"),
        "PERIOD_ZH": words["period_zh"], "WHY": words["why"],
    }  # fmt: skip
    patterns = []
    for each in words["say"]:
        text = re.sub(r"\{([A-Z_0-9]+)\}", lambda hit: parts[hit[1]], each)
        patterns.append(re.compile(f"{words['lead']}(?:{text}){words['tail']}", re.IGNORECASE))
    return tuple(patterns)
