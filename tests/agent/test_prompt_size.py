"""What a first model call costs: system prompt, all tools and the context line stay under 3,000 tokens."""

from datetime import UTC, datetime

from agent.loop import tool_schemas
from agent.prompts import context_line, system_prompt
from agent.tokens import estimate
from tools.registry import TOOLS, ToolEffect

MOST_TOKENS, MOST_TOOLS = 3_000, 20
VERBS = {
    *("log", "create", "update", "convert", "delete", "draft", "undo"),
    *("list", "get", "query", "search", "review"),
}


def test_the_first_call_of_a_turn_stays_small(marcus):
    context = context_line(marcus, datetime(2026, 3, 10, 22, tzinfo=UTC))
    parts = {"system": system_prompt(), "tools": tool_schemas(), "context": context}
    tokens = {name: estimate(text) for name, text in parts.items()}
    assert sum(tokens.values()) <= MOST_TOKENS, tokens


def test_the_tools_are_few_and_each_says_what_it_does():
    tools = list(TOOLS)
    assert len(tools) <= MOST_TOOLS
    for tool in tools:
        assert tool.description, tool.name
        assert tool.effect in ToolEffect
        assert tool.scope
        assert tool.name.split("_")[0] in VERBS


def test_the_prompt_is_the_same_every_time():
    assert tool_schemas() == tool_schemas()
    assert system_prompt() == system_prompt()
