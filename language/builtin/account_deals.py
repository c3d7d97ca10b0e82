"""Deals named by a word of their own where their account is spoken of: "Vantage: the rollout slips" for "Vantage line 2
rollout"."""

from collections.abc import Iterable, Mapping, Sequence

from language.builtin.vocabulary import load_words
from language.builtin.words import Word, top_candidates
from language.lexicon import Entry, Lexicon, Mention, Scored
from language.script import has_cjk, to_simplified
from language.spans import cut

_LONGEST = 3
_LONGEST_ZH, _LEAST_ZH, _LEAST_OF_THEIRS = 8, 4, 2
_OTHERS = frozenset({"contact", "account", "user", "deal", "date"})
_SHORTEST_WORD = 4
_SCORE = 0.8
_SIGNS = ".,;:!?()\"'“”"


def with_account_deals(words: Sequence[Word], text: str, lexicon: Lexicon, focus: str = "") -> Sequence[Word]:
    """The words, with those that fit exactly one open deal of the accounts spoken of as one; `focus` is the account
    of the dialogue, which counts when the message names none."""
    accounts = _accounts(words) or ({focus} if focus else set())
    if not accounts or len(accounts) > _LONGEST:
        return words
    own = _own_words(
        [deal for deal in lexicon.of_kind("deal") if deal.account_id in accounts and deal.is_open], lexicon
    )
    if not own:
        return words
    kept: list[Word] = []
    i = 0
    while i < len(words):
        size, deal = _deal_at(words, i, own)
        if deal is None:
            kept.append(words[i])
            i += 1
            continue
        span = cut(text, words[i].start, words[i + size - 1].end)
        mention = Mention(span, (Scored(deal, _SCORE, "partial"),))
        kept.append(Word(span.start, span.end, span.text.casefold(), frozenset({"deal"}), mention))
        i += size
    return kept


def deals_told(text: str, deals: Sequence[Entry], lexicon: Lexicon) -> list[Entry]:
    """Those of an account's deals whose own words stand together in a text: "a bid on the gateway upgrade"."""
    said = f" {' '.join(word.strip(_SIGNS) for word in text.casefold().split())} "
    return [
        deal
        for deal, words in _own_words(deals, lexicon).values()
        if len(words) > 1 and f" {' '.join(words)} " in said
    ]


def _accounts(words: Iterable[Word]) -> set[str]:
    found: set[str] = set()
    for word in words:
        if isinstance(word.thing, Mention) and word.kinds & {"account", "contact", "deal"}:
            homes = {item.entry.home_account for item in top_candidates(word.thing)}
            found |= {home for home in homes if home} if len(homes) == 1 else set()
    return found


def _own_words(deals: Sequence[Entry], lexicon: Lexicon) -> Mapping[str, tuple[Entry, Sequence[str]]]:
    """The words of each deal's name that are not those of its account, by the deal's id."""
    found = {}
    for deal in deals:
        account = lexicon.get(deal.account_id or "")
        names = " ".join([account.name, *account.aliases]).casefold().split() if account else []
        own = [word for word in deal.name.casefold().split() if word not in names]
        if account and has_cjk(deal.name):
            found[deal.id] = (deal, list(_without_head(deal.name, account)))
        elif own:
            found[deal.id] = (deal, own)
    return found


def _without_head(name: str, account: Entry) -> str:
    """A Chinese deal's name without the beginning that it shares with its account."""
    names = [to_simplified(each) for each in (account.name, *account.aliases)]
    name = to_simplified(name)
    size = max((n for n in range(len(name)) if any(name[:n] in each for each in names)), default=0)
    return name[size:]


def _deal_at(
    words: Sequence[Word], i: int, own: Mapping[str, tuple[Entry, Sequence[str]]]
) -> tuple[int, Entry | None]:
    is_chinese = has_cjk(words[i].canon)
    least = (_LEAST_OF_THEIRS if _is_theirs(words, i) else _LEAST_ZH) if is_chinese else 1
    for size in range(min(_LONGEST_ZH if is_chinese else _LONGEST, len(words) - i), least - 1, -1):
        run = [word.canon for word in words[i : i + size]]
        if any(word.kinds & _OTHERS or (is_chinese and word.kinds) for word in words[i : i + size]):
            continue
        fitting = [deal for deal, listed in own.values() if _holds(listed, run)]
        if len(fitting) == 1 and (
            size > 1 or (_is_head(own[fitting[0].id][1], run) and _may_stand_alone(words, i))
        ):
            return size, fitting[0]
    return 0, None


def _is_theirs(words: Sequence[Word], i: int) -> bool:
    """Whether a customer stands right in front: 他们家试点, 启明那边的续约."""
    before = "".join(word.canon for word in words[max(0, i - _LONGEST_ZH) : i])
    before = before.rstrip("的那个边这家单")
    of_account = next((word for word in reversed(words[:i]) if word.canon not in "的那个边这家单"), None)
    is_account = of_account is not None and "account" in of_account.kinds
    return is_account or before.endswith(tuple(load_words("deal_words")["theirs"]))


def _holds(listed: Sequence[str], run: Sequence[str]) -> bool:
    size = len(run)
    return any(list(listed[at : at + size]) == list(run) for at in range(len(listed) - size + 1))


def _is_head(listed: Sequence[str], run: Sequence[str]) -> bool:
    """Whether a word is the last of a deal's own: "the rollout", not "the gateway" of a gateway upgrade."""
    return listed[-1] == run[-1]


def _may_stand_alone(words: Sequence[Word], i: int) -> bool:
    """Whether one word is enough: no everyday word of business, behind "the" or at the head."""
    data = load_words("deal_words")
    word = words[i]
    if word.kinds or len(word.canon) < _SHORTEST_WORD or word.canon in data["everyday_in_names"]:
        return False
    before = words[i - 1].canon if i else ""
    return not i or before in data["before_own_word"]
