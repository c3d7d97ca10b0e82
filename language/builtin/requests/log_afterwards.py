""" "OK, log it": a report that was not understood is logged when that is ordered right behind it."""

from dataclasses import replace

from language.builtin.dialogue import Dialogue
from language.builtin.plan import Intent, plan, request
from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words, patterns


@request(precedence=190, exclusive=True)
def log_what_was_told(reading: Reading) -> Intent:
    """The message before, as if the order stood in it; a question where it names nobody on record itself."""
    last = reading.dialogue.last
    said = reading.text.strip()
    if last is None or last.calls or not any(each.fullmatch(said) for each in patterns("answers", "log_it")):
        return Intent()
    told = last.said.strip()
    found = plan(Reading(f"{told}\n{said}", reading.situation, Dialogue())).calls
    logs = tuple(
        replace(call, arguments={"text": told} | call.given(), at=0)
        for call in found
        if call.tool == "log_interaction"
    )
    if logs:
        return Intent(logs)
    return Intent(
        answer=str(load_words("answers")["questions"]["which_account"][reading.language]), kind="question"
    )
