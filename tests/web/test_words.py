"""The words of the page: the same keys in both languages, none missing for what the server declares, all used."""

import json
import re
from pathlib import Path

import pytest
import yaml

from crm_store.principals import Role
from crm_store.schema import NOUNS
from crm_store.tokens import SCOPES

WEB = Path(__file__).parents[2] / "api/web"
EN, ZH = (json.loads((WEB / "words" / f"{each}.json").read_text(encoding="utf-8")) for each in ("en", "zh"))
SCRIPTS = "\n".join(path.read_text(encoding="utf-8") for path in sorted(WEB.rglob("*.js")))
# Names that are written in Latin letters in Chinese, too.
LATIN = {
    "API", "MCP", "CRM", "CSV", "XLSX", "ZIP", "HubSpot", "Salesforce", "Slack", "Shift", "AI", "Prometheus",
    "Dealhand", "token", "webhook", "read", "write",
}  # fmt: skip


def test_both_languages_have_the_same_keys_and_blanks():
    assert EN.keys() == ZH.keys()
    for key in EN:
        assert set(re.findall(r"\{\w+\}", EN[key])) == set(re.findall(r"\{\w+\}", ZH[key])), key


@pytest.mark.parametrize("key", sorted(ZH))
def test_chinese_has_no_english_but_names(key):
    words = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", ZH[key])))
    assert words <= LATIN


def test_what_the_server_declares_has_words():
    wanted = [f"{form}.{kind}" for kind in NOUNS for form in ("kind", "kinds")]
    wanted += [f"scope.{name}" for name in SCOPES]
    wanted += [f"{form}.{role.value}" for role in Role if role is not Role.SYSTEM for form in ("choice", "roles")]
    assert [key for key in wanted if key not in EN] == []


def test_every_key_in_the_scripts_has_words():
    used = set(re.findall(r"""\bt\(\s*"([\w.\- =<>!]+)\"""", SCRIPTS))
    assert sorted(used - EN.keys()) == []


def test_currencies_are_called_as_in_answers():
    names = yaml.safe_load((WEB.parents[1] / "language/data/money.yaml").read_text(encoding="utf-8"))["names_zh"]
    assert dict(re.findall(r"(\b[A-Z]{3}): \"([^\"]+)\"", SCRIPTS)) == names
