"""Which of an account's deals a message names by the part that tells them apart ("Kirkwall … the deck crane")."""

import re
from collections.abc import Sequence

from language.lexicon import Entry
from language.names.numbered import is_of_other_number, phase_behind
from language.resources import load_data
from language.script import has_cjk

_WORD = re.compile(r"[a-z]+")
_LEAST_ZH, _SEVERAL = 3, 2
_LEAST_EN = 3


def only_partly_named(deals: Sequence[Entry], account: Entry, text: str) -> Entry | None:
    """The one deal whose own words all stand in the text; None when none or several do."""
    said = text.casefold()
    found = [deal for deal in deals if _is_said(deal, account, said) and not is_of_other_number(deal.name, said)]
    return found[0] if len(found) == 1 else None


def only_shown(shown: Sequence[Entry], meant: Sequence[Entry], text: str) -> Entry | None:
    """The one of several deals that were shown whose name has all words of a text, unless it is a full name."""
    said = text.casefold().split()
    deals = [entry for entry in shown if entry.kind == "deal"]
    if len(deals) < _SEVERAL or any(entry.name.casefold() == " ".join(said) for entry in meant):
        return None
    fitting = [entry for entry in deals if set(said) <= set(entry.name.casefold().split())]
    return fitting[0] if len(fitting) == 1 else None


def has_no_phase(deals: Sequence[Entry], text: str, at: int) -> bool:
    """Whether a phase stands at a place that none of some deals is: 云栖三期, where there is a 二期 only."""
    phase = phase_behind(text, at)
    return bool(phase) and not any(phase in deal.name for deal in deals)


def _is_said(deal: Entry, account: Entry, said: str) -> bool:
    if has_cjk(deal.name):
        if any(each in deal.name and each not in account.name for each in _in_chinese(said)):
            return True
        own = deal.name
        names = (account.name, *account.aliases)
        parts = {own[i : i + _LEAST_ZH + 1] for i in range(len(own) - _LEAST_ZH)}
        return any(part in said for part in parts if not any(part in name for name in names))
    of_account = set(account.name.casefold().split())
    words = [word for word in deal.name.casefold().split() if word not in of_account and len(word) >= _LEAST_EN]
    spoken = set("".join(char if char.isalnum() else " " for char in said).split())
    meant = load_data("names/deal_words")["words"]
    if has_cjk(said) and any(each in said for word in words for each in meant.get(word, ())):
        return True  # Copperline的试点: Chinese tells a deal by one word.
    return bool(words) and all(word in spoken for word in words)


def _in_chinese(said: str) -> list[str]:
    """What the English words of a text that deals are called after are in Chinese."""
    meant = load_data("names/deal_words")["words"]
    return [each for word in _WORD.findall(said) for each in meant.get(word, ())]
