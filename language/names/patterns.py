"""Names recognised by their shape: surname with title (杨厂长, Mr Lee), e-mail addresses and domains, ticket
numbers."""

import re
from collections.abc import Iterator, Sequence

from language.names.companies import form_score
from language.names.entries import Entry, Form
from language.names.index import FormIndex
from language.names.normalise import Token, squash
from language.names.spotting import Hit
from language.names.vocabulary import longest_first, title_groups, words
from language.resources import load_data

_NICKNAME = 2  # 小白 is an ordinary word in running text; as a whole reference it is somebody of that surname
_ADDRESS = re.compile(r"(?i)(?:[a-z0-9._%+-]{1,64}@)?[^\W_][\w-]{0,62}(?:\.[\w-]{1,63}){1,4}")


def pattern_hits(index: FormIndex, text: str, tokens: Sequence[Token]) -> Iterator[Hit]:
    """Hits of all shapes in `text`, whose tokens are given."""
    if index.chinese_surnames:
        for i, token in enumerate(tokens):
            if token.is_cjk:
                yield from _surname_with_title(index, tokens, i)
                yield from _called_by_surname(index, tokens, i)
    yield from _addresses(index, text, tokens)
    yield from _numbers(index, tokens)


def _surname_with_title(index: FormIndex, tokens: Sequence[Token], i: int) -> Iterator[Hit]:
    first = tokens[i].text
    two = first + (tokens[i + 1].text if i + 1 < len(tokens) else "")
    is_familiar = first in words("titles", "zh_familiar")
    if not (is_familiar or first in index.chinese_surnames or two in index.chinese_surnames):
        return
    texts = "".join(token.text for token in tokens[i : i + 9])
    is_whole = is_familiar and len(tokens) == len(texts) == _NICKNAME
    if texts.startswith(longest_first("titles", "zh_decoys")) and not is_whole:
        return
    if is_familiar:
        people = index.chinese_surnames.get(texts[1:2], [])
        if people and not _starts_with_title(texts[2:]):
            score = form_score("surname_honorific")
            yield Hit(i, i + 2, [Form(entry, score, "last name", texts[:2]) for entry in people], 1.0, "")
        return
    for size in (2, 1):
        people = index.chinese_surnames.get(texts[:size], [])
        title = _starts_with_title(texts[size:])
        before = tokens[i - 1].text if i else ""
        if people and title and not (before and before in _not_after().get(texts[:size], "")):
            yield Hit(i, i + size + len(title), [_titled(entry, title, texts) for entry in people], 1.0, "")
            return


def _called_by_surname(index: FormIndex, tokens: Sequence[Token], i: int) -> Iterator[Hit]:
    """那个姓陈的: somebody of whom only the surname is said."""
    texts = "".join(token.text for token in tokens[i : i + 4])
    if not texts.startswith("姓"):
        return
    for size in (2, 1):
        people = index.chinese_surnames.get(texts[1 : 1 + size], [])
        if people and texts[1 + size : 2 + size] == "的":
            score = form_score("surname_honorific")
            forms = [Form(entry, score, "title", texts[: 2 + size]) for entry in people]
            yield Hit(i, i + 2 + size, forms, 1.0, "")
            return


def _starts_with_title(text: str) -> str:
    if text.startswith(longest_first("titles", "zh_decoys")):
        return ""
    options = (*longest_first("titles", "zh_titles"), *longest_first("titles", "zh_plain"))
    return next((title for title in options if text.startswith(title)), "")


def _not_after() -> dict[str, str]:
    content: dict[str, str] = load_data("names/titles")["zh_not_after"]
    return content


def _titled(entry: Entry, title: str, text: str) -> Form:
    """How well a person with that surname fits the title that was said."""
    if title in words("titles", "zh_plain"):
        score = form_score("surname_honorific")
    else:
        score = form_score("surname_title" if same_title(title, entry.title) else "surname_other_title")
    return Form(entry, score, "title", text)


def same_title(said: str, recorded: str) -> bool:
    """True when the title that was said is the recorded one, a part of it, or another word for it."""
    said, recorded = squash(said), squash(recorded)
    if not recorded:
        return False
    if said in recorded:
        return True
    groups = title_groups().get(recorded, frozenset())
    return any(said in name and groups & numbers for name, numbers in title_groups().items())


def _addresses(index: FormIndex, text: str, tokens: Sequence[Token]) -> Iterator[Hit]:
    if "." not in text:
        return
    for found in _ADDRESS.finditer(text):
        address = found[0].lower().rstrip(".")
        people, domain = index.addresses.get(address, []), address.rpartition("@")[2]
        inside = [n for n, token in enumerate(tokens) if found.start() <= token.start < found.end()]
        if not inside:
            continue
        if people:
            forms = [Form(entry, 1.0, "e-mail" if "@" in address else "domain", address) for entry in people]
            yield Hit(inside[0], inside[-1] + 1, forms, 1.0, "")
        elif owners := index.addresses.get(domain.removeprefix("www.")):
            forms = [
                Form(entry, form_score("domain"), "domain", address) for entry in owners if entry.kind == "account"
            ]
            if forms:
                yield Hit(inside[0], inside[-1] + 1, forms, 1.0, "")


def _numbers(index: FormIndex, tokens: Sequence[Token]) -> Iterator[Hit]:
    """Tickets called by bare digits beside a word for ticket: "ticket 1021", 1021号工单."""
    signs = words("support", "ticket_words")
    for i, token in enumerate(tokens):
        found = index.numbers.get(token.text.lstrip("0")) if token.text.isdigit() else None
        if not found:
            continue
        before = {"".join(item.text for item in tokens[max(0, i - size) : i]) for size in (1, 2, 3)}
        after = {"".join(item.text for item in tokens[i + 1 : i + 1 + size]) for size in (1, 2, 3)}
        if (before | after) & signs:
            yield Hit(
                i, i + 1, [Form(entry, form_score("number"), "number", token.text) for entry in found], 1.0, ""
            )
