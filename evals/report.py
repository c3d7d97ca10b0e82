"""Prints what a run came to: side effects first, then failures, errors, figures by tag and the summary."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.compare import Comparison
from evals.results import CaseResult, Difference, RunReport, Summary, Tally

_LONGEST = 240


def print_report(report: RunReport, console: Console) -> None:
    """The whole report of a run."""
    for warning in report.warnings:
        console.print(f"world: {warning}", style="magenta", markup=False)
    side_effects = [result for result in report.cases if result.side_effects]
    failures = [r for r in report.cases if not r.passed and not r.side_effects and r.error is None]
    errors = [result for result in report.cases if result.error is not None]
    _print_cases("Side effects: changes nobody asked for", side_effects, console, style="red")
    _print_cases("Failures", failures, console, style="yellow")
    _print_cases("Errors: cases that could not be run", errors, console, style="magenta")
    console.print(_tag_table(report.summary))
    print_summary(report, console)


def print_summary(report: RunReport, console: Console) -> None:
    """The figures of a run in a few lines, English and Chinese apart."""
    summary = report.summary
    console.print(f"[bold]{escape(report.model)}[/bold], {report.started_at:%Y-%m-%d %H:%M} UTC, n = {report.n}")
    console.print(_in_words("all", summary))
    for language, tally in summary.by_language.items():
        console.print(_in_words(language, tally))
    powers = ", ".join(f"pass^{k} {share:.3f}" for k, share in summary.pass_power.items())
    console.print(
        f"seconds a turn p50 {summary.p50_seconds:.2f}, p95 {summary.p95_seconds:.2f} · "
        f"prompt tokens a turn {summary.prompt_tokens_a_turn:.0f} ({summary.prompt_tokens} in all) · {powers}"
    )


def print_case(result: CaseResult, console: Console) -> None:
    """One played case with everything visible: turns, tool calls, parts, changes, verdict."""
    console.rule(escape(f"{result.id} [{', '.join(result.tags)}] run {result.run}"))
    for number, turn in enumerate(result.turns, start=1):
        console.print(
            f"\n[bold]{number}. “{escape(turn.say)}”[/bold]  {turn.seconds:.2f} s, {turn.prompt_tokens} tokens"
        )
        for call in turn.tool_calls:
            mark = "→" if call.get("ok", True) else "✗"
            console.print(f"   {mark} {call.get('name')}({call.get('args')})", style="cyan", markup=False)
        for reply in [turn.reply, *turn.followups]:
            for part in (reply or {}).get("parts", []):
                _print_part(part, console)
            cites = ", ".join(record["name"] for record in (reply or {}).get("records", []))
            console.print(f"   cites: {cites}" if cites else "", style="dim", markup=False)
    console.print("\n[bold]Changes[/bold]")
    for change in result.changes or ["none"]:
        console.print(f"   {change}", markup=False)
    _print_verdict(result, console)


def print_comparison(comparison: Comparison, console: Console) -> None:
    """What became better and worse between two runs."""
    for title, cases, style in (
        ("New side effects", comparison.new_side_effects, "red"),
        ("Newly failing", comparison.newly_failing, "yellow"),
        ("Side effects gone", comparison.gone_side_effects, "green"),
        ("Newly passing", comparison.newly_passing, "green"),
        ("Only in the first", comparison.only_before, "dim"),
        ("Only in the second", comparison.only_after, "dim"),
    ):
        console.print(f"[bold {style}]{title}: {len(cases)}[/bold {style}]")
        for case in cases:
            console.print(f"   {case}", markup=False)
    table = Table("tag", "before", "after", "Δ", title="Passed by tag")
    for tag in comparison.tags:
        table.add_row(
            escape(tag.tag), _share(tag.before), _share(tag.after), f"{tag.delta:+.0%}" if tag.delta else ""
        )
    console.print(table)


def _print_cases(title: str, results: Sequence[CaseResult], console: Console, *, style: str) -> None:
    if not results:
        return
    console.print(f"\n[bold {style}]{title} ({len(results)})[/bold {style}]")
    for result in results:
        said = result.turns[-1].say if result.turns else ""
        console.print(f"[bold]{escape(result.id)}[/bold] [dim]{escape(_short(said))}[/dim]")
        _print_findings(result, console)


def _print_findings(result: CaseResult, console: Console) -> None:
    if result.error is not None:
        console.print(f"   error: {result.error}", style="magenta", markup=False)
    for mark, findings, style in (("!!", result.side_effects, "red"), (" -", result.differences, "")):
        for finding in findings:
            console.print(f"   {mark} {_told(finding)}", style=style, markup=False)


def _print_verdict(result: CaseResult, console: Console) -> None:
    console.print("\n[bold green]passed[/bold green]" if result.passed else "\n[bold red]failed[/bold red]")
    _print_findings(result, console)
    if result.trace:
        console.print(result.trace, style="dim", markup=False)


def _print_part(part: dict[str, object], console: Console) -> None:
    fields = {name: value for name, value in part.items() if name != "type" and value not in ("", [], None)}
    text = fields.pop("text", "")
    rest = " ".join(f"{name}={value}" for name, value in fields.items())
    console.print(f"   [{part.get('type')}] {text} {rest}".rstrip(), markup=False)


def _tag_table(summary: Summary) -> Table:
    table = Table(title="By tag", title_justify="left")
    for name in ("tag", "n", "passed", "%", "side eff.", "wrong", "asked", "errors"):
        table.add_column(name, justify="left" if name == "tag" else "right", no_wrap=True)
    for tag, tally in sorted(summary.by_tag.items(), key=lambda item: (item[1].pass_rate, item[0])):
        table.add_row(escape(tag), *_cells(tally))
    table.add_section()
    table.add_row("all", *_cells(summary))
    return table


def _cells(tally: Tally) -> Iterable[str]:
    counts = (tally.side_effects, tally.wrong_answers, tally.unneeded_questions, tally.errors)
    return [
        str(tally.n),
        str(tally.passed),
        f"{tally.pass_rate:.0%}",
        *(str(count) if count else "" for count in counts),
    ]


def _in_words(name: str, tally: Tally) -> str:
    answers = f"wrong answers {tally.wrong_answers} · unneeded questions {tally.unneeded_questions}"
    return (
        f"{name}: {tally.passed}/{tally.n} passed ({tally.pass_rate:.1%}) · side effects {tally.side_effects} · "
        f"{answers} · errors {tally.errors}"
    )


def _told(finding: Difference) -> str:
    where = f"turn {finding.turn}: " if finding.turn else ""
    wanted = f" · expected {_short(finding.expected)}" if finding.expected else ""
    actual = f" · got {_short(finding.actual)}" if finding.actual else ""
    return f"{where}[{finding.grader}] {finding.text}{wanted}{actual}"


def _short(text: str) -> str:
    line = " ⏎ ".join(text.split("\n"))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
