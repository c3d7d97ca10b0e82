"""What the app says by itself, in both languages; the texts are `data/words.yaml`."""

from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "data" / "words.yaml"


def say(language: str, key: str, **filled: object) -> str:
    """The text of that key in `language` (`en` or `zh`)."""
    text = _words()["zh" if language == "zh" else "en"][key].strip()
    return text.format(**filled) if filled else text


@cache
def _words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return words
