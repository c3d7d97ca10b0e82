"""Ways in which people and recognisers change a name: typing slips, sounds, nicknames, titles, other scripts."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import opencc

from language.lexicon import Entry
from language.names.normalise import pinyin, split_person_name
from language.names.vocabulary import nickname_families
from language.script import has_cjk
from tests.language.names_worlds import names_material

PEOPLE = ("contact", "user", "lead")
MATERIAL = names_material()


@dataclass(frozen=True)
class Case:
    """One way somebody might call a record."""

    family: str
    query: str
    meant: str
    kinds: tuple[str, ...]


def _typo(name: str, rng: random.Random) -> str:
    places = [i for i, char in enumerate(name) if char.isalpha() and i > 0 and name[i - 1].isalpha()]
    i = rng.choice(places)
    kind = rng.randrange(4)
    letter = rng.choice("aeioulnrst")
    if kind == 0:
        return name[:i] + name[i + 1 :]
    if kind == 1:
        return name[:i] + letter + name[i:]
    if kind == 2:
        return name[:i] + letter + name[i + 1 :]
    return name[: i - 1] + name[i] + name[i - 1] + name[i + 1 :]


def _slip(name: str, rng: random.Random) -> str:
    lowered = name.lower()
    usable = [(old, new) for old, new in MATERIAL["slips"] if old in lowered[1:]]
    if not usable:
        return lowered
    old, new = rng.choice(usable)
    at = lowered.index(old, 1)
    return lowered[:at] + new + lowered[at + len(old) :]


def _split(name: str, rng: random.Random) -> str:
    word = max(name.split(), key=len)
    cut = len(word) // 2
    return name.replace(word, f"{word[:cut]} {word[cut:]}").lower()


def short(name: str) -> str:
    return name.split(maxsplit=1)[0]


def _english_person(entry: Entry, rng: random.Random, accounts: dict[str, Entry]) -> Iterator[tuple[str, str]]:
    given, surname = split_person_name(entry.name)
    yield "exact", rng.choice([entry.name, entry.name.lower(), entry.name.upper(), f"{entry.name}'s"])
    yield "typo", _typo(entry.name, rng)
    yield "sound", _slip(entry.name, rng)
    yield (
        "initials",
        rng.choice([f"{given} {surname[0]}", f"{given.lower()} {surname[0].lower()}.", f"{given[0]}. {surname}"]),
    )
    yield "first or last alone", rng.choice([given, given.lower(), surname, f"Ms {surname}", f"Mr. {surname}"])
    for formal, familiar in nickname_families():
        if given.lower() in formal and familiar:
            yield "nickname", f"{rng.choice(sorted(familiar)).title()} {surname}"
    if entry.account_id:
        account = short(accounts[entry.account_id].name)
        yield (
            "with account",
            rng.choice(
                [
                    f"{given} from {account}",
                    f"{given} at {account}",
                    f"{account}'s {given}",
                    f"{given.lower()} ({account.lower()})",
                ]
            ),
        )
        if entry.title and entry.title.isascii():
            yield (
                "title and account",
                rng.choice([f"the {entry.title} at {account}", f"{account}'s {entry.title.lower()}"]),
            )


def _chinese_person(entry: Entry, rng: random.Random, accounts: dict[str, Entry]) -> Iterator[tuple[str, str]]:
    given, surname = split_person_name(entry.name)
    sounds = pinyin(entry.name, is_person=True)
    yield "exact", entry.name
    yield (
        "pinyin",
        rng.choice(
            [
                " ".join(sounds),
                "".join(sounds),
                " ".join([*sounds[len(surname) :], *sounds[: len(surname)]]).title(),
            ]
        ),
    )
    yield "traditional", opencc.OpenCC("s2t").convert(entry.name)
    slipped = "".join(MATERIAL["homophones"].get(char, char) for char in given)
    if slipped != given:
        yield "sound", surname + slipped
    if entry.title and has_cjk(entry.title):
        yield "surname and title", surname + rng.choice([entry.title, "总", "工"])
    yield "surname and title", rng.choice(["老", "小"]) + surname if len(surname) == 1 else surname + "先生"


def _company(entry: Entry, rng: random.Random) -> Iterator[tuple[str, str]]:
    yield (
        "exact",
        rng.choice([entry.name, entry.name.lower(), entry.name.upper(), f"{entry.name}'s"])
        if entry.name.isascii()
        else entry.name,
    )
    if has_cjk(entry.name):
        yield "traditional", opencc.OpenCC("s2t").convert(entry.name)
        core = re.sub("(股份|集团)?(有限)?公司$|集团$", "", entry.name)[2:]
        yield "short company", rng.choice([core, core[:2]])
        yield "pinyin", " ".join(pinyin(core[:2]))
        slipped = "".join(MATERIAL["homophones"].get(char, char) for char in core)
        if slipped != core:
            yield "sound", slipped
        return
    yield "short company", rng.choice([short(entry.name), short(entry.name).lower(), f"{short(entry.name)}'s"])
    yield "typo", _typo(short(entry.name), rng)
    yield "typo", _typo(entry.name, rng)
    yield "sound", _slip(short(entry.name), rng)
    yield (
        "spacing",
        rng.choice([_split(entry.name, rng), entry.name.replace(" ", "").lower(), entry.name.replace(" ", "-")]),
    )
    yield "spacing", _split(short(entry.name), rng)


def _starts_short(accounts: dict[str, Entry], entry: Entry, words: list[str]) -> bool:
    account = accounts.get(entry.account_id or "")
    return bool(account) and " ".join(words) in (account.aliases[:1] or (account.name.split()[0],))


def _deal(entry: Entry, rng: random.Random, accounts: dict[str, Entry]) -> Iterator[tuple[str, str]]:
    yield (
        "exact",
        rng.choice([entry.name, entry.name.lower(), f"the {entry.name} deal"])
        if entry.name.isascii()
        else entry.name,
    )
    if entry.name.isascii():
        yield "typo", _typo(entry.name, rng)
        words = entry.name.split()
        size = next((k for k in (2, 1) if _starts_short(accounts, entry, words[:k])), 0)
        if 0 < size < len(words):
            yield "partial deal", f"the {' '.join(words[size:])} deal at {' '.join(words[:size])}"
            yield "partial deal", f"{' '.join(words[size:])} with {' '.join(words[:size]).lower()}"
        if size and len(words) > size + 1:
            yield "partial deal", " ".join(words[: size + 1])
    else:
        yield "partial deal", entry.name.removesuffix("项目")
        yield "partial deal", f"{entry.name[:2]}的{entry.name[-4:]}" if entry.name[4:] else entry.name


def cases_of(entries: Sequence[Entry], seed: int) -> list[Case]:
    """A fixed set of perturbed names for these entries."""
    rng = random.Random(seed)
    accounts = {entry.id: entry for entry in entries if entry.kind == "account"}
    makers: dict[str, Callable[[Entry], Iterator[tuple[str, str]]]] = {
        "account": lambda entry: _company(entry, rng),
        "deal": lambda entry: _deal(entry, rng, accounts),
    }
    cases = []
    for entry in entries:
        if entry.kind in PEOPLE:
            pairs = (_chinese_person if has_cjk(entry.name) else _english_person)(entry, rng, accounts)
        elif entry.kind in makers:
            pairs = makers[entry.kind](entry)
        else:
            continue
        kinds = PEOPLE if entry.kind in PEOPLE else (entry.kind,)
        cases += [Case(family, query, entry.id, kinds) for family, query in pairs]
    return cases
