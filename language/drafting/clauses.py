"""Cuts what a person says a message should hold into clauses: one point, one thanks or one question each."""

import re

_HARD = re.compile(r"[\n;；。！!]+|(?<=[^\W\d])\.(?=\s|$)|(?<=\d)\.(?=\s+\D|\s*$)|(?<=[?？])|\s[-–—•]\s")
_EN_SOFT = re.compile(
    r",?\s+(?:and\s+)?(?=(?:ask(?:ing)?|thank(?:s|ing)?|tell(?:ing)?|mention(?:ing)?|don'?t\s+mention|leave\s+out)\b)"
    r"|,\s*(?:and\s+|but\s+|then\s+)?(?=(?:i|i'll|we|we'll|she|she'll|he|he'll|they|they'll|you|our|my|"
    r"don'?t|do\s+not|no\s+mention|without|leave|keep|please|pls|also)\b)"
    r"|\s+and\s+(?=(?:i|i'll|we|we'll|she|she'll|he|he'll|they|they'll)\s)",
    re.IGNORECASE,
)
_ZH_SOFT = re.compile(
    r"[，,]\s*(?=(?:我|我们|他|她|他们|她们|对方|客户|您|请|麻烦|让|问|再问|顺便问|并问|确认|感谢|谢谢|告诉|说明|提醒|"
    r"不要|别|不用|勿|另外|还有|然后)|[^，,。]{0,6}[总工](?:会|说|答应|同意|负责))"
)
_ZH_ASK_INSIDE = re.compile(r"(?<=[^，,\s])(?=(?:并|再|顺便)(?:请|问|感谢|确认))")
_QUESTION_MARK = re.compile(r"\s*[?？]\s*$")


def split_clauses(text: str) -> list[str]:
    """The clauses of a text in order; a question keeps its mark."""
    pieces = [piece for part in _HARD.split(text) if part for piece in _EN_SOFT.split(part)]
    pieces = [each for piece in pieces for part in _ZH_SOFT.split(piece) for each in _ZH_ASK_INSIDE.split(part)]
    trimmed = (piece.strip(" \t,，:：-–—•\"“”'") for piece in pieces)
    return [piece for piece in trimmed if re.search(r"\w", piece)]


def is_question(clause: str) -> bool:
    """Whether a clause ends in a question mark."""
    return _QUESTION_MARK.search(clause) is not None
