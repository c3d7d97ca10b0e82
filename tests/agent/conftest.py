"""A runtime over a fresh copy of the demo world, with the built-in model or a scripted one."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest

from agent import Reply, Runtime, Turn, build_runtime, run_turn
from agent.models import model_factory
from core.clock import FixedClock
from core.settings import Settings
from crm_store.directory import find_principal
from crm_store.principals import SYSTEM
from tests.agent.scripted_model import ScriptedChatModel
from tests.support.chat_endpoint import ChatEndpoint, chat_endpoint

MARCUS = "marcus@northstar.example"


@dataclass
class Talk:
    """A conversation with a runtime whose model is the endpoint."""

    runtime: Runtime
    endpoint: ChatEndpoint
    conversation: str = ""

    def say(self, text: str) -> Reply:
        reply = run_turn(self.runtime, Turn(MARCUS, text, conversation_id=self.conversation))
        self.conversation = reply.conversation_id
        return reply


@pytest.fixture
def runtime(northstar_url: str, clock: FixedClock, tmp_path) -> Iterator[Runtime]:
    runtime = build_runtime(Settings(home=tmp_path, database_url=northstar_url), clock=clock)
    yield runtime
    runtime.close()


@pytest.fixture
def say(runtime: Runtime) -> Callable[..., Reply]:
    """Says something as Marcus (or someone else), in one conversation a speaker."""
    conversations: dict[str, str] = {}

    def speak(text: str, *, user: str = MARCUS, key: str = "") -> Reply:
        reply = run_turn(runtime, Turn(user, text, conversation_id=conversations.get(user, ""), key=key))
        conversations[user] = reply.conversation_id
        return reply

    return speak


@pytest.fixture
def scripted(runtime: Runtime) -> Callable[..., tuple[Runtime, ScriptedChatModel]]:
    """The runtime with a large model that plays the given steps."""

    def make(*steps: Any, **settings: Any) -> tuple[Runtime, ScriptedChatModel]:
        model = ScriptedChatModel(steps=steps)
        changed = runtime.settings.model_copy(update={"model": "openai:scripted", **settings})
        runner = replace(runtime.runner, settings=changed)
        fallback = model_factory(changed, "builtin")
        loop = replace(
            runtime.loop, runner=runner, settings=changed, model=lambda situation: model, fallback=fallback
        )
        return replace(runtime, settings=changed, runner=runner, loop=loop), model

    return make


@pytest.fixture
def records(runtime: Runtime) -> Callable[[str], list[Any]]:
    """All records of a kind, whoever asks."""

    def read(kind: str) -> list[Any]:
        with runtime.store.unit_of_work(SYSTEM, writes=False) as uow:
            return [SimpleNamespace(**record.model_dump()) for record in uow.all(kind)]

    return read


@pytest.fixture
def deal(records: Callable[[str], list[Any]]) -> Callable[[str], Any]:
    """A deal by its name."""
    return lambda name: next(deal for deal in records("deal") if deal.name == name)


@pytest.fixture
def marcus(runtime: Runtime) -> Any:
    return find_principal(runtime.store, MARCUS)


@pytest.fixture
def talk(northstar_url: str, clock: FixedClock, tmp_path) -> Iterator[Callable[..., Talk]]:
    """A conversation with a chat endpoint that plays the given steps, under changed settings."""
    with ExitStack() as stack:

        def start(*steps, **changed) -> Talk:
            endpoint = stack.enter_context(chat_endpoint(*steps))
            given = {"model_retries": 0, "model_timeout_s": 10, **changed}
            settings = Settings(
                home=tmp_path,
                database_url=northstar_url,
                model="openai:test",
                model_base_url=endpoint.url,
                model_api_key="secret-key",
                **given,
            )
            runtime = build_runtime(settings, clock=clock)
            stack.callback(runtime.close)
            return Talk(runtime, endpoint)

        yield start
