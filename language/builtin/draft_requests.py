"""Reads what a message wants drafted: for whom, about what, with which points and question, and without what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words
from language.drafting.asks import ask_of
from language.drafting.clauses import split_clauses
from language.drafting.perspective import is_promise, thanks_of
from language.lexicon import Mention
from language.script import language_of, to_simplified
from language.spans import Span, cut

_SENTENCE_START = re.compile(
    r"(?:^|(?<=[\n.!?;:,。！？；：，]))[ \t]*(?:(?:and|then|also)\s+(?=\w))?|\s+and\s+(?=\w)", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[\n.!?;。！？；](?=\s|$|[^\x00-\x7f])|[：:，,](?=\s|[^\x00-\x7f])")
_PERSON = re.compile(r"\b(?:her|him|them|she|he|they)\b|[他她]", re.IGNORECASE)


@dataclass
class DraftRequest:
    """A wish for a draft. `spans` are the stretches of the message that belong to it."""

    to: list[str] = field(default_factory=list)
    account: str = ""
    deal: str = ""
    about: str = ""
    points: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    leave_out: list[str] = field(default_factory=list)
    language: str = ""
    max_words: int = 0
    spans: tuple[Span, ...] = ()
    at: int = 0

    def arguments(self) -> dict[str, object]:
        """The arguments of `draft_follow_up`."""
        return {
            "to": self.to,
            "account": self.account,
            "deal": self.deal,
            "about": self.about,
            "points": self.points,
            "ask": "; ".join(self.asks),
            "leave_out": self.leave_out,
            "language": self.language,
            "max_words": self.max_words or None,
        }


def find_request(reading: Reading, *, to_send: bool = False) -> DraftRequest | None:
    """What is to be drafted, or None when no draft is asked for; with `to_send` a wish to send counts as one."""
    text = reading.text
    head = _head(text, ("send",) if to_send else ("request", "en"), ("send",) if to_send else ("request", "zh"))
    return request_behind(reading, head) if head is not None else None


def request_behind(reading: Reading, head: Span, content_at: int | None = None) -> DraftRequest:
    """What is to be drafted, from the words that ask for it on; its content begins at `content_at`, if given."""
    text = reading.text
    request = DraftRequest(at=head.start)
    end = _read_recipients(reading, request, head)
    end = _read_about(text, request, head, end)
    if re.search(_words("thanks_noun"), head.text, re.IGNORECASE):
        end = _read_thanks(text, request, end)
    end = max(end, content_at) if content_at is not None else _content_start(text, end)
    stop = read_content(request, text, end)
    if not (request.points or request.asks):
        request.points += _agreed_before(text[: head.start])
    if not (request.points or request.asks) and re.search(_words("thanks_noun"), head.text, re.IGNORECASE):
        request.points.append("thanks")
    _read_style(request, text[head.start : stop])
    if not request.to:
        _from_context(reading, request, head)
    request.spans = (cut(text, head.start, stop), *_tail_spans(text, stop))
    return request


def _content_start(text: str, end: int) -> int:
    """Where the content begins: behind "please:", "for me to send:"."""
    lead = re.match(_words("content_lead"), text[end:], re.IGNORECASE)
    return end + lead.end() if lead else end


def read_content(request: DraftRequest, text: str, start: int) -> int:
    """Sorts the clauses from `start` on into points, questions and what is left out; the offset where they end.

    A clause that is a request to the CRM ends the content.
    """
    position = start
    asked = re.compile(_words("ask_joined"), re.IGNORECASE)
    for clause in (part for whole in split_clauses(text[start:]) for part in asked.split(whole) if part.strip()):
        at = text.find(clause, position)
        if _any("commands", clause):
            return at
        position = at + len(clause)
        if not _any("not_content", clause):
            take_clause(request, clause)
    return len(text) if not text[position:].strip(" .。!！\n") else position


def take_clause(request: DraftRequest, clause: str) -> None:
    """Puts one clause where it belongs."""
    found = _left_out(clause)
    if found is None:
        asks = ask_of(clause, language_of(clause)) is not None
        (request.asks if asks else request.points).append(clause)
        return
    before, topics = found
    if re.search(r"\w", before):
        take_clause(request, before.strip(" ,，"))
    if topics:
        request.leave_out += topics
    elif request.points:
        request.points.pop()


def _left_out(clause: str) -> tuple[str, list[str]] | None:
    """The clause before a wish to leave something out, and the topics; no topics: it means what was just said."""
    for pattern in load_words("drafts")["leave_out"]:
        found = re.search(pattern, to_simplified(clause), re.IGNORECASE)
        if not found:
            continue
        named = [
            _clean_topic(each) for each in re.split(_words("topic_joints"), found["topic"], flags=re.IGNORECASE)
        ]
        topics = [each for each in named if not re.match(_words("back_reference"), each, re.IGNORECASE)]
        return clause[: found.start()], topics
    return None


def _clean_topic(topic: str) -> str:
    before = None
    while before != topic:
        before, topic = topic, re.sub(_words("topic_noise"), "", topic.strip(' .!。！"“”'), flags=re.IGNORECASE)
    return topic


def _head(text: str, *groups: tuple[str, ...]) -> Span | None:
    """The words that ask for a draft, at the start of a clause."""
    plain = to_simplified(text)
    for start in _SENTENCE_START.finditer(text):
        for pattern in (each for group in groups for each in _request_patterns(*group)):
            found = pattern.match(plain, start.end())
            if found and found.end() > start.end():
                return cut(text, *found.span())
    return None


def _read_recipients(reading: Reading, request: DraftRequest, head: Span) -> int:
    """Takes the people named in the head and right behind it; gives where they end."""
    end = head.end
    inside = [each for each in reading.mentions if head.start <= each.span.start < head.end]
    for mention in inside:
        end = max(end, mention.span.end)
        _take_name(request, mention)
    following = [each for each in reading.mentions if each.span.start >= end]
    for mention in following:
        between = reading.text[end : mention.span.start]
        joined = re.fullmatch(_words("to") + r"(?:the\s+)?", between, re.IGNORECASE)
        connected = re.fullmatch(_words("connect"), between, re.IGNORECASE)
        if not (joined or (connected and (request.to or inside))) or not _take_name(request, mention):
            break
        end = mention.span.end
    pronoun = re.match(rf"{_words('to')}(?:her|him|them|他们|她们|他|她)\b", reading.text[end:], re.IGNORECASE)
    return end + pronoun.end() if pronoun else end


def _take_name(request: DraftRequest, mention: Mention) -> bool:
    kinds = {scored.entry.kind for scored in mention.candidates[:1]} | {
        scored.entry.kind for scored in mention.candidates if scored.score >= mention.candidates[0].score - 0.05
    }
    if "contact" in kinds:
        request.to.append(mention.span.text)
    elif "account" in kinds and not request.account:
        request.account = mention.span.text
    elif "deal" in kinds and not request.deal:
        request.deal = mention.span.text
    else:
        return False
    return True


def _read_about(text: str, request: DraftRequest, head: Span, end: int) -> int:
    for pattern in load_words("drafts")["about_inside"]:
        found = re.search(pattern, head.text, re.IGNORECASE)
        if found:
            request.about = found["about"].strip()
    for pattern in load_words("drafts")["about"]:
        found = re.match(pattern, text[end:], re.IGNORECASE)
        if found:
            request.about = found["about"].strip()
            return end + found.end("about")
    return end


def _read_thanks(text: str, request: DraftRequest, end: int) -> int:
    found = re.match(_words("thanks_for"), text[end:], re.IGNORECASE)
    if not found:
        return end
    clauses = split_clauses(text[end + found.end() :])
    if clauses:
        request.points.append(f"thanks for {clauses[0]}")
        return text.index(clauses[0], end) + len(clauses[0])
    return end


def _agreed_before(text: str) -> list[str]:
    """Clauses said before the request that tell who does what: what the two agreed on."""
    parts = re.split(r"[:：](?=\s|[^\x00-\x7f])", text)
    clauses = [clause for part in parts for clause in split_clauses(part) if not _any("commands", clause)]
    return [
        clause
        for clause in clauses
        if thanks_of(clause, language_of(clause)) is not None
        or (_names_someone(clause) and is_promise(clause, language_of(clause)))
    ]


def _names_someone(clause: str) -> bool:
    return re.match(r"(?:and\s+)?(?:i|we|she|he|they)\b|[我他她您]", clause, re.IGNORECASE) is not None


def _read_style(request: DraftRequest, text: str) -> None:
    for language, pattern in load_words("drafts")["languages"].items():
        if re.search(pattern, text, re.IGNORECASE):
            request.language = language
    if re.search(_words("short"), text, re.IGNORECASE):
        request.max_words = load_words("drafts")["short_words"]


def _from_context(reading: Reading, request: DraftRequest, head: Span) -> None:
    """Whom a pronoun, or nothing at all, stands for: somebody named before, here or in earlier turns."""
    people = [
        each.span.text
        for each in reading.mentions
        if each.candidates and each.candidates[0].entry.kind == "contact" and each.span.end <= head.start
    ]
    if people:
        request.to = people if len(people) > 1 and re.search(r"\bthem\b|他们|她们", head.text) else people[-1:]
        return
    focus = reading.dialogue.focus("contact")
    if focus and (_PERSON.search(reading.text) or not (request.account or request.deal)):
        request.to = [focus[0]]
        return
    for mention in reading.mentions:
        if mention.span.start >= head.start or not request.account:
            _take_name(request, mention)


def _tail_spans(text: str, stop: int) -> Sequence[Span]:
    """Stretches after a command that still speak about the draft ("don't log anything")."""
    spans: list[Span] = []
    position = stop
    for clause in split_clauses(text[stop:]):
        at = text.find(clause, position)
        position = at + len(clause)
        if _any("not_content", clause):
            spans.append(cut(text, at, position))
    return spans


@cache
def _request_patterns(*path: str) -> tuple[re.Pattern[str], ...]:
    sources: Any = load_words("drafts")
    for key in path:
        sources = sources[key]
    return tuple(re.compile(expand(pattern).removeprefix("^"), re.IGNORECASE) for pattern in sources)


def expand(pattern: str) -> str:
    """A pattern with the shared pieces of `data/drafts.yaml` put in."""
    for name, piece in load_words("drafts")["pieces"].items():
        pattern = pattern.replace(name, piece)
    return pattern


def _any(group: str, text: str) -> bool:
    plain = to_simplified(text)
    return any(re.search(pattern, plain, re.IGNORECASE) for pattern in load_words("drafts")[group])


def _words(name: str) -> str:
    return str(load_words("drafts")[name])
