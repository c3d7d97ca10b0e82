"""Records handed out among people: "Mei Novak goes to Marcus, Harold and Julia to Priya", 孙娟归李娜，周丽归张伟."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words
from language.builtin.words import Word, top_candidates
from language.lexicon import Mention
from language.spans import cut

_BARRED = frozenset({"negation", "condition", "question", "undecided", "hearsay", "hedge", "keep"})
# Which field of a record tells whose it is.
_FIELDS = {"lead": "owner", "ticket": "assignee", "account": "owner", "deal": "owner", "task": "assignee"}
_NEAR = 2


@dataclass(frozen=True, slots=True)
class _Share:
    """What one person gets: words `first` up to `after`, the last of which names the person."""

    records: Sequence[Word]
    person: Word
    first: int
    after: int


@request(precedence=40)
def hand_out(reading: Reading) -> Sequence[Call] | Intent:
    """A change of owner or assignee for each record, when at least two people or two records are named so."""
    outline = reading.outline
    if outline.is_mere_talk or outline.asks_for_draft or not outline.has("assign", "owner_change", "task_give"):
        return ()
    shares = list(_shares(outline))
    if len(shares) < 2 and not any(len(share.records) > 1 for share in shares):
        return ()
    calls = [call for share in shares for call in _calls(outline, share)]
    words = outline.words
    spans = [cut(reading.text, words[share.first].start, words[share.after - 1].end) for share in shares]
    return Intent(tuple(calls), consumed=tuple(spans))


def _shares(outline: Outline) -> Iterator[_Share]:
    links = load_words("record_words")["hands"]
    records: list[int] = []
    sentence = -1
    for clause in outline.clauses:
        if clause.moods & _BARRED:
            records = []
            continue
        if clause.sentence != sentence:
            records, sentence = [], clause.sentence
        for i in range(clause.first, clause.after):
            word = outline.words[i]
            if _kind(word):
                records.append(i)
            elif "user" in word.kinds and records:
                between = outline.words[max(records[-1] + 1, i - _NEAR) : i]
                if any(each.canon in links for each in between) and _is_one_kind(outline, records):
                    yield _Share([outline.words[at] for at in records], word, records[0], i + 1)
                records = []


def _is_one_kind(outline: Outline, records: Sequence[int]) -> bool:
    return len({_kind(outline.words[at]) for at in records}) == 1


def _kind(word: Word) -> str:
    """The kind of record that a word surely names."""
    kinds = [kind for kind in _FIELDS if kind in word.kinds]
    return kinds[0] if len(kinds) == 1 and not word.kinds & {"user", "contact"} else ""


def _calls(outline: Outline, share: _Share) -> Iterator[Call]:
    assert isinstance(share.person.thing, Mention)
    person = Targets(outline).person_of(share.person.thing, "user").reference
    for word in share.records:
        kind = _kind(word)
        entries = [item.entry for item in top_candidates(word.thing) if item.entry.kind == kind]  # type: ignore[arg-type]
        record = entries[0].id if len(entries) == 1 else outline.own_text(word.start, word.end)
        values = {_FIELDS[kind]: person}
        if kind in ("deal", "task"):
            yield Call(f"update_{kind}", {kind: record, **values}, word.start)
        else:
            yield Call("update_record", {"kind": kind, "record": record, "fields": values}, word.start)
