"""Cuts what a person says a message should hold into clauses: one point, one thanks or one question each."""

import re

_HARD = re.compile(r"[\n;；。！!]+|(?<=[^\W\d])\.(?=\s|$)|(?<=\d)\.(?=\s+\D|\s*$)|(?<=[?？])|\s[-–—•]\s")
_SUBJECTS = r"i|i'll|we|we'll|she|she'll|he|he'll|they|they'll|you|you'll"
_ORDERS = r"log|record|set|move|push|update|create|add\s+a|mark|change|close|remind\s+me|assign"
_EN_SOFT = re.compile(
    r"(?:,\s*(?:and\s+|but\s+)?|\s+and\s+|\s+but\s+)(?=(?:also\s+|then\s+|please\s+)*"
    r"(?:ask|thank|tell|mention|don['’]?t|do\s+not|leave|keep|no\s+mention|without|never)\b)"
    r"|,?\s+(?:and\s+)?(?=(?:asking|thanking|telling|saying|mentioning|without)\b)"
    rf"|(?:,\s*(?:and\s+|but\s+|then\s+)?|\s+and\s+|\s+but\s+)(?=(?:{_SUBJECTS})\s)"
    r"|,?\s+and\s+that\s+"
    r"|,\s*(?=(?:our|my|please|pls|also|in\s+(?:english|chinese|mandarin))\b)"
    rf"|(?:,\s*(?:and\s+|then\s+)?|\s+and\s+|\s+then\s+)(?=(?:then\s+|also\s+|please\s+)*(?:{_ORDERS})\b)",
    re.IGNORECASE,
)
_ZH_SOFT = re.compile(
    r"[，,]\s*(?=(?:我|我们|他|她|他们|她们|对方|客户|您|请|麻烦|让|问(?!题|号)|再问|顺便问|并问|确认|感谢|谢谢|告诉|说明|提醒|"
    r"不要|别|不用|勿|另外|还有|然后)|[^，,。]{0,6}[总工](?:会|说|答应|同意|负责))"
)
_ZH_ASK_INSIDE = re.compile(r"(?<=[^，,\s])(?=(?:并|再|顺便)(?:请|问(?!题|号)|感谢|确认))")
_QUESTION_MARK = re.compile(r"\s*[?？]\s*$")


def split_clauses(text: str) -> list[str]:
    """The clauses of a text in order; a question keeps its mark."""
    pieces = [piece for part in _HARD.split(text) if part for piece in _EN_SOFT.split(part)]
    pieces = [each for piece in pieces for part in _ZH_SOFT.split(piece) for each in _ZH_ASK_INSIDE.split(part)]
    trimmed = (piece.strip(" \t,，.。:：-–—•\"“”'") for piece in pieces)
    return [piece for piece in trimmed if re.search(r"\w", piece)]


def is_question(clause: str) -> bool:
    """Whether a clause ends in a question mark."""
    return _QUESTION_MARK.search(clause) is not None
