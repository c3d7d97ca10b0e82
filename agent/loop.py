"""The LangChain agent that runs turns: model calls and tool calls, each kept before the next one starts."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from threading import Condition
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelCallLimitMiddleware
from langchain.agents.middleware.types import ModelRequest, ModelResponse
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatResult
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.prebuilt.tool_node import ToolCallRequest

from agent.endpoint_errors import ModelUnavailableError, check_readable, endpoint_errors, explained
from agent.execution import ToolRunner, TurnContext, effect_key
from agent.messages import Payload, ai_payload, tool_message, tool_payload
from agent.models import BUILTIN, ModelFactory, model_factory
from agent.outcome import Outcome, joined
from agent.policy import BULK, UNSURE, UNTRUSTED
from agent.prompts import system_prompt, with_context
from agent.stopping import go_on
from agent.tokens import count_tokens
from core.settings import Settings
from crm_store.conversation_log import ConversationLog
from crm_store.conversations import TurnRow
from language.builtin.model import BuiltinChatModel
from language.builtin.plan import SEVERAL_KIND, UNSURE_KIND
from language.builtin.situation import Situation
from language.constrained.model import ConstrainedChatModel
from tools.registry import TOOLS, ToolEffect

logger = logging.getLogger("dealhand")
# Why the calls of some kinds of answer wait for a yes.
_REASONS = {UNSURE_KIND: UNSURE, SEVERAL_KIND: BULK}


@dataclass
class Progress:
    """What a running turn has brought so far."""

    outcomes: list[Outcome] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    model_calls: int = 0
    prompt_tokens: int = 0
    fell_back_to: str = ""
    fell_back_because: ModelUnavailableError | None = None
    saw_foreign_text: bool = False


class CallQueue:
    """Lets the calls of one model answer run one at a time and in order: a later call may need an earlier one."""

    def __init__(self, call_ids: list[str]) -> None:
        self._waiting = list(call_ids)
        self._moved = Condition()

    @contextmanager
    def turn_of(self, call_id: str) -> Iterator[None]:
        """Waits until every call before this one is done."""
        with self._moved:
            self._moved.wait_for(lambda: call_id not in self._waiting or self._waiting[0] == call_id)
        try:
            yield
        finally:
            with self._moved:
                if call_id in self._waiting:
                    self._waiting.remove(call_id)
                self._moved.notify_all()


class TurnDriver:
    """What one turn does at each step of the agent: keeps messages, runs tools, falls back to another model."""

    def __init__(
        self,
        runner: ToolRunner,
        log: ConversationLog,
        row: TurnRow,
        turn: TurnContext,
        situation: Situation,
        model: BaseChatModel,
        fallback: ModelFactory | None,
    ) -> None:
        self._runner, self._log, self._row, self._turn = runner, log, row, turn
        self._situation, self._model = situation, model
        self._fallback = fallback
        self.progress = Progress()
        self.unkept: list[Payload] = []
        self._queue = CallQueue([])
        self._kind = ""

    def ask_model(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """Calls the model with the context last; a failed call goes to the fallback model, once for the turn."""
        go_on(self._turn.stopped)
        request = request.override(model=self._model)
        response = self._call_model(request, handler)
        self.progress.model_calls += 1
        answer = response.result[-1]
        if isinstance(answer, AIMessage):
            self._count(request, answer)
            self._queue = CallQueue([str(call["id"]) for call in answer.tool_calls])
            self._kind = str(answer.additional_kwargs.get("kind", ""))
            self._keep(answer)
        return response

    def run_in_order(self, call_id: str, name: str, arguments: dict[str, Any]) -> ToolMessage:
        """Runs a call of the model's answer when those before it are done."""
        with self._queue.turn_of(call_id):
            return self.run_call(call_id, name, arguments, kind=self._kind)

    def run_call(self, call_id: str, name: str, arguments: dict[str, Any], *, kind: str = "") -> ToolMessage:
        """Runs one call of this turn, of an answer of a `kind`; used for calls left over from a killed process, too."""
        large = not self.progress.fell_back_to and self._runner.settings.model != BUILTIN
        untrusted = large and self.progress.saw_foreign_text
        doubts = [*([UNTRUSTED] if untrusted else []), *([_REASONS[kind]] if kind in _REASONS else [])]
        parts = self._runner.parts_of(self._turn, name, arguments)
        keys = [effect_key(self._turn, f"{call_id}/{n}" if n else call_id) for n in range(len(parts))]
        outcome = joined([
            self._runner.run(self._turn, key, name, part, doubts=doubts)
            for key, part in zip(keys, parts, strict=True)
        ])  # fmt: skip
        self.unkept.append(tool_payload(call_id, name, outcome))
        self.note(name, arguments, outcome)
        return tool_message(call_id, name, outcome)

    def note(self, name: str, arguments: dict[str, Any], outcome: Outcome) -> None:
        """Takes an outcome into the turn's progress."""
        self.progress.outcomes.append(outcome)
        self.progress.calls.append({"name": name, "args": arguments, "ok": not outcome.failed})
        self.progress.saw_foreign_text |= outcome.shows_foreign_text

    def _keep(self, answer: AIMessage) -> None:
        """Calls that write are durable before they run, so that a turn taken up again makes the same ones.

        Everything else can be had again and is kept with the reply.
        """
        self.unkept.append(ai_payload(answer))
        if any(_writes(call["name"]) for call in answer.tool_calls):
            self._log.keep(self._row, self.unkept)
            self.unkept = []

    def _call_model(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        if isinstance(request.model, BuiltinChatModel):
            return handler(request)
        if self.progress.fell_back_to:
            return handler(self._with_fallback(request))
        try:
            response = handler(request.override(messages=_contextual(request)))
            check_readable(response.result[-1])
            return response
        except endpoint_errors(request.model) as error:
            reason = explained(error, self._runner.settings)
            if self._fallback is None:
                raise reason from error
            logger.warning("falling back: %s (%s)", reason, error)
            self.progress.fell_back_to = self._runner.settings.model_fallback
            self.progress.fell_back_because = reason
            return handler(self._with_fallback(request))

    def _with_fallback(self, request: ModelRequest[Any]) -> ModelRequest[Any]:
        assert self._fallback is not None
        model = self._fallback(self._situation)
        messages = request.messages if isinstance(model, BuiltinChatModel) else _contextual(request)
        return request.override(model=model, messages=messages)

    def _count(self, request: ModelRequest[Any], answer: AIMessage) -> None:
        usage = answer.usage_metadata
        if usage is not None:
            self.progress.prompt_tokens += usage["input_tokens"]
        elif not isinstance(request.model, BuiltinChatModel) and not self.progress.fell_back_to:
            self.progress.prompt_tokens += count_tokens(system_prompt(), request.messages, tool_schemas())


class _ToTheTurn(AgentMiddleware[Any, Any]):
    """Hands each step of the agent, which all turns share, to the turn that it runs for: the run's context."""

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        return _driver_of(request).ask_model(request, handler)

    def wrap_tool_call(self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Any]) -> ToolMessage:
        call = request.tool_call
        return _driver_of(request).run_in_order(str(call["id"]), call["name"], call["args"])


class _ModelOfTheTurn(BaseChatModel):
    """Stands in the shared agent for the model that each turn brings."""

    @property
    def _llm_type(self) -> str:
        return "dealhand-turn"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        raise AssertionError("each turn brings its model")


@dataclass(frozen=True)
class Loop:
    """The agent that runs all turns, made once from settings."""

    runner: ToolRunner
    log: ConversationLog
    settings: Settings
    model: ModelFactory
    fallback: ModelFactory | None

    def driver(self, row: TurnRow, turn: TurnContext, situation: Situation) -> TurnDriver:
        """What keeps and runs one turn; it holds the turn's progress."""
        model = self.model(situation)
        return TurnDriver(self.runner, self.log, row, turn, situation, model, self.fallback)

    def run(self, driver: TurnDriver, messages: list[BaseMessage]) -> Iterator[Any]:
        """Runs the agent over the messages; iterating drives it."""
        config: Any = {"recursion_limit": 4 * self.settings.model_max_calls + 20}
        state: Any = {"messages": messages}
        # The built-in model has nothing to stream by the word, and the second mode costs a thread a turn.
        modes: Any = ["updates"] if self.settings.model == BUILTIN else ["updates", "messages"]
        events: Iterator[Any] = self._agent.stream(state, config, context=driver, stream_mode=modes)
        return events

    @cached_property
    def _agent(self) -> Any:
        limit: AgentMiddleware[Any, Any] = ModelCallLimitMiddleware(
            run_limit=self.settings.model_max_calls, exit_behavior="end"
        )
        return create_agent(
            _ModelOfTheTurn(), agent_tools(), system_prompt=system_prompt(), middleware=[_ToTheTurn(), limit]
        )


def build_loop(runner: ToolRunner, log: ConversationLog, settings: Settings) -> Loop:
    """The loop for the configured model, with its fallback.

    Raises:
        ModelUnavailableError: the model cannot be set up and there is no fallback.
    """
    fallback = None
    if settings.model_fallback and settings.model_fallback != settings.model:
        fallback = model_factory(settings, settings.model_fallback)
    return Loop(runner, log, settings, model_factory(settings, settings.model), fallback)


@cache
def agent_tools() -> list[BaseTool]:
    """All tools with the schemas that a model sees; they run only through the runner."""
    return [
        StructuredTool(
            name=tool.name, description=tool.description, args_schema=tool.schema(), func=_only_through_the_runner
        )
        for tool in TOOLS
    ]


@cache
def tool_schemas() -> str:
    """The schemas of all tools as a model gets them, for counting."""
    functions = [
        {"name": tool.name, "description": tool.description, "parameters": tool.schema()} for tool in TOOLS
    ]
    wrapped = [{"type": "function", "function": function} for function in functions]
    return json.dumps(wrapped, ensure_ascii=False, separators=(",", ":"))


def _driver_of(request: ModelRequest[Any] | ToolCallRequest) -> TurnDriver:
    runtime: Any = request.runtime
    driver: TurnDriver = runtime.context
    return driver


def _writes(name: str) -> bool:
    return name in TOOLS and TOOLS.get(name).effect is not ToolEffect.READ


def _contextual(request: ModelRequest[Any]) -> list[Any]:
    """The messages with the context that each was said in; a model that has the turn's situation needs none."""
    if isinstance(request.model, ConstrainedChatModel):
        return list(request.messages)
    return list(with_context(request.messages))


def _only_through_the_runner(**arguments: Any) -> str:
    raise AssertionError("tools run through ToolRunner")
