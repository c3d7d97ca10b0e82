"""The data files of the built-in model (`data/*.yaml`) and their patterns, read once when first needed."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def load_words(name: str) -> dict[str, Any]:
    """The content of `language/builtin/data/<name>.yaml`."""
    text = (files("language.builtin") / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    content = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return dict(content)


@cache
def patterns(name: str, *path: str) -> Sequence[re.Pattern[str]]:
    """The regular expressions under a key (or keys, one inside the other) of a data file, any case."""
    content: Any = load_words(name)
    for key in path:
        content = content[key]
    flags = re.IGNORECASE | re.MULTILINE | re.DOTALL
    return tuple(re.compile(each, flags) for each in content)
