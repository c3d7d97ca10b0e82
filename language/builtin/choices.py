"""The company's own words for the choices of a field."""

from language.builtin.clauses import Outline


def choice_meant(outline: Outline, kind: str, field: str, value: str) -> str:
    """The company's own word for a choice, when it has one that begins like ours."""
    for info in outline.reading.situation.fields.get(kind, ()):
        if info.name == field and info.choices and value not in info.choices:
            return next(
                (choice for choice in info.choices if choice.startswith(value[:5]) or value.endswith(choice[-9:])),
                value,
            )
    return value
