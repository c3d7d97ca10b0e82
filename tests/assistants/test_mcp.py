"""Another assistant over the official client: every tool, hints, identity, and a yes that only a person gives."""

import os
import sys
import threading
import time
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import httpx2
import pytest
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from cli.serve import compose, config_of, listen
from tests.api.conftest import MANAGER, REP, Site, site  # noqa: F401
from tools.registry import TOOLS, ToolEffect

ASSISTANT = ("read", "write", "mcp")
# Arguments with which each tool does something; those that are missing here have no required argument.
ARGUMENTS = {
    "create_account": {"name": "Kim Robotics"},
    "create_contact": {"name": "Ada Kim", "account": "Redwood Plastics"},
    "create_deal": {"name": "Redwood sensors", "account": "Redwood Plastics"},
    "create_lead": {"name": "Bo Lund", "company": "Lund AB"},
    "create_task": {"title": "Polish the brass", "due": "Thursday"},
    "create_ticket": {"subject": "Probe is silent", "account": "Redwood Plastics"},
    "delete_record": {"kind": "contact", "record": "Leah Whitman"},
    "draft_follow_up": {"deal": "Redwood renewal"},
    "get_record": {"record": "Redwood renewal"},
    "list_records": {"kind": "deal", "filters": ["owner = me"]},
    "log_interaction": {"account": "Redwood Plastics", "type": "call", "text": "They like it."},
    "query_metric": {"metric": "pipeline_value"},
    "review_deals": {"deal": "Redwood renewal"},
    "search_interactions": {"query": "pricing"},
    "update_deal": {"deal": "Redwood renewal", "next_step": "Send the contract"},
    "update_record": {"kind": "account", "record": "Redwood Plastics", "fields": {"industry": "Plastics"}},
    "update_records": {"kind": "deal", "filters": ["owner = me", "status = open"], "fields": {"source": "web"}},
    "update_task": {"task": "Polish the brass", "due": "Friday"},
    "undo_change": {},
}


@pytest.fixture(scope="module")
def address(site: Site):  # noqa: F811
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(config_of(compose(site.runtime, site.runtime.settings)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)


@asynccontextmanager
async def connected(address, token):
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
    ):
        yield client


def test_every_tool_runs_with_hints_from_its_effect(site, address):  # noqa: F811
    async def run():
        async with connected(address, site.token(site.email_of("admin"), ASSISTANT)) as client:
            offered = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(offered) == {tool.name for tool in TOOLS}
            given = {**ARGUMENTS, "convert_lead": {"lead": site.one("lead", status="working").id}}
            answers = {name: await client.call_tool(name, given.get(name, {})) for name in sorted(offered)}
        for tool in TOOLS:
            hints = offered[tool.name].annotations
            assert hints.read_only_hint == (tool.effect is ToolEffect.READ)
            assert hints.destructive_hint in (False, not hints.read_only_hint)
            answer = answers[tool.name]
            assert answer.content[0].text
            assert answer.structured_content["result"], tool.name
        wrong = {name: answer.content[0].text for name, answer in answers.items() if answer.is_error}
        assert not wrong

    anyio.run(run)


def test_what_needs_a_yes_waits_for_the_person(site, address):  # noqa: F811
    async def run():
        async with connected(address, site.token(REP, ASSISTANT)) as client:
            wanted = {"deal": "Blue Heron pilot", "stage": "lost", "lost_reason": "price"}
            answer = await client.call_tool("update_deal", wanted)
            assert not answer.is_error
            return answer.structured_content["pending_approval"]["approval_id"]

    approval = anyio.run(run)
    deal = site.one("deal", name="Blue Heron pilot")
    assistant = site.client(REP, ASSISTANT)
    assert assistant.post(f"/v1/approvals/{approval}", json={"yes": True}).status_code == 403
    assert assistant.post("/v1/chat", json={"text": "yes"}).status_code == 403
    assert site.one("deal", name="Blue Heron pilot").stage_id == deal.stage_id
    person = site.browser(REP)
    assert approval in [each["approval_id"] for each in person.get("/v1/approvals").json()["items"]]
    assert person.post(f"/v1/approvals/{approval}", json={"yes": True}).status_code == 200
    assert site.one("deal", name="Blue Heron pilot").stage_id != deal.stage_id
    changes = person.get(f"/v1/audit?record={deal.id}").json()["items"]
    assert changes[0]["who"] == "Marcus Lee"


def test_a_token_that_may_only_read_sees_only_readers(site, address):  # noqa: F811
    async def run():
        async with connected(address, site.token(REP, ("read", "mcp"))) as client:
            offered = (await client.list_tools()).tools
            assert all(tool.annotations.read_only_hint for tool in offered)
            refused = await client.call_tool("create_task", {"title": "No"})
            assert refused.is_error

    anyio.run(run)


def test_the_tokens_person_decides_what_is_seen(site, address):  # noqa: F811
    async def run(email):
        async with connected(address, site.token(email, ASSISTANT)) as client:
            return (await client.call_tool("list_records", {"kind": "quota"})).structured_content["result"][
                "count"
            ]

    assert anyio.run(run, MANAGER) > anyio.run(run, REP) == 1


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer dh_wrong"}])
def test_strangers_and_other_sites_are_refused(site, address, headers):  # noqa: F811
    assert httpx2.post(f"{address}/mcp", json={}, headers=headers).status_code == 401
    token = {"Authorization": f"Bearer {site.token(REP, ASSISTANT)}", "Origin": "https://evil.example"}
    assert httpx2.post(f"{address}/mcp", json={}, headers=token).status_code == 403
    without = {"Authorization": f"Bearer {site.token(REP, ('read',))}"}
    assert httpx2.post(f"{address}/mcp", json={}, headers=without).status_code == 401


def test_over_standard_input_and_output(site):  # noqa: F811
    environment = {
        **os.environ,
        "DEALHAND_HOME": str(site.runtime.settings.home),
        "DEALHAND_TOKEN": site.token(REP, ASSISTANT),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    server = StdioServerParameters(command=sys.executable, args=["-m", "cli.main", "mcp"], env=environment)

    async def run():
        async with Client(server) as client:
            answer = await client.call_tool("query_metric", {"metric": "deal_count", "filters": ["status = open"]})
            assert not answer.is_error
            assert "deals" in answer.content[0].text

    anyio.run(run)
