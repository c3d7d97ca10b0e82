"""Asked right after a change: "what was it before?", 原来是多少. The change's own receipt says it."""

import re
from collections.abc import Iterator, Sequence

from language.builtin.calls import Call
from language.builtin.dialogue import PastCall
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words

_EDGES = " \t\n.,!?~…。，！？～:;"
# "updated deal Pilot (amount: USD 567,000 → USD 600,000; stage: – → Offer)"
_CHANGED = re.compile(r"[(（](?P<fields>[^()（）]*→.*)[)）]\s*$", re.DOTALL)
_FIELD = re.compile(r"(?P<field>[^:：;；]+)[:：]\s*(?P<before>.*?)\s*→", re.DOTALL)
EMPTY = frozenset({"", "–", "—", "-"})


@request(precedence=19)
def value_before(reading: Reading) -> Sequence[Call] | Intent:
    """What the last change replaced, where nothing else is asked."""
    if not _is_asked(reading):
        return ()
    language, words = reading.language, load_words("before_change")
    lines = []
    for past in reading.dialogue.last.calls if reading.dialogue.last else ():
        values = [
            words["empty" if before in EMPTY else "value"][language].format(field=field, before=before)
            for field, before in _replaced(past)
        ]
        name = next((name for _, _, name in past.records), "")
        if values and name:
            joined = words["joint"][language].join(values)
            lines.append(words["answer"][language].format(record=f"**{name}**", values=joined))
    return Intent(answer="\n".join(lines)) if lines else ()


def _is_asked(reading: Reading) -> bool:
    words = load_words("before_change")
    text = reading.text.strip(_EDGES)
    return any(
        re.fullmatch(words["asks"] + f"(?:{pattern})", text, re.IGNORECASE)
        for language in ("en", "zh")
        for pattern in words[language]
    )


def _replaced(past: PastCall) -> Iterator[tuple[str, str]]:
    """(field, value before) of each field that a call changed."""
    for line in past.result.get("changes", ()):
        yield from replaced_in(str(line))


def replaced_in(line: str) -> Iterator[tuple[str, str]]:
    """(field, value before) of each field that one line of a receipt tells."""
    found = _CHANGED.search(line)
    for each in re.split(r"[;；]\s*(?=[^;；]*→)", found["fields"]) if found else ():
        field = _FIELD.match(each)
        if field:
            yield field["field"].strip(), field["before"].strip()
