"""Whether a message is a request of its own, whatever was proposed or asked before."""

from language.builtin.plan import Intent
from language.builtin.reading import Reading
from language.builtin.requests.bulk_changes import change_many
from language.builtin.requests.deal_changes import change_deals
from language.builtin.requests.distributions import hand_out


def is_complete(reading: Reading) -> bool:
    """Whether it changes many records, hands some out, or changes a deal that it names: "Meridian pilot lost to X"."""
    many = (change_many(reading), hand_out(reading))
    if any(found.calls or found.answer if isinstance(found, Intent) else found for found in many):
        return True
    named = any(clause.things("deal", "account") for clause in reading.outline.clauses)
    return named and bool(change_deals(reading))
