"""Hygiene rules H1 to H10: each looks at the case file of one open deal."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from analytics.hygiene.case_file import CaseFile
from analytics.hygiene.rule import Finding, rule, threshold, wording
from analytics.view import View
from analytics.wording import day_text, join_words, moment_text, number_text
from core.clock import local_date
from language.dates.calendar import unit_period


@rule("H1")
def close_date_passed(view: View, case: CaseFile) -> Iterable[Finding]:
    """Its close date is in the past."""
    closes = case.deal.close_date
    if closes is not None and closes < view.today:
        yield _found(view, case, "H1", day=day_text(view.language, closes), n=(view.today - closes).days)


@rule("H2")
def no_next_step(view: View, case: CaseFile) -> Iterable[Finding]:
    """It has no next step."""
    if not case.deal.next_step.strip():
        yield _found(view, case, "H2")


@rule("H3")
def silent(view: View, case: CaseFile) -> Iterable[Finding]:
    """No two-way activity for 14 days; a younger deal is given that time."""
    since = case.last_two_way or case.deal.created_at
    days = (view.today - local_date(since, view.timezone)).days
    if days >= threshold(view, "silent_days"):
        key = "evidence" if case.last_two_way else "never"
        yield _found(view, case, "H3", key, n=days, day=moment_text(view.language, since, view.timezone))


@rule("H4")
def stuck(view: View, case: CaseFile) -> Iterable[Finding]:
    """Its current stay in the stage is longer than the 75th percentile of all completed stays there."""
    days = (view.today - case.entered_on).days
    if case.stage_limit is not None and days > case.stage_limit:
        limit = number_text(case.stage_limit, 1)
        yield _found(view, case, "H4", n=days, stage=case.stage.name, limit=limit)


@rule("H5")
def single_threaded(view: View, case: CaseFile) -> Iterable[Finding]:
    """Fewer than 2 contacts took part in the last 90 days, from the third open stage on."""
    people = case.participants
    if case.rank >= threshold(view, "late_stage") and len(people) < threshold(view, "contacts"):
        names = join_words(view.language, sorted(people.values()))
        key = "evidence" if people else "none"
        yield _found(view, case, "H5", key, n=len(people), days=threshold(view, "contacts_days"), names=names)


@rule("H6")
def no_economic_buyer(view: View, case: CaseFile) -> Iterable[Finding]:
    """It is in commit and its account has no contact in the role economic buyer."""
    if case.deal.forecast_category == "commit" and not case.has_buyer:
        yield _found(view, case, "H6", account=case.account)


@rule("H7")
def no_amount(view: View, case: CaseFile) -> Iterable[Finding]:
    """Its amount is missing or 0, from the third open stage on."""
    if case.rank >= threshold(view, "late_stage") and not case.deal.amount:
        yield _found(view, case, "H7", stage=case.stage.name)


@rule("H8")
def pushed(view: View, case: CaseFile) -> Iterable[Finding]:
    """Its close date was moved later 3 times or more, or once while in commit."""
    committed = sum(push.in_commit for push in case.pushes)
    if committed or len(case.pushes) >= threshold(view, "pushes"):
        found = _found(view, case, "H8", n=len(case.pushes), committed=committed)
        yield replace(found, says="say_commit") if case.deal.forecast_category == "commit" else found


@rule("H9")
def commit_outside_quarter(view: View, case: CaseFile) -> Iterable[Finding]:
    """It is in commit and closes outside the current quarter."""
    closes = case.deal.close_date
    quarter = unit_period("quarter", view.today, view.fiscal)
    if case.deal.forecast_category != "commit" or closes is None or quarter is None:
        return
    if not quarter.start <= closes <= quarter.end:
        texts = {"start": day_text(view.language, quarter.start), "end": day_text(view.language, quarter.end)}
        yield _found(view, case, "H9", day=day_text(view.language, closes), **texts)


@rule("H10")
def odd_move(view: View, case: CaseFile) -> Iterable[Finding]:
    """It moved backwards or skipped a stage; the latest such move is told."""
    stages = {stage.id: stage for stage in view.stages}
    opened = sorted((s for s in stages.values() if s.status == "open"), key=lambda s: s.position)
    ranks = {stage.id: place for place, stage in enumerate(opened)}
    for move in reversed(case.moves):
        start, end = ranks.get(move.from_stage_id or ""), ranks.get(move.to_stage_id)
        if start is not None and end is not None and end - start != 1:
            before, after = stages[move.from_stage_id or ""].name, stages[move.to_stage_id].name
            day = moment_text(view.language, move.changed_at, view.timezone)
            yield _found(view, case, "H10", before=before, after=after, day=day)
            return


def _found(view: View, case: CaseFile, rule_id: str, key: str = "evidence", **values: Any) -> Finding:
    return Finding(rule_id, case.ref, wording(view.language, rule_id, key, **values))
