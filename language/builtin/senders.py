"""Who wrote a pasted text: named in the asker's words, in the header's "From", or under the text; and who speaks in a
talk."""

import re
from collections.abc import Iterator

from language.builtin.reading import Reading
from language.builtin.transcripts import find_talk, lines_spoken
from language.builtin.vocabulary import patterns
from language.builtin.words import top_candidates

_LINE = re.compile(r"[^\n]+")


def sender_of(reading: Reading, account_id: str) -> str:
    """The id of the one contact who wrote it; empty when nothing tells, or it is nobody of the account."""
    own = [mention.span.text for mention in reading.mentions]
    for texts in (own, list(_header_lines(reading)), list(_signatures(reading))):
        found = {contact for text in texts for contact in _contacts_in(reading, text, account_id)}
        if len(found) == 1:
            return found.pop()
    return ""


def is_talk(reading: Reading) -> bool:
    """Whether what was pasted is a talk with its speakers."""
    inside = lines_spoken(reading.others.text)
    return len(inside) > 1 and any(
        span.start <= inside[0].span.start < span.end
        for span in reading.pasted
        if any(talk.start < span.end and span.start < talk.end for talk in find_talk(reading.full_text))
    )


def speakers_of(reading: Reading, account_id: str) -> list[str]:
    """The ids of the contacts who speak in a pasted talk, in their order."""
    lines = lines_spoken(reading.others.text) if is_talk(reading) else ()
    found = [contact for line in lines for contact in _contacts_in(reading, line.speaker, account_id)]
    return list(dict.fromkeys(found))


def _contacts_in(reading: Reading, text: str, account_id: str) -> Iterator[str]:
    for mention in reading.situation.lexicon.find_mentions(text):
        people = [item.entry for item in top_candidates(mention) if item.entry.kind == "contact"]
        inside = [entry for entry in people if account_id and entry.account_id == account_id] or people
        if len(inside) == 1 and account_id in ("", inside[0].account_id):
            yield inside[0].id


def _header_lines(reading: Reading) -> Iterator[str]:
    for pattern in patterns("pasted", "sender_lines"):
        for found in pattern.finditer(reading.full_text):
            yield found[1]


def _signatures(reading: Reading) -> Iterator[str]:
    """The last words of each pasted stretch: its last line, or what follows its last full stop."""
    for span in reading.pasted:
        lines = _LINE.findall(span.text.strip(" \t\n\"'“”‘’「」>"))
        if lines:
            yield re.split(r"[.!?。！？]\s*", lines[-1].strip(" .。\"'”’」"))[-1]
