"""Who a draft is for: opt-outs, the language they read, and how they are addressed."""

from collections.abc import Sequence
from typing import Any

from core.errors import MissingDetailError, PersonFixableError
from language.resources import load_data
from language.script import has_cjk
from tools.drafting.rules import load_rules, read_language
from tools.registry import ToolContext


class OptedOutError(PersonFixableError):
    """A recipient wants no messages; no draft was written."""


def find_recipients(ctx: ToolContext, names: Sequence[str], account: Any | None, deal: Any | None) -> list[Any]:
    """The contacts that the names mean; without names the deal's primary contact.

    Raises:
        MissingDetailError: nobody is named and the deal has no primary contact.
        OptedOutError: one of them wants no messages.
    """
    company = (account.id,) if account is not None else (deal.account_id,) if deal is not None else ()
    people = [ctx.resolver.get("contact", name, within=company) for name in names if name.strip()]
    if not people and deal is not None and deal.primary_contact_id:
        people = [person for person in [ctx.uow.find("contact", deal.primary_contact_id)] if person is not None]
    if not people:
        choices = (
            [person.name for person in ctx.uow.pointing_to("contact", "account", company[0])] if company else []
        )
        raise MissingDetailError("Whom is it for?", field="to", choices=choices[:8], zh="这封信写给谁？")
    refused = [person.name for person in people if person.opted_out]
    if refused:
        names = ", ".join(refused)
        raise OptedOutError(
            f"{names} opted out of messages, so I wrote no draft.", zh=f"{names}已选择不接收邮件，所以没有起草。"
        )
    return people


def reading_language(ctx: ToolContext, person: Any) -> str:
    """`en` or `zh`: the contact's language, else the account's country's, else the script of the name."""
    known = read_language(person.language or "")
    if known:
        return known
    if person.language:
        return "en"
    account: Any = ctx.uow.find("account", person.account_id)
    country = (account.country if account is not None else "").strip().casefold()
    if country:
        chinese = {name.casefold() for name in load_rules()["country_language"]["zh"]}
        return "zh" if country in chinese else "en"
    return "zh" if has_cjk(person.name) else "en"


def salutation(people: Sequence[Any], language: str) -> str:
    """The first line: "Hi Anna and Karl," or 王总，您好："""
    texts = load_rules()[language]
    if language == "zh":
        names = [_chinese_name(person) for person in people]
        joined = names[0] if len(names) == 1 else "、".join(names)
        return str(texts["greeting"].format(names=joined))
    names = [person.name if has_cjk(person.name) else first_name(person.name) for person in people]
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}{texts['and']}{names[-1]}"
    return str(texts["greeting"].format(names=joined))


def first_name(name: str) -> str:
    """The given name of a name in Latin script, without "Dr." and the like."""
    words = [
        word
        for word in name.split()
        if word.rstrip(".").casefold() not in load_data("names/titles")["en_honorifics"]
    ]
    return words[0] if words else name


def called(person: Any) -> list[str]:
    """What a message about this person may call them."""
    if has_cjk(person.name):
        titled = {f"{surname(person.name)}{suffix}" for suffix in _suffixes()}
        return [person.name, *sorted(titled, key=len, reverse=True)]
    words = person.name.split()
    forms = [person.name, first_name(person.name)]
    return [*forms, *(f"{title} {words[-1]}" for title in ("Mr", "Ms", "Mrs", "Dr", "Mr.", "Ms.", "Mrs.", "Dr."))]


def surname(name: str) -> str:
    """The surname of a Chinese name."""
    compound = load_data("names/surnames")["compound"]
    return name[:2] if name[:2] in compound and len(name) > 2 else name[:1]


def _chinese_name(person: Any) -> str:
    if not has_cjk(person.name):
        return str(person.name)
    for part, suffix in load_rules()["zh_titles"]:
        if part.casefold() in (person.title or "").casefold():
            return f"{surname(person.name)}{suffix}"
    return str(person.name)


def _suffixes() -> set[str]:
    titles = load_data("names/titles")
    return {*titles["zh_plain"], *titles["zh_titles"]}
