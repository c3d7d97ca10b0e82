"""Passages: an interaction's text in pieces that can be found and quoted. A pure function of the note."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from language.script import has_cjk, language_of
from memory.words import passage_terms

# Part of the index's identity: a change here makes every index anew.
CHUNKER = "3"
LONGEST, LONGEST_ZH = 480, 200

_SENTENCE_END = re.compile(r"(?<=[.!?。！？；\n])\s*")


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
    """One piece: `text` is quoted, `key` embedded, `terms` searched; `digest` changes with any of them."""

    id: str
    interaction_id: str
    position: int
    text: str
    key: str
    terms: str
    language: str
    digest: str
    before_id: str = ""


def passages_of(note: Note) -> list[Passage]:
    """The passages of an interaction, in order; none when nothing was written."""
    found = []
    for position, piece in enumerate(_pieces(note)):
        subject = note.subject if piece != note.subject else ""
        key = "\n".join(filter(None, (subject, note.before, piece)))
        language = language_of(piece)
        terms = " ".join(passage_terms(f"{key} {_day_words(note.occurred_at, language)}"))
        digest = sha256(f"{key}\x00{terms}\x00{piece}".encode()).hexdigest()[:32]
        found.append(
            Passage(
                f"{note.id}#{position}", note.id, position, piece, key, terms, language, digest, note.before_id
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
    piece: list[str] = []
    for sentence in (each.strip() for each in _SENTENCE_END.split(text)):
        if not sentence:
            continue
        if piece and sum(map(len, piece)) + len(sentence) > longest:
            yield " ".join(piece)
            # The last sentence comes again, so that what it says is found with what follows from it.
            piece = piece[-1:] if len(piece[-1]) < longest // 2 else []
        piece.append(sentence)
    if piece:
        yield " ".join(piece)


def _day_words(moment: datetime, language: str) -> str:
    if language == "zh":
        return f"{moment.year}年 {moment.month}月{moment.day}日"
    return f"{moment.day} {moment:%B} {moment.year}"
