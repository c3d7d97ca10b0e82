"""A chat model that plays any tool calls, hostile and broken ones too; it never reads the message."""

from collections.abc import Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field

Call = tuple[str, dict[str, Any]]


class ScriptedChatModel(BaseChatModel):
    """Answers its n-th call with the n-th step: a text, a list of tool calls, or an exception to raise."""

    steps: Sequence[Any]
    seen: list[list[BaseMessage]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools, **kwargs):
        return self

    def _generate(self, messages, stop=None, run_manager=None, **kwargs):
        self.seen.append(list(messages))
        step = self.steps[min(len(self.seen), len(self.steps)) - 1]
        if isinstance(step, BaseException):
            raise step
        if isinstance(step, str):
            return ChatResult(generations=[ChatGeneration(message=AIMessage(step))])
        number = len(self.seen)
        calls = [
            {"name": name, "args": args, "id": f"call_{number}_{n}", "type": "tool_call"}
            for n, (name, args) in enumerate(step)
        ]
        return ChatResult(generations=[ChatGeneration(message=AIMessage("", tool_calls=calls))])
