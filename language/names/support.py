"""Tells names from ordinary words by what stands around them: capitals, prepositions, verbs, neighbours.
English only."""

from collections.abc import Sequence
from functools import cached_property

from language.names.entries import PERSON_KINDS, Form
from language.names.normalise import Token
from language.names.spotting import Hit
from language.names.vocabulary import everyday_words, formal_names, known_names, known_words, words

_SENTENCE_ENDS = frozenset('.!?\n\r:;>•*"“”(')


class Surroundings:
    """The text around its tokens, asked about stretches of tokens."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self._text, self._tokens = text, tokens

    def word(self, i: int) -> str:
        """The folded token at `i`; empty outside the text."""
        return self._tokens[i].text if 0 <= i < len(self._tokens) else ""

    def between(self, i: int) -> str:
        """What stands between token `i` and the next one."""
        if i < 0 or i + 1 >= len(self._tokens):
            return "\n"
        return self._text[self._tokens[i].end : self._tokens[i + 1].start]

    @cached_property
    def has_case(self) -> bool:
        """True when capitals tell something: most words of the text start small, and the text has capitals."""
        initials = [self._text[token.start] for token in self._tokens if not token.is_cjk]
        capitals = sum(char.isupper() for char in initials)
        return 0 < capitals <= max(2, len(initials) * 0.6) and any(char.islower() for char in self._text)

    def is_capitalised(self, i: int) -> bool:
        """True for a capital inside a sentence, where only names have one."""
        if not self.has_case or not self._text[self._tokens[i].start].isupper():
            return False
        before = self._text[: self._tokens[i].start].rstrip(" \t'‘’-–—")
        return bool(before) and before[-1] not in _SENTENCE_ENDS

    def starts_capital(self, i: int) -> bool:
        """True when the token at `i` is written with a capital, wherever it stands."""
        return 0 <= i < len(self._tokens) and self._text[self._tokens[i].start].isupper()

    def is_ordinary(self, start: int, end: int) -> bool:
        """True when every token of the stretch is an everyday word."""
        everyday = everyday_words()
        return all(
            self.word(i) in everyday or (len(self.word(i)) == 1 and self.word(i).isascii())
            for i in range(start, end)
        )

    def is_common_noun(self, start: int, end: int) -> bool:
        """True for a rarer English word that an article before it makes a plain noun: "about the summit"."""
        if end - start > 1 or self.word(start) not in known_words() or self.is_capitalised(start):
            return False
        before = self.word(start - 1)
        return before in words("support", "account_blockers") | {"the"} and self.word(end) not in words(
            "support", "account_nouns"
        )

    def supports_person(self, i: int) -> bool:
        """True when the everyday word at `i` is used as somebody's name."""
        word, before, after = self.word(i), self.word(i - 1), self.word(i + 1)
        glued = self.between(i - 1)
        if self.is_capitalised(i) and not self._is_calendar(i):
            return True
        if self._text[self._tokens[i].start].islower() and self.has_case and self._mostly_capital_names():
            return False
        if self._text[self._tokens[i].end :][:2] in ("'s", "’s") and self.starts_capital(i):
            return True
        after_verbs = words("support", "strong_after_name")
        if after in after_verbs and word not in words("support", "function_words"):
            return True
        if self._is_placed(i):
            return True
        if before == "to" and self.word(i - 2) in words("support", "talk_then_to"):
            return True
        if before in words("support", "before_person") and not set(glued) - set(" .@/"):
            return not (
                word in words("support", "function_words")
                and after in everyday_words() - words("support", "after_name")
            )
        if before in words("support", "blockers") and not set(glued) - {" "}:
            return False
        return after in after_verbs

    def supports_account(self, i: int, end: int) -> bool:
        """True when the everyday words from `i` are used as a company's name."""
        before, after = self.word(i - 1), self.word(end)
        if self.is_capitalised(i):
            return True
        if before in words("support", "account_blockers"):
            return False
        if before == "the" and after not in words("support", "account_nouns"):
            return False
        return before in words("support", "before_account") or after in words("support", "account_nouns")

    def is_stranger(self, i: int) -> bool:
        """True when the token at `i` looks like part of a person's name that no record explains."""
        word = self.word(i)
        if len(word) < 3 or not word.isalpha() or not word.isascii() or word in words("support", "function_words"):
            return False
        if word in everyday_words():
            return (self.is_capitalised(i) and word in known_names()) or (
                self.starts_capital(i) and word in formal_names()
            )
        return word in known_names() or word not in known_words() or self.is_capitalised(i)

    def _is_placed(self, i: int) -> bool:
        """True for "grace (tallgrass)" and "mark from kestrel": a place follows that is no ordinary word."""
        if self.word(i) in words("support", "function_words"):
            return False
        step = (
            1
            if "(" in self.between(i)
            else 2
            if self.word(i + 1) in words("support", "link_before_account")
            else 0
        )
        place = self.word(i + step) if step else ""
        return len(place) > 2 and place.isalpha() and place not in everyday_words()

    def _is_calendar(self, i: int) -> bool:
        """True for a month or weekday that is used as one: "May 12", "in May", "by Mon"."""
        if self.word(i) not in words("support", "calendar"):
            return False
        after, before = self.word(i + 1), self.word(i - 1)
        return after[:1].isdigit() or before[:1].isdigit() or before in words("support", "before_calendar")

    def _mostly_capital_names(self) -> bool:
        """True when the writer puts capitals on names: some word inside a sentence has one."""
        return any(self.is_capitalised(i) for i, token in enumerate(self._tokens) if not token.is_cjk)


def keep_supported(hits: Sequence[Hit], around: Surroundings) -> list[Hit]:
    """The hits without readings of ordinary words that nothing around them supports."""
    kept = []
    for hit in hits:
        forms = [form for form in hit.forms if _is_supported(hit, form, around)]
        if forms:
            kept.append(hit._replace(forms=forms))
    return kept


def _is_supported(hit: Hit, form: Form, around: Surroundings) -> bool:
    kind, how = form.entry.kind, form.how
    if kind in ("deal", "task", "ticket", "product", "stage") or how == "title":
        return True
    if how == "initials" and not hit.how:
        letters = [around.word(i) for i in range(hit.start, hit.end) if len(around.word(i)) == 1]
        if not set(letters) & {"a", "i"}:
            return around.starts_capital(hit.start) or around.word(hit.start) not in words(
                "support", "function_words"
            )
        return around.has_case and all(around.starts_capital(i) for i in range(hit.start, hit.end))
    if not around.is_ordinary(hit.start, hit.end):
        return not around.is_common_noun(hit.start, hit.end)
    if hit.how == "spacing" and not everyday_words().issuperset(form.spaced.split()):
        return True
    if hit.end - hit.start > 1 and how != "initials" and kind in PERSON_KINDS and not hit.how:
        return any(around.word(i) not in words("support", "function_words") for i in range(hit.start, hit.end))
    if kind in PERSON_KINDS:
        return around.supports_person(hit.start)
    return around.supports_account(hit.start, hit.end)
