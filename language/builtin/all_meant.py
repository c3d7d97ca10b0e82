"""Several deals that one clause changes: those named in front of "both", or all of the last list."""

from language.builtin.clauses import Clause, Outline
from language.builtin.listed import last_listed
from language.builtin.targets import Target, Targets
from language.builtin.vocabulary import load_words
from language.lexicon import Mention

_FEW = 5


def all_meant(outline: Outline, targets: Targets, clause: Clause, at: int) -> list[Target]:
    """ "The pilot and the expansion both close a month later", 扩容和续约都推迟: all deals named in front, when the
    clause says that it means all of them; without a name those of the last list."""
    if not any(each.things("deal", "account") for each in outline.clauses) and (
        listed := _all_listed(outline, targets, clause)
    ):
        return listed
    if not any(word.canon in load_words("deal_words")["all_of_them"] for word in clause.words):
        return []
    before = outline.clauses[clause.index - 1] if clause.index else None
    first = (
        before.first
        if before is not None and before.sentence == clause.sentence and not before.moods
        else clause.first
    )
    named = [word for word in outline.words[first:at] if "deal" in word.kinds]
    meant = [targets.deal_of_mention(word.thing) for word in named if isinstance(word.thing, Mention)]
    certain = {target.reference: target for target in meant if target.entry is not None}
    return list(certain.values()) if len(certain) == len(meant) > 1 else []


def _all_listed(outline: Outline, targets: Targets, clause: Clause) -> list[Target]:
    """ "Both slip two weeks" after a list of two deals, "all of them" after one of a few."""
    hit = clause.hit("all_listed")
    rows = last_listed(outline.reading.dialogue, "deal") if hit is not None else []
    if hit is None or not 1 < len(rows) <= _FEW or hit.value["count"] not in ("", str(len(rows))):
        return []
    entries = [targets.get(row["id"]) for row in rows]
    return [Target(entry.id, entry) for entry in entries if entry is not None]
