"""Facts about a person or company that a text holds beside the name: job title, e-mail, phone, company, in
the person's words."""

import re
from functools import cache

from language.builtin.clauses import Clause, Outline
from language.builtin.vocabulary import load_words, patterns
from language.script import CJK

# What stands before the @ is written in letters of the West; the domain may be Chinese (info@华岳.cn, info@华岳.公司).
EMAIL = re.compile(rf"(?:(?![{CJK}])[\w.+-])+@(?:[\w-]+\.)+(?:(?:(?![{CJK}])[\w-])+|中国|公司|网络)")
PHONE = re.compile(r"(?<![\w@.])(?:\+|00)?\d[\d\s().-]{6,18}\d(?![\w@])|(?<!\d)1[3-9]\d{9}(?!\d)")
DOMAIN = re.compile(
    r"(?<![@\w.-])(?:[a-z0-9-]+\.)+(?:com|net|org|io|eu|de|fr|uk|cn|co|example|biz|info|tech|ai|us|nl|it|es|ch|at)(?:\.[a-z]{2})?(?![\w@])"
)
_NAME_EN = re.compile(
    r"\b[A-Z][\w'’.-]*(?:\s+(?:(?:of|de|van|von|der|da|la|le|bin|al|and|&)\s+)*[A-Z&][\w'’.-]*)*"
)
_NAME_ZH = re.compile(rf"[{CJK}]{{2,4}}")
_LEAST_DIGITS = 7
_EDGES = " \t\n,.;:!?()\"'“”‘’，。；：！？、（）-–—"


def email_in(text: str) -> str:
    """The first e-mail address; empty without one."""
    found = EMAIL.search(text)
    return found[0].rstrip(".") if found else ""


def phone_in(text: str) -> str:
    """The first phone number; empty without one."""
    for found in PHONE.finditer(text):
        if sum(char.isdigit() for char in found[0]) >= _LEAST_DIGITS:
            return with_end(found[0].strip(), text[found.end() :])
    return ""


def with_end(number: str, behind: str) -> str:
    """The number with the last figures that are put right behind it: 13900001243，不对，末尾是1234."""
    for pattern in patterns("record_words", "number_ends"):
        if found := pattern.search(behind):
            return number_ending(number, found["end"])
    return number


def number_ending(number: str, end: str) -> str:
    """The number with other last figures, its signs and spaces kept."""
    places = [i for i, char in enumerate(number) if char.isdigit()][-len(end) :]
    chars = list(number)
    for place, figure in zip(places, end[-len(places) :], strict=True):
        chars[place] = figure
    return "".join(chars)


def domain_in(text: str) -> str:
    """The first web domain that is no part of an address; empty without one."""
    found = DOMAIN.search(text.lower())
    return found[0] if found else ""


def title_in(outline: Outline, clause: Clause) -> str:
    """The job title that a clause gives after "is now their", "as the new", 现在是; empty when it gives none."""
    for hit in clause.all("title_is"):
        first = next(
            (i for i in range(hit.after, clause.after) if "account" not in outline.words[i].kinds), hit.after
        )
        start = outline.words[first].start if first < clause.after else outline.words[hit.after - 1].end
        text = without_label(_cut(outline.own_text(start, clause.end)), "job")
        if text and looks_like_title(text):
            return text
    return ""


def is_former(text: str) -> bool:
    """Whether a text tells what somebody is no longer."""
    return any(pattern.search(text) for pattern in patterns("record_words", "former"))


def without_label(text: str, role: str) -> str:
    """A value without the name of its field before it: "company Lindau Pumps", "title should read Buyer", 电话：…"""
    for pattern in (
        patterns("record_words", "labels", role) if role in load_words("record_words")["labels"] else ()
    ):
        if (found := pattern.match(text)) and text[found.end() :].strip(_EDGES):
            return text[found.end() :].strip(_EDGES)
    return text


def looks_like_title(text: str) -> bool:
    """Whether some words read as a job title: they hold a word that titles are made of."""
    words = load_words("record_words")
    folded = text.casefold()
    if any(char >= "\u4e00" for char in folded):
        return any(part in folded for part in words["title_words_zh"])
    return any(word.strip(_EDGES) in words["title_words"] for word in folded.split())


def bare_title_in(text: str) -> str:
    """A job title standing by itself between commas: ", Plant Manager,"."""
    for part in re.split(r"[,;，；、()（）\n]| - | – ", text):
        title = part.strip(_EDGES)
        if title and len(title.split()) <= 5 and "@" not in title and looks_like_title(title):
            chinese = _title_zh().search(title)
            return chinese[1] if chinese else _cut(title)
    return ""


@cache
def _title_zh() -> re.Pattern[str]:
    """A Chinese job title behind what introduces it: 新来了个设备主管."""
    words = "|".join(map(re.escape, load_words("record_words")["title_words_zh"]))
    return re.compile(rf"(?:^|个|位|名|的|新|任|是|了|来)((?:(?![个位名了来])[{CJK}]){{0,4}}?(?:{words})+)")


def proper_name(text: str) -> str:
    """The first name in a text: capitalised words, or two to four Chinese characters; lower-case words when
    nothing else is there."""
    text = text.strip(_EDGES)
    stops = load_words("record_words")["no_names"]
    for found in _NAME_EN.finditer(text):
        if found[0].casefold() not in stops:
            return found[0].strip(_EDGES)
    chinese = _NAME_ZH.match(text)
    return chinese[0] if chinese else ""


def _cut(text: str) -> str:
    """Up to the first sign or joining word."""
    words = load_words("record_words")
    text = re.split(r"[,;.!?，。；！？()（）\n]", text.strip(_EDGES))[0]
    for stop in words["title_stops"]:
        pattern = rf"\s{re.escape(stop)}\b.*$" if stop.isascii() else rf"{re.escape(stop)}.*$"
        text = re.sub(pattern, "", text, flags=re.IGNORECASE)
    for lead in words["title_leads"]:
        if text.casefold().startswith(lead + " "):
            text = text[len(lead) + 1 :]
    return text.strip(_EDGES)
