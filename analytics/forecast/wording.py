"""What a forecast rests on, in words: which chances are used and why, where data is thin, what is assumed."""

from analytics.forecast.backtest import LEAST_CLOSED
from analytics.forecast.basis import Basis
from analytics.forecast.chances import FEW
from analytics.forecast.report import ForecastReport
from analytics.view import View
from analytics.wording import money_text, percent_text, say


def basis_notes(view: View, found: ForecastReport) -> list[str]:
    """The sentences that belong to a probable range."""
    basis, probable = found.basis, found.probable
    if basis is None or probable is None:
        return []
    language = view.language
    notes = [rung_note(view, basis)]
    notes.append(
        say(
            language,
            "basis_parts",
            open=money_text(language, probable.expected_open.quantize(1), found.currency),
            new=money_text(language, probable.expected_new.quantize(1), found.currency),
        )
    )
    thin = thin_stages(view, basis)
    if thin:
        notes.append(say(language, "basis_thin", few=FEW, stages=thin))
    notes.append(slip_note(view, basis))
    if basis.loaded.share_read < 1:
        notes.append(say(language, "basis_part_read", share=percent_text(round(basis.loaded.share_read, 3))))
    return notes


def rung_note(view: View, basis: Basis) -> str:
    """Which chances are used, and how they did on past forecasts."""
    language, rung, base = view.language, basis.rung, basis.chances.base
    if base.closed < LEAST_CLOSED or not rung.origins:
        return say(language, "basis_no_history", n=base.closed, least=LEAST_CLOSED)
    if rung.name == "prior":
        return say(language, "basis_prior", n=rung.n, origins=rung.origins)
    return say(
        language,
        f"basis_{rung.name}",
        closed=base.closed,
        n=rung.n,
        origins=rung.origins,
        better=percent_text(round(rung.skill, 3)),
    )


def thin_stages(view: View, basis: Basis) -> str:
    """The stages with few closed deals, and how many each has."""
    if basis.rung.name == "prior":
        return ""
    names = {stage.id: stage.name for stage in view.stages}
    stages = zip(basis.loaded.history.stages.ids, basis.chances.raw_stage, strict=True)
    return ", ".join(f"{names[stage_id]} ({rate.closed})" for stage_id, rate in stages if rate.is_thin)


def slip_note(view: View, basis: Basis) -> str:
    """Whether it is known how close dates slip."""
    slips = basis.chances.slips
    if slips.deals < FEW:
        return say(view.language, "basis_no_slip", n=slips.deals)
    middle = int(sorted(slips.slip.tolist())[len(slips.slip) // 2])
    return say(view.language, "basis_slip", n=slips.deals, days=middle)
