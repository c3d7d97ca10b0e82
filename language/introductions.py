"""Finds people whom a text introduces as new: their name, and their job where it is said. No record is looked at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from language.resources import load_data
from language.spans import Span, cut

_EN_NAME = (
    r"(?P<name>\b(?!(?:{no_names})\b)[A-Z][a-z’'-]+(?:\s+(?:de|van|von|der|den|la|al|bin))*"
    r"(?:\s+[A-Z][A-Za-z’'-]+){{1,2}})"
)
_EN_TITLE = r"(?P<title>(?:[A-Za-z&/-]+\s+){{0,3}}?(?:{jobs})\b(?:\s+(?:of|for)\s+[a-z]+)?)"
_ZH_END = r"(?=[，。、；,.;\s]|和|跟|与|也|说|的|谈|聊|还|$)"


@dataclass(frozen=True, slots=True)
class Introduced:
    """Someone new: where the name stands in the text, and the job that is said with it."""

    name: str
    title: str
    span: Span


def find_introduced(text: str) -> list[Introduced]:
    """Everyone whom the text introduces as new or met for the first time, in order, each once."""
    found: dict[str, Introduced] = {}
    for match in sorted(_matches(text), key=lambda each: each.start()):
        fields = match.groupdict()
        name = " ".join(fields["name"].split())
        found.setdefault(
            name, Introduced(name, (fields.get("title") or "").strip(), cut(text, *match.span("name")))
        )
    return list(found.values())


def _matches(text: str) -> Iterator[re.Match[str]]:
    for pattern in _patterns():
        yield from pattern.finditer(text)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    data = load_data("introductions")
    zh_name = f"(?P<name>[{data['surnames']}][一-鿿]{{1,2}}?){_ZH_END}"
    zh_inner = f"(?P<name>[{data['surnames']}][一-鿿]{{1,2}}?)"
    name, title = _EN_NAME.format(no_names=data["no_names"]), _EN_TITLE.format(jobs=data["jobs"])
    english = [each.format(NAME=name, TITLE=title) + r"(?=[\s,.;!?]|$)" for each in data["en"]]
    chinese = [each.format(NAME=zh_name if each.endswith("{NAME}") else zh_inner) for each in data["zh"]]
    return tuple(re.compile(each) for each in (*english, *chinese))
