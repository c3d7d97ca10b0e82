"""Suites: what is read, what is refused with a message that names file, case and key, and how they are split."""

from hashlib import sha1
from pathlib import Path

import pytest

from evals.cases import SuiteError, load_cases
from evals.splits import Split, in_split, split_of

GOOD = "{id: a.1, world: w, as: ida@x.example, tags: [en], turns: [{say: hi}], expect: {changes: []}}"

BAD = [
    ("- {id: a.1, world: w, as: i, turns: [{say: hi}], expcet: {}}", "a.1", "expcet"),
    ("- {id: a.1, world: w, as: i, turns: [{say: hi, sya: x}]}", "a.1", "sya"),
    ("- {id: a.1, world: w, as: i, turns: [{say: hi}], expect: {answer: {numbrs: [1]}}}", "a.1", "numbrs"),
    ("- {id: a.1, world: w, as: i, turns: [{say: hi}], expect: {draft: {tone: nice}}}", "a.1", "tone"),
    (
        "- {id: a.1, world: w, as: i, turns: [{say: hi}], expect: {changes: [{deal: {x: {hsa: [y]}}}]}}",
        "a.1",
        "has",
    ),
    (
        "- {id: a.1, world: w, as: i, turns: [{say: hi}], expect: {changes: [{deal: {a: 1}, task: {b: 2}}]}}",
        "a.1",
        "kind",
    ),
    ("- {id: a.1, world: w, as: i, turns: [{say: hi}], expect: {changes: [{deal: {new: true}}]}}", "a.1", "which"),
    ("- {id: a.1, world: w, as: i, turns: []}", "a.1", "turns"),
    ("- {id: a.1, world: w, turns: [{say: hi}]}", "a.1", "as"),
    ("- {world: w, as: i, turns: [{say: hi}]}", "item 1", "id"),
    ("- {id: a.1, world: w, as: i, now: soon, turns: [{say: hi}]}", "a.1", "now"),
    ("- [1, 2]", "item 1", "dict"),
    ("id: a.1", "list", "list"),
    ("- {id: [", "YAML", "YAML"),
    (f"- {GOOD}\n- {GOOD}", "a.1", "2 times"),
]


def write(folder: Path, text: str, name: str = "suite.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("text", "case", "key"), BAD)
def test_errors_name_file_case_and_key(tmp_path: Path, text: str, case: str, key: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SuiteError) as caught:
        load_cases([path])
    assert str(path) in caught.value.message
    assert case in caught.value.message
    assert key in caught.value.message


def test_an_id_used_in_two_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path, f"- {GOOD}", "one.yaml")
    write(tmp_path, f"- {GOOD}", "two.yaml")
    with pytest.raises(SuiteError, match=r"one\.yaml.*two\.yaml"):
        load_cases([tmp_path])


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.yaml"):
        with pytest.raises(SuiteError, match="no suite"):
            load_cases([path])


def test_phrases_are_groups_of_alternatives(tmp_path: Path) -> None:
    text = """
    - id: a.1
      world: w
      as: i
      turns: [{say: hi}]
      expect:
        changes: [{task: {new: true, due: 2026-03-12, text_has: [quote, [a, 10]], title: {has: [x]}}}]
        answer: {says: [[2026-03-12, "12 March"], yes it is]}
    """
    (case,) = load_cases([write(tmp_path, text)])
    (change,) = case.final.changes or ()
    assert change.text_has == (("quote",), ("a", "10"))
    assert case.final.answer is not None
    assert case.final.answer.says == (("2026-03-12", "12 March"), ("yes it is",))


def test_changes_not_listed_at_the_end_are_those_of_the_last_turn_that_lists_them(tmp_path: Path) -> None:
    first = "{say: hi, expect: {changes: [{deal: {name: x, stage: y}}]}}"
    head = f"- {{id: a.1, world: w, as: i, turns: [{first}, {{say: so}}]"
    (listed,) = load_cases([write(tmp_path, head + ", expect: {unknown: true}}")])
    assert [str(change) for change in listed.final.changes or ()] == ["deal (name=x, stage=y)"]
    (given,) = load_cases([write(tmp_path, head + ", expect: {changes: []}}")])
    assert given.final.changes == ()


@pytest.mark.parametrize(
    ("tags", "say", "language"),
    [("[en]", "你好", "en"), ("[zh]", "hi", "zh"), ("[]", "你好", "zh"), ("[zh, en]", "hi", "en")],
)
def test_language(tmp_path: Path, tags: str, say: str, language: str) -> None:
    (case,) = load_cases([write(tmp_path, f"- {{id: a, world: w, as: i, tags: {tags}, turns: [{{say: {say}}}]}}")])
    assert case.language == language


def test_a_third_is_held_out_by_the_hash_of_the_id(tmp_path: Path) -> None:
    ids = [f"suite.case.{number}" for number in range(300)]
    held_out = [each for each in ids if int(sha1(each.encode()).hexdigest(), 16) % 3 == 0]
    assert [each for each in ids if split_of(each) is Split.HELD_OUT] == held_out
    assert 60 < len(held_out) < 140
    text = "\n".join(f"- {{id: {each}, world: w, as: i, turns: [{{say: hi}}]}}" for each in ids)
    cases = load_cases([write(tmp_path, text)])
    parts = {split: [case.id for case in in_split(cases, split)] for split in Split}
    assert parts[Split.HELD_OUT] == held_out
    assert sorted(parts[Split.DEV] + parts[Split.HELD_OUT]) == sorted(parts[Split.ALL]) == sorted(ids)
