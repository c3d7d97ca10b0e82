"""Campaigns by how they are spoken of: "the Hannover campaign", "campaign Spring Fair", 汉诺威展会活动带来的商机.

Whether there is such a campaign is for the server to say: a name is taken as it stands.
"""

import re
from collections.abc import Iterator, Sequence

from language.builtin.questions.terms import Found, Unit
from language.script import CJK

# What deals and leads are put down to, and what a campaign is called itself.
FIELDS = (("deal", "campaign"), ("lead", "campaign"), ("campaign", "name"))
# Words that end a name on its way back from "campaign": what opens a question or leads over to the name.
_ENDS = frozenset(
    {"filler", "ask", "scope", "group", "follow", "negation", "compare_op", "metric", "rank", "limit"}
)
_KIND = frozenset({"marketing", "sales", "sale", "advertising", "ad"})
_CALLED = frozenset({"called", "named"})
_EDGES = " \"“”'‘’"
_GAP = re.compile(r"[\s\"“”'‘’-]*")
_NOUN_ZH = "(?:营销|推广|市场|促销)?活动"
# 来自汉诺威活动, 汉诺威活动带来的商机: the name stands behind what leads to it, or the campaign before what came of it.
_ZH = (
    re.compile(
        rf"(?:来自|通过|经由|从|由|按)于?(?P<name>[{CJK}\w ·-]{{2,20}}?)(?:这个|那个|这次|那次)?{_NOUN_ZH}"
    ),
    re.compile(
        rf"(?:^|[，,。？?！!\s]|看下|看看|查一下)(?P<name>[{CJK}\w ·-]{{2,20}}?)(?:这个|那个|这次|那次)?{_NOUN_ZH}"
        r"(?=(?:所?(?:带来|产生|贡献|引来|引入|促成|来))|的(?:管道|商机|单|线索|赢单|金额|业绩|投资|回报|roi|ROI))"
    ),
)
_NO_NAME_ZH = re.compile(
    r"^(?:(?:来自|通过|经由|从|由|按).*|.*(?:哪|什么|各|每|所有|全部|多少|没有|这|那|的|最近|我们).*"
    r"|销售|客户|日常|营销|推广|市场)$"
)


def campaign_spans(text: str, units: Sequence[Unit], terms: Sequence[Found]) -> Iterator[tuple[int, int, str]]:
    """(start, end, name) of each campaign that is spoken of; the stretch holds the word "campaign" too."""
    ends = {
        number
        for found in terms
        if any(role in _ENDS for role, _ in found.readings)
        for number in range(found.first, found.after)
    }
    for number, unit in enumerate(units):
        if unit.form == "campaign":
            span = _before(text, units, number, ends) or _behind(text, units, number)
            if span is not None:
                yield span
    for pattern in _ZH:
        for found in pattern.finditer(text):
            name = found["name"].strip()
            if not _NO_NAME_ZH.match(name):
                yield found.start("name"), found.end(), name


def _before(text: str, units: Sequence[Unit], number: int, ends: set[int]) -> tuple[int, int, str] | None:
    """ "The Hannover Messe 2026 campaign": back to the word that leads over to the name."""
    last = number - 1 if number and units[number - 1].form in _KIND else number
    first = last
    while first and first - 1 not in ends and _GAP.fullmatch(text[units[first - 1].end : units[first].start]):
        first -= 1
    if first == last:
        return None
    return units[first].start, units[number].end, text[units[first].start : units[last - 1].end].strip(_EDGES)


def _behind(text: str, units: Sequence[Unit], number: int) -> tuple[int, int, str] | None:
    """ "Campaign Spring Fair", "the campaign called spring fair": on to the last word of the name."""
    first = number + 1
    called = first < len(units) and units[first].form in _CALLED
    first += called
    after = first
    while after < len(units) and (called or _is_name(text, units[after])):
        if not _GAP.fullmatch(text[units[after - 1].end : units[after].start]):
            break
        after += 1
    if after == first:
        return None
    return units[number].start, units[after - 1].end, text[units[first].start : units[after - 1].end].strip(_EDGES)


def _is_name(text: str, unit: Unit) -> bool:
    return text[unit.start].isupper() or text[unit.start].isdigit()
