"""Scores records against a short reference, such as a tool argument: all of its words have to be explained by
the record."""

from collections.abc import Collection, Mapping, Sequence

from language.names.entries import Entry, Scored
from language.names.index import FormIndex
from language.names.mentions import composed, rank_open_first, ranked
from language.names.narrowing import Reading
from language.names.normalise import Token, tokenise, words_of
from language.names.overlap import WordOverlap
from language.names.patterns import pattern_hits
from language.names.spotting import Hit, Spotter
from language.names.support import Surroundings
from language.names.vocabulary import longest_first, scoring, words

LONGEST_QUERY = 300
_BY_ACCOUNT_KINDS = frozenset({"deal", "ticket", "task"})


class Reference:
    """One short reference being matched: its tokens, the hits on them, and what each account or title explains."""

    def __init__(self, index: FormIndex, query: str) -> None:
        query = query[:LONGEST_QUERY]
        self._index = index
        self.tokens: Sequence[Token] = tokenise(query)
        self._ignored = self._find_ignored()
        hits = [*Spotter(index, self.tokens, lenient=True).spot(), *pattern_hits(index, query, self.tokens)]
        self.hits: list[Hit] = [*hits, *composed(hits, Surroundings(query, self.tokens))]
        self._by_account = self._explained("account")
        self._by_title = self._explained("title")

    def best_by_entry(self, kinds: Collection[str] | None) -> Reading:
        """Every record that some words of the reference name, scored by how much of the reference that
        explains."""
        reading = Reading(0, len(self.tokens))
        for hit in self.hits:
            for form in hit.forms:
                if kinds is None or form.entry.kind in kinds:
                    score = self._score(
                        form.entry,
                        form.score * hit.factor,
                        range(hit.start, hit.end),
                        is_title=form.how == "title",
                    )
                    reading.offer(form.entry, score, hit.how or form.how)
        return reading

    def accounts(self) -> Mapping[str, float]:
        """The accounts that the reference names, with how much of it is left unexplained by them (0..1)."""
        telling = set(range(len(self.tokens))) - self._ignored
        return {
            account: self._sum(telling - covered) / self._sum(telling | covered)
            for account, covered in self._by_account.items()
        }

    def score_of_shared(self, entry: Entry, share: float, covered: Collection[int]) -> float:
        """The score of an entry that shares some of its words, in any order, with the reference."""
        return self._score(entry, 0.9 * (0.7 + 0.3 * share), covered, is_title=False)

    @property
    def is_empty(self) -> bool:
        """True when the reference has no telling word ("the deal")."""
        return len(self._ignored) == len(self.tokens)

    def _score(self, entry: Entry, score: float, own: Collection[int], *, is_title: bool) -> float:
        explained = set(own)
        context = scoring("context")
        if entry.kind != "account" and (helped := self._by_account.get(entry.account_id or "", set()) - explained):
            explained |= helped | self._of_account(entry.account_id or "")
            score = score if score >= 0.97 else min(0.99, score + float(context["mentioned"]))
        if not is_title and (titled := self._by_title.get(entry.id, set()) - explained):
            explained |= titled
            score = score if score >= 0.97 else min(0.99, score + float(context["mentioned"]))
        telling = set(range(len(self.tokens))) - self._ignored
        total = self._sum(telling | explained)
        return score * self._sum(explained) / total if total else 0.0

    def _explained(self, what: str) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for hit in self.hits:
            for form in hit.forms:
                fits = form.how == "title" if what == "title" else form.entry.kind == what
                if fits and form.score * hit.factor >= 0.55:
                    found.setdefault(form.entry.id, set()).update(range(hit.start, hit.end))
        return found

    def _of_account(self, account_id: str) -> set[int]:
        """The tokens that are further words of an account's name: "the Foods pilot at Acme"."""
        own = set(words_of(self._index.accounts[account_id].name))
        return {i for i, token in enumerate(self.tokens) if token.text in own}

    def _sum(self, places: Collection[int]) -> float:
        return sum(0.5 if self.tokens[i].is_cjk else 1.0 for i in places)

    def _find_ignored(self) -> set[int]:
        """The tokens that say nothing about which record is meant: articles, "deal", 那个, 公司."""
        found = {i for i, token in enumerate(self.tokens) if token.text in words("support", "ignored_in_query")}
        for i, token in enumerate(self.tokens):
            rest = "".join(item.text for item in self.tokens[i : i + 4]) if token.is_cjk else ""
            for phrase in longest_first("support", "ignored_in_query_zh"):
                if rest.startswith(phrase):
                    found.update(range(i, i + len(phrase)))
                    break
        return found


def match(
    index: FormIndex,
    overlap: WordOverlap,
    query: str,
    kinds: Collection[str] | None,
    account_ids: Collection[str],
    limit: int,
) -> list[Scored]:
    """The records that a short reference may mean, best first; see `Lexicon.match`."""
    reference = Reference(index, query)
    if not reference.tokens:
        return []
    reading = reference.best_by_entry(kinds)
    for entry, share, covered in overlap.shared([token.text for token in reference.tokens], kinds):
        reading.offer(entry, reference.score_of_shared(entry, share, covered), "partial")
    if kinds is not None:
        _offer_of_accounts(index, reference, reading, kinds, account_ids)
    _lift_known(reading, account_ids)
    rank_open_first(reading)
    near = float(scoring("decide")["near"]) * 0.8
    best = [item for item in ranked(reading.candidates.values()) if item.score >= near]
    return [Scored(item.entry, round(item.score, 4), item.how) for item in best[:limit]]


def _offer_of_accounts(
    index: FormIndex, reference: Reference, reading: Reading, kinds: Collection[str], account_ids: Collection[str]
) -> None:
    """The deals, tickets and tasks of an account, where the reference names nothing but the account ("the
    Kestrel deal")."""
    base = float(scoring("forms")["deal_core"])
    if reference.is_empty:
        wanted = {account: base for account in account_ids}
    else:
        wanted = {account: base * (1 - rest) for account, rest in reference.accounts().items() if rest < 0.5}
    for account, score in wanted.items():
        for entry in index.by_account.get(account, ()):
            if entry.kind in kinds and entry.kind in _BY_ACCOUNT_KINDS:
                reading.offer(entry, score, "account")


def _lift_known(reading: Reading, account_ids: Collection[str]) -> None:
    lift = float(scoring("context")["account"])
    for item in list(reading.candidates.values()):
        if item.entry.home_account in account_ids and 0.4 <= item.score < 0.97:
            reading.rescore(item, min(0.99, item.score + lift))
