"""The conditions of a company's own rules: read as people write filters, and kept so that they hold for everyone."""

from collections.abc import Sequence

from pydantic import ValidationError

from analytics.hygiene.own import KIND, kept
from core.errors import InvalidArgumentError
from tools.filters import Filter, read_filter
from tools.registry import ToolContext

MOST_CONDITIONS = 10


def kept_conditions(ctx: ToolContext, texts: Sequence[str], before: Sequence[str] = ()) -> list[str]:
    """Conditions on deals as they are kept: names as ids, days in words; those that were kept before stay as they are.

    Raises:
        InvalidArgumentError: there is none, there are more than 10, or one cannot be read.
        RecordNotFoundError, AmbiguousRecordError: a name in a value.
    """
    if not 1 <= len(texts) <= MOST_CONDITIONS:
        raise InvalidArgumentError(
            f"A rule has 1 to {MOST_CONDITIONS} conditions.",
            argument="conditions",
            zh=f"一条规则需有1到{MOST_CONDITIONS}个条件。",
        )
    return [each if each in before else _kept(ctx, each) for each in texts]


def _kept(ctx: ToolContext, text: str) -> str:
    try:
        wanted = Filter.model_validate(text)
    except ValidationError as error:
        raise InvalidArgumentError(
            "A condition reads like “amount >= 150k” or “next_step is_empty”.",
            argument="conditions",
            zh="条件的写法如“amount >= 150k”或“next_step is_empty”。",
        ) from error
    return kept(read_filter(ctx, KIND, wanted), wanted.value)
