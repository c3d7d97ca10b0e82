"""From acts to tool calls: for each kind of act one function says what its parts fill in.

Which record a name means and how a day or an amount is written for the server is shared with the requests that go by
phrases. A new kind of act is a label in `language.learned.markup`, marked messages, and a function with `@reads`.
"""

from language.builtin.clauses import Outline
from language.learned.acts import Understood
from language.learned.calls.context import ACT_READERS, Context, LearnedCall, Value

__all__ = ["LearnedCall", "Value", "learned_calls"]


def learned_calls(outline: Outline, seen: Understood) -> list[LearnedCall]:
    """The calls that the acts of a message ask for, in order; acts without what their tool needs give none."""
    context = Context(outline, seen)
    readers = {reader.kind: reader.read for reader in ACT_READERS}
    return [call for act in seen.acts if act.kind in readers for call in readers[act.kind](context, act)]
