"""A LangChain chat model around a small one: one constrained JSON answer becomes ordinary tool calls."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from pydantic import ConfigDict, PrivateAttr

from core.errors import OperatorFixableError
from language.builtin.dialogue import read_dialogue
from language.builtin.plan import Intent
from language.builtin.reading import Reading
from language.builtin.situation import Situation
from language.constrained.choose import choose

# No callbacks: the JSON is not text for the person, so it is not streamed to them.
_QUIETLY: Any = {"callbacks": []}

# What clients raise themselves for a body that is no chat answer (a web page, broken JSON, no choices).
NONSENSE = (ValueError, TypeError, LookupError, AttributeError)


def _no_usage() -> UsageMetadata:
    return UsageMetadata(input_tokens=0, output_tokens=0, total_tokens=0)


class UnreadableReplyError(OperatorFixableError):
    """An endpoint answered with something that is no chat message."""


class ConstrainedChatModel(BaseChatModel):
    """Chooses tool calls with a small model behind `client`. Made anew for each turn with its situation.

    The endpoint is asked once a turn; after the tools have run nothing more is said. `estimate` counts the
    tokens of a text for endpoints that do not report them.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    client: BaseChatModel
    situation: Situation
    estimate: Callable[[str], int]
    _after: Intent = PrivateAttr(default_factory=Intent)
    _usage: UsageMetadata = PrivateAttr(default_factory=_no_usage)

    @property
    def _llm_type(self) -> str:
        return "dealhand-constrained"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The tools that a small model may choose are data of this package."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self._usage = _no_usage()
        answer = self._answer(messages)
        answer.usage_metadata = self._usage
        return ChatResult(generations=[ChatGeneration(message=answer)])

    def _answer(self, messages: list[BaseMessage]) -> AIMessage:
        if not isinstance(messages[-1], HumanMessage):
            return AIMessage(self._after.answer, additional_kwargs={"kind": self._after.kind})
        reading = Reading(str(messages[-1].text), self.situation, read_dialogue(messages, self.situation.lexicon))
        intent = choose(reading, self._ask)
        if intent.calls:
            self._after = intent
        calls = [
            {"name": call.tool, "args": call.given(), "id": f"call_{number}", "type": "tool_call"}
            for number, call in enumerate(intent.calls, start=1)
        ]
        return AIMessage("" if calls else intent.answer, tool_calls=calls, additional_kwargs={"kind": intent.kind})

    def _ask(self, messages: Sequence[BaseMessage], schema: dict[str, object]) -> str:
        """The text of the answer; empty when the model did not come to an end."""
        from openai import LengthFinishReasonError

        client = self.client.with_structured_output(schema, method="json_schema", include_raw=True)
        try:
            given = client.invoke(list(messages), config=_QUIETLY)
        except LengthFinishReasonError:
            return ""
        except NONSENSE as error:
            raise UnreadableReplyError(f"What came back is no chat message: {error}") from error
        raw: AIMessage = given["raw"] if isinstance(given, dict) else given  # type: ignore[assignment]
        text = str(raw.text)
        self._usage = raw.usage_metadata or self._estimated(messages, schema, text)
        return text

    def _estimated(self, messages: Sequence[BaseMessage], schema: dict[str, object], text: str) -> UsageMetadata:
        asked = self.estimate(json.dumps(schema, ensure_ascii=False)) + sum(
            self.estimate(str(message.text)) for message in messages
        )
        said = self.estimate(text)
        return UsageMetadata(input_tokens=asked, output_tokens=said, total_tokens=asked + said)
