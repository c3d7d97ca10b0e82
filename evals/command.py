"""The command `dealhand evals`: run suites, show one case, compare two runs. The work is in `evals.runner`."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress

from core.errors import DealhandError
from evals.cases import Case, load_cases
from evals.compare import compare_reports
from evals.report import print_case, print_comparison, print_report
from evals.results import RunReport, read_report
from evals.runner import RunOptions, run_cases
from evals.splits import Split, in_split

app = typer.Typer(
    help="Evaluate the agent on conversations whose outcome is known.", no_args_is_help=True, add_completion=False
)

_PROJECT_CASES = Path(__file__).parent / "cases"
_REFUSED = 2

Suites = Annotated[
    list[Path] | None, typer.Argument(help="Suites (YAML), or folders of them.", show_default=False)
]
Worlds = Annotated[Path | None, typer.Option(help="Folder of worlds; looked in before the others.")]
Model = Annotated[str, typer.Option(help="Model that answers: `builtin`, `openai:NAME`, …")]


@app.command()
def run(
    paths: Suites = None,
    worlds: Worlds = None,
    model: Model = "builtin",
    repeat: Annotated[int, typer.Option(min=1, help="Times to play each case; gives pass^k.")] = 1,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0 is one a CPU.")] = 0,
    limit: Annotated[float, typer.Option(min=1, help="Seconds a case may take.")] = 300.0,
    tags: Annotated[str, typer.Option(help="Only cases with any of these tags, separated by commas.")] = "",
    split: Annotated[
        Split | None,
        typer.Option(help="Which part; by default `dev` of the project's own cases, `all` of others."),
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write all results to this file.")] = None,
    min_pass: Annotated[float, typer.Option(min=0, max=1, help="Fail below this share passed.")] = 0.0,
    max_side_effects: Annotated[int | None, typer.Option(min=0, help="Fail above so many.")] = None,
) -> None:
    """Play cases and report; exit code 1 when a case could not be run or a gate is missed."""
    console = Console()
    cases = _chosen(_load(paths), tags, split or (Split.ALL if paths else Split.DEV))
    if not cases:
        _refuse("no case has these tags in this split")
    options = RunOptions(model=model, repeat=repeat, jobs=jobs, worlds=worlds, limit_s=limit)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("cases", total=len(cases) * repeat)
        report = run_cases(cases, options, on_done=lambda result: progress.advance(task))
    print_report(report, console)
    if json is not None:
        json.parent.mkdir(parents=True, exist_ok=True)
        json.write_text(report.model_dump_json(indent=1), encoding="utf-8")
    missed = missed_gates(report, min_pass=min_pass, max_side_effects=max_side_effects)
    for gate in missed:
        console.print(f"[red]{gate}[/red]")
    raise typer.Exit(1 if missed else 0)


@app.command()
def show(
    case_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the case.")],
    paths: Suites = None,
    worlds: Worlds = None,
    model: Model = "builtin",
) -> None:
    """Play one case with everything visible."""
    cases = [case for case in _load(paths) if case.id == case_id]
    if not cases:
        _refuse(f"there is no case {case_id!r} in these suites")
    report = run_cases(cases, RunOptions(model=model, worlds=worlds, here=True))
    print_case(report.cases[0], Console())
    raise typer.Exit(1 if report.summary.errors else 0)


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="A", help="JSON of the earlier run.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="JSON of the later run.")],
) -> None:
    """Compare two runs: newly passing and failing cases, side effects, shares by tag."""
    try:
        first, second = read_report(before), read_report(after)
    except DealhandError as error:
        _refuse(error.message)
    print_comparison(compare_reports(first, second), Console())


@app.command("from-feedback")
def from_feedback(
    feedback: Annotated[str, typer.Argument(metavar="ID", help="Id, as `dealhand slack feedback` lists it.")],
    folder: Annotated[Path, typer.Argument(help="Folder that gets `cases/` and `worlds/`.")],
) -> None:
    """Make a case of a reply that was not helpful, with the conversation and the records it ran on."""
    from core.settings import load_settings
    from crm_store.opening import open_store
    from evals.from_feedback import write_case

    store = open_store(load_settings().resolved_database_url)
    try:
        path = write_case(store, feedback, folder)
    finally:
        store.close()
    Console().print(f"{path}: write down there what should have happened, then: dealhand evals run {folder}/cases")


def missed_gates(report: RunReport, *, min_pass: float, max_side_effects: int | None) -> list[str]:
    """What keeps a run from counting as good, in words; cases that could not be run always do."""
    summary, missed = report.summary, []
    if summary.errors:
        missed.append(f"{summary.errors} of {summary.n} could not be run")
    if summary.pass_rate < min_pass:
        missed.append(f"{summary.pass_rate:.1%} passed, at least {min_pass:.1%} are wanted")
    if max_side_effects is not None and summary.side_effects > max_side_effects:
        missed.append(f"{summary.side_effects} cases with side effects, at most {max_side_effects} are allowed")
    return missed


def _load(paths: list[Path] | None) -> list[Case]:
    try:
        return load_cases(paths or [_PROJECT_CASES])
    except DealhandError as error:
        _refuse(error.message)


def _chosen(cases: list[Case], tags: str, split: Split) -> list[Case]:
    wanted = {tag.strip() for tag in tags.split(",") if tag.strip()}
    return [case for case in in_split(cases, split) if not wanted or wanted & set(case.tags)]


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(_REFUSED)
