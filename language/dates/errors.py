"""What goes wrong when words are no date or period: told to the model, which can ask or rephrase."""

from core.errors import ModelFixableError


class UnreadableDateError(ModelFixableError):
    """The words name no single day."""

    def __init__(self, words: str, hint: str = "", hint_zh: str = "") -> None:
        hint = hint or "Give one as 2026-03-31, “next Friday” or 下周三."
        hint_zh = hint_zh or "可以写成2026-03-31、下周三或 next Friday。"
        super().__init__(
            f"“{words[:80]}” is not a day that can be read. {hint}", zh=f"“{words[:80]}”不是某一天。{hint_zh}"
        )
        self.words = words


class UnreadablePeriodError(ModelFixableError):
    """The words name no period."""

    def __init__(self, words: str) -> None:
        super().__init__(
            f"“{words[:80]}” is not a period that can be read. Give one as 2026-Q2, “last 30 days” or 三季度."
        )
        self.words = words
