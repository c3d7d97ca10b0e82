"""What a message may mean that nothing else made sense of: proposed, and done after a yes only."""

from language.builtin.plan import UNSURE_KIND, Intent, request
from language.builtin.reading import Reading
from language.builtin.strangers import without_strangers
from language.learned.proposing import likely_changes


@request(precedence=990)
def propose_likely(reading: Reading) -> Intent:
    """Changes of records that the trained reading takes for likely, though not likely enough to make them."""
    outline = reading.outline
    if outline.asks_for_draft or reading.pasted:
        return Intent()
    return Intent(tuple(without_strangers(outline, each) for each in likely_changes(outline)), kind=UNSURE_KIND)
