"""Who wrote a pasted text: named in the asker's words, in the header's "From", or under the text."""

import re
from collections.abc import Iterator

from language.builtin.reading import Reading
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
