"""Questions of all kinds: facts, lists, numbers, briefs, what was said, what to fix and what to do next."""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.plan import request
from language.builtin.questions.ask import questions_in
from language.builtin.reading import Reading


@request(precedence=60)
def questions(reading: Reading) -> Sequence[Call]:
    """Read calls for the parts of the message that ask something; none for orders, reports and small talk."""
    return questions_in(reading)
