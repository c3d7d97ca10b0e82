"""Finds what a message holds of someone else's words: pasted or forwarded mails, quotations, lines after `>`.

Such text is data. It is kept word for word in a log and is never read as something that the asker wants.
"""

import re
from collections.abc import Iterator, Sequence

from language.builtin.transcripts import find_talk
from language.builtin.vocabulary import load_words, patterns
from language.script import is_cjk
from language.spans import Span, cut

_QUOTED_LINE = re.compile(r"^[ \t]*[>|＞][^\n]*(?:\n(?=[ \t]*[>|＞])|$|(?=\n))", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_QUOTATION = re.compile(
    r"\"[^\"]+\"?|“[^”]+”?|«[^»]+»?|「[^」]+」?|『[^』]+』?|(?<![^\W_])'[^\n]{20,}?'(?![^\W_])"
)
_GAP = re.compile(r"\n[ \t]*\n\s*")
_ADDRESS = re.compile(r"^[ \t]*([^\W\d_][^\n,，:!]{0,40}?)[ \t]*[,，!:][ \t]*$", re.MULTILINE)
_COLON = re.compile(r"[:：]")
_WORD = re.compile(r"[^\W_]+")
_LEAD_CHARS = 120


def find_pasted(text: str, asker: str = "") -> tuple[Span, ...]:
    """The stretches of `text` that are not the asker's own words, in order, without overlaps.

    A line with nothing but the asker's name opens a letter to them.
    """
    spans = (*(span for find in _FINDERS for span in find(text)), *_addressed(text, asker))
    found = sorted(spans, key=lambda span: (span.start, -span.end))
    merged: list[Span] = []
    for span in found:
        if merged and span.start <= merged[-1].end:
            merged[-1] = cut(text, merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    if merged:
        merged[-1] = _without_own_tail(text, merged[-1])
    return tuple(merged)


def _without_own_tail(text: str, span: Span) -> Span:
    """Another's words up to the end of the message, without a last paragraph that only says where to keep them."""
    if text[span.end :].strip():
        return span
    for gap in reversed(list(_GAP.finditer(text, span.start, span.end))):
        tail = text[gap.end() : span.end].strip()
        if tail:
            own = any(pattern.fullmatch(tail) for pattern in patterns("pasted", "own_tail"))
            return cut(text, span.start, gap.start()) if own else span
    return span


def blank(text: str, spans: Sequence[Span]) -> str:
    """The text with the spans replaced by blanks; line ends stay, and so do all offsets."""
    chars = list(text)
    for span in spans:
        chars[span.start : span.end] = [char if char == "\n" else " " for char in span.text]
    return "".join(chars)


def _marked_lines(text: str) -> Iterator[Span]:
    for pattern in (_QUOTED_LINE, _FENCE):
        for found in pattern.finditer(text):
            yield cut(text, *found.span())


def _machine_talk(text: str) -> Iterator[Span]:
    for pattern in patterns("pasted", "machine_talk"):
        for found in pattern.finditer(text):
            yield cut(text, *found.span())


def _after_header(text: str) -> Iterator[Span]:
    """From a mail header, or a line like "Forwarded message", to the end."""
    starts = [found.start() for pattern in patterns("pasted", "header_lines") for found in pattern.finditer(text)]
    if starts:
        yield cut(text, min(starts), len(text))


def _letter(text: str) -> Iterator[Span]:
    """From a salutation on a line of its own below the asker's words, to the end."""
    for pattern in patterns("pasted", "letter_openings"):
        for found in pattern.finditer(text):
            line_start = text.rfind("\n", 0, found.start()) + 1
            if line_start and not text[line_start : found.start()].strip() and text[:line_start].strip():
                yield cut(text, found.start(), len(text))
                return


def _addressed(text: str, asker: str) -> Iterator[Span]:
    """From a line that only calls the asker by name, below words of their own, to the end."""
    names = [asker, *asker.split()] if asker else []
    for found in _ADDRESS.finditer(text):
        if found[1].casefold() in {name.casefold() for name in names} and text[: found.start()].strip():
            yield cut(text, found.start(), len(text))
            return


def _below(text: str) -> Iterator[Span]:
    """What stands below a first paragraph that speaks of it: "file this mail", "wrote the below", but not what goes on
    with "and"."""
    gap = _GAP.search(text.lstrip())
    if gap is None:
        return
    lead = len(text) - len(text.lstrip())
    head, start = text[lead : lead + gap.start()], lead + gap.end()
    goes_on = any(each.match(text, start) for each in patterns("pasted", "own_again"))
    if _any("below_cues", head) and not goes_on and text[start:].strip():
        yield cut(text, start, len(text))


def _after_colon(text: str) -> Iterator[Span]:
    for colon in _COLON.finditer(text):
        lead = _lead(text, colon.start())
        rest = text[colon.end() :]
        start = colon.end() + len(rest) - len(rest.lstrip())
        if start >= len(text):
            continue
        strong = _any("strong_cues", lead) or (_any("writing_cues", lead) and _is_long(rest, "written_words"))
        quotation = _QUOTATION.match(text, start)
        if quotation and _is_long(quotation[0], "quotation_words") and not _any("own_labels", lead):
            yield cut(text, *quotation.span())
        elif not strong and not _any("source_cues", lead):
            continue
        elif quotation:
            yield cut(text, *quotation.span())
        elif strong or "\n" in text[colon.end() : start]:
            yield cut(text, start, _own_order(text, start) if not _any("strong_cues", lead) else len(text))


def _own_order(text: str, start: int) -> int:
    """Where the asker goes on in the same line: "Derek wrote: all settled. Log his mail under hull 214"."""
    line_end = text.find("\n", start)
    if line_end >= 0 and text[line_end:].strip():
        return len(text)
    orders = (pattern.search(text, start) for pattern in patterns("pasted", "own_order"))
    return min((found.start(1) for found in orders if found), default=len(text))


def _said(text: str) -> Iterator[Span]:
    """Quotations of some length after a verb of saying, and long ones after anything but the asker's label."""
    for found in _QUOTATION.finditer(text):
        if _is_long(found[0], "quotation_words"):
            before = text[max(0, found.start() - _LEAD_CHARS) : found.start()].rstrip()
            far = _is_long(found[0], "long_quotation_words") and not _any("own_labels", before)
            if far or _any("said_before_quotation", before):
                yield cut(text, *found.span())


def _lead(text: str, end: int) -> str:
    """The words before a colon: its clause, on its line."""
    start = max(text.rfind(sign, 0, end) for sign in "\n.!?。！？;；")
    return text[max(start + 1, end - _LEAD_CHARS) : end].strip()


def _any(group: str, text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns("pasted", group))


def _is_long(text: str, limit: str) -> bool:
    return _size(text) >= float(load_words("pasted")[limit])


def _size(text: str) -> float:
    chinese = sum(is_cjk(char) for char in text)
    words = sum(1 for found in _WORD.finditer(text) if not is_cjk(found[0][0]))
    return words + chinese / 2


_FINDERS = (_marked_lines, _machine_talk, _after_header, _letter, _after_colon, _said, _below, find_talk)
