"""Perturbs the names of whole companies in the ways people and recognisers do, and counts what is made of them.

Run as a script it prints the table: right record, asked, missed, wrong record, by family and in total.
"""

import random
from collections import Counter
from collections.abc import Sequence

from language.lexicon import Entry, Lexicon
from language.names.decide import decide
from language.script import has_cjk
from tests.language.names_cases import MATERIAL, PEOPLE, Case, cases_of, short
from tests.language.names_worlds import invented_entries
from tests.language.northstar import northstar_entries


def outcome_of(lexicon: Lexicon, case: Case, **thresholds: float) -> str:
    """right, asked (the record is among those offered), missed or wrong."""
    decision = decide(lexicon.match(case.query, kinds=case.kinds), **thresholds)
    if decision.chosen:
        return "right" if decision.chosen.entry.id == case.meant else "wrong"
    return "asked" if case.meant in {item.entry.id for item in decision.candidates} else "missed"


def worlds() -> dict[str, list[Entry]]:
    """The three companies that are measured."""
    return {
        "harbourline": invented_entries(MATERIAL["harbourline"]),
        "qinghe": invented_entries(MATERIAL["qinghe"]),
        "northstar": northstar_entries(),
    }


def measure(seed: int = 7, **thresholds: float) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Outcomes by family over all worlds, names of strangers included, and the wrong and missed ones in words."""
    counts: Counter[tuple[str, str]] = Counter()
    wrong = []
    for world, entries in worlds().items():
        lexicon = Lexicon(entries)
        for case in cases_of(entries, seed):
            outcome = outcome_of(lexicon, case, **thresholds)
            counts[case.family, outcome] += 1
            if outcome in ("wrong", "missed"):
                chosen = decide(lexicon.match(case.query, kinds=case.kinds), **thresholds).chosen
                wrong.append(
                    f"{world}: {outcome} {case.query!r} meant {case.meant}, read as {chosen and chosen.entry.id}"
                )
        for name in [*MATERIAL["strangers"], *mixed_names(entries, seed)]:
            chosen = decide(lexicon.match(name), **thresholds).chosen
            counts["stranger", "wrong" if chosen else "right"] += 1
            if chosen:
                wrong.append(
                    f"{world}: stranger {name!r} read as {chosen.entry.id} ({chosen.score}, {chosen.how})"
                )
    return counts, wrong


def table(counts: Counter[tuple[str, str]]) -> str:
    """The counts as text, a family a line."""
    lines = [f"{'family':22}{'n':>6}{'right':>8}{'asked':>8}{'missed':>8}{'wrong':>8}"]
    for family in [*dict.fromkeys(name for name, _ in counts), "all"]:
        row = Counter({key[1]: 0 for key in counts})
        for (name, outcome), number in counts.items():
            row[outcome] += number if family in (name, "all") else 0
        n = row.total()
        lines.append(
            f"{family:22}{n:>6}"
            + "".join(f"{row[outcome] / n:>8.1%}" for outcome in ("right", "asked", "missed", "wrong"))
        )
    return "\n".join(lines)


def mixed_names(entries: Sequence[Entry], seed: int) -> list[str]:
    """Names of nobody, made of one person's given name and another's surname, or of a person and a company
    elsewhere."""
    rng = random.Random(seed)
    people = [entry for entry in entries if entry.kind in PEOPLE and entry.name.isascii()]
    accounts = [entry for entry in entries if entry.kind == "account" and entry.name.isascii()]
    real = {entry.name for entry in people}
    names = []
    for one in people:
        given, other = one.name.split()[0], rng.choice(people)
        name = f"{given} {other.name.split()[-1]}"
        if name not in real:
            names.append(name)
        account = rng.choice(accounts)
        if account.id not in {entry.account_id for entry in people if entry.name.split()[0] == given}:
            names.append(f"{given} at {short(account.name)}")
    return names


def measure_text(seed: int = 7) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Outcomes in running text: perturbed names inside sentences, names of nobody, and sentences that name
    nothing."""
    counts: Counter[tuple[str, str]] = Counter()
    wrong = []
    for world, entries in worlds().items():
        lexicon, rng = Lexicon(entries), random.Random(seed)
        for case in cases_of(entries, seed):
            frame = rng.choice(MATERIAL["sentences_zh"] if has_cjk(case.query) else MATERIAL["sentences"])
            at, text = frame.index("{x}"), frame.replace("{x}", case.query)
            outcome, seen = _outcome_in_text(lexicon, text, at, at + len(case.query), case)
            counts[case.family, outcome] += 1
            if outcome in ("wrong", "missed"):
                wrong.append(f"{world}: {outcome} {case.family} {text!r} meant {case.meant}, read as {seen}")
        for name in [*mixed_names(entries, seed), *MATERIAL["strangers"]]:
            text = rng.choice(MATERIAL["sentences_zh"] if has_cjk(name) else MATERIAL["sentences"]).replace(
                "{x}", name
            )
            _count_silence(lexicon, text, "nobody", {"contact", "user", "lead"}, counts, wrong)
        for text in MATERIAL["plain"]:
            _count_silence(
                lexicon, text, "plain text", {"contact", "user", "lead", "account", "deal"}, counts, wrong
            )
    return counts, wrong


def _outcome_in_text(lexicon: Lexicon, text: str, start: int, end: int, case: Case) -> tuple[str, list[str]]:
    inside = [
        mention for mention in lexicon.find_mentions(text) if mention.span.start < end and mention.span.end > start
    ]
    offered = {item.entry.id for mention in inside for item in mention.candidates}
    chosen = [decision.chosen.entry for mention in inside if (decision := decide(mention.candidates)).chosen]
    chosen_ids = [entry.id for entry in chosen if entry.kind in case.kinds]
    if case.meant in chosen_ids:
        return "right", chosen_ids
    return ("wrong" if chosen_ids else "asked" if case.meant in offered else "missed"), chosen_ids


def _count_silence(
    lexicon: Lexicon, text: str, family: str, kinds: set[str], counts: Counter[tuple[str, str]], wrong: list[str]
) -> None:
    decisions = [(mention.span.text, decide(mention.candidates).chosen) for mention in lexicon.find_mentions(text)]
    bad = [
        f"{words!r} as {chosen.entry.id}" for words, chosen in decisions if chosen and chosen.entry.kind in kinds
    ]
    counts[family, "wrong" if bad else "right"] += 1
    wrong += [f"{family}: {text!r} reads {bad}"] if bad else []


if __name__ == "__main__":
    found, mistakes = measure()
    print("Short references", table(found), *mistakes, sep="\n")
    found, mistakes = measure_text()
    print("\nIn running text", table(found), *mistakes, sep="\n")
