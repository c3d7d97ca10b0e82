"""The data of this package (`data/*.yaml`) with its patterns, read once when first needed."""

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def load_wording(name: str) -> dict[str, Any]:
    """The content of `language/drafting/data/<name>.yaml`."""
    text = (files("language.drafting") / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of a data file, in any case."""
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)
