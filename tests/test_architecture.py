"""Rules of the house that a checker of code cannot know; each failure says what to do."""

import ast
import re
from pathlib import Path

import pytest

from cli.reference import pages
from tools.registry import TOOLS

ROOT = Path(__file__).parents[1]
PACKAGES = (
    "core",
    "language",
    "crm_store",
    "memory",
    "analytics",
    "tools",
    "agent",
    "evals",
    "cli",
    "integrations",
    "speech",
    "jobs",
    "briefings",
    "api",
)
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
MOST_LINES = 400
VAGUE_NAMES = {"utils", "helpers", "common", "misc", "manager"}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_modules_are_small_documented_and_named_for_what_they_hold(path):
    text = path.read_text(encoding="utf-8")
    assert path.stem not in VAGUE_NAMES, "name the module for what it holds"
    assert ast.get_docstring(ast.parse(text)), "say in the module docstring what lives here and what does not"
    if "migrations" not in path.parts:
        assert text.count("\n") <= MOST_LINES, "split the module: it has outgrown its room"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_no_error_is_swallowed_and_nothing_is_left_open(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"except( Exception| BaseException)?:", text), "catch the errors that you can answer"
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", text), "do it, or say it in the documentation"


@pytest.mark.parametrize("path", sorted(pages()))
def test_generated_pages_are_current(path):
    assert (ROOT / path).read_text(encoding="utf-8") == pages()[path], "run: make docs"


@pytest.mark.parametrize("name", TOOLS.names())
def test_every_tool_is_tested(name):
    tests = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert any(re.search(rf"\b{name}\b", text) for text in tests), f"write a test that calls {name}"


def test_no_phrase_names_a_record_of_the_demonstration():
    names = set()
    for table, columns in {"accounts": (0, 1), "contacts": (0,), "users": (1,), "deals": (0,)}.items():
        lines = (ROOT / "evals/worlds/northstar" / f"{table}.csv").read_text(encoding="utf-8").splitlines()[1:]
        names |= {line.split(",")[column] for line in lines for column in columns}
    distinct = {name for name in names if " " in name or not name.isascii()}
    for path in (ROOT / "language").rglob("*.yaml"):
        data = "\n".join(line.split("#")[0] for line in path.read_text(encoding="utf-8").splitlines())
        found = [name for name in distinct if name in data]
        assert not found, f"{relative(path)} names {found}: phrases have to hold for every company"
