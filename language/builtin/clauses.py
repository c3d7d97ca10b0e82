"""A message as clauses, each with its mood: a fact or instruction, or a question, condition, negation,
hearsay, mere talk.

What a mood word is and where clauses part is data (`data/phrases/moods.yaml`); what a clause asks for is
the requests' business.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from language.amounts import AmountMention
from language.builtin.account_deals import with_account_deals
from language.builtin.clause_breaks import SENTENCE_ENDS, SOFT, Breaks
from language.builtin.frames.frames import structural_hits, tells_which_task, without_compounds
from language.builtin.patterns import Hit, phrase_book
from language.builtin.words import Word, cut_words, with_bare_deals
from language.dates import DateMention
from language.lexicon import Mention

if TYPE_CHECKING:
    from language.builtin.reading import Reading

_QUESTION_ENDS = frozenset("?？")
_TALK = frozenset({"hedge", "undecided", "condition", "hearsay", "question", "negation", "keep"})
_LIFTED = {
    "negation": ("no_negation", "next_step_lacks", "status"),
    "keep": ("no_negation",),
    "question": ("no_question",),
    "hedge": ("polite", "no_hedge"),
    "hearsay": ("no_hearsay",),
    "condition": ("no_condition",),
}
# What a phrase is not where one of another tag holds it.
_OTHERS = {
    "filler": "no_filler",
    "won": "same_value",
    "lost": "hand_over",
    "lost_to": "hand_over",
    "lost_reason": "hand_over",
    "competitor": "hand_over",
}
_DEAL_TAGS = frozenset(
    {
        "to_stage",
        "amount_word",
        "amount_result",
        "close_word",
        "forecast",
        "push",
        "pull",
        "won",
        "lost",
        "next_step",
        "next_step_behind",
        "next_step_lacks",
    }
)
_DEAL_KINDS = frozenset({"shift", "stage", "money"})
_TAG_QUESTION = 4
_ARTICLES = frozenset({"the", "a", "our", "their", "his", "her", "my", "first", "final"})
_BEFORE_VERB = frozenset(
    [
        "please",
        "pls",
        "to",
        "and",
        "then",
        "you",
        "also",
        "so",
        "now",
        "can",
        "could",
        "me",
        "i",
        "we",
        "just",
        "help",
        "us",
        "quickly",
        "or",
        "kindly",
        "plus",
    ]
)
_WISHES = frozenset({"log", "note", "task_new", "create", "to_stage", "close_word", "next_step", "amount_change"})
_AND = frozenset({"and", "并", "且", "而"})
_REACH = 40  # clauses of a sentence that may bear on each other


@dataclass(frozen=True)
class Clause:
    """Words `first` up to `after` of a message. `moods` are the tags that speak against taking it as a wish
    or fact."""

    index: int
    sentence: int
    first: int
    after: int
    start: int
    end: int
    text: str
    words: Sequence[Word]
    hits: Sequence[Hit]
    moods: frozenset[str] = field(default=frozenset())

    def has(self, *tags: str) -> bool:
        """Whether a phrase of one of the tags begins in this clause."""
        return any(hit.tag in tags for hit in self.hits)

    def hit(self, *tags: str) -> Hit | None:
        """The first phrase of one of the tags."""
        return next((hit for hit in self.hits if hit.tag in tags), None)

    def all(self, *tags: str) -> list[Hit]:
        """All phrases of the tags."""
        return [hit for hit in self.hits if hit.tag in tags]

    def things(self, *kinds: str) -> list[Word]:
        """The recognised things of the kinds, in order."""
        return [word for word in self.words if word.kinds & set(kinds)]

    @property
    def starts_anew(self) -> bool:
        """Whether a word such as "also", "so" or 另外 begins it."""
        return any(
            hit.tag == "joint" and hit.first == self.first and not hit.value.get("weak") for hit in self.hits
        )

    @property
    def is_plain(self) -> bool:
        """Whether nothing speaks against doing what the clause says."""
        return not self.moods


class Outline:
    """A message cut into words, phrases and clauses."""

    def __init__(self, reading: "Reading") -> None:
        self.reading = reading
        self.text = reading.text
        self.words: Sequence[Word] = [phrase_book().spelt_right(word) for word in _words(reading)]
        self.words = with_account_deals(
            self.words, reading.text, reading.situation.lexicon, _account_in_focus(reading)
        )
        self.hits = phrase_book().find(self.words)
        if any(hit.tag in _DEAL_TAGS for hit in self.hits) or any(word.kinds & _DEAL_KINDS for word in self.words):
            self.words = with_bare_deals(self.words, reading.text, reading.situation.lexicon)
            self.hits = phrase_book().find(self.words)
        self.hits = _without_others(self.hits)

    @cached_property
    def clauses(self) -> list[Clause]:
        """The clauses in order."""
        rough = list(self._cut())
        return [self._with_structure(self._with_mood(clause, rough)) for clause in rough]

    @cached_property
    def is_mere_talk(self) -> bool:
        """Whether the person says that nothing at all is to be done."""
        free = [hit for hit in self.hits if hit.tag == "no_nothing"]
        free += [hit for hit in self.hits if hit.tag == "nothing" and self._asks_behind(hit)]
        return any(
            hit.tag == "nothing" and not any(other.first <= hit.first < other.after for other in free)
            for hit in self.hits
        )

    def _asks_behind(self, nothing: Hit) -> bool:
        """ "Ignore that, just log a note": what is to be done all the same stands behind it."""
        only = [hit for hit in self.hits if hit.tag == "only_this" and hit.first >= nothing.after]
        return any(hit.tag in _WISHES and only[0].first <= hit.first for hit in self.hits) if only else False

    @cached_property
    def asks_for_draft(self) -> bool:
        """Whether a text is to be written; "a task for Ben: draft the plan" and "the draft" ask for none."""
        return any(hit.tag == "draft" and not self._is_told_of_draft(hit) for hit in self.hits)

    def _is_told_of_draft(self, draft: Hit) -> bool:
        before = self.words[draft.first - 1] if draft.first else None
        is_word = draft.after - draft.first == 1 and self.words[draft.first].canon == "draft"
        if is_word and before is not None and (before.canon in _ARTICLES or self._is_noun_before(draft.first)):
            return True
        for hit in reversed([each for each in self.hits if each.first < draft.first]):
            between = self.words[hit.after : draft.first]
            if any(self._breaks.ends_sentence(word) for word in between):
                return False
            if hit.tag in ("task_new", "next_step"):
                return True
        return False

    def _is_noun_before(self, index: int) -> bool:
        """ "The contract draft": a plain word in front that neither opens the clause nor asks for anything."""
        before = self.words[index - 1]
        return not before.kinds and before.canon.isalpha() and before.canon not in _BEFORE_VERB

    @cached_property
    def all_hits(self) -> list[Hit]:
        """What phrases and the structure of clauses give, in order."""
        return [hit for clause in self.clauses for hit in clause.hits]

    def has(self, *tags: str) -> bool:
        """Whether a phrase of one of the tags occurs."""
        return any(hit.tag in tags for hit in self.all_hits)

    def own_text(self, start: int, end: int) -> str:
        """The message's text between two offsets."""
        return self.reading.text[start:end]

    def sentence_end(self, index: int) -> int:
        """The offset at which the sentence that word `index` lies in ends."""
        for word in self.words[index:]:
            if self._breaks.ends_sentence(word):
                return word.start
        return len(self.reading.text)

    @cached_property
    def _breaks(self) -> Breaks:
        return Breaks(self.words, self.hits, self.text)

    def _cut(self) -> Iterator[Clause]:
        breaks = self._breaks.find()
        sentence = index = first = 0
        for i in range(len(self.words) + 1):
            at_end = i == len(self.words)
            ended = bool(i) and self._breaks.ends_sentence(self.words[i - 1])
            if not (at_end or ended or i in breaks):
                continue
            if any(word.canon not in SENTENCE_ENDS | SOFT for word in self.words[first:i]):
                yield self._clause(index, sentence, first, i)
                index += 1
                sentence += ended
            first = i

    def _clause(self, index: int, sentence: int, first: int, after: int) -> Clause:
        words = self.words[first:after]
        start, end = words[0].start, words[-1].end
        hits = [hit for hit in self.hits if first <= hit.first < after]
        return Clause(index, sentence, first, after, start, end, self.reading.text[start:end], words, hits)

    def _with_structure(self, clause: Clause) -> Clause:
        clause = replace(clause, hits=without_compounds(clause))
        found = [hit for hit in structural_hits(self, clause) if not tells_which_task(clause, hit)]
        hits = sorted([*clause.hits, *found], key=lambda hit: (hit.first, hit.after))
        return replace(clause, hits=hits) if found else clause

    def _with_mood(self, clause: Clause, rough: Sequence[Clause]) -> Clause:
        moods = {tag for tag in _TALK if self._in_mood(clause, tag)} | self._inherited(clause, rough)
        if self._is_asked(clause, rough):
            moods.add("question")
        if any(
            following.sentence == clause.sentence
            and self._starts_with(following, "condition")
            and self._in_mood(following, "condition")
            for following in rough[clause.index + 1 : clause.index + 2]
        ):
            moods.add("condition")
        if clause.has("withheld") or any(
            each.has("refused") for each in rough[clause.index :] if each.sentence == clause.sentence
        ):
            moods.add("condition")
        return replace(clause, moods=frozenset(moods))

    def _inherited(self, clause: Clause, rough: Sequence[Clause]) -> set[str]:
        """What a clause takes over from those before it: a condition until something new begins, a mood
        word right before it."""
        found: set[str] = set()
        for before in reversed(rough[max(0, clause.index - _REACH) : clause.index]):
            following = rough[before.index + 1]
            if before.sentence != clause.sentence or (following.starts_anew and not _goes_on(following)):
                break
            if self._in_mood(before, "condition") and not before.has("whole_condition"):
                found.add("condition")
        last = rough[clause.index - 1] if clause.index else None
        if last is not None and last.sentence == clause.sentence:
            found |= {
                hit.tag
                for hit in last.hits
                if (hit.tag in ("negation", "undecided") and hit.after == last.after)
                or (hit.tag == "undecided" and hit.after + 1 == last.after)
            }
        return found

    def _in_mood(self, clause: Clause, tag: str) -> bool:
        free = [hit for hit in clause.hits if hit.tag in _LIFTED.get(tag, ())]
        step = clause.hit("next_step") if tag == "condition" else None
        return any(
            not any(other.first <= hit.first < other.after for other in free)
            and not (step is not None and step.after <= hit.first)  # The words of a next step: 下一步等对方盖章.
            for hit in clause.hits
            if hit.tag == tag
        )

    def _is_asked(self, clause: Clause, rough: Sequence[Clause]) -> bool:
        """A clause before a question mark, unless it politely asks to do something."""
        near = rough[max(0, clause.index - _REACH) : clause.index + _REACH]
        if any(other.has("polite") for other in near if other.sentence == clause.sentence):
            return False
        following = rough[clause.index + 1] if clause.index + 1 < len(rough) else None
        is_tag = (
            following is not None
            and following.sentence == clause.sentence
            and len(following.words) <= _TAG_QUESTION
        )
        ends = [clause, following] if is_tag and following is not None else [clause]
        return any(self.words[each.after - 1].canon in _QUESTION_ENDS for each in ends)

    @staticmethod
    def _starts_with(clause: Clause, tag: str) -> bool:
        return any(hit.tag == tag and hit.first == clause.first for hit in clause.hits)


def _words(reading: "Reading") -> list[Word]:
    return cut_words(reading.text, reading.mentions, reading.dates, reading.durations, reading.amounts)


def _without_others(hits: Sequence[Hit]) -> list[Hit]:
    """Without fillers that are verbs, "they'd like a sheet", and losses that are none: 丢给青禾."""
    return [
        hit
        for hit in hits
        if not any(other.tag == _OTHERS.get(hit.tag) and other.first <= hit.first < other.after for other in hits)
    ]


def _account_in_focus(reading: "Reading") -> str:
    focus = reading.dialogue.focus("account")
    return focus[0] if focus else ""


def dates_in(clause: Clause) -> list[DateMention]:
    """The dates of a clause."""
    return [word.thing for word in clause.things("date") if isinstance(word.thing, DateMention)]


def new_dates_in(clause: Clause) -> list[DateMention]:
    """The dates of a clause but those that are called old: "Friday instead of the 23rd"."""
    old = {
        id(word.thing)
        for hit in clause.all("old_value")
        for word in clause.words[hit.first - clause.first : hit.after - clause.first]
    }
    return [date for date in dates_in(clause) if id(date) not in old]


def amounts_in(clause: Clause) -> list[AmountMention]:
    """The amounts of a clause."""
    return [word.thing for word in clause.things("amount") if isinstance(word.thing, AmountMention)]


def names_in(clause: Clause, *kinds: str) -> list[Mention]:
    """The names of a clause that may be records of the kinds."""
    return [word.thing for word in clause.things(*kinds) if isinstance(word.thing, Mention)]


def _goes_on(clause: Clause) -> bool:
    """Whether a clause with "then", "and" or 再 goes on under the condition before it; an order to us with one of the
    last two does not."""
    if clause.text.startswith("再"):
        return not clause.text.startswith(("再帮我", "再给我"))
    if clause.words[0].canon == "then":
        return True
    return clause.words[0].canon in _AND and not clause.has("task_new", "log", "note")
