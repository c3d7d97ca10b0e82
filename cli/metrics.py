"""`dealhand metrics`: the metrics and reports there are, and asking for one with its formula and query hash."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as Grid

from analytics.metric import METRICS
from analytics.report import REPORTS
from cli.render import print_parts
from cli.session import AsUser, asking
from cli.terminal import literal, open_console
from core.parts import AnyPart, Chart, Figure
from tools.metrics import query_metric
from tools.registry import TOOLS

app = typer.Typer(add_completion=False, help="Numbers from records, each by a named formula.")


@app.command("list")
def list_metrics(
    chinese: Annotated[bool, typer.Option("--zh", help="Names and formulas in Chinese.")] = False,
) -> None:
    """List all metrics and reports with their formulas."""
    language = "zh" if chinese else "en"
    grid = Grid("name", "called", "unit", "by", "formula")
    for metric in METRICS:
        by = ", ".join(metric.dimensions) or f"any field of a {metric.kind}"
        grid.add_row(metric.name, metric.label.of(language), metric.unit.value, by, metric.formula.of(language))
    for report in REPORTS:
        grid.add_row(report.name, report.label.of(language), "report", "", report.formula.of(language))
    open_console().print(grid)


@app.command()
def query(
    name: Annotated[str, typer.Argument(help="Name of a metric or report, in either language.")],
    as_user: AsUser,
    scope: Annotated[str, typer.Option(help="me, my team, a name, company.")] = "",
    period: Annotated[str, typer.Option(help="For example Q1, 2026-03, last month.")] = "",
    where: Annotated[
        list[str] | None, typer.Option("--filter", help='For example "amount >= 50k"; several.')
    ] = None,
    group_by: Annotated[str, typer.Option(help="A field, or week, month, quarter, year.")] = "",
    compare_to: Annotated[str, typer.Option(help="A period or a person.")] = "",
    top: Annotated[int, typer.Option(min=0, help="Only the first groups of a breakdown; 0: all.")] = 0,
    picture: Annotated[Path | None, typer.Option("--png", help="Draw the chart into this file.")] = None,
    chinese: Annotated[bool, typer.Option("--zh", help="Answer in Chinese.")] = False,
) -> None:
    """Ask for one metric or report and print value, filter, formula, rows and query hash."""
    language = "zh" if chinese else "en"
    arguments = {
        "metric": name, "scope": scope, "period": period, "filters": where or [], "group_by": group_by,
        "compare_to": compare_to, "top": top,
    }  # fmt: skip
    with asking(as_user, language) as context:
        result = TOOLS.get(query_metric.__name__).call(context, arguments)
    console = open_console()
    print_parts(result.parts, language, console)
    if picture is not None:
        _draw(result.parts, picture, console)
    hashes = [part.query_hash for part in result.parts if isinstance(part, Figure)]
    hashes = hashes or [str(result.content.get("query", ""))]
    for each in dict.fromkeys(filter(None, hashes)):
        console.print(literal(f"query: {each}", "dim"))


def _draw(parts: Iterable[AnyPart], file: Path, console: Console) -> None:
    from analytics.charts import render_png

    charts = [part for part in parts if isinstance(part, Chart)]
    if not charts:
        console.print("This is one number; there is nothing to draw.")
        return
    try:
        file.write_bytes(render_png(charts[0]))
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be written.", param_hint="--png") from error
