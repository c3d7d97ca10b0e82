"""Compares what phrases, the trained network and both joined read in marked messages with the marks.

`python -m evals.bench_reading NAME…` reads files of the corpus, by default those that the shipped network has not seen.
Another one comes of `python -m language.learned.training check NAME…`, which trains without others, too. A message is
right when every call and every value of it is; which answer a question gets is not compared. What is only proposed
counts as nothing read, and is counted by itself.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.builtin.plan import UNSURE_KIND, Intent, plan
from language.builtin.questions.followups import READ_TOOLS
from language.learned.acts import Act, Part, Understood, understood
from language.learned.calls import learned_calls
from language.learned.examples import MEASURED, corpus_files, marked_outlines
from language.learned.markup import Mark, Marked
from language.learned.merging import merged
from language.learned.network import Chances, Network, load_network, network
from language.learned.sameness import share

DATA = Path("language/learned/data")
READERS = ("phrases", "network", "joined")
_KEYS = {"update_deal": "deal", "update_task": "task", "delete_record": "record", "update_record": "record"}
# Values that the marks do not give, or give in other words.
_ASIDE = frozenset({"text", "topic", "kind", "clear", "channel"})
_LINKS: Mapping[str, frozenset[str]] = {
    "create_task": frozenset({"deal", "account", "contact"}),
    "log_interaction": frozenset({"deal", "account", "when", "direction", "type", "duration"}),
}
_LOOSE = frozenset({"title", "name", "subject", "next_step", "competitor", "reason"})
Said = tuple[str, dict[str, Any]]


def main() -> int:
    """Prints for each reader how many messages and calls are right, and how many hold a change that nobody marked."""
    checked = DATA / "checked.npz"
    reader = load_network(checked.read_bytes()) if checked.exists() else network()
    whole, extra, found, total = Counter[str](), Counter[str](), Counter[tuple[str, str]](), Counter[str]()
    proposed = Counter[str]()
    n = 0
    for marked, outline in _messages(sys.argv[1:] or MEASURED):
        n += 1
        wanted = said([call.call(outline) for call in learned_calls(outline, as_marked(marked, outline, reader))])
        total.update(tool for tool, _ in wanted)
        asks = any(mark.label == "ask" for mark in marked.acts)
        for name, calls in _read(outline, reader).items():
            counted = [call for call in calls if not (asks and call.tool in READ_TOOLS)]
            is_right, has_extra, hits = compare(said(counted), wanted)
            whole[name] += is_right
            extra[name] += has_extra
            found.update((name, tool) for tool in hits)
        proposal = _proposal(outline)
        if proposal:
            is_right, has_extra, _ = compare(said(proposal), wanted)
            proposed.update({"n": 1, "right": is_right, "extra": has_extra})
    table = Table("", *READERS, title=f"{n} messages")
    table.add_row("whole message right", *(f"{whole[name] / n:.1%}" for name in READERS))
    table.add_row("a change that is not marked", *(f"{extra[name] / n:.1%}" for name in READERS))
    for tool, count in total.most_common():
        table.add_row(f"{tool} found (n = {count})", *(f"{found[name, tool] / count:.0%}" for name in READERS))
    console = Console()
    console.print(table)
    console.print(
        f"proposed instead of not understood: {proposed['n']} messages, in {proposed['right']} of them all that is "
        f"marked, in {proposed['extra']} a change that is not"
    )
    return 0


def _messages(names: Sequence[str]) -> Iterator[tuple[Marked, Outline]]:
    return (each for file in corpus_files() if file.stem in names for each in marked_outlines(file))


def _read(outline: Outline, reader: Network) -> dict[str, Sequence[Call]]:
    learned = learned_calls(outline, understood(outline, reader))
    return {
        "phrases": _made(plan(outline.reading, lambda _, calls: calls)),
        "network": [call.call(outline) for call in learned],
        "joined": _made(plan(outline.reading, lambda own, calls: merged(own, calls, understood(own, reader)))),
    }


def _made(intent: Intent) -> Sequence[Call]:
    return () if intent.kind == UNSURE_KIND else intent.calls


def _proposal(outline: Outline) -> Sequence[Call]:
    """What the shipped reading proposes of a message that it does not understand."""
    intent = plan(outline.reading)
    return intent.calls if intent.kind == UNSURE_KIND else ()


def as_marked(marked: Marked, outline: Outline, reader: Network) -> Understood:
    """A message as a person marked it, with certainty."""
    parts = [part for mark in marked.roles if (part := _part(marked, outline, mark)) is not None]
    acts = [
        Act(mark.label, span[0], span[1], 1.0, tuple(part for part in parts if span[0] <= part.first < span[1]))
        for mark in marked.acts
        if (span := _span(outline, mark)) is not None
    ]
    inside = {id(part) for act in acts for part in act.parts}
    roles = np.zeros((len(outline.words), len(reader.roles)), dtype=np.float32)
    for part in parts:
        roles[part.first : part.after, reader.roles.index(part.role)] = 1
    chances = Chances(np.zeros((len(roles), len(reader.acts)), dtype=np.float32), roles, roles[:, 0])
    return Understood(tuple(acts), tuple(part for part in parts if id(part) not in inside), chances)


def _span(outline: Outline, mark: Mark) -> tuple[int, int] | None:
    meets = [i for i, word in enumerate(outline.words) if word.start < mark.end and mark.start < word.end]
    return (meets[0], meets[-1] + 1) if meets else None


def _part(marked: Marked, outline: Outline, mark: Mark) -> Part | None:
    span = _span(outline, mark)
    if span is None:
        return None
    words = outline.words[span[0] : span[1]]
    return Part(mark.label, *span, marked.text[words[0].start : words[-1].end], 1.0, words)


def said(calls: Sequence[Call]) -> list[Said]:
    """Calls with the values that count; several for one record are one."""
    found: list[Said] = []
    for call in calls:
        fields = dict(call.given())
        if call.tool == "update_record":
            fields |= fields.pop("fields", {})
        fields = {name: value for name, value in fields.items() if name not in _ASIDE}
        key = _KEYS.get(call.tool)
        twin = next(
            (some for tool, some in found if key and tool == call.tool and some.get(key) == fields.get(key)), None
        )
        if twin is not None:
            twin |= {name: value for name, value in fields.items() if name not in twin}
        else:
            found.append((call.tool, fields))
    return found


def compare(read: Sequence[Said], wanted: Sequence[Said]) -> tuple[bool, bool, list[str]]:
    """Whether all is as wanted, whether a change was read that is not, and the tools of calls that were found."""
    left, hits, is_right, has_extra = list(read), list[str](), True, False
    for tool, fields in wanted:
        twin = next((each for each in left if each[0] == tool and _is_same(tool, each[1], fields)), None)
        if twin is None:
            is_right = False
            continue
        left.remove(twin)
        hits.append(tool)
        links = _LINKS.get(tool, frozenset())
        more = set(twin[1]) - set(fields) - links
        is_right = (
            is_right
            and not more
            and all(_agrees(name, twin[1].get(name), value) for name, value in fields.items() if name not in links)
        )
        has_extra = has_extra or (bool(more) and tool in _KEYS)
    others = [tool for tool, _ in left if tool.startswith(("update_", "create_", "delete_", "convert_"))]
    return is_right and not left, has_extra or bool(others), hits


def _is_same(tool: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if tool in _KEYS:
        return bool(one.get(_KEYS[tool]) == other.get(_KEYS[tool]))
    name = next((each for each in ("title", "name", "subject") if each in other), "")
    return not name or share(str(one.get(name, "")), str(other[name])) >= 0.5


def _agrees(name: str, one: Any, other: Any) -> bool:
    if name in _LOOSE and one is not None:
        return share(str(one), str(other)) >= 0.5
    if isinstance(one, list) and isinstance(other, list):
        return set(map(str, one)) == set(map(str, other))
    return bool(one == other)


if __name__ == "__main__":
    sys.exit(main())
