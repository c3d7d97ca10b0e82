"""BM25 over words, Chinese character pairs and topics that mean the same in both languages."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log

from analytics.wording import load_table
from language.script import CJK

K1, B = 1.2, 0.6
LEAST_RARITY = 0.4  # in a scope of a few texts on one topic, its words are common and still the right ones
TOPIC_WEIGHT = 0.5
CONTEXT_WEIGHT = 0.4
_WORD = re.compile(rf"[a-z0-9]+(?:[.'-][a-z0-9]+)*|[{CJK}]+")
_CHINESE = re.compile(f"[{CJK}]+")
_ENDINGS = ("ations", "ation", "ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "ment", "ments")


@dataclass(frozen=True, slots=True)
class Passage:
    """One text that may be found, with the text around it that helps to find it (subject, people, where)."""

    id: str
    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class LexicalRetriever:
    """Term overlap weighted by rarity among the passages, with synonyms at less weight."""

    def score(self, query: str, passages: Sequence[Passage]) -> Mapping[str, float]:
        """Passages that share a word or a topic with the query."""
        wanted = query_terms(query)
        if not wanted or not passages:
            return {}
        documents = [_document(passage) for passage in passages]
        average = sum(sum(each.values()) for each in documents) / len(documents) or 1.0
        present = Counter(term for each in documents for term in wanted if term in each)
        found = {}
        for passage, document in zip(passages, documents, strict=True):
            length = sum(document.values())
            score = sum(
                weight * _rarity(present[term], len(documents)) * _saturation(document[term], length / average)
                for term, weight in wanted.items()
                if term in document
            )
            if score > 0:
                found[passage.id] = score
        return found


def terms(text: str) -> list[str]:
    """English stems and Chinese character pairs, in order."""
    return list(_terms(text))


@lru_cache(maxsize=20_000)
def _terms(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for word in _WORD.findall(text.casefold()):
        found.extend(_pairs(word) if _CHINESE.match(word) else (stem(word),))
    return tuple(found)


def stem(word: str) -> str:
    """The word without its commonest endings; short words stay."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def query_terms(query: str) -> dict[str, float]:
    """The terms to look for: the query's own words, then the words of its topics at less weight."""
    table = load_table("topics")
    folded = query.casefold()
    for word in sorted(table["stop_zh"], key=len, reverse=True):
        folded = folded.replace(word, " ")
    stop = frozenset(table["stop"])
    words = [word for word in _WORD.findall(folded) if word not in stop]
    wanted: dict[str, float] = {}
    for word in words:
        parts = terms(word)
        wanted.update({term: 1.0 / len(parts) for term in parts})
    for topic in topics_in(query):
        wanted.setdefault(f"#{topic}", TOPIC_WEIGHT)
    return wanted


def topics_in(text: str) -> set[str]:
    """The topics that a text speaks of."""
    folded = " ".join(text.casefold().split())
    chinese, english = _topic_words()
    found = {topic for word, topic in chinese if word in folded}
    stems = terms(folded)
    joined = f" {' '.join(stems)} "
    return found | {topic for phrase, topic in english if f" {phrase} " in joined}


def passage_of(query: str, text: str) -> str:
    """The sentence of a text that answers a query best; the whole text when none stands out."""
    sentences = [each.strip() for each in re.split(r"(?<=[.!?。！？；\n])\s*", text) if each.strip()]
    if len(sentences) < 2:
        return text
    scores = LexicalRetriever().score(query, [Passage(str(n), each) for n, each in enumerate(sentences)])
    if not scores:
        return text
    best = max(scores, key=lambda key: scores[key])
    return sentences[int(best)]


def _document(passage: Passage) -> Mapping[str, float]:
    weighted = dict(_counted(passage.text))
    for term in set(terms(passage.context)):
        weighted[term] = weighted.get(term, 0.0) + CONTEXT_WEIGHT
    return weighted


@lru_cache(maxsize=20_000)
def _counted(text: str) -> Mapping[str, float]:
    """Terms and topics of a text with their numbers; kept, because the same texts are searched again."""
    counted: Counter[str] = Counter(terms(text))
    return {**counted, **{f"#{topic}": 1.0 for topic in topics_in(text)}}


def _pairs(word: str) -> Iterable[str]:
    return (word[start : start + 2] for start in range(len(word) - 1)) if len(word) > 1 else (word,)


def _rarity(present: int, total: int) -> float:
    return max(LEAST_RARITY, log(1 + (total - present + 0.5) / (present + 0.5)))


def _saturation(number: float, relative_length: float) -> float:
    return number * (K1 + 1) / (number + K1 * (1 - B + B * relative_length))


@cache
def _topic_words() -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    chinese, english = [], []
    for topic, words in load_table("topics")["topics"].items():
        for word in words:
            if _CHINESE.search(word):
                chinese.append((word, topic))
            else:
                english.append((" ".join(terms(word)), topic))
    return tuple(chinese), tuple(english)
