"""`python -m evals.next_best_action simulate [SEEDS]`, `null [SEEDS]`, `log PATH.csv`, or `gate`.

The first prints how much of the way from random to the oracle the product's advice goes, beside baselines; the
second how often it claims something where nothing matters; the third next-activity scores on an event log; the
last fails on a regression.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import DealhandError
from evals.next_best_action.measure import HELD_OUT, null_claims, show, simulate
from evals.next_best_action.next_activity import compare, read_log

# The gate takes a few of the held-out seeds; the whole run is held to the same (docs/next-best-action.md).
GATE_SEEDS, LEAST_SHARE, LEAST_LEAD = HELD_OUT[:3], 0.6, 0.1


def main(arguments: Sequence[str]) -> int:
    """Runs what the first argument names; 1 when a gate is missed."""
    what, *rest = arguments or ["simulate"]
    if what == "log" and rest:
        _log(Path(rest[0]))
        return 0
    seeds = HELD_OUT[: int(rest[0])] if rest else HELD_OUT
    if what == "simulate":
        show(simulate(seeds), seeds)
    elif what == "null":
        _null(seeds)
    elif what == "gate":
        return _gate()
    else:
        print(__doc__)
    return 0


def _log(path: Path) -> None:
    try:
        log = read_log(path)
    except DealhandError as error:
        sys.exit(error.message)
    found = compare(log)
    n = next(iter(found.values())).n
    print(f"{path.name}: {len(log.train)} cases to train ({log.left_out} open ones left out), "
          f"{len(log.test)} to test, n = {n:,}")  # fmt: skip
    for name, scores in found.items():
        print(f"  {name:24s}accuracy {scores.accuracy:.3f}  MRR {scores.mrr:.3f}  NDCG {scores.ndcg:.3f}")


def _null(seeds: Sequence[int]) -> tuple[int, float]:
    claims, cases, strongest = null_claims(seeds)
    print(
        f"null, {len(seeds)} seeds: {claims} of {cases} pieces of advice claim experience; "
        f"strongest evidence {strongest:.2f}"
    )
    return claims, strongest


def _gate() -> int:
    found = simulate(GATE_SEEDS)
    show(found, GATE_SEEDS)
    claims, _ = _null(GATE_SEEDS)
    missed = []
    if found.product.mean < LEAST_SHARE:
        missed.append(
            f"ranking: {found.product.mean:.3f} of the way to the oracle, at least {LEAST_SHARE} is wanted"
        )
    if found.lead.mean < LEAST_LEAD:
        missed.append(
            f"ranking: {found.lead.mean:+.3f} to {found.best_baseline}, at least +{LEAST_LEAD} is wanted"
        )
    if claims:
        missed.append(f"abstention: {claims} claims where nothing matters, none is wanted")
    for line in missed:
        print(f"MISSED {line}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
