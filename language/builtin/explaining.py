"""Says where an answer came from: the tool, what it was asked, and what its result names."""

from typing import Any

from language.builtin.dialogue import PastCall

_TELLING = (
    "formula",
    "filter",
    "filter_in_words",
    "as_of",
    "n",
    "n_of",
    "rule",
    "why",
    "because",
    "message",
    "changes",
)
_SHOWN = 4


def explain(past: PastCall, language: str) -> str:
    """One line on a past call."""
    asked = ", ".join(f"{name}: {_short(value)}" for name, value in past.call.arguments.items() if value)
    facts = [f"{key} = {_short(value)}" for key, value in _facts(past.result)]
    names = [name for _, _, name in past.records[:_SHOWN]]
    more = len(past.records) - len(names)
    cited = ", ".join(names) + (f" (+{more})" if more > 0 else "")
    records = {"en": f"records: {cited}", "zh": f"记录：{cited}"}[language] if names else ""
    return "; ".join(filter(None, (f"{past.call.tool}({asked})", *facts, records)))


def _facts(result: dict[str, Any], depth: int = 0) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in result.items():
        if key in _TELLING and value not in ("", None, [], {}):
            found.append((key, value))
        elif isinstance(value, dict) and depth < 2:
            found += _facts(value, depth + 1)
        elif isinstance(value, list) and value and isinstance(value[0], dict) and depth < 2:
            found += _facts(value[0], depth + 1)
    return found[:6]


def _short(value: Any) -> str:
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= 160 else text[:157] + "…"
