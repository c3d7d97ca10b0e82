"""A logged interaction that belongs to a deal ("link interaction_… to the pilot"), as hygiene proposes it."""

import re
from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.targets import Targets

_LINK = re.compile(
    r"(?:\b(?:link|attach|connect)\s+|把)(?P<id>interaction_[0-9a-z]+)\s*(?:\b(?:to|with)\b|关联到|挂到|归到)",
    re.IGNORECASE,
)


@request(precedence=49, exclusive=True)
def link_interactions(reading: Reading) -> Sequence[Call]:
    """The interaction with its deal; none where its id or the deal is not certain."""
    found = _LINK.search(reading.text)
    if found is None or reading.outline.is_mere_talk:
        return ()
    for clause in reading.outline.clauses:
        target = Targets(reading.outline).deal_of(clause) if clause.things("deal") else None
        if target is not None and target.entry is not None:
            fields = {"deal": target.reference}
            return [Call("update_record", {"kind": "interaction", "record": found["id"], "fields": fields})]
    return ()
