"""`dealhand forecast`: the forecast of a period, managers' adjustments, and how good past forecasts were."""

from decimal import Decimal
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as Grid

from analytics.forecast.basis import past_ends
from analytics.forecast.evaluation import Evaluation, evaluate_generated, evaluate_history
from analytics.forecast.loading import load_history
from analytics.scoring.evaluation import LEADS, evaluate_made_up_leads
from analytics.scoring.leads import LEAST, LEAST_EACH, score_leads
from cli.render import print_parts
from cli.session import AsUser, asking, open_runtime
from cli.terminal import literal, open_console
from crm_store.directory import find_principal
from crm_store.query import readable
from crm_store.unit_of_work import Cause
from language.amounts import parse_amount
from language.dates import FiscalCalendar, parse_period
from tools.filters import view_of
from tools.metrics import query_metric
from tools.registry import TOOLS, ToolContext
from tools.resolver import Resolver

app = typer.Typer(add_completion=False, help="What a period will bring, with a probable range.")


@app.command()
def show(
    as_user: AsUser,
    period: Annotated[str, typer.Argument(help="For example Q2; this quarter if left out.")] = "",
    scope: Annotated[str, typer.Option(help="me, my team, a name, company.")] = "",
    chinese: Annotated[bool, typer.Option("--zh", help="Answer in Chinese.")] = False,
) -> None:
    """Show the forecast: range, figures by owner or team, adjustments, and what it rests on."""
    language = "zh" if chinese else "en"
    arguments = {"metric": "forecast_range", "period": period, "scope": scope}
    with asking(as_user, language) as context:
        result = TOOLS.get(query_metric.__name__).call(context, arguments)
    print_parts(result.parts, language, open_console())


@app.command()
def adjust(
    as_user: AsUser,
    who: Annotated[str, typer.Argument(help="Whose forecast.")],
    amount: Annotated[
        str, typer.Argument(help='What to add, in the base currency, such as 15k; "minus 20k" to take off.')
    ],
    period: Annotated[str, typer.Option(help="A quarter; this one if left out.")] = "this quarter",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Add to or take from someone's commit forecast by hand; kept apart from all other figures, and undoable."""
    with open_runtime() as runtime:
        principal = find_principal(runtime.store, as_user)
        with runtime.store.unit_of_work(principal, Cause(channel="cli", reason="forecast adjustment")) as uow:
            context = ToolContext(uow, Resolver(uow, runtime.names.lexicon(uow)))
            user = context.resolver.get("user", who)
            fiscal = FiscalCalendar(runtime.settings.fiscal_year_first_month)
            quarter = parse_period(period, today=uow.today, fiscal=fiscal)
            made = uow.create(
                "forecast_adjustment",
                {
                    "user": user.id, "period": quarter.label, "amount": _signed(amount), "reason": reason,
                    "author": principal.user_id,
                },
            )  # fmt: skip
            uow.commit()
            text = (
                f"{user.name}, {made.period}: {made.amount:+,} {uow.base_currency} ({reason or 'no reason given'})"
            )
            handle = uow.effect_id
    console = open_console()
    console.print(literal(text), soft_wrap=True)
    console.print(literal(f"undo: {handle}", "dim"))


def _signed(words: str) -> Decimal:
    """An amount with its sign.

    Raises:
        InvalidArgumentError: it is no amount.
    """
    text = words.strip()
    bare = text.removeprefix("minus").removeprefix("-").removeprefix("+").strip()
    value = parse_amount(bare).value
    return -value if text.startswith(("minus", "-")) else value


@app.command()
def evaluate(
    as_user: AsUser = "",
    generated: Annotated[
        int, typer.Option(min=0, max=1000, help="Made-up companies to judge on instead of the own records.")
    ] = 0,
    no_signal: Annotated[
        bool, typer.Option("--no-signal", help="Made-up companies whose outcomes are tosses of a coin.")
    ] = False,
) -> None:
    """Make past forecasts again and compare: Brier score, calibration, coverage of the 80 % ranges, leaks.

    Of the own records with --as; of made-up companies with --generated 40. The chances of leads are judged, too.
    """
    console = open_console()
    if generated:
        what = "without signal" if no_signal else "with signal"
        title = f"{generated} made-up companies {what}"
        _print(evaluate_generated(generated, signal=not no_signal), title, console)
        _print_leads(evaluate_made_up_leads(generated, signal=not no_signal), generated * LEADS // 2, console)
        return
    with asking(as_user) as context:
        view = view_of(context)
        loaded = load_history(view)
        found = evaluate_history(loaded.history, past_ends(view, quarters=16))
        leads = score_leads(view, []) if readable(context.uow, "lead") else None
    _print(found, f"own records, {len(loaded.deal_ids):,} deals, {len(loaded.history.stages.ids)} stages", console)
    if leads is not None and leads.enough:
        _print_leads(leads.checked, leads.decided - leads.decided // 2, console)
    elif leads is not None:
        console.print(
            f"leads: {leads.decided} decided, {leads.converted} converted: not enough data to score; "
            f"it takes {LEAST} decided, {LEAST_EACH} of either kind."
        )


def _print(found: Evaluation, title: str, console: Console) -> None:
    if not found.forecasts:
        console.print(
            f"{title}: no past forecast can be checked yet; it takes 30 closed deals and two checked quarters."
        )
        return
    rungs = ", ".join(f"{name} {number}" for name, number in sorted(found.rungs.items()))
    console.print(literal(f"{title}: {found.forecasts} past forecasts, {found.deals:,} deal outcomes"))
    console.print(literal(f"chances used: {rungs}; shared shock {found.shock:.2f} (log-odds)"))
    scores = Grid("chances", "Brier", "log loss", title="won by the end of the quarter (smaller is better)")
    names = {
        "used": "as used",
        "prior": "stage prior",
        "stage": "own rate by stage",
        "age": "… and days in stage",
        "bayes": "naive Bayes",
    }
    for name, called in names.items():
        scores.add_row(called, f"{found.brier[name]:.4f}", f"{found.log_loss[name]:.4f}")
    console.print(scores)
    bins = Grid(
        "chance", "n", "expected", "won", title=f"calibration, mean distance {found.calibration_error:.3f}"
    )
    for each in found.bins:
        bins.add_row(f"{each.low:.1f}–{each.high:.1f}", f"{each.n:,}", f"{each.expected:.3f}", f"{each.won:.3f}")
    console.print(bins)
    _share(console, "80 % range of everyone together", found.covered, found.ranges)
    _share(console, "80 % ranges of single owners", found.owner_covered, found.owner_ranges)
    same = found.replayed - found.leaking
    console.print(
        literal(f"made again after all that came later was changed: {same} of {found.replayed} forecasts the same")
    )


def _print_leads(checked: dict[str, float], n: int, console: Console) -> None:
    scores = Grid("chances", "Brier", title=f"leads that convert: the newer half ({n:,}), learnt from the older")
    for name, called in (
        ("used", "as used"),
        ("score", "traits"),
        ("base", "base rate"),
        ("bayes", "naive Bayes"),
    ):
        scores.add_row(called, f"{checked[name]:.4f}")
    console.print(scores)


def _share(console: Console, what: str, covered: int, ranges: int) -> None:
    if ranges:
        console.print(literal(f"{what}: held {covered} of {ranges} outcomes ({covered / ranges:.1%})"))
