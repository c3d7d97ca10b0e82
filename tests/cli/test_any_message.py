"""Whatever is written, a turn ends with a reply, and nothing changes unless the text asks for a change."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agent import Reply, Turn, build_runtime, run_turn
from cli.render import draw
from cli.terminal import open_console
from core.clock import FixedClock
from core.parts import Failure
from core.settings import Settings
from tests.cli.conftest import MARCUS

QUICK, THOROUGH = 300, 10_000
SPEAKERS = (MARCUS, "dana@northstar.example", "chenli@northstar.example", "sam@northstar.example")

# Each piece is one that a message may hold without asking for a change.
NAMES = (
    "Meridian pilot", "Redwood", "Acme", "Ines Kowalski", "Leah", "Tom Alvarez", "Priya's",
    "Northstar", "陈立", "宁波远航电机有限公司", "远航电机扩容", "卫涛", "Voltaic", "T-1001",
    "marcus@northstar.example",
)  # fmt: skip
WORDS = (
    "the", "of", "and", "with", "for", "pipeline", "deal", "deals", "my", "which", "what",
    "how many", "quarter", "Friday", "tomorrow", "30 June", "2026-02-30", "85k", "USD 1.2m", "-5%",
    "总额", "商机", "客户", "我的", "多少", "下周五", "月底", "三百五十万", "8万", "if", "not",
    "maybe", "?", "!", "…", "。", ";", "--", "/", "'", '"', "{}", "[/]", "[red]", "<b>", "%s",
    "${x}", "\\", "'; --", "NULL", "0", "1e308", "∞", "NaN", "١٢٣", "Ⅷ", "½",
)  # fmt: skip
STRANGE = (
    "\ufffe", "\uffff", "\ufeff", "\u200b", "\u200d", "\u202e", "\u2066", "\x00", "\x1b[31m",
    "\x9b", "\x7f", "\r", "\x0c", "👩‍👩‍👧", "🇨🇳", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "e\u0301\u0302\u0303\u0304",
    "Z̷̢͈a̴l̸g̵o̶", "مرحبا بالعالم", "שלום עולם", "สวัสดี", "नमस्ते", "𝕯𝖊𝖆𝖑", "𠮷", "ﷺ", "ß", "İ",
    "ı", "ﬀ", "Ａｃｍｅ", "\U0010ffff", "\u2028", "\u2029", "\u0085",
)  # fmt: skip
REPEATED = ("the", "Friday", "85k", "8万", "\\", "👩‍👩‍👧")
# Scripts in which no message asks for anything; Latin and Han come through the words above and by chance below.
FOREIGN = st.text(st.characters(min_codepoint=0x370, max_codepoint=0x2DFF, exclude_categories=["Cs"]), max_size=40)
PIECES = st.one_of(st.sampled_from(NAMES), st.sampled_from(WORDS), st.sampled_from(STRANGE), FOREIGN)
MIXED = st.builds(
    lambda pieces, separator: separator.join(pieces),
    st.lists(PIECES, max_size=14),
    st.sampled_from([" ", "", "\n", ", ", "，", "\t", "\u3000"]),
)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
LONG = st.builds(lambda text, size: (text * size)[:size], MIXED.filter(bool), st.integers(200, 20_000))
MESSAGES = st.one_of(*[MIXED] * 12, *[ANYTHING] * 7, LONG)

# Words with which a text may ask for a change, should chance write one.
TRIGGERS = (
    "add", "log", "set", "put", "win", "won", "los", "del", "new", "mov", "call", "met", "task",
    "undo", "redo", "yes", "改", "建", "记", "删", "撤", "设", "加", "移", "推", "赢", "输", "转",
    "提醒", "打", "见", "更", "标", "把", "好", "是",
)  # fmt: skip


@pytest.fixture(scope="module")
def company(northstar_template, northstar_now, tmp_path_factory):
    """A runtime for the whole module, and how many changes its audit holds."""
    folder = tmp_path_factory.mktemp("any_message")
    path = folder / "store.sqlite3"
    shutil.copyfile(northstar_template, path)
    settings = Settings(home=folder, database_url=f"sqlite:///{path}")
    runtime = build_runtime(settings, clock=FixedClock(northstar_now))
    with closing(sqlite3.connect(path)) as connection:
        yield runtime, lambda: connection.execute("SELECT count(*) FROM audit_entry").fetchone()[0]
    runtime.close()


def check(company, speaker, text):
    runtime, changes = company
    before = changes()
    reply = run_turn(runtime, Turn(speaker, text))
    assert reply.parts
    assert not reply.of_type(Failure)
    assert Reply.model_validate_json(reply.model_dump_json()) == reply
    for part in reply.parts:
        draw(part, reply.language)
    if not any(trigger in text.casefold() for trigger in TRIGGERS):
        assert changes() == before, text
        assert not reply.undo


@pytest.mark.slow
@settings(
    max_examples=THOROUGH if settings.get_current_profile_name() == "thorough" else QUICK,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # turns are too slow to shrink; the text is shown
)
@given(speaker=st.sampled_from(SPEAKERS), text=MESSAGES)
def test_any_message_is_answered_and_changes_nothing(company, speaker, text):
    check(company, speaker, text)


@pytest.mark.parametrize("piece", [*STRANGE, *WORDS])
def test_one_piece_repeated_to_the_limit(company, piece):
    if not any(trigger in piece.casefold() for trigger in TRIGGERS):
        check(company, MARCUS, (piece * 20_000)[:20_000] if piece in REPEATED else piece)


def test_the_drawing_of_replies_needs_no_terminal(company):
    runtime, _ = company
    for part in run_turn(runtime, Turn(MARCUS, "pipeline by stage")).parts:
        open_console().print(draw(part, "en"))
