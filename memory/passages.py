"""Passages: an interaction's text in pieces that can be found and quoted. A pure function of the note."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from language.script import has_cjk, language_of
from language.sentences import sentence_spans, sentences
from memory.topics import stored_terms

# Part of the index's identity: a change here makes every index anew.
CHUNKER = "5"
LONGEST, LONGEST_ZH = 480, 200


@dataclass(frozen=True, slots=True)
class Note:
    """The words of one interaction. `before` is the message that came just before it in the same thread."""

    id: str
    occurred_at: datetime
    subject: str
    text: str
    before_id: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece: `text` is quoted, `keys` embedded, `terms` searched; `digest` changes with any of them.

    The keys are the sentences of the text in their order, each by itself, as a sentence among others on something
    else is hardly found; after them, where there is one, the text with the message before it.
    """

    id: str
    interaction_id: str
    position: int
    text: str
    keys: tuple[str, ...]
    terms: str
    language: str
    digest: str
    before_id: str = ""


def passages_of(note: Note) -> list[Passage]:
    """The passages of an interaction, in order; none when nothing was written."""
    found = []
    for position, piece in enumerate(_pieces(note)):
        subject = note.subject if piece != note.subject else ""
        keys = (*sentences(piece), *((f"{note.before}\n{piece}",) if note.before else ()))
        language = language_of(piece)
        terms = stored_terms(f"{note.before}\n{piece} {_day_words(note.occurred_at, language)}", subject)
        digest = sha256("\x00".join((*keys, terms, piece)).encode()).hexdigest()[:32]
        found.append(
            Passage(
                f"{note.id}#{position}", note.id, position, piece, keys, terms, language, digest, note.before_id
            )
        )
    return found


def _pieces(note: Note) -> Iterator[str]:
    text = note.text.strip()
    if not text:
        if note.subject.strip():
            yield note.subject
        return
    longest = LONGEST_ZH if has_cjk(text) else LONGEST
    begun, last = 0, 0
    for start, end in sentence_spans(text):
        if start > begun and end - begun > longest:
            yield text[begun:start].strip()
            # The last sentence comes again, so that what it says is found with what follows from it.
            begun = last if begun < last and start - last < longest // 2 else start
        last = start
    yield text[begun:].strip()


def _day_words(moment: datetime, language: str) -> str:
    if language == "zh":
        return f"{moment.year}年 {moment.month}月{moment.day}日"
    return f"{moment.day} {moment:%B} {moment.year}"
