"""Records handed out among people: "Mei Novak goes to Marcus, Harold and Julia to Priya", 孙娟归李娜，周丽归张伟,
and bare "Mei Novak is for Marcus", "Tom for Harold Brandt then"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
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
# What is handed to a colleague by hardly more than its name and theirs.
_HANDED = ("lead", "ticket")
_OTHER_ORDERS = ("task_new", "log", "note", "contacted", "next_step")
# Records and a colleague with a link between them, in either order, and clauses of nothing but such shares.
_ONE_SHARE = "(?:r(?:x*r)*x*lx*u|ux*lx*r(?:x*r)*(?!x*l))"
_BARE_SHARE, _BARE = re.compile(_ONE_SHARE), re.compile(f"x*{_ONE_SHARE}(?:x+{_ONE_SHARE})*x*")


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
    if outline.is_mere_talk or outline.asks_for_draft:
        return ()
    shares = list(_shares(outline)) if outline.has("assign", "owner_change", "task_give") else []
    if len(shares) < 2 and not any(len(share.records) > 1 for share in shares):
        shares = list(_bare_shares(outline))
    if not shares:
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


def _bare_shares(outline: Outline) -> Iterator[_Share]:
    """What clauses hand out that hold leads or tickets, colleagues, links between them and nothing else."""
    for clause in outline.clauses:
        signs = "".join(map(_sign, clause.words))
        if clause.moods & _BARRED or not _BARE.fullmatch(signs) or not _heads_order(outline, clause):
            continue
        for found in _BARE_SHARE.finditer(signs):
            records = [clause.words[i] for i in range(*found.span()) if signs[i] == "r"]
            person = next(clause.words[i] for i in range(*found.span()) if signs[i] == "u")
            if len({_kind(word) for word in records}) == 1:
                first = _after_heading(outline, clause) if not found.start() else clause.first + found.start()
                yield _Share(records, person, first, clause.first + found.end())


def _after_heading(outline: Outline, clause: Clause) -> int:
    """The first word of a clause, or of the one before it that only says what is handed out: "leads: …"."""
    before = outline.clauses[clause.index - 1] if clause.index else None
    is_heading = before is not None and all(_sign(word) == "x" for word in before.words)
    return before.first if before is not None and is_heading else clause.first


def _sign(word: Word) -> str:
    """What a word is in a bare order: a record, a colleague, a link, something loose, or something else."""
    words = load_words("record_words")
    if _kind(word) in _HANDED:
        return "r"
    if "user" in word.kinds:
        return "u"
    if word.canon in words["bare_hands"]:
        return "l"
    return "x" if word.canon in words["beside_hands"] or not word.canon[0].isalnum() else "?"


def _heads_order(outline: Outline, clause: Clause) -> bool:
    """Whether nothing before a clause in its sentence makes it part of a task, a log or a question."""
    near = [each for each in outline.clauses[: clause.index + 1] if each.sentence == clause.sentence]
    return not any(each.has(*_OTHER_ORDERS) or each.moods & _BARRED for each in near)


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
