"""The ways a company is called: without its legal form, by its leading words, by the core of a Chinese name,
by acronym."""

import re
from collections.abc import Iterator, Sequence

from language.names.normalise import squash, words_of
from language.names.numbered import PHASE
from language.names.vocabulary import everyday_words, longest_first, scoring, words
from language.script import has_cjk

Named = tuple[str, str]  # words joined by blanks, name of the form in scoring.yaml

# A Chinese name of four characters is nearly always two of its own and two of its trade.
_NAME_AND_TRADE = 4
_COUNTED = re.compile(r"([一二三四五六七八九])([期线号批])")
_BRACKETS = re.compile(r"[(（][^)）]*[)）]")


def company_forms(name: str) -> Iterator[Named]:
    """Every way to call a company of that full name, the name itself included."""
    if has_cjk(name):
        yield from _chinese_forms(name)
    else:
        yield from _english_forms(words_of(name))


def _english_forms(tokens: list[str]) -> Iterator[Named]:
    yield " ".join(tokens), "exact"
    if len(tokens) > 1 and tokens[0] == "the":
        tokens = tokens[1:]
        yield " ".join(tokens), "legal"
    legal, trade = words("company_words", "legal_en"), words("company_words", "trade_en")
    core = list(tokens)
    while len(core) > 1 and (core[-1] in legal or core[-1] == "and"):
        core.pop()
    if len(core) < len(tokens):
        yield " ".join(core), "legal"
    if "and" in core[1:-1]:
        yield " ".join(word for word in core if word != "and"), "legal"
    yield from _leading_words(core)
    telling = [
        word for word in core[1:] if word not in trade | legal and len(word) > 3 and word not in everyday_words()
    ]
    yield from ((word, "inner") for word in telling)
    if len(tokens) > 2 and "and" not in tokens:
        yield "".join(word[0] for word in tokens), "acronym"


def _leading_words(core: list[str]) -> Iterator[Named]:
    for size in range(1, len(core)):
        if core[size - 1] == "and":
            continue
        plain = size == 1 and (core[0] in everyday_words() or len(core[0]) < 3)
        yield " ".join(core[:size]), "short_everyday" if plain else "short"


def _chinese_forms(name: str) -> Iterator[Named]:
    yield name, "exact"
    name = _BRACKETS.sub("", squash_brackets(name))
    core = _cut_suffixes(name, longest_first("company_words", "legal_zh"))
    if core != name:
        yield core, "legal"
    bare = _cut_region(core)
    if bare != core:
        yield bare, "short"
        yield name[len(core) - len(bare) :], "short"
    short = bare
    while (cut := _cut_one(short, longest_first("company_words", "trade_zh"))) != short:
        short = cut
        yield short, "short_core"
    whole = next((each for each in (bare, name) if len(each) == _NAME_AND_TRADE), "")
    if short == bare and whole:
        yield whole[: _NAME_AND_TRADE // 2], "short_core"


def squash_brackets(name: str) -> str:
    """The name with blanks removed and brackets of one width, so that a bracketed part can be cut out."""
    return _BRACKETS.sub("", "".join(name.split()))


def _cut_region(name: str) -> str:
    for region in longest_first("company_words", "regions_zh"):
        if name.startswith(region) and len(name) >= len(region) + 2:
            rest = name[len(region) :]
            for suffix in longest_first("company_words", "region_suffixes_zh"):
                if rest.startswith(suffix) and len(rest) >= len(suffix) + 2:
                    rest = rest[len(suffix) :]
                    break
            return _cut_region(rest)
    return name


def _cut_suffixes(name: str, suffixes: tuple[str, ...]) -> str:
    while (cut := _cut_one(name, suffixes)) != name:
        name = cut
    return name


def _cut_one(name: str, suffixes: tuple[str, ...]) -> str:
    return next(
        (name[: -len(word)] for word in suffixes if name.endswith(word) and len(name) >= len(word) + 2), name
    )


def deal_core(name: str, account_names: Sequence[list[str]]) -> list[str]:
    """The words of a deal's name without its account's: ["line", "2", "rollout"]; all words when the account
    is not in it."""
    tokens = words_of(name)
    for account in account_names:
        if account and tokens[: len(account)] == account and len(tokens) > len(account):
            rest = tokens[len(account) :]
            return rest[1:] if rest[0] in ("s", "的") and len(rest) > 1 else rest
    for account in account_names:
        if account and tokens[-len(account) :] == account and len(tokens) > len(account):
            rest = tokens[: -len(account)]
            return rest[:-1] if rest[-1] in ("for", "with", "at", "and") and len(rest) > 1 else rest
    return tokens


def deal_parts(core: list[str]) -> Iterator[Named]:
    """The core of a deal's name and the stretches of it that can stand for it ("gateway", "line 2", 二期)."""
    joined = "".join(core)
    if has_cjk(joined):
        yield joined, "deal_core"
        bare = _cut_suffixes(joined, longest_first("company_words", "deal_words_zh"))
        if bare != joined:
            yield bare, "deal_core"
        yield from ((variant, "deal_core") for variant in _phase_variants(bare))
        if phase := PHASE.search(bare):
            yield from ((text, "deal_part") for text in (phase[0], *_phase_variants(phase[0])))
        tail = joined[len(bare) :]
        yield from ((bare[-size:] + tail, "deal_part") for size in range(2, len(bare)) if tail)
        for size in range(2, len(bare)):
            yield from ((bare[:size], "deal_part"), (bare[-size:], "deal_part"))
        return
    generic = words("company_words", "deal_words_en")
    bare_words = core[:-1] if len(core) > 1 and core[-1] in generic else core
    yield " ".join(core), "deal_core"
    yield " ".join(bare_words), "deal_core"
    for start in range(len(bare_words)):
        for end in range(start + 1, min(len(bare_words), start + 4) + 1):
            part = bare_words[start:end]
            if part != bare_words and any(len(word) > 3 or (word.isdigit() and len(part) > 1) for word in part):
                yield " ".join(part), "deal_part"


def _phase_variants(core: str) -> Iterator[str]:
    """二期 is also written 第二期 and 2期."""
    numerals = "零一二三四五六七八九"
    if found := _COUNTED.search(core):
        yield core.replace(found[0], f"第{found[0]}")
        yield core.replace(found[0], f"{numerals.index(found[1])}{found[2]}")


def form_score(name: str) -> float:
    """What a form of that name is worth."""
    return float(scoring("forms")[name])


def account_names_of(name: str, aliases: tuple[str, ...]) -> list[list[str]]:
    """The words of each name by which a deal's name may start: the account's own, its aliases', its short
    forms'; longest first."""
    plain = [alias for alias in aliases if "@" not in alias and squash(alias)]
    strong = [
        form
        for form, how in company_forms(name)
        if how in ("exact", "legal", "short", "short_core", "short_everyday")
    ]
    short = [
        form for alias in plain if has_cjk(alias) for form, how in company_forms(alias) if how == "short_core"
    ]
    return sorted(
        (words_of(text) for text in {*plain, *strong, *short}), key=lambda tokens: (-len(tokens), tokens)
    )
