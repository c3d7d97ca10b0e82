"""What changed between two runs: cases that newly pass or fail, side effects, and each tag's share."""

from dataclasses import dataclass, field

from evals.results import CaseResult, RunReport


@dataclass(frozen=True, slots=True)
class TagDelta:
    """The share of a tag that passed, before and after (None where the tag was not run)."""

    tag: str
    before: float | None
    after: float | None

    @property
    def delta(self) -> float:
        """Change of the share; 0 where it cannot be compared."""
        return 0.0 if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """Case ids by what became of them. A repeated case passes when all its runs do."""

    newly_passing: list[str] = field(default_factory=list)
    newly_failing: list[str] = field(default_factory=list)
    new_side_effects: list[str] = field(default_factory=list)
    gone_side_effects: list[str] = field(default_factory=list)
    only_before: list[str] = field(default_factory=list)
    only_after: list[str] = field(default_factory=list)
    tags: list[TagDelta] = field(default_factory=list)


def compare_reports(before: RunReport, after: RunReport) -> Comparison:
    """The difference from `before` to `after`, over the cases that both ran; tags over all that each ran."""
    old, new = _by_id(before), _by_id(after)
    both = [case for case in old if case in new]
    return Comparison(
        newly_passing=[case for case in both if not _passes(old[case]) and _passes(new[case])],
        newly_failing=[case for case in both if _passes(old[case]) and not _passes(new[case])],
        new_side_effects=[case for case in both if not _hurts(old[case]) and _hurts(new[case])],
        gone_side_effects=[case for case in both if _hurts(old[case]) and not _hurts(new[case])],
        only_before=[case for case in old if case not in new],
        only_after=[case for case in new if case not in old],
        tags=_tags(before, after),
    )


def _by_id(report: RunReport) -> dict[str, list[CaseResult]]:
    cases: dict[str, list[CaseResult]] = {}
    for result in report.cases:
        cases.setdefault(result.id, []).append(result)
    return cases


def _passes(runs: list[CaseResult]) -> bool:
    return all(run.passed for run in runs)


def _hurts(runs: list[CaseResult]) -> bool:
    return any(run.side_effects for run in runs)


def _tags(before: RunReport, after: RunReport) -> list[TagDelta]:
    old, new = before.summary.by_tag, after.summary.by_tag
    return [
        TagDelta(
            tag,
            old[tag].pass_rate if tag in old else None,
            new[tag].pass_rate if tag in new else None,
        )
        for tag in sorted({*old, *new})
    ]
