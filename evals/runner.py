"""Runs cases, each on a fresh copy of its world, in several processes; every case ends as a result."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from core.clock import Clock, SystemClock
from evals.attempt import attempt
from evals.backend import AgentBackend, Backend
from evals.cases import Case, Expectation
from evals.graders.changes import compare_changes
from evals.graders.evidence import Evidence, Finding, Snapshot
from evals.graders.verdict import grade
from evals.player import PlayedTurn, play
from evals.reply_kind import reply_kind
from evals.results import CaseResult, Difference, RunReport, TurnRecord, summarize
from evals.workers import run_in_processes
from evals.worlds import World, WorldError, find_world


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to run: model, times a case, processes (0 = one a CPU) or this one (`here`), worlds of one's own.

    A case that takes longer than `limit_s` seconds is stopped and is an error; not so in this process.
    """

    model: str = "builtin"
    repeat: int = 1
    jobs: int = 0
    worlds: Path | None = None
    here: bool = False
    limit_s: float = 300.0
    backend: Backend = field(default_factory=AgentBackend)


@dataclass(frozen=True, slots=True)
class Job:
    """One run of one case; `error` says why it cannot be played."""

    case: Case
    run: int
    model: str
    backend: Backend
    world: World | None = None
    template: Path = Path()
    error: str = ""
    trace: str = ""


def run_cases(
    cases: Sequence[Case],
    options: RunOptions,
    *,
    on_done: Callable[[CaseResult], None] = lambda result: None,
    clock: Clock | None = None,
) -> RunReport:
    """Plays and grades every case `repeat` times; `on_done` hears of each result as it comes.

    A case whose world is missing, that breaks, or whose process dies is a result with an error.
    """
    started: datetime = (clock or SystemClock()).now()
    with TemporaryDirectory(prefix="dealhand-evals-") as folder:
        warnings: list[str] = []
        jobs = list(_jobs(cases, options, Path(folder), warnings))
        workers = min(options.jobs or os.cpu_count() or 1, max(len(jobs), 1))
        spread = run_in_processes(run_job, jobs, workers, options.limit_s, _not_run)
        results = []
        for result in _run_here(jobs) if options.here else spread:
            on_done(result)
            results.append(result)
    order = {case.id: place for place, case in enumerate(cases)}
    results.sort(key=lambda result: (order[result.id], result.run))
    return RunReport(
        model=options.model,
        started_at=started,
        n=len(results),
        summary=summarize(results),
        cases=results,
        warnings=warnings,
    )


def run_job(job: Job) -> CaseResult:
    """Plays and grades one run of one case, in this process."""
    if job.world is None:
        return _result(job, [], error=job.error, trace=job.trace)
    played: list[PlayedTurn] = []
    tried = attempt(_play, job, job.world, played)
    if tried.error:
        return _result(job, played, error=tried.error, trace=tried.trace)
    graded = attempt(grade_case, job.case, played, job.world.timezone_of(job.case.speaker))
    return _result(job, played, graded.value or (), error=graded.error, trace=graded.trace)


def grade_case(case: Case, played: Sequence[PlayedTurn], timezone: str) -> list[tuple[int, Finding]]:
    """Findings with the turn they were graded after, 0 for the end; one that stays is told once."""
    start, found = played[0].before, []
    for number, (turn, went) in enumerate(zip(case.turns, played, strict=True), start=1):
        if turn.expect is not None:
            found += [(number, finding) for finding in grade(turn.expect, _evidence(start, went, timezone))]
    found += [(0, finding) for finding in grade(case.final, _evidence(start, played[-1], timezone))]
    told: dict[Finding, int] = {}
    for number, finding in found:
        told.setdefault(finding, number)
    return [(number, finding) for finding, number in told.items()]


def asks_without_need(case: Case, number: int, went: PlayedTurn) -> bool:
    """Whether turn `number` (from 1) asks although its expectation wants something done or answered at once.

    A turn in the middle without an expectation of its own, or one that has to change nothing, may need to ask.
    """
    turn = case.turns[number - 1]
    last = number == len(case.turns)
    expect = turn.expect or (case.final if last else Expectation())
    at_once = bool(expect.changes or expect.answer or expect.draft) or (last and not expect.changes_nothing)
    wanted = expect.changes_nothing or turn.pick is not None
    return at_once and not wanted and reply_kind(went.replies[:1]).asks


def _evidence(start: Snapshot, went: PlayedTurn, timezone: str) -> Evidence:
    return Evidence(start, went.after, went.replies, timezone, turn_before=went.before)


def _jobs(cases: Sequence[Case], options: RunOptions, folder: Path, warnings: list[str]) -> Iterator[Job]:
    prepared: dict[Path, Job] = {}
    for case in cases:
        job = _prepared(case, options, folder, prepared, warnings)
        for run in range(1, options.repeat + 1):
            yield Job(case, run, job.model, job.backend, job.world, job.template, job.error, job.trace)


def _prepared(
    case: Case, options: RunOptions, folder: Path, prepared: dict[Path, Job], warnings: list[str]
) -> Job:
    """The job of a case, its world loaded at the first case that needs it."""
    try:
        world = find_world(case.world, case.source, options.worlds)
        world.timezone_of(case.speaker)
    except WorldError as error:
        return Job(case, 1, options.model, options.backend, error=f"WorldError: {error.message}")
    if world.folder not in prepared:
        template = folder / f"world-{len(prepared)}"
        loaded = attempt(options.backend.prepare, world, template)
        warnings += loaded.value or ()
        kept = None if loaded.error else world
        prepared[world.folder] = Job(
            case, 1, options.model, options.backend, kept, template, loaded.error, loaded.trace
        )
    return prepared[world.folder]


def _run_here(jobs: Iterable[Job]) -> Iterator[CaseResult]:
    for job in jobs:
        yield run_job(job)


def _not_run(job: Job, why: str) -> CaseResult:
    return _result(job, [], error=why)


def _play(job: Job, world: World, played: list[PlayedTurn]) -> None:
    clock = world.clock_of(job.case)
    with (
        TemporaryDirectory(prefix="dealhand-case-") as home,
        job.backend.open(job.template, Path(home), clock, job.model) as session,
    ):
        play(job.case, session, clock, played)


def _result(
    job: Job,
    played: Sequence[PlayedTurn],
    findings: Iterable[tuple[int, Finding]] = (),
    *,
    error: str = "",
    trace: str = "",
) -> CaseResult:
    case, kept = job.case, list(findings)
    side_effects = [_difference(number, finding) for number, finding in kept if finding.side_effect]
    differences = [_difference(number, finding) for number, finding in kept if not finding.side_effect]
    return CaseResult(
        id=case.id,
        tags=list(case.tags),
        language=case.language,
        run=job.run,
        passed=not error and not kept,
        side_effects=side_effects,
        error=error or None,
        trace=trace,
        differences=differences,
        changes=_changes(played),
        turns=[_turn(case, number, went) for number, went in enumerate(played, start=1)],
    )


def _difference(turn: int, finding: Finding) -> Difference:
    return Difference(
        turn=turn, grader=finding.grader, text=finding.text, expected=finding.expected, actual=finding.actual
    )


def _changes(played: Sequence[PlayedTurn]) -> list[str]:
    """What changed in all, in words, as far as it was played."""
    done = [went for went in played if went.after]
    if not done:
        return []
    return [
        f"{f.text}: {f.actual}" for f in compare_changes((), Evidence(done[0].before, done[-1].after, (), "UTC"))
    ]


def _turn(case: Case, number: int, went: PlayedTurn) -> TurnRecord:
    replies = [reply.model_dump(mode="json") for reply in went.replies]
    return TurnRecord(
        say=went.say,
        reply=replies[0] if replies else None,
        followups=replies[1:],
        tool_calls=[dict(call) for call in went.tool_calls],
        seconds=went.seconds,
        prompt_tokens=went.prompt_tokens,
        unneeded_question=bool(replies) and asks_without_need(case, number, went),
    )
