"""What a run of cases came to: typed, as JSON, and summed up. Printing is in `evals.report`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import comb
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import OperatorFixableError

_ANSWER_GRADERS = {"answer", "records"}
MAX_PASS_POWER = 4


class ResultsError(OperatorFixableError):
    """A file is no result of a run; the message names it."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Difference(_Model):
    """One finding; `turn` is the turn it was graded after (1, 2, …), 0 the end of the case."""

    turn: int
    grader: str
    text: str
    expected: str = ""
    actual: str = ""


class TurnRecord(_Model):
    """One turn as played; `followups` are replies to a yes or a pick."""

    say: str
    reply: dict[str, Any] | None
    followups: list[dict[str, Any]] = Field(default_factory=list)
    tool_calls: list[dict[str, Any]] = Field(default_factory=list)
    seconds: float = 0.0
    prompt_tokens: int = 0
    unneeded_question: bool = False


class CaseResult(_Model):
    """One run of one case. It passed when it has no error, no side effect and no difference."""

    id: str
    tags: list[str]
    language: str = "en"
    run: int = 1
    passed: bool
    side_effects: list[Difference] = Field(default_factory=list)
    error: str | None = None
    trace: str = ""
    differences: list[Difference] = Field(default_factory=list)
    changes: list[str] = Field(default_factory=list)
    turns: list[TurnRecord] = Field(default_factory=list)

    @property
    def answers_wrongly(self) -> bool:
        """Whether an answer does not hold what it must, or holds what it must not."""
        return any(difference.grader in _ANSWER_GRADERS for difference in self.differences)

    @property
    def unneeded_questions(self) -> int:
        """Questions that were asked where none was needed."""
        return sum(turn.unneeded_question for turn in self.turns)


class Tally(_Model):
    """Counts over some case runs. `side_effects` counts cases with one; `side_effect_changes` the changes."""

    n: int
    passed: int
    side_effects: int
    side_effect_changes: int
    wrong_answers: int
    unneeded_questions: int
    errors: int

    @property
    def pass_rate(self) -> float:
        """Share of runs that passed, 0 for none."""
        return self.passed / self.n if self.n else 0.0


class Summary(Tally):
    """The whole run: seconds and prompt tokens a turn, pass^k, and the same counts by tag and language."""

    p50_seconds: float
    p95_seconds: float
    prompt_tokens_a_turn: float
    prompt_tokens: int
    pass_power: dict[int, float]
    by_language: dict[str, Tally]
    by_tag: dict[str, Tally]


class RunReport(_Model):
    """A run as it is written to JSON; `warnings` are rows of worlds that could not be taken in."""

    model: str
    started_at: datetime
    n: int
    summary: Summary
    cases: list[CaseResult]
    warnings: list[str] = Field(default_factory=list)


def summarize(results: Sequence[CaseResult]) -> Summary:
    """The figures of a run; every result counts, errors as not passed."""
    turns = [turn for result in results for turn in result.turns if turn.reply is not None]
    seconds = sorted(turn.seconds for turn in turns)
    tokens = sum(turn.prompt_tokens for turn in turns)
    tags = sorted({tag for result in results for tag in result.tags})
    return Summary(
        **tally(results).model_dump(),
        p50_seconds=percentile(seconds, 50),
        p95_seconds=percentile(seconds, 95),
        prompt_tokens=tokens,
        prompt_tokens_a_turn=tokens / len(turns) if turns else 0.0,
        pass_power=pass_power(results),
        by_language={each: tally(r for r in results if r.language == each) for each in ("en", "zh")},
        by_tag={tag: tally(result for result in results if tag in result.tags) for tag in tags},
    )


def tally(results: Iterable[CaseResult]) -> Tally:
    """Counts over these results."""
    kept = list(results)
    return Tally(
        n=len(kept),
        passed=sum(result.passed for result in kept),
        side_effects=sum(bool(result.side_effects) for result in kept),
        side_effect_changes=sum(len(result.side_effects) for result in kept),
        wrong_answers=sum(result.answers_wrongly for result in kept),
        unneeded_questions=sum(result.unneeded_questions for result in kept),
        errors=sum(result.error is not None for result in kept),
    )


def pass_power(results: Iterable[CaseResult]) -> dict[int, float]:
    """pass^k for k = 1…4 as far as runs were repeated: the chance that k runs of a case all pass.

    The unbiased estimate C(c, k) / C(n, k) for c passes in n runs, averaged over cases (tau-bench).
    """
    runs: dict[str, list[bool]] = {}
    for result in results:
        runs.setdefault(result.id, []).append(result.passed)
    fewest = min((len(passes) for passes in runs.values()), default=0)
    return {
        k: sum(comb(sum(passes), k) / comb(len(passes), k) for passes in runs.values()) / len(runs)
        for k in range(1, min(fewest, MAX_PASS_POWER) + 1)
    }


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The percentile by linear interpolation of sorted values; 0 for none."""
    if not ordered:
        return 0.0
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def read_report(path: Path) -> RunReport:
    """The report in a JSON file; raises ResultsError when it is none."""
    try:
        return RunReport.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise ResultsError(f"{path} holds no results of an evaluation: {error}") from error
