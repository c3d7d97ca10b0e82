"""Measures how dates, durations and amounts are read, beside other libraries: `python -m evals.bench_language`.

Two tables of our own: the one that the parsers were developed on (`tests/language/data`), and one that was
written without looking at them (`evals/data/parsing_blind.yaml`). `--specs DIR` reads the specifications of
Recognizers-Text as well, from the folder `Specs` of a checkout. Other libraries take part where installed.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from core.errors import DealhandError
from evals.parsing.items import Item, read_blind, read_tables
from evals.parsing.readers import Reader, agrees, read_ours, rivals
from evals.parsing.spec_readers import ours_is_right, rival_is_right
from evals.parsing.specs import Specification, SpecItem, read_specs

Score = tuple[int, int]


def main() -> int:
    """Prints a table for our own items and one for the specifications; 1 when these cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=Path, help="the folder Specs of a Recognizers-Text checkout")
    parser.add_argument("--misses", action="store_true", help="print what was read differently")
    options = parser.parse_args()
    others, missing = rivals()
    console = Console()
    for line in missing:
        console.print(line, highlight=False)
    for title, items in (("Developed on", read_tables()), ("Written blind", read_blind())):
        _print_tables(console, title, items, others)
    if options.misses:
        _print_misses(console, [*read_tables(), *read_blind()])
    if options.specs is None:
        return 0
    try:
        specifications = read_specs(options.specs)
    except DealhandError as error:
        print(error, file=sys.stderr)
        return 1
    _print_specs(console, specifications, others)
    if options.misses:
        for item in (item for each in specifications for item in each.items if not ours_is_right(item)):
            console.print(f"  {item.kind} {item.today} {item.text!r}", highlight=False, markup=False)
    return 0


def _print_tables(console: Console, title: str, items: Sequence[Item], others: dict[str, Reader]) -> None:
    table = Table("what", "n", "ours", *others, title=f"{title}: read as meant")
    for kind in ("dates", "durations", "amounts"):
        for lang in ("en", "zh"):
            chosen = [item for item in items if (item.table, item.lang) == (kind, lang)]
            ours = sum(read_ours(item) == item.meaning for item in chosen)
            cells = [_cell(_score(read, chosen)) for read in others.values()]
            table.add_row(f"{kind} {lang}", str(len(chosen)), _cell((ours, len(chosen))), *cells)
    console.print(table)


def _score(read: Reader, items: Iterable[Item]) -> Score:
    answers = [(item, answer) for item in items if (answer := read(item)) is not None]
    return sum(agrees(item, answer) for item, answer in answers), len(answers)


def _cell(score: Score) -> str:
    right, n = score
    return f"{right} ({right / n:.0%})" if n else "–"


def _print_misses(console: Console, items: Iterable[Item]) -> None:
    for item in items:
        answer = read_ours(item)
        if answer != item.meaning:
            line = f"  {item.table} {item.tense} {item.text!r}: {answer} instead of {item.meaning}"
            console.print(line, highlight=False, markup=False)


def _print_specs(console: Console, specifications: Sequence[Specification], others: dict[str, Reader]) -> None:
    title = "Recognizers-Text: exactly the same found"
    table = Table("specification", "n", "ours", "its port", *others, title=title)
    for specification in specifications:
        kinds = sorted({item.kind for item in specification.items})
        for kind in kinds:
            chosen = [item for item in specification.items if item.kind == kind]
            _add_row(table, f"{specification.name} {kind}", chosen, others)
        if len(kinds) > 1:
            _add_row(table, f"{specification.name} all", specification.items, others)
    console.print(table)
    console.print("its port: what the specification declares its own Python port to support")
    for specification in specifications:
        reasons = ", ".join(f"{reason} {n}" for reason, n in specification.left_out.most_common())
        console.print(
            f"{specification.name}: left out {specification.left_out.total()} ({reasons})", highlight=False
        )


def _add_row(table: Table, name: str, items: Sequence[SpecItem], others: dict[str, Reader]) -> None:
    n = len(items)
    cells = []
    for rival, read in others.items():
        verdicts = [verdict for item in items if (verdict := rival_is_right(rival, read, item)) is not None]
        cells.append(f"{sum(verdicts)}/{len(verdicts)}" if verdicts else "–")
    declared = sum(item.in_python_port for item in items)
    table.add_row(name, str(n), _cell((sum(map(ours_is_right, items)), n)), _cell((declared, n)), *cells)


if __name__ == "__main__":
    sys.exit(main())
