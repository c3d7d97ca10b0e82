"""Compares what phrases, the trained network and both joined read in marked messages with the marks.

`python -m evals.bench_reading NAME…` reads files of the corpus, by default those that the shipped network has not seen.
Another one comes of `python -m language.learned.training check NAME…`, which trains without others, too. A message is
right when every call and every value of it is; which answer a question gets, and what a draft says, is not compared.
What is only proposed counts as nothing read, and is counted by itself. Before a message that goes on with a talk the
first records of the company were talked about.
"""

import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from language.builtin.calls import Call
from language.builtin.clauses import Outline
from language.builtin.dialogue import Dialogue, PastCall, PastTurn
from language.builtin.plan import UNSURE_KIND, Intent, plan
from language.builtin.questions.followups import READ_TOOLS
from language.builtin.reading import Reading
from language.builtin.situation import Situation
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
    "log_interaction": frozenset({"deal", "account", "lead", "ticket", "when", "direction", "type", "duration"}),
}
# Marked as asked or to be drafted; what comes of it the marks do not tell.
_ANSWERED_BY: Mapping[str, Collection[str]] = {"ask": READ_TOOLS, "draft": ("draft_follow_up",)}
_LOOSE = frozenset({"title", "name", "subject", "next_step", "competitor", "reason"})
_CHANGED_BY = {"deal": ("update_deal", "deal"), "task": ("update_task", "task")}
_SHOWN = 4
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
        aside = {tool for mark in marked.acts for tool in _ANSWERED_BY.get(mark.label, ())}
        for name, calls in _read(outline, reader).items():
            counted = [call for call in calls if call.tool not in aside]
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
    for file in corpus_files():
        for marked, outline in marked_outlines(file) if file.stem in names else ():
            situation = outline.reading.situation
            dialogue = _talk_of(marked.before, situation) if marked.before else Dialogue()
            yield marked, Reading(marked.text, situation, dialogue).own_words().outline


def _talk_of(before: Sequence[str], situation: Situation) -> Dialogue:
    """A turn that changed the first record of each kind, or showed the first ones of a kind in the plural."""
    return Dialogue((PastTurn("", tuple(_past(each, situation) for each in before), ""),))


def _past(name: str, situation: Situation) -> PastCall:
    kind = name.removesuffix("s")
    if kind == "log":
        contact = situation.lexicon.of_kind("contact")[0]
        call = Call("log_interaction", {"type": "call", "contacts": [contact.id]})
        return PastCall(call, {"records": [["interaction", "interaction_1", "call"]], "undo": "1"})
    shown = [[kind, each.id, each.name] for each in situation.lexicon.of_kind(kind)]
    if name != kind:
        return PastCall(Call("list_records", {"kind": kind}), {"records": shown[:_SHOWN]})
    tool, key = _CHANGED_BY.get(kind, ("update_record", "record"))
    arguments = {key: shown[0][1], **({"kind": kind} if key == "record" else {})}
    return PastCall(Call(tool, arguments), {"records": shown[:1], "undo": "1"})


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
        told = call.tool
        if told == "update_record" and str(fields.get("record")).startswith("task_"):
            told, fields["task"] = "update_task", fields.pop("record")
        key = _KEYS.get(told)
        twin = next(
            (some for tool, some in found if key and tool == told and some.get(key) == fields.get(key)), None
        )
        if twin is not None:
            twin |= {name: value for name, value in fields.items() if name not in twin}
        else:
            found.append((told, fields))
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
