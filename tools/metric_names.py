"""Metrics and reports by the names that people and models call them, as far as they exist for the asker."""

from difflib import get_close_matches

from analytics.metric import METRICS, Metric
from analytics.report import REPORTS, Report
from analytics.wording import fold_words, join_words, say
from core.errors import InvalidArgumentError
from crm_store.query import readable
from crm_store.unit_of_work import UnitOfWork
from tools.registry import ToolContext

_CLOSE = 0.85


class UnknownMetricError(InvalidArgumentError):
    """No metric of this name exists for the asker; the message lists those that do."""


def find_metric(ctx: ToolContext, words: str) -> Metric:
    """The metric that the words name, by its name or another name in either language.

    Raises:
        UnknownMetricError: there is none, or it is built on fields or records hidden from the asker.
    """
    folded = fold_words(words)
    known = [each for each in METRICS if is_visible(ctx.uow, each)]
    for each in known:
        if folded in (fold_words(each.name), fold_words(each.label.en), each.label.zh):
            return each
    for each in known:
        if folded in {fold_words(word) for word in each.words}:
            return each
    spelled = {
        fold_words(word): each for each in known for word in (each.name, each.label.en, each.label.zh, *each.words)
    }
    near = get_close_matches(folded, spelled, n=1, cutoff=_CLOSE)
    if near:
        return spelled[near[0]]
    reports = [each.name for each in REPORTS if is_visible(ctx.uow, each)]
    names = ", ".join([*(each.name for each in known), *reports])
    raise UnknownMetricError(say(ctx.language, "no_metric", words=words[:60], names=names), argument="metric")


def find_report(ctx: ToolContext, words: str) -> Report | None:
    """The report of that name, label or other name in either language; None where it is none for the asker."""
    folded = fold_words(words)
    for each in REPORTS:
        names = (each.name, each.label.en, each.label.zh, *each.words)
        if folded in {fold_words(name) for name in names} and is_visible(ctx.uow, each):
            return each
    return None


def no_number(ctx: ToolContext, words: str) -> str:
    """To a person: that there is no such number for them, and what those are called that there are."""
    labels = [each.label.of(ctx.language) for each in (*METRICS, *REPORTS) if is_visible(ctx.uow, each)]
    asked = words.replace("_", " ")[:60]
    return say(ctx.language, "no_number", words=asked, names=join_words(ctx.language, labels))


def is_visible(uow: UnitOfWork, asked: Metric | Report) -> bool:
    """Whether a metric or report exists for the asker: its records, fields and figures are theirs to see."""
    if not readable(uow, asked.kind) or (asked.own_only and not readable(uow, "quota")):
        return False
    if not all(readable(uow, kind) for kind in getattr(asked, "reads", ())):
        return False
    return set(asked.needs) <= {spec.name for spec in uow.fields(asked.kind)}
