"""The records of the last list but some: "all but the Tallgrass one slip two weeks", "assign all except Harold to Tom".

Each of the others takes the place of these words, and the message is read anew; where that gives no change of just that
record, nobody guesses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
from language.builtin.listed import last_listed
from language.builtin.picking import chosen
from language.builtin.plan import SEVERAL_KIND, Intent, plan, request
from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words
from language.spans import Span, cut

_KINDS = ("deal", "task", "ticket", "lead", "account", "contact")
_NAMED = frozenset(_KINDS)
_CHANGES = (
    "move", "push", "pull", "to_stage", "owner_change", "assign", "forecast", "task_move", "task_done", "thing_done",
    "task_give", "delete", "status", "close_word", "won", "lost", "convert", "counts_as", "next_step", "amount_word",
    "amount_change", "competitor_set", "priority", "clear_field",
)  # fmt: skip
_LONGEST = 6
_MOST = 20
# More changes than these wait for a yes, as every change of many does.
_FEW = 2


@request(precedence=41, exclusive=True)
def change_all_but(reading: Reading) -> Sequence[Call] | Intent:
    """The changes of all listed records but those named; a question where it is not clear which these are."""
    outline = reading.outline
    clause = next((each for each in outline.clauses if each.has("all_but")), None)
    if clause is None or not clause.is_plain or outline.is_mere_talk or outline.has("log", "contacted"):
        return ()
    if not any(each.has(*_CHANGES) for each in outline.clauses if each.sentence == clause.sentence):
        return ()
    rows = next((found for kind in _KINDS if len(found := last_listed(reading.dialogue, kind)) > 1), [])
    left_out = _left_out(outline, clause)
    out = (
        chosen(replace(reading, text=left_out.text, full_text=left_out.text), rows)
        if left_out and 1 < len(rows) <= _MOST
        else ""
    )
    calls = (
        _for_others(reading, clause, left_out, [row for row in rows if row["id"] != out])
        if left_out and out
        else []
    )
    if calls:
        return Intent(tuple(calls), kind=SEVERAL_KIND if len(calls) > _FEW else "text")
    answer = str(load_words("answers")["questions"]["which_records"][reading.language])
    return Intent(answer=answer, kind="question")


def _left_out(outline: Outline, clause: Clause) -> Span | None:
    """What stands behind "but": up to "one" or to a name with the noun behind it."""
    hit = clause.hit("all_but")
    nouns = load_words("references")["nouns"]
    if hit is None:
        return None
    first = hit.after - 1
    for i in range(first, min(clause.after, first + _LONGEST)):
        word = outline.words[i]
        if word.canon not in nouns and not word.kinds & _NAMED:
            continue
        after = i + 1
        while after < clause.after and outline.words[after].canon in nouns:
            after += 1
        return cut(outline.text, outline.words[first].start, outline.words[after - 1].end)
    return None


def _for_others(reading: Reading, clause: Clause, left_out: Span, rows: Sequence[Mapping[str, str]]) -> list[Call]:
    """The change of each record, as if its name stood there; none where one of them cannot be read so."""
    hit = clause.hit("all_but")
    start = reading.outline.words[hit.first].start if hit is not None else 0
    calls: list[Call] = []
    for row in rows:
        text = f"{reading.text[:start]}{row['name']}{reading.text[left_out.end :]}"
        found = plan(replace(reading, text=text, full_text=text)).calls
        if not found or any(row["id"] not in str(call.arguments) for call in found):
            return []
        calls += [replace(call, at=start) for call in found]
    return calls
