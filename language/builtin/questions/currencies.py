"""How people name the currency that a figure is to be shown in: "in euros", "SGD", 折新币, 按美元."""

from collections.abc import Iterator

from language.resources import load_data

_BEFORE_EN = ("in", "into", "as", "to")
_BEFORE_ZH = (
    "", "折", "折合", "折成", "折合成", "折算成", "按", "换成", "换算成", "换", "以", "用", "算成", "转成",
)  # fmt: skip
# Codes and names that are everyday words, or that mean any money at all ("多少元").
_VAGUE = frozenset({"TRY", "元", "块", "块钱", "刀", "欧", "kuai"})
_SHORTEST = {True: 4, False: 2}


def currency_terms() -> dict[str, list[str]]:
    """The terms of each currency."""
    money = load_data("money")
    terms: dict[str, list[str]] = {}
    for code in money["codes"]:
        if code not in _VAGUE:
            terms.setdefault(money["aliases"].get(code, code), []).append(code.lower())
    for code, names in money["words"]["CURWORD"].items():
        terms.setdefault(code, []).extend(term for name in names if name not in _VAGUE for term in _said(name))
    return terms


def currency_names() -> Iterator[tuple[str, list[str]]]:
    """The names of each currency by themselves: "the sterling ones", 美元的商机."""
    for code, names in load_data("money")["words"]["CURWORD"].items():
        yield (
            code,
            [name for name in names if name not in _VAGUE and len(name) >= _SHORTEST.get(name.isascii(), 0)],
        )


def _said(name: str) -> Iterator[str]:
    if name.isascii():
        singular = name.removesuffix("s")
        yield from (f"{word} [us/the] {each}" for word in _BEFORE_EN for each in {name, singular})
    else:
        yield from (f"{word}{name}" for word in _BEFORE_ZH)
