"""The package's data files (vocabulary, rules, currencies), read once when first needed."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def load_data(name: str) -> dict[str, Any]:
    """The content of `language/data/<name>.yaml`."""
    text = (files("language") / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    content = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return dict(content)
