"""`python -m evals.bench_memory table [MODEL_FOLDER | e5 …]`, `locomo PATH [MODEL_FOLDER]`, `speed [PASSAGES]`, `gate`.

`gate [LOCOMO_PATH]` fails, with the numbers shown, where the shipped retriever finds less than it did.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from evals.bench_memory.locomo import locomo
from evals.bench_memory.recall import gate, table
from evals.bench_memory.speed import speed
from memory.embedders.bundled import BundledEmbedder
from memory.embedders.protocol import Embedder
from memory.embedders.transformer import TransformerEmbedder


def main(arguments: Sequence[str]) -> int:
    """Runs what the first argument names; 1 where a gate is missed."""
    what, *rest = arguments or ["table"]
    if what == "table":
        table([BundledEmbedder(), *map(_embedder, rest)])
    elif what == "locomo" and rest:
        return locomo(Path(rest[0]), _embedder(rest[1]) if rest[1:] else BundledEmbedder())
    elif what == "gate":
        return max(gate(), locomo(Path(rest[0]), BundledEmbedder()) if rest else 0)
    elif what == "speed":
        speed(int(rest[0]) if rest else 100_000)
    else:
        print(__doc__)
    return 0


def _embedder(named: str) -> Embedder:
    from evals.bench_memory.e5 import E5Embedder

    return E5Embedder() if named == "e5" else TransformerEmbedder(named)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
