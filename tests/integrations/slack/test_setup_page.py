"""The set-up page, the manifest and the code say the same: scopes, events, commands, settings."""

import re
from pathlib import Path

import pytest

from cli.slack import app as slack_commands
from core.settings import Settings
from integrations import slack
from integrations.slack.manifest import bot_events, bot_scopes, manifest

PAGE = (Path(__file__).parents[3] / "docs" / "slack-setup.md").read_text()
CODE = {path: path.read_text() for path in Path(slack.__file__).parent.rglob("*.py")}

# What Slack's documentation says that each method of ours needs; several where each kind of conversation has its own.
KINDS = ("channels", "groups", "im", "mpim")
READ, HISTORY = tuple(f"{kind}:read" for kind in KINDS), tuple(f"{kind}:history" for kind in KINDS)
NEEDS = {
    "agents_sessions_setStatus": ("chat:write",),
    "apps_connections_open": (),
    "assistant_threads_setStatus": ("assistant:write",),
    "assistant_threads_setSuggestedPrompts": ("assistant:write",),
    "apps_manifest_export": (),
    "auth_test": (),
    "bots_info": ("users:read",),
    "chat_appendStream": ("chat:write",),
    "chat_getPermalink": (),
    "chat_postEphemeral": ("chat:write",),
    "chat_postMessage": ("chat:write",),
    "chat_startStream": ("chat:write",),
    "chat_stopStream": ("chat:write",),
    "chat_unfurl": ("links:write",),
    "chat_update": ("chat:write",),
    "conversations_history": HISTORY,
    "conversations_info": READ,
    "conversations_members": READ,
    "conversations_open": ("im:write",),
    "conversations_replies": HISTORY,
    "files_info": ("files:read",),
    "files_upload_v2": ("files:write",),
    "users_info": ("users:read",),
    "users_lookupByEmail": ("users:read.email",),
    "views_open": (),
    "views_publish": (),
    "views_update": (),
}
EVENTS_NEED = {
    "app_mention": "app_mentions:read",
    "link_shared": "links:read",
    **{f"message.{kind}": f"{kind}:history" for kind in KINDS},
}
_METHOD = re.compile(
    r"\.((?:agents|apps|assistant|auth|bots|chat|conversations|files|users|views)_[a-z_]+[A-Za-z_0-9]*)\("
)
_NAMED = re.compile(r'"((?:apps|assistant)\.[a-z]+\.[A-Za-z]+)"')


def listed(heading: str) -> list[str]:
    """What the first column of the table with that heading names."""
    table = PAGE.split(f"| {heading} | what for |\n|---|---|\n")[1].split("\n\n")[0]
    return [name for row in table.splitlines() for name in re.findall("`([^`]+)`", row.split("|")[1])]


@pytest.mark.parametrize(("heading", "asked"), [("scope", bot_scopes()), ("event", bot_events())])
def test_the_page_lists_what_the_manifest_asks_for(heading, asked):
    assert sorted(listed(heading)) == sorted(asked)


def test_the_manifest_asks_for_what_the_methods_and_events_need_and_for_no_more():
    used = {name for code in CODE.values() for name in _METHOD.findall(code)}
    used |= {name.replace(".", "_") for code in CODE.values() for name in _NAMED.findall(code)}
    assert used == set(NEEDS), "say in NEEDS which scope the method takes (docs.slack.dev/reference/methods)"
    needed = {scope for name in used for scope in NEEDS[name]} | {"commands"}
    needed |= {EVENTS_NEED[event] for event in bot_events() if event in EVENTS_NEED}
    assert needed == set(bot_scopes())


def test_the_page_tells_of_each_command_and_shortcut_and_of_none_that_is_not_there():
    features = manifest()["features"]
    for shortcut in features["shortcuts"]:
        assert f"**{shortcut['name']}**" in PAGE
    assert {each["command"] for each in features["slash_commands"]} == set(re.findall(r"`(/deal)[` ]", PAGE))
    there = {command.name or command.callback.__name__ for command in slack_commands.registered_commands}
    assert set(re.findall(r"dealhand slack ([a-z]+)", PAGE)) <= there
    settings = {f"DEALHAND_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"DEALHAND_[A-Z_]+", PAGE)) <= settings


def test_each_event_that_the_app_subscribes_to_is_listened_to():
    listeners = "".join(code for path, code in CODE.items() if path.parent.name == "listeners")
    for event in {event.split(".")[0] for event in bot_events()} - {"app_context_changed"}:
        assert f'"{event}"' in listeners, event
    for callback in [each["callback_id"] for each in manifest()["features"]["shortcuts"]]:
        assert f'app.shortcut("{callback}")' in listeners
