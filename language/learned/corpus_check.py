"""Checks files of marked messages: `python -m language.learned.corpus_check FILE…`."""

import sys
from collections import Counter
from pathlib import Path

import yaml

from language.learned.markup import read_marked


def main() -> None:
    """Prints what is wrong in the files, and how often each label occurs."""
    for name in sys.argv[1:]:
        _, head, body = Path(name).read_text().split("---\n", 2)
        yaml.safe_load(head)
        counts: Counter[str] = Counter()
        lines = [line for line in body.splitlines() if line.strip() and not line.startswith("#")]
        for line in lines:
            try:
                marked = read_marked(line)
            except ValueError as error:
                print(error)
                continue
            counts.update(mark.label for mark in (*marked.acts, *marked.roles))
        print(name, len(lines), "messages;", len(lines) - len(set(lines)), "twice;", dict(counts.most_common()))


if __name__ == "__main__":
    main()
