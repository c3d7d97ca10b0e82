"""What the readers of all kinds of acts share: values with their parts, names, days, amounts and people."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.registry import Registry
from language.amounts import AmountMention
from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
from language.builtin.new_record import EDGES
from language.builtin.patterns import Hit
from language.builtin.remind_times import spoken_due
from language.builtin.spoken import spoken_date
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words
from language.builtin.words import top_candidates
from language.dates import DateMention
from language.learned.acts import Act, Part, Understood
from language.lexicon import Mention
from language.names.decide import decide
from language.names.vocabulary import everyday_words
from language.script import has_cjk

_SHORTEST_ZH = 3


@dataclass(frozen=True, slots=True)
class Value:
    """A value of an argument, and the part of the message that it comes from."""

    said: Any
    part: Part


@dataclass(frozen=True, slots=True)
class LearnedCall:
    """A tool call as the network understands a message: `about` tells which record it changes, if it is an old one.

    `is_joint`: the record is named beside another one that gets the same values ("the retrofit and the contract").
    """

    tool: str
    act: Act
    values: Mapping[str, Value]
    about: Mapping[str, str] = field(default_factory=dict)
    is_joint: bool = False

    def call(self, outline: Outline) -> Call:
        """The call with all values."""
        said = {name: value.said for name, value in self.values.items()}
        if self.tool == "update_record":
            said = {"fields": said}
        return Call(self.tool, {**self.about, **said}, outline.words[self.act.first].start)


class Context:
    """What the functions below share: the outline, its targets, and the parts that stand outside of acts."""

    def __init__(self, outline: Outline, seen: Understood) -> None:
        self.outline, self.seen = outline, seen
        self.situation = outline.reading.situation
        self.targets = Targets(outline)

    def shared(self, act: Act, *roles: str) -> Part | None:
        """The part of that role in the act, else the last one outside of acts before it, else the first behind it, else
        the one of the last act of this kind before it."""
        own = act.one(*roles)
        if own is not None:
            return own
        loose = [part for part in self.seen.loose if part.role in roles]
        before = [part for part in loose if part.first < act.first]
        if loose:
            return before[-1] if before else loose[0]
        earlier = [each for each in self.seen.acts if each.kind == act.kind and each.first < act.first]
        return earlier[-1].one(*roles) if earlier else None

    def clause_at(self, word: int) -> Clause | None:
        """The clause that a word lies in."""
        return next((each for each in self.outline.clauses if each.first <= word < each.after), None)

    def hits_over(self, part: Part, tag: str) -> list[Hit]:
        """The phrases of a tag that share words with a part."""
        return [
            hit
            for hit in self.outline.all_hits
            if hit.tag == tag and hit.first < part.after and part.first < hit.after
        ]


ReadAct = Callable[[Context, Act], Iterator[LearnedCall]]


@dataclass(frozen=True, slots=True)
class ActReader:
    """What turns acts of one kind into calls."""

    kind: str
    read: ReadAct


ACT_READERS: Registry[ActReader] = Registry("act reader", "language.learned.calls")


def reads(kind: str) -> Callable[[ReadAct], ReadAct]:
    """Registers a function as the reader of one kind of acts."""

    def declare(read: ReadAct) -> ReadAct:
        ACT_READERS.add(kind, ActReader(kind, read))
        return read

    return declare


def date_in(part: Part) -> DateMention | None:
    """The day, period or shift that a part holds."""
    return next((word.thing for word in part.words if isinstance(word.thing, DateMention)), None)


def amount_in(part: Part) -> AmountMention | None:
    """The amount that a part holds."""
    return next((word.thing for word in part.words if isinstance(word.thing, AmountMention)), None)


def mention_in(part: Part | None, *kinds: str) -> Mention | None:
    """The name of a record of one of the kinds that a part holds."""
    found = [word for word in part.words if word.kinds & set(kinds)] if part is not None else []
    return found[0].thing if found and isinstance(found[0].thing, Mention) else None


def plain(part: Part) -> str:
    """The words of a part without signs around them."""
    return part.text.strip(EDGES)


def colleague(context: Context, part: Part) -> str:
    """Who of ours is meant: an id, "me", or nothing."""
    mention = mention_in(part, "user")
    if mention is not None:
        return context.targets.person_of(mention, "user").reference
    said = plain(part).casefold()
    if said in load_words("people")["object_pronouns"]:
        return context.targets.user_in_focus()
    return "me" if said in load_words("people")["me"] else ""


def priority_of(context: Context, part: Part) -> str:
    """The priority that a part means; empty when it is none."""
    hits = context.hits_over(part, "priority")
    said = plain(part).casefold()
    return str(hits[0].value["priority"]) if hits else said if said in ("low", "normal", "high", "urgent") else ""


def due_day(context: Context, part: Part) -> str:
    """The day of a task as the server reads it; of "the same day" the last one said before."""
    mention = date_in(part)
    if mention is None and context.hits_over(part, "same_value"):
        days = [word.thing for word in context.outline.words[: part.first] if isinstance(word.thing, DateMention)]
        mention = days[-1] if days else None
    return spoken_due(context.outline.reading.text, mention) if mention is not None else plain(part)


def shift(context: Context, part: Part) -> str:
    """A move from the present day, as the server reads it ("+14d"); back where the clause pulls it in."""
    mention = date_in(part)
    return spoken_date(mention, sign=direction(context, part)) if mention is not None else ""


def direction(context: Context, part: Part) -> int:
    """-1 where a move of a day is to an earlier one, else 1."""
    clause = context.clause_at(part.first)
    pulled = clause is not None and clause.has("pull") and not clause.has("push")
    return -1 if pulled or says(part, "earlier", "deal_words") else 1


def existing(context: Context, part: Part, kind: str) -> str:
    """The id of the record that words describe when it is certain, else the words."""
    mention = mention_in(part, kind)
    if mention is not None:
        entries = [item.entry for item in top_candidates(mention) if item.entry.kind == kind]
        if len(entries) == 1:
            return entries[0].id
    accounts = context.targets.accounts_said()
    found = decide(context.situation.lexicon.match(part.text, kinds={kind}, account_ids=tuple(accounts)))
    return found.chosen.entry.id if found.outcome == "one" and found.chosen is not None else plain(part)


def is_strange(context: Context, part: Part, kind: str) -> bool:
    """Whether words name something that no visible record of the kind is called, unlike "it" or "the big one"."""
    words = part.words
    if any(word.kinds for word in words):
        return False
    explained = {i for hit in context.outline.all_hits for i in range(hit.first, hit.after)}
    free = [word.canon for i, word in enumerate(words, part.first) if i not in explained]
    signs = [word for word in free if has_cjk(word)]
    if len(signs) < _SHORTEST_ZH and all(
        has_cjk(word) or word in everyday_words() for word in free if word.isalpha()
    ):
        return False
    return decide(context.situation.lexicon.match(part.text, kinds={kind})).outcome == "none"


def person_of(context: Context, part: Part) -> str:
    """The contact that a part means: an id when it is certain, else the words."""
    mention = mention_in(part, "contact")
    accounts = context.targets.accounts_said()
    return (
        context.targets.person_of(mention, "contact", accounts).reference if mention is not None else plain(part)
    )


def account_of(context: Context, part: Part) -> str:
    """The account that a part means: an id when it is certain, else the words."""
    mention = mention_in(part, "account")
    return context.targets.account_of(mention).reference if mention is not None else plain(part)


def says(part: Part, key: str, file: str) -> bool:
    """Whether a part holds one of the words of a data file."""
    text = part.text.casefold()
    return any(str(each) in text for each in load_words(file)[key])


def has_tag(context: Context, act: Act, tag: str) -> bool:
    """Whether a phrase of the tag begins in an act."""
    return any(hit.tag == tag and act.first <= hit.first < act.after for hit in context.outline.all_hits)
