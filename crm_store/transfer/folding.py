"""Texts folded for comparison: letters of any width and case, runs of spaces, punctuation of headers."""

import re
import unicodedata
from functools import cache
from importlib.resources import files

import yaml


def fold(text: str) -> str:
    """The text in one case and width, with single spaces; names that differ only so are the same name."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def fold_header(text: str) -> str:
    """A column or file name as letters and digits joined by `_`: "Close Date (UTC)" is `close_date_utc`."""
    return re.sub(r"[\W_]+", "_", fold(text)).strip("_")


def without_legal_form(company: str) -> str:
    """A company's name folded, without punctuation and a legal form (Inc., GmbH, 有限公司) at its end."""
    name = fold_header(company)
    for form in _legal_forms():
        rest = name.removesuffix(f"_{form}" if form.isascii() else form)
        if rest and rest != name:
            return rest
    return name


@cache
def _legal_forms() -> tuple[str, ...]:
    text = files("crm_store.transfer").joinpath("data/legal_forms.yaml").read_text(encoding="utf-8")
    return tuple(sorted((str(form) for form in yaml.safe_load(text)), key=len, reverse=True))
