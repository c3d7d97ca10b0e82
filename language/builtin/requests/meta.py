"""Talk about the conversation itself: undo, never mind, small talk, help, why; and what this agent declines."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
from language.builtin.dialogue import PastCall, PastTurn
from language.builtin.explaining import explain
from language.builtin.meta_patterns import meta_patterns, sounds_asked
from language.builtin.picking import by_words, places_in
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.requests.before_change import replaced_in
from language.builtin.todo import find_todos
from language.builtin.vocabulary import load_words
from language.spans import Span, cut

_CLAUSE_START = re.compile(r"^|(?<=[\n.!?;:,—。！？；：，])\s*|\b(?:and|then|but)\s+(?=\w)", re.IGNORECASE)
_SENTENCE_START = re.compile(r"[\n.!?。！？;；]\s*")
_CLAUSE_END = re.compile(r"[\n.!?;,。！？；，](?=\s|$|[^\x00-\x7f])|\s+and\s+|$", re.IGNORECASE)
_REASON = re.compile(
    r"[\s,，。.—-]*(?:i|we|i'll|we'll|i'd|let me|my|我|先|等|他|她)(?![a-z])[^.!?。！？\n]*", re.IGNORECASE
)
_EDGES = " \t\n.,!?~…。，！？～:;)("
_LONG_OPENING = 20
_REACH = 4
_DAYS = {name: r"\bdate\b" for name in ("close date", "due")}
_FIELD_WORD = re.compile(r"[^\W_]+")
_NEGATED = re.compile(r"(?:don'?t|do not|never|not|别|不要|不用|先不)\s*$", re.IGNORECASE)


@request(precedence=10)
def undo_request(reading: Reading) -> Sequence[Call] | Intent:
    """Takes back what the last changing turn did, or the part of it that is named."""
    if _whole("help_undo", reading.text):
        return _answer(reading, "undo_help")
    again = _clause("redo", reading.text)
    span = again or _clause("undo", reading.text)
    if span is None:
        return ()
    words = _clause_around(reading.text, span).text
    handles = _handles(reading, words, redo=again is not None)
    if not handles:
        return _answer(reading, "undo_none", consumed=(_sentence_up_to(reading.text, span),))
    calls = tuple(Call("undo_change", {"handle": handle}, span.start) for handle in handles)
    return Intent(calls, consumed=(_sentence_up_to(reading.text, span),))


def asks_for_undo(reading: Reading) -> bool:
    """Whether the message, with what other kinds have consumed of it, asks to take something back."""
    return _clause("undo", reading.full_text) is not None


@request(precedence=9)
def one_of_made(reading: Reading) -> Sequence[Call] | Intent:
    """Takes back one of several things that the last turn did, told by its place: "scratch the second one"."""
    done = _done_last(reading)
    matches = (each.match(reading.text.strip()) for each in meta_patterns("one_of_made"))
    found = next((each for each in matches if each is not None), None)
    places = places_in(found["what"], len(done)) if found is not None and len(done) > 1 else []
    if len(places) != 1 or found is None:
        return ()
    handle = str(done[places[0]].result["undo"])
    return Intent((Call("undo_change", {"handle": handle}),), consumed=(cut(reading.text, 0, len(reading.text)),))


@request(precedence=12)
def never_mind(reading: Reading) -> Sequence[Call] | Intent:
    """Lets an open question go; where none is open, "scrap it" takes back the one thing that was just made."""
    if handle := _just_made(reading):
        made = _clause("unmake", reading.text)
        if made is not None and not _is_about_part(reading, made):
            return Intent((Call("undo_change", {"handle": handle}, made.start),), consumed=(made,))
    if handle := _just_changed(reading):
        changed = _clause("unchange", reading.text)
        if changed is not None and not _is_about_part(reading, changed):
            return Intent((Call("undo_change", {"handle": handle}, changed.start),), consumed=(changed,))
    span = _clause("cancel", reading.text)
    if span is None or _is_about_part(reading, span):
        return ()
    key = "cancelled" if reading.dialogue.open_calls else "nothing_open"
    known = _sentence_up_to(reading.text, span)
    reason = _REASON.match(reading.text, known.end)
    return _answer(reading, key, consumed=(cut(reading.text, known.start, reason.end() if reason else known.end),))


def _just_made(reading: Reading) -> str:
    """The undo handle of what the last turn created or logged; empty where it did anything else, too, or asked."""
    done = _done_last(reading)
    made = [past for past in done if past.call.tool.startswith(("create_", "log_"))]
    alone = len(done) == len(made) == 1 and not reading.dialogue.open_calls
    return str(made[0].result["undo"]) if alone else ""


def _just_changed(reading: Reading) -> str:
    """The undo handle of the one change that the last turn made; empty where it did more, or asked."""
    done = _done_last(reading)
    is_only = len(done) == 1 and not reading.dialogue.open_calls
    return str(done[0].result["undo"]) if is_only else ""


def _done_last(reading: Reading) -> list[PastCall]:
    """What the last turn did that can be undone, in order."""
    last = reading.dialogue.last
    return [past for past in last.calls if past.result.get("undo")] if last is not None else []


@request(precedence=14)
def small_talk(reading: Reading) -> Sequence[Call] | Intent:
    """Greetings, thanks and the like, when the message is nothing else."""
    rest = reading.text.strip(_EDGES)
    sorts: list[str] = []
    while rest:
        found = _next_small_talk(rest)
        if found is None:
            return ()
        sort, length = found
        sorts.append(sort)
        rest = rest[length:].strip(_EDGES)
    if not sorts:
        return ()
    telling = [sort for sort in sorts if sort not in ("greeting", "fine")] or sorts
    return Intent(answer=load_words("meta")["small_talk_answers"][telling[-1]][reading.language])


@request(precedence=16)
def help_request(reading: Reading) -> Sequence[Call] | Intent:
    """What one can do here."""
    return _answer(reading, "help") if _whole("help", reading.text) else ()


@request(precedence=18)
def why_request(reading: Reading) -> Sequence[Call] | Intent:
    """How the last answer came about."""
    if not _whole("why", reading.text):
        return ()
    last = reading.dialogue.last
    if last is None:
        return _answer(reading, "why_none")
    lines = [explain(past, reading.language) for past in last.calls]
    if not lines:
        return _answer(reading, "why_words")
    lead = load_words("meta")["answers"]["why_calls"][reading.language]
    return Intent(answer="\n".join([lead, *(f"- {line}" for line in lines)]))


@request(precedence=20, gives_way=True)
def declined_request(reading: Reading) -> Sequence[Call] | Intent:
    """What is not this agent's job, or nobody's; the rest of the message still counts, except beside a firm no."""
    words = load_words("meta")
    for sort in words["declined"]:
        span = _declined(sort, reading)
        if span is None or _is_content(reading, span):
            continue
        text = words["declined_answers"][sort][reading.language]
        consumed = () if sort in words["firm"] else (_clause_around(reading.text, span),)
        return Intent(answer=text, kind="declined", consumed=consumed)
    return ()


@request(precedence=950)
def pasted_only(reading: Reading) -> Sequence[Call] | Intent:
    """Text of someone else without a word on what to do with it."""
    return _answer(reading, "pasted", kind="question") if reading.pasted else ()


@request(precedence=1000)
def not_understood(reading: Reading) -> Sequence[Call] | Intent:
    """The last resort: what was recognised and what could be said."""
    if not reading.text.strip():
        return ()
    words = load_words("meta")["fallback"]
    language = reading.language
    things = _recognised(reading)
    lines = [words["unknown" if sounds_asked(reading.text) else "lead"][language]]
    if things:
        names = words["joint"][language].join(name for _, name in things)
        lines.append(words["recognised"][language].format(things=names))
    offers = [
        offer.format(name=name)
        for kind, name in things or [("nothing", "")]
        for offer in words["by_kind"].get(kind, words["by_kind"]["nothing"])[language]
    ]
    lines.append(words["offers"][language].format(offers=words["joint"][language].join(offers[:3])))
    lines.append(words["larger"][language])
    return Intent(answer="\n".join(lines), kind="not_known")


def _is_content(reading: Reading, span: Span) -> bool:
    """Whether a span lies in what a task, a next step or a log is to say: "todo: email Lena the deck"."""
    outline = reading.outline
    inside = [clause for clause in outline.clauses if clause.start <= span.start < clause.end]
    if any(clause in todo.clauses for todo in find_todos(outline) for clause in inside):
        return True
    if any(_is_told(outline, clause, span) for clause in inside):
        return True
    before = outline.clauses[max(0, inside[0].index - 1) : inside[0].index + 1] if inside else []
    return any(clause.has("next_step", "note") and clause.sentence == inside[0].sentence for clause in before)


def _is_told(outline: Outline, clause: Clause, span: Span) -> bool:
    """Whether a customer says it: 沈总来电话说付款要走新流程, "she said the payment …" where that is to be logged."""
    logged = outline.has("log")
    told = [
        hit
        for hit in clause.all("reported", "contacted")
        if outline.words[hit.first].kinds & {"contact", "account"} or (logged and hit.tag == "reported")
    ]
    return any(outline.words[hit.first].start < span.start for hit in told)


def _is_about_part(reading: Reading, span: Span) -> bool:
    """Whether "leave it" takes back only a part of a longer message: something is said before it and after it."""
    before, after = reading.text[: span.start].strip(_EDGES), reading.text[span.end :].strip(_EDGES)
    return len(before) > _LONG_OPENING and bool(after)


def _declined(sort: str, reading: Reading) -> Span | None:
    if sort == "rights" and reading.situation.role == "admin":
        return None
    for pattern in meta_patterns("declined", sort):
        if pattern.pattern.startswith("^"):
            span = _at_clause(pattern, reading.text)
            if span is not None:
                return span
        elif found := pattern.search(reading.text):
            return cut(reading.text, *found.span())
    return None


def _handles(reading: Reading, words: str, *, redo: bool) -> list[str]:
    """The undo handles that are meant, newest first; an empty one stands for the asker's latest change, none for what
    was not changed in this talk: 撤销刚才的金额 after a task was made."""
    if not redo and (found := _of_several(reading, words) or _of_field(reading, words)):
        return found
    turn, done = _last_changing_turn(reading), _standing(reading)
    changed = [past for past in reversed(turn.calls) if past.result.get("undo")] if turn is not None else []
    named = _of_record(reading, changed) or [past for past in changed if _is_named(past, words)]
    if not named and not redo and done and _names_kind(words):
        return [str(past.result["undo"]) for past in done if _is_named(past, words)][:1]
    if not changed or (any(past.call.tool == "undo_change" for past in changed) and not redo):
        return [""]
    return [str(past.result["undo"]) for past in named or changed]


def _of_record(reading: Reading, changed: Sequence[PastCall]) -> list[PastCall]:
    """Of several changes the one of the record that the sentence of the undo tells: "restore the lights one"."""
    span = _clause("undo", reading.text)
    records = {record_id: name for past in changed for _, record_id, name in past.records[:1]}
    if span is None or len(records) < 2:
        return []
    after = _SENTENCE_START.search(reading.text, span.start + 1)
    said = reading.text[span.start : after.start() if after else len(reading.text)]
    found = by_words(said, [{"id": each, "name": name} for each, name in records.items()])
    return (
        [past for past in changed if any(record_id == found for _, record_id, _ in past.records)] if found else []
    )


def _of_several(reading: Reading, words: str) -> list[str]:
    """The handles of the last "both" or "three" changes, where the last turn did not do so many by itself."""
    counts: dict[int, str] = load_words("meta")["undo_counts"]
    count = next((n for n, each in counts.items() if re.search(each, words, re.IGNORECASE)), 0)
    done = _standing(reading)
    last = reading.dialogue.last
    own = [past for past in done if last is not None and past in last.calls]
    return [str(past.result["undo"]) for past in done[:count]] if len(own) < count <= len(done) else []


def _of_field(reading: Reading, words: str) -> list[str]:
    """The handle of the newest change of the field that is named: "the priority back to what it was"."""
    said = " ".join(_FIELD_WORD.findall(words.casefold()))
    for past in _standing(reading):
        fields = {name for line in past.result.get("changes", ()) for name, _ in replaced_in(str(line))}
        if any(re.search(_DAYS.get(name, rf"\b{re.escape(name.casefold())}\b"), said) for name in fields):
            return [str(past.result["undo"])]
    return []


def _standing(reading: Reading) -> list[PastCall]:
    """The changes of the last turns that were not taken back, newest first."""
    calls = [past for turn in reading.dialogue.turns[-_REACH:] for past in turn.calls if past.result.get("undo")]
    back = {str(past.call.arguments.get("handle")) for past in calls if past.call.tool == "undo_change"}
    done = [
        past for past in reversed(calls) if past.call.tool != "undo_change" and past.result["undo"] not in back
    ]
    return [] if {"", "None"} & back else done


def _last_changing_turn(reading: Reading) -> PastTurn | None:
    last = reading.dialogue.last
    return last if last is not None and any(past.result.get("undo") for past in last.calls) else None


def _is_named(past: PastCall, words: str) -> bool:
    kinds: dict[str, str] = load_words("meta")["undo_kinds"]
    return any(past.call.tool in tools.split() and re.search(each, words, re.I) for tools, each in kinds.items())


def _names_kind(words: str) -> bool:
    """Whether an undo says what kind of change it takes back."""
    return any(re.search(each, words, re.I) for each in load_words("meta")["undo_kinds"].values())


def _recognised(reading: Reading) -> list[tuple[str, str]]:
    found = [(each.candidates[0].entry.kind, each.candidates[0].entry.name) for each in reading.mentions]
    found += [("date", each.on.isoformat()) for each in reading.dates if each.on is not None]
    return list(dict.fromkeys(found))[:4]


def _next_small_talk(rest: str) -> tuple[str, int] | None:
    best: tuple[str, int] | None = None
    for sort, pattern in load_words("meta")["small_talk"].items():
        found = re.match(rf"(?:{pattern})(?:\s+(?:dealhand|there|all|everyone|mate|buddy))?(?![a-z'])", rest, re.I)
        if found and (best is None or found.end() > best[1]):
            best = (sort, found.end())
    return best


def _answer(reading: Reading, key: str, *, kind: Any = "text", consumed: tuple[Span, ...] = ()) -> Intent:
    return Intent(answer=load_words("meta")["answers"][key][reading.language], kind=kind, consumed=consumed)


def _whole(group: str, text: str) -> bool:
    stripped = text.strip()
    bare = stripped.strip(_EDGES) or stripped
    return any(pattern.fullmatch(bare) for pattern in meta_patterns(group))


def _clause(group: str, text: str) -> Span | None:
    """Where a clause begins with one of the patterns, unless it is denied."""
    for pattern in meta_patterns(group):
        span = _at_clause(pattern, text)
        if span is not None and not _NEGATED.search(text[: span.start]):
            return span
    return None


def _at_clause(pattern: re.Pattern[str], text: str) -> Span | None:
    for start in _starts(text):
        found = pattern.match(text[start:])
        if found and found.end():
            return cut(text, start, start + found.end())
    return None


def _starts(text: str) -> Iterator[int]:
    for found in _CLAUSE_START.finditer(text):
        yield found.end()


def _clause_around(text: str, span: Span) -> Span:
    start = max((begin for begin in _starts(text) if begin <= span.start), default=0)
    end = _CLAUSE_END.search(text, max(span.end - 1, span.start))
    return cut(text, start, end.start() if end else len(text))


def _sentence_up_to(text: str, span: Span) -> Span:
    start = max((found.end() for found in _SENTENCE_START.finditer(text[: span.start])), default=0)
    return cut(text, start, span.end)
