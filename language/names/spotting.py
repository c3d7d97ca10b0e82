"""Finds every stretch of tokens that reads as a known form, misspelt or torn apart included. Does not choose
between them."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from language.names.entries import PERSON_KINDS, Form
from language.names.fuzzy import Alternative
from language.names.index import FormIndex
from language.names.normalise import Token, pinyin
from language.names.vocabulary import known_words, scoring, words
from language.script import has_cjk

_LONGEST_CJK_TITLE = 7
_WIDEST_GAP = 3


class Hit(NamedTuple):
    """Tokens `start` to `end` read as `forms`, with what is left of their scores; `how` is empty when the form
    says it."""

    start: int
    end: int
    forms: Sequence[Form]
    factor: float
    how: str


class Spotter:
    """Spots forms of one index in a list of tokens."""

    def __init__(self, index: FormIndex, tokens: Sequence[Token], *, lenient: bool) -> None:
        self._index, self._tokens, self._lenient = index, tokens, lenient
        limits = scoring("limits")
        self._longest = int(limits["words"])
        self._has_chinese = bool(index.cjk_lengths)
        self._tried: set[str] = set()
        self._fuzzy_left = int(limits["fuzzy_tokens"])
        self._edges = [list(self._edges_at(i)) for i in range(len(tokens))]

    def spot(self) -> list[Hit]:
        """All hits, in text order; several may share or overlap a stretch."""
        hits: list[Hit] = []
        for i, token in enumerate(self._tokens):
            if token.is_cjk:
                hits += self._chinese_at(i)
            else:
                hits += self._walk(i, i, "", "", 1.0, "")
        return hits

    def _edges_at(self, i: int) -> Iterator[tuple[int, Alternative]]:
        """The ways to read the tokens from `i` on as one word: as written, as another word, joined with the
        next."""
        token = self._tokens[i]
        yield i + 1, Alternative(token.text, 1.0, "")
        if token.is_cjk or not token.text.isascii() or not token.text.isalpha():
            return
        yield from ((i + 1, item) for item in self._alternatives(token.text))
        if i + 1 < len(self._tokens) and self._tokens[i + 1].start - token.end == 1:
            yield from ((i + 2, item) for item in self._joined(token.text, self._tokens[i + 1]))

    def _alternatives(self, word: str) -> Sequence[Alternative]:
        is_cheap = word in self._tried or word in self._index.speller.vocabulary or word in known_words()
        if not is_cheap:
            if self._fuzzy_left <= 0:
                return ()
            self._fuzzy_left -= 1
            self._tried.add(word)
        return self._index.speller.alternatives(word, lenient=self._lenient)

    def _joined(self, word: str, following: Token) -> Iterator[Alternative]:
        joined = word + following.text
        if following.is_cjk or not following.text.isalpha() or not joined.isascii() or len(joined) < 6:
            return
        speller, known = self._index.speller, known_words()
        if joined in known or word in speller.vocabulary or self._is_name(word) or self._is_name(following.text):
            return
        if following.text in words("support", "function_words"):
            return
        factor = float(scoring("factors")["joined"])
        found = speller.joined(joined) if word in known and following.text in known else self._alternatives(joined)
        for item in found:
            if not speller.vocabulary[item.text] and item.how in ("typo", "phonetic"):
                yield item._replace(factor=item.factor * factor, how="phonetic")

    def _is_name(self, word: str) -> bool:
        """True when the word by itself names a person or company, so that it needs no neighbour."""
        return any(form.entry.kind != "deal" for form in self._index.forms.get(word, ()))

    def _walk(self, start: int, at: int, key: str, spaced: str, factor: float, how: str) -> Iterator[Hit]:
        """Follows the edges from `at`, looking up what the path spells so far."""
        if at >= len(self._tokens) or at - start >= self._longest:
            return
        if at > start and self._tokens[at].start - self._tokens[at - 1].end > _WIDEST_GAP:
            return
        for end, item in self._edges[at]:
            path_key, path_spaced = key + item.text, f"{spaced} {item.text}" if spaced else item.text
            path_factor = factor * item.factor
            if path_factor < 0.5:
                continue
            path_how = item.how or how
            yield from self._look_up(start, end, path_key, path_spaced, path_factor, path_how)
            if len(path_key) < 60:
                yield from self._walk(start, end, path_key, path_spaced, path_factor, path_how)

    def _look_up(self, start: int, end: int, key: str, spaced: str, factor: float, how: str) -> Iterator[Hit]:
        if forms := self._index.forms.get(key):
            yield from _fitting(start, end, forms, spaced, factor, how)
        if titled := self._index.titles.get(key):
            yield Hit(start, end, titled, factor, how)
        if self._has_chinese and not how and key.isascii() and (sounded := self._index.pinyin_forms.get(key)):
            before = self._tokens[start - 1].text if start else ""
            if before not in words("titles", "en_honorifics") and not self._lenient:
                sounded = [form for form in sounded if form.how != "last name"]
            yield from _fitting(start, end, sounded, spaced, factor, how)

    def _chinese_at(self, i: int) -> Iterator[Hit]:
        tokens, index = self._tokens, self._index
        texts = [token.text for token in tokens[i : i + 32]]
        for size in index.cjk_lengths.get("".join(texts[:2]), ()):
            forms = index.forms.get("".join(texts[:size]), [])
            if forms and size <= len(texts):
                yield Hit(i, i + size, forms, 1.0, "")
        for size in range(2, min(_LONGEST_CJK_TITLE, len(texts)) + 1):
            if titled := index.titles.get("".join(texts[:size])):
                yield Hit(i, i + size, titled, 1.0, "")
        yield from self._homophones_at(i, texts)

    def _homophones_at(self, i: int, texts: list[str]) -> Iterator[Hit]:
        """Chinese forms written with other characters of the same sound; of two-character ones only names with
        the right surname."""
        run = list(takewhile(has_cjk, texts[:10])) if self._has_chinese else []
        sounds = pinyin("".join(run))
        if len(sounds) != len(run):
            return
        factors = scoring("factors")
        for size in range(2, len(sounds) + 1):
            heard = self._index.homophones.get(" ".join(sounds[:size]), ())
            for key in dict.fromkeys(form.key for form in heard):
                forms = self._index.forms[key]
                if key == "".join(texts[:size]):
                    continue
                if size > 2 or self._lenient:
                    yield Hit(i, i + size, forms, factors["homophone"], "phonetic")
                elif key[0] == texts[0] and all(form.entry.kind in PERSON_KINDS for form in forms):
                    yield Hit(i, i + size, forms, factors["homophone_given"], "phonetic")


def _fitting(start: int, end: int, forms: Sequence[Form], spaced: str, factor: float, how: str) -> Iterator[Hit]:
    """The forms whose word boundaries allow the reading: as written, or written apart or together."""
    same = [form for form in forms if form.spaced == spaced]
    if same:
        yield Hit(start, end, same, factor, how)
    if len(same) < len(forms) and (
        len(spaced) > 5 or any(char.isdigit() for char in spaced) or forms[0].how == "pinyin"
    ):
        other = [form for form in forms if form.spaced != spaced and not form.strict]
        if other and not _is_grammar(spaced):
            yield Hit(start, end, other, factor * scoring("factors")["spacing"], how or "spacing")


def _is_grammar(spaced: str) -> bool:
    """Whether words are nothing but pronouns, prepositions and the like: "her on" is no Heron."""
    small = words("support", "function_words") | words("support", "blockers") | words("support", "determiners")
    return all(word in small for word in spaced.split())
