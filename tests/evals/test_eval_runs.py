"""Runs over a tiny invented world with a scripted agent: results, isolation, errors, figures, commands."""

import json
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest
from rich.console import Console
from scripted import ScriptedBackend
from typer.testing import CliRunner

from evals import command
from evals.cases import Case, load_cases
from evals.compare import compare_reports
from evals.report import print_case, print_report
from evals.results import CaseResult, RunReport, pass_power, percentile, read_report
from evals.runner import RunOptions, run_cases

SUITE = """
- {id: move, world: harbor, as: ida@harbor.example, tags: [update, en], turns: [{say: move Dock 2 to Talks}],
   expect: {changes: [{deal: {name: Dock 2, stage: Talks}}]}}
- {id: move.wrong, world: harbor, as: ida@harbor.example, tags: [update, en], turns: [{say: move Dock 3 to Talks}],
   expect: {changes: [{deal: {name: Dock 2, stage: Talks}}]}}
- {id: confirmed, world: harbor, as: ida@harbor.example, tags: [close, en], turns: [{say: close Dock 2}],
   expect: {changes: [{deal: {name: Dock 2, stage: Closed}}]}}
- {id: refused, world: harbor, as: ida@harbor.example, tags: [close, en], turns: [{say: close Dock 2,
   confirm: false}],
   expect: {changes: []}}
- {id: pick, world: harbor, as: ida@harbor.example, tags: [ask, en],
   turns: [{say: which Dock, pick: move Dock 3 to Talks}], expect: {changes: [{deal: {name: Dock 3,
      stage: Talks}}]}}
- {id: asks, world: harbor, as: ida@harbor.example, tags: [ask, en],
   turns: [{say: which Dock, expect: {asks: [Dock A, Dock B]}}, {say: move Dock 3 to Talks}],
   expect: {changes: [{deal: {name: Dock 3, stage: Talks}}]}}
- {id: asks.idly, world: harbor, as: ida@harbor.example, tags: [ask, zh], turns: [{say: which Dock}],
   expect: {changes: [{deal: {name: Dock 3, stage: Talks}}]}}
- {id: answer, world: harbor, as: ida@harbor.example, tags: [question, en], turns: [{say: "pipeline?"}],
   expect: {changes: [], answer: {numbers: [45000], records: [Dock 2]}}}
- {id: answer.wrong, world: harbor, as: ida@harbor.example, tags: [question, en],
   turns: [{say: "wrong pipeline?"}],
   expect: {changes: [], answer: {numbers: [45000]}}}
- {id: unknown, world: harbor, as: ola@harbor.example, tags: [question, zh], turns: [{say: 大西洋}],
   expect: {unknown: true}}
- {id: clock, world: harbor, as: ola@harbor.example, now: 2026-03-10T23:30, tags: [task, en],
   turns: [{say: note tea}],
   expect: {changes: [{task: {new: true, title: tea, due: 2026-03-10}}]}}
- {id: clock.default, world: harbor, as: ola@harbor.example, tags: [task, en], turns: [{say: note tea}],
   expect: {changes: [{task: {new: true, title: tea, due: 2026-03-10T18:00:00}}]}}
- {id: crash, world: harbor, as: ida@harbor.example, tags: [bad, en], turns: [{say: move Dock 2 to Talks},
   {say: crash}],
   expect: {changes: []}}
- {id: no.world, world: atlantis, as: ida@harbor.example, tags: [bad, en], turns: [{say: x}],
   expect: {changes: []}}
- {id: no.user, world: harbor, as: eve@harbor.example, tags: [bad, en], turns: [{say: x}], expect: {changes: []}}
- {id: no.load, world: broken, as: ida@harbor.example, tags: [bad, en], turns: [{say: x}], expect: {changes: []}}
"""
FAILING = {"move.wrong", "asks.idly", "answer.wrong", "crash", "no.world", "no.user", "no.load"}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    for name in ("harbor", "broken"):
        folder = tmp_path / "worlds" / name
        folder.mkdir(parents=True)
        (folder / "world.json").write_text(json.dumps({"name": "Harbor", "today": "2026-03-10"}), encoding="utf-8")
        (folder / "users.csv").write_text(
            "email,name,timezone\nida@harbor.example,Ida,Europe/Oslo\nola@harbor.example,Ola,America/Los_Angeles\n",
            encoding="utf-8",
        )
        (folder / "deals.csv").write_text("name,stage\nDock 2,Offer\nDock 3,Offer\n", encoding="utf-8")
    path = tmp_path / "suites" / "harbor.yaml"
    path.parent.mkdir()
    path.write_text(dedent(SUITE), encoding="utf-8")
    return path


def run(cases: list[Case], **options: object) -> RunReport:
    return run_cases(cases, RunOptions(**{"here": "jobs" not in options, "backend": ScriptedBackend(), **options}))  # type: ignore[arg-type]


@pytest.fixture
def report(suite: Path) -> RunReport:
    return run(load_cases([suite]))


def by_id(report: RunReport) -> dict[str, CaseResult]:
    return {result.id: result for result in report.cases}


def test_every_case_is_a_result_with_the_right_verdict(report: RunReport) -> None:
    assert report.n == len(report.cases) == 16
    assert {result.id for result in report.cases if not result.passed} == FAILING
    assert [result.id for result in report.cases if result.side_effects] == ["move.wrong"]


@pytest.mark.parametrize(
    ("case", "words"),
    [("crash", "the agent broke"), ("no.world", "atlantis"), ("no.user", "eve@"), ("no.load", "no such table")],
)
def test_what_cannot_be_run_is_an_error(report: RunReport, case: str, words: str) -> None:
    result = by_id(report)[case]
    assert words in (result.error or "")
    assert not result.passed
    assert not result.differences


def test_a_crash_leaves_the_turns_before_it(report: RunReport) -> None:
    turns = by_id(report)["crash"].turns
    assert [turn.say for turn in turns] == ["move Dock 2 to Talks", "crash"]
    assert turns[0].reply is not None
    assert turns[1].reply is None


def test_turns_keep_replies_calls_and_tokens(report: RunReport) -> None:
    turn = by_id(report)["confirmed"].turns[0]
    assert turn.reply is not None
    assert turn.reply["parts"][0]["type"] == "approval"
    assert [part["text"] for reply in turn.followups for part in reply["parts"]] == ["Done."]
    assert turn.tool_calls == [{"name": "update_deal", "args": {"deal": "Dock 2", "stage": "Closed"}, "ok": True}]
    assert turn.prompt_tokens == 14


def test_figures(report: RunReport) -> None:
    summary = report.summary
    assert (summary.n, summary.passed, summary.side_effects, summary.errors) == (16, 9, 1, 4)
    assert (summary.wrong_answers, summary.unneeded_questions) == (1, 1)
    assert (summary.by_language["zh"].n, summary.by_language["zh"].passed) == (2, 1)
    assert (summary.by_tag["bad"].n, summary.by_tag["bad"].errors) == (4, 4)
    assert summary.pass_power == {1: 9 / 16}


def test_processes_agree_with_one_process(suite: Path, report: RunReport) -> None:
    cases = load_cases([suite])
    assert {r.id: r.passed for r in run(cases, jobs=2).cases} == {r.id: r.passed for r in report.cases}


def test_a_hanging_or_dying_process_costs_only_its_own_case(suite: Path) -> None:
    case = load_cases([suite])[0]
    cases = [
        case.model_copy(update={"id": say, "turns": (case.turns[0].model_copy(update={"say": say}),)})
        for say in ("die", "hang", "move Dock 2 to Talks")
    ]
    errors = {result.id: result.error or "" for result in run(cases, jobs=1, limit_s=2).cases}
    assert "exit code 3" in errors["die"]
    assert "longer than 2 s" in errors["hang"]
    assert errors["move Dock 2 to Talks"] == ""


def test_repeats_are_isolated(suite: Path) -> None:
    cases = [case for case in load_cases([suite]) if case.id == "move"]
    repeated = run(cases, repeat=3)
    assert [(result.run, result.passed) for result in repeated.cases] == [(1, True), (2, True), (3, True)]
    assert repeated.summary.pass_power == {1: 1.0, 2: 1.0, 3: 1.0}


def result_of(case: str, passed: bool, run: int = 1) -> CaseResult:
    return CaseResult(id=case, tags=[], passed=passed, run=run)


def test_pass_power_counts_draws_without_replacement() -> None:
    runs = [result_of("a", True, n) for n in range(4)] + [result_of("b", n < 2, n) for n in range(4)]
    powers = pass_power(runs)
    assert powers[1] == pytest.approx((1 + 1 / 2) / 2)
    assert powers[2] == pytest.approx((1 + 1 / 6) / 2)
    assert powers[3] == powers[4] == pytest.approx(1 / 2)


@pytest.mark.parametrize(
    ("values", "percent", "wanted"),
    [([], 50, 0), ([3.0], 95, 3), ([1.0, 2.0, 3.0], 50, 2), ([0.0, 10.0], 95, 9.5)],
)
def test_percentile(values: list[float], percent: float, wanted: float) -> None:
    assert percentile(values, percent) == pytest.approx(wanted)


def test_comparison(report: RunReport) -> None:
    better = [
        r.model_copy(update={"passed": True, "side_effects": []}) if r.id == "move.wrong" else r
        for r in report.cases
    ]
    worse = [r.model_copy(update={"passed": False}) if r.id == "move" else r for r in better[:-1]]
    comparison = compare_reports(report, report.model_copy(update={"cases": worse}))
    assert comparison.newly_passing == comparison.gone_side_effects == ["move.wrong"]
    assert comparison.newly_failing == ["move"]
    assert comparison.new_side_effects == []
    assert comparison.only_before == ["no.load"]


def test_the_report_tells_side_effects_first(report: RunReport) -> None:
    console = Console(record=True, width=200)
    print_report(report, console)
    text = console.export_text()
    assert (
        0
        <= text.index("Side effects: changes nobody asked for (1)")
        < text.index("Failures (2)")
        < text.index("By tag")
    )
    assert "Dock 3: stage" in text
    assert text.count("harbor/deals.csv:9 stage: unknown") == 1
    assert "16" in text


def test_one_case_is_shown_whole(report: RunReport) -> None:
    console = Console(record=True, width=200)
    print_case(by_id(report)["move.wrong"], console)
    text = console.export_text()
    for words in (
        "move Dock 3 to Talks",
        "update_deal",
        "[text] Moved Dock 3.",
        "deal Dock 3: stage: Offer → Talks",
        "failed",
    ):
        assert words in text


def invoke(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    def scripted(cases: list[Case], options: RunOptions, **more: object) -> RunReport:
        return run_cases(cases, replace(options, here=True, backend=ScriptedBackend()))

    monkeypatch.setattr(command, "run_cases", scripted)
    outcome = CliRunner().invoke(command.app, list(arguments))
    return outcome.exit_code, outcome.output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--tags", "update"], 0),
        (["--tags", "update,bad"], 1),
        (["--tags", "update", "--min-pass", "0.6"], 1),
        (["--tags", "update", "--min-pass", "0.5"], 0),
        (["--tags", "update", "--max-side-effects", "0"], 1),
        (["--tags", "question", "--max-side-effects", "0"], 0),
        (["--tags", "nothing"], 2),
    ],
)
def test_exit_codes(suite: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int) -> None:
    assert invoke(monkeypatch, "run", str(suite), *arguments)[0] == code


def test_json_is_written_and_compared(suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "out" / "run.json"
    assert invoke(monkeypatch, "run", str(suite), "--tags", "update", "--json", str(file))[0] == 0
    assert [result.id for result in read_report(file).cases] == ["move", "move.wrong"]
    raw = json.loads(file.read_text(encoding="utf-8"))
    assert {"model", "started_at", "n", "summary", "cases"} <= set(raw)
    assert {"id", "tags", "passed", "side_effects", "error", "differences", "turns"} <= set(raw["cases"][0])
    assert {"say", "reply", "tool_calls", "seconds", "prompt_tokens"} <= set(raw["cases"][0]["turns"][0])
    code, output = invoke(monkeypatch, "compare", str(file), str(file))
    assert (code, "Newly failing: 0" in output) == (0, True)
    assert invoke(monkeypatch, "compare", str(file), str(suite))[0] == 2


def test_worlds_of_ones_own_come_first(suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other" / "harbor"
    other.mkdir(parents=True)
    for name in ("world.json", "users.csv"):
        (other / name).write_bytes((tmp_path / "worlds" / "harbor" / name).read_bytes())
    (other / "deals.csv").write_text("name,stage\nDock 2,Talks\n", encoding="utf-8")
    output = invoke(monkeypatch, "show", "move", str(suite), "--worlds", str(other.parent))[1]
    assert "Changes\n   none" in output
    assert invoke(monkeypatch, "show", "nothing", str(suite))[0] == 2
