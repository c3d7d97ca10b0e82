"""A model may word a briefing more smoothly; what it may not do is say anything else: numbers and names stay.

The composed text is what counts. A worded line that drops or adds a number or a name is not used, the composed one is.
"""

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from core.errors import DealhandError

log = logging.getLogger(__name__)

# Takes instructions and the lines as JSON, gives the model's answer.
Words = Callable[[str, str], str]

INSTRUCTIONS = {
    "en": (
        "Reword each line of this sales briefing in plain, friendly English, no longer than it is. Keep every number, "
        "date, currency, rule id and name exactly as written and add none. Answer with a JSON list of as many strings."
    ),
    "zh": (
        "把这份销售简报的每一行改写得自然易读，不要变长。所有数字、日期、币种、规则编号和名称必须原样保留，不得增加。"
        "用JSON字符串列表回答，行数不变。"
    ),
}
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*%?")
_NAME = re.compile(r"[A-Z][\w’'&.-]*")
_FIGURE_ZH = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+(?=[年月日天个条笔万亿元%点周小])")
_LONGEST = 1.5


def worded(lines: Sequence[dict[str, Any]], language: str, words: Words) -> list[dict[str, Any]]:
    """The lines with the model's words where they say the same, and as composed everywhere else.

    What the model is cannot be reached, or answers something else, changes nothing.
    """
    texts = [str(line["text"]) for line in lines]
    try:
        answer = _read(
            words(INSTRUCTIONS["zh" if language == "zh" else "en"], json.dumps(texts, ensure_ascii=False))
        )
    except DealhandError as error:
        log.warning("a briefing goes out as composed: %s", error.message)
        return list(lines)
    if len(answer) != len(lines):
        return list(lines)
    return [
        {**line, "text": text} if says_the_same(str(line["text"]), text, _names(line)) else dict(line)
        for line, text in zip(lines, answer, strict=True)
    ]


def says_the_same(composed: str, text: str, names: Sequence[str] = ()) -> bool:
    """Whether a worded line has exactly the numbers of the composed one, all its names, and no other.

    Args:
        composed: The line as composed.
        text: The line as worded.
        names: Names of the records that the line cites; those that it spells out have to stay.
    """
    if not text.strip() or "\n" in text or "://" in text or len(text) > len(composed) * _LONGEST + 20:
        return False
    if Counter(_NUMBER.findall(text)) != Counter(_NUMBER.findall(composed)):
        return False
    if not set(_FIGURE_ZH.findall(text)) <= set(_FIGURE_ZH.findall(composed)):
        return False
    if any(name in composed and name not in text for name in names):
        return False
    known = {each.strip(".’'") for each in _NAME.findall(composed)}
    said = {each.strip(".’'") for each in _NAME.findall(text) if not _begins_sentence(text, each)}
    return said <= known and known - _first(composed) <= {each.strip(".’'") for each in _NAME.findall(text)}


def _names(line: dict[str, Any]) -> list[str]:
    return [str(record["name"]) for record in line.get("records", ())]


def _read(answer: str) -> list[str]:
    found = re.search(r"\[.*\]", answer, re.DOTALL)
    try:
        lines = json.loads(found[0]) if found is not None else []
    except ValueError:
        return []
    return [str(each) for each in lines] if isinstance(lines, list) else []


def _begins_sentence(text: str, word: str) -> bool:
    """Whether the word occurs only where a sentence begins, so that its capital says nothing."""
    return all(
        re.search(r"(?:^|[.!?:]\s*)$", text[: found.start()]) for found in re.finditer(re.escape(word), text)
    )


def _first(text: str) -> set[str]:
    """The capitalised words that only begin a sentence of the composed text."""
    return {each.strip(".’'") for each in _NAME.findall(text) if _begins_sentence(text, each)}
