"""A new ticket as a message tells it, piece by piece between signs: who reports it and how, how pressing it is, whose
it is, and what is wrong."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from language.builtin.choices import choice_spoken
from language.builtin.clauses import Clause, Outline
from language.builtin.new_record import EDGES, QUOTED
from language.builtin.patterns import Hit
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words, patterns
from language.builtin.words import Word
from language.lexicon import Mention
from language.script import has_cjk
from language.spans import Span, cut

_NAME = "§"
_NAMED = ("account", "contact", "user")
_SIGNS = re.compile(r"[.!?;](?=\s|$)|[。！？；;：:\n()（）“”\"]|\s[-–—/]\s|[,](?=\s|$)|[，、]")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_SENTENCE_SIGNS = frozenset(".!?。！？\n")
_OTHERS = ("create", "task_new", "log", "convert", "to_stage", "next_step")
_REACH = 3
_FEWEST_WORDS, _FEWEST_SIGNS = 2, 4


@dataclass
class NewTicket:
    """What is told of a new ticket. `spans` are the stretches of the message that tell it."""

    subject: str = ""
    account: str = ""
    contact: str = ""
    priority: str = ""
    assignee: str = ""
    channel: str = ""
    spans: list[Span] = field(default_factory=list)

    def arguments(self) -> Mapping[str, object]:
        """The arguments of `create_ticket`."""
        names = ("subject", "account", "contact", "priority", "assignee", "channel")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text between two signs; `masked` has its names blotted out, `sentence` counts the sentences of a stretch."""

    start: int
    end: int
    text: str
    masked: str
    sentence: int


def read_ticket(outline: Outline, clause: Clause, hit: Hit) -> NewTicket | None:
    """The ticket that a clause with "open a ticket" asks for; None when nothing says what is wrong."""
    start, end = _start(outline, clause, hit), outline.words[hit.after - 1].end
    after = cut(outline.text, end, _until(outline, clause))
    before = cut(outline.text, _since(outline, clause), start)
    ticket = NewTicket(spans=[cut(outline.text, start, end)])
    quoted = QUOTED.search(after.text)
    if quoted is not None:
        ticket.subject = quoted[1].strip(EDGES)
    for stretch in (after, before):
        is_told = bool(ticket.subject)
        if stretch is after or not is_told or not ticket.account:
            _read(outline, ticket, stretch)
    ticket.account = ticket.account or _only_account(outline)
    ticket.channel = ticket.channel or choice_spoken(outline, "ticket", "channel", after.text)
    ticket.subject = ticket.subject[:1].upper() + ticket.subject[1:]
    return ticket if ticket.subject else None


def _start(outline: Outline, clause: Clause, hit: Hit) -> int:
    """Where the order begins: with its clause if nothing is named before it there."""
    before = outline.words[clause.first : hit.first]
    return outline.words[hit.first].start if any(word.kinds for word in before) else clause.start


def _until(outline: Outline, clause: Clause) -> int:
    """Where what is said of the ticket ends at the latest: before other orders and other tickets."""
    last = clause
    for each in outline.clauses[clause.index + 1 :]:
        if each.sentence > clause.sentence + _REACH or each.has(*_OTHERS) or each.things("ticket", "task"):
            break
        last = each
    return last.end


def _since(outline: Outline, clause: Clause) -> int:
    """Where what is told before the order begins: at its own sentence or the one before."""
    first = clause
    for each in reversed(outline.clauses[: clause.index]):
        if each.sentence < clause.sentence - 1 or each.has(*_OTHERS) or each.things("ticket", "task"):
            break
        first = each
    return first.start


def _read(outline: Outline, ticket: NewTicket, stretch: Span) -> None:
    told: list[_Piece] = []
    is_settled = bool(ticket.subject)
    for piece in _pieces(outline, stretch):
        if not (_takes(outline, ticket, piece) or is_settled):
            follows = told and told[-1].sentence == piece.sentence
            if told and not follows:
                continue
            if told or _tells_enough(piece):
                told.append(piece)
        if piece in told or _is_taken(piece):
            ticket.spans.append(cut(outline.text, piece.start, piece.end))
        _take_names(outline, ticket, piece)
    if told and not is_settled:
        ticket.subject = _bare(cut(outline.text, told[0].start, told[-1].end).text, told[0])


def _pieces(outline: Outline, stretch: Span) -> Iterator[_Piece]:
    masked = _masked(outline, stretch)
    position, sentence = 0, 0
    ends = [*((found.start(), found.end()) for found in _SIGNS.finditer(masked)), (len(masked), len(masked))]
    for start, end in ends:
        text = stretch.text[position:start]
        if text.strip(EDGES):
            lead = len(text) - len(text.lstrip(EDGES))
            first, last = position + lead, position + len(text.rstrip(EDGES))
            at = stretch.start
            yield from _halves(
                _Piece(at + first, at + last, stretch.text[first:last], masked[first:last], sentence)
            )
        sentence += bool(_SENTENCE_SIGNS & set(stretch.text[start:end]))
        position = end


def _halves(piece: _Piece) -> list[_Piece]:
    """ "Priority is high and it will be handled by me" as two pieces where both tell nothing of the trouble."""
    found = _AND.search(piece.masked)
    if found is None or _is_taken(piece):
        return [piece]
    first, second = found.span()
    halves = [
        replace(piece, end=piece.start + first, text=piece.text[:first], masked=piece.masked[:first]),
        replace(piece, start=piece.start + second, text=piece.text[second:], masked=piece.masked[second:]),
    ]
    return halves if all(map(_is_taken, halves)) else [piece]


def _masked(outline: Outline, stretch: Span) -> str:
    signs = list(stretch.text)
    for word in _names_in(outline, stretch.start, stretch.end):
        first, after = word.start - stretch.start, word.end - stretch.start
        signs[first:after] = [_NAME] * (after - first)
    return "".join(signs)


def _names_in(outline: Outline, start: int, end: int) -> Sequence[Word]:
    return [
        word
        for word in outline.words
        if start <= word.start and word.end <= end and word.kinds & set(_NAMED) and isinstance(word.thing, Mention)
    ]


def _takes(outline: Outline, ticket: NewTicket, piece: _Piece) -> bool:
    """Whether a piece tells something else than what is wrong, which the ticket takes over."""
    if (level := _key("levels_alone", piece)) and not ticket.priority:
        ticket.priority = level
    if (channel := _key("channels", piece)) and not ticket.channel:
        ticket.channel = _channel(outline, channel)
    if _is("mine", piece):
        ticket.assignee = "me"
    elif _is("others", piece):
        users = [w for w in _names_in(outline, piece.start, piece.end) if "user" in w.kinds]
        if not users:
            return _is_taken(piece)
        ticket.assignee = Targets(outline).person_of(users[0].thing, "user").reference  # type: ignore[arg-type]
    return _is_taken(piece)


def _is_taken(piece: _Piece) -> bool:
    groups = ("mine", "others", "reporters", "nothing_told")
    no_subject = any(each.fullmatch(piece.text) for each in patterns("record_words", "no_subjects"))
    return (
        no_subject
        or any(_is(group, piece) for group in groups)
        or bool(_key("levels_alone", piece) or _key("channels", piece))
    )


def _take_names(outline: Outline, ticket: NewTicket, piece: _Piece) -> None:
    """The company and the reporter named in a piece, and how the reporter came to us."""
    targets = Targets(outline)
    for word in _names_in(outline, piece.start, piece.end):
        assert isinstance(word.thing, Mention)
        if "account" in word.kinds and not ticket.account:
            ticket.account = targets.account_of(word.thing).reference
        elif "contact" in word.kinds and not ticket.contact:
            ticket.contact = targets.person_of(word.thing, "contact", targets.accounts_said()).reference
            said = [name for name in load_words("tickets")["channel_words"] if _says(name, piece)]
            ticket.channel = ticket.channel or (_channel(outline, said[0]) if said else "")


def _channel(outline: Outline, name: str) -> str:
    """A channel by the company's own word, where it has such a one."""
    values = outline.reading.situation.values.get(("ticket", "channel"), ())
    return name if not values or name in values else ""


def _only_account(outline: Outline) -> str:
    said = Targets(outline).accounts_said()
    return said[0] if len(said) == 1 else ""


def _tells_enough(piece: _Piece) -> bool:
    bare = _bare(piece.text, piece)
    words = bare.replace(_NAME, " ").split()
    return len(words) >= _FEWEST_WORDS or (has_cjk(bare) and len(bare) >= _FEWEST_SIGNS)


def _bare(text: str, first: _Piece) -> str:
    """What is wrong, without "Ben says that", "about", 主题是 before it."""
    masked, found = first.masked, None
    while found is None or found:
        found = next((hit for each in patterns("tickets", "before_subject") if (hit := each.match(masked))), None)
        if not found or not masked[found.end() :].strip(EDGES):
            break
        text, masked = text[found.end() :], masked[found.end() :]
    return text.strip(EDGES)


def _is(group: str, piece: _Piece) -> bool:
    return any(each.fullmatch(piece.masked) for each in patterns("tickets", group))


def _key(group: str, piece: _Piece) -> str:
    keys = load_words("tickets")[group]
    return next(
        (key for key in keys if any(p.fullmatch(piece.masked) for p in patterns("tickets", group, key))), ""
    )


def _says(channel: str, piece: _Piece) -> bool:
    return any(each.search(piece.masked) for each in patterns("tickets", "channel_words", channel))
