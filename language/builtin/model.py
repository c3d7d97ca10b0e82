"""The built-in model as a LangChain chat model: one reading, then tool calls or a plain answer."""

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from pydantic import ConfigDict, PrivateAttr

from language.builtin.dialogue import read_dialogue
from language.builtin.plan import plan
from language.builtin.reading import Reading
from language.builtin.situation import Situation


class BuiltinChatModel(BaseChatModel):
    """Chooses tool calls without a large model; deterministic. Made anew for each turn with its situation."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    situation: Situation
    _said_after: str = PrivateAttr(default="")
    _kind_after: dict[str, str] = PrivateAttr(default_factory=lambda: {"kind": "text"})

    @property
    def _llm_type(self) -> str:
        return "dealhand-builtin"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The built-in model knows its tools by name already."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        answer = self._answer(messages)
        return ChatResult(generations=[ChatGeneration(message=answer)])

    def _answer(self, messages: list[BaseMessage]) -> AIMessage:
        if not isinstance(messages[-1], HumanMessage):
            return AIMessage(self._said_after, additional_kwargs=self._kind_after)
        reading = Reading(str(messages[-1].text), self.situation, read_dialogue(messages, self.situation.lexicon))
        intent = plan(reading)
        kind: dict[str, str] = {"kind": intent.kind}
        if intent.calls:
            self._said_after, self._kind_after = intent.answer, kind
        calls = [
            {"name": call.tool, "args": call.given(), "id": f"call_{number}", "type": "tool_call"}
            for number, call in enumerate(intent.calls, start=1)
        ]
        return AIMessage("" if calls else intent.answer, tool_calls=calls, additional_kwargs=kind)
