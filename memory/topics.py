"""Topics: words of both languages that speak of the same thing. A query word finds the others, too, at less weight."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from language.script import has_cjk
from memory.scoring import Document, Sought
from memory.words import all_terms, fold, passage_terms, query_terms, terms_of

# In the stored terms of a passage, between what was said and what stands around it; no term itself.
AROUND = "|"
# Marks a topic among the terms of a passage; no word begins with it.
MARK = "#"
# What another word of the topic counts beside the word itself.
TOPIC_WEIGHT = 0.5


def indexed_terms(text: str) -> list[str]:
    """The terms under which a text can be found: its words, then its topics."""
    folded = fold(text)
    return [*terms_of(folded), *sorted({MARK + topic for topic, _ in _found(folded)})]


def stored_terms(said: str, around: str) -> str:
    """The terms of what was said and of what stands around it, as the index keeps them."""
    return " ".join((*indexed_terms(said), *((AROUND, *indexed_terms(around)) if around else ())))


def document(terms: str, names: Sequence[str] = (), sought: frozenset[str] | None = None) -> Document:
    """What `stored_terms` gave, with terms of names around it; `sought` as in `Document`."""
    if sought is not None and not names and not any(term in terms for term in sought):
        return Document.without(terms.count(" ") + bool(terms) - terms.count(f" {AROUND} "))
    said, _, around = terms.partition(f" {AROUND} ")
    return Document(said.split(), (*around.split(), *names), sought)


def sought(query: str) -> tuple[Sought, ...]:
    """The words of a query with their topics; a word of a topic counts as rare as the topic is.

    Who says another word of the topic gets half of what the words themselves would count.
    """
    wanted = query_terms(query)
    spoken = {(MARK + topic, term) for topic, phrase in _found(fold(query)) for term in passage_terms(phrase)}
    of_topic = {term: topic for topic, term in sorted(spoken)}
    words = [
        Sought(term, 1 - TOPIC_WEIGHT, of_topic[term]) if term in of_topic else Sought(term) for term in wanted
    ]
    numbers = Counter(topic for topic, term in spoken if term in wanted)
    return (*words, *(Sought(topic, TOPIC_WEIGHT * number) for topic, number in sorted(numbers.items())))


def topics_in(text: str) -> frozenset[str]:
    """The topics that a text speaks of."""
    return frozenset(topic for topic, _ in _found(fold(text)))


@cache
def topic_words() -> frozenset[str]:
    """Every English word of a topic, in lower case."""
    return frozenset(word for _, words in _table().items() for phrase in words for word in phrase.split())


def _found(folded: str) -> tuple[tuple[str, str], ...]:
    """Topic and phrase for each phrase that stands in a folded text."""
    known, terms = _phrases(), all_terms(folded)
    found = [(topic, phrase) for phrase, topic in known.chinese if phrase in folded] if has_cjk(folded) else []
    found += [
        (topic, phrase)
        for place, term in enumerate(terms)
        for stems, topic, phrase in known.english.get(term, ())
        if terms[place : place + len(stems)] == stems
    ]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Chinese phrases, and English ones by their first stem."""

    chinese: tuple[tuple[str, str], ...]
    english: dict[str, list[tuple[list[str], str, str]]]


@cache
def _phrases() -> _Phrases:
    chinese: list[tuple[str, str]] = []
    english: dict[str, list[tuple[list[str], str, str]]] = {}
    for topic, phrase in _entries():
        if has_cjk(phrase):
            chinese.append((phrase, topic))
        else:
            stems = all_terms(fold(phrase))
            english.setdefault(stems[0], []).append((stems, topic, phrase))
    return _Phrases(tuple(chinese), english)


def _entries() -> Iterator[tuple[str, str]]:
    for topic, phrases in _table().items():
        for phrase in phrases:
            yield topic, phrase


@cache
def _table() -> dict[str, list[str]]:
    text = files("memory").joinpath("data", "topics.yaml").read_text(encoding="utf-8")
    return {topic: [str(phrase) for phrase in phrases] for topic, phrases in yaml.safe_load(text).items()}
