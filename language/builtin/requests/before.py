"""What a record was before the last change: "what was it before?", 原来是多少."""

import re

from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words, patterns

# One change as its tool tells it: "updated deal X (amount: USD 5 → USD 6; stage: A → B)".
_CHANGED = re.compile(r"^updated \S+ (?P<name>.*?) \((?P<fields>[^()]*→.*)\)$", re.DOTALL)
_NAMED = frozenset({"deal", "account", "contact", "lead", "ticket", "task", "user", "date"})


@request(precedence=44, exclusive=True)
def value_before(reading: Reading) -> Intent:
    """The values that the last turn replaced; nothing when a record or a day is named, or nothing was changed."""
    last = reading.dialogue.last
    asked = any(pattern.search(reading.text) for pattern in patterns("corrections", "asks_before"))
    if last is None or not asked or any(word.kinds & _NAMED for word in reading.outline.words):
        return Intent()
    lines = [
        line
        for past in last.calls
        if past.result.get("undo") and past.call.tool != "undo_change"
        for change in past.result.get("changes", [])
        if (line := _line(str(change), reading.language))
    ]
    return Intent(answer="\n".join(lines)) if lines else Intent()


def _line(change: str, language: str) -> str:
    found = _CHANGED.match(change)
    if found is None:
        return ""
    pairs = [field.split("→", 1)[0].strip() for field in found["fields"].split("; ") if "→" in field]
    text = load_words("corrections")["was_before"][language]
    return str(text.format(name=found["name"], values="; ".join(pairs)))
