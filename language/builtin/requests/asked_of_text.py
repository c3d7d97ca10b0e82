"""Questions about a text that was pasted: "what does he want from us in this?" is answered with its own sentences."""

import re
from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words, patterns

_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_MOST, _FEWEST = 4, 3
_EDGES = " \t\n\"“”'>|"
_WRITES = ("log", "note", "task_new", "create", "to_stage", "amount_change", "keep_it")


@request(precedence=36, exclusive=True)
def asked_of_text(reading: Reading) -> Sequence[Call] | Intent:
    """What the pasted text says, in its words; nothing when the message asks for anything else beside."""
    outline = reading.outline
    if not reading.pasted or not any(each.search(reading.text) for each in patterns("promised", "asks_of_text")):
        return ()
    told = [clause for clause in outline.clauses if "question" not in clause.moods]
    if any(clause.has(*_WRITES) and not clause.has("no_log", "negation") for clause in told):
        return ()
    sentences = [
        each
        for each in _sentences(_without_machine_talk(reading))
        if len(each.split()) >= _FEWEST or not each.isascii()
    ]
    wished = [each for each in sentences if any(one.search(each) for one in patterns("promised", "wishes"))]
    quoted = (wished or sentences)[:_MOST]
    if not quoted:
        return ()
    lead = str(load_words("answers")["it_says"][reading.language])
    return Intent(answer=lead.format(words=" ".join(quoted)), kind="text")


def _sentences(text: str) -> list[str]:
    return [found[0].strip(_EDGES) for found in _SENTENCE.finditer(text) if found[0].strip(_EDGES)]


def _without_machine_talk(reading: Reading) -> str:
    """The pasted words without those that speak to a machine."""
    text = " ".join(span.text for span in reading.pasted)
    for pattern in patterns("pasted", "machine_talk"):
        text = pattern.sub(" ", text)
    return text
