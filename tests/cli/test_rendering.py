"""Parts drawn in a terminal: everything stands as it is, at 80 columns, in both languages."""

import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from cli.render import draw
from cli.terminal import visible, visible_json
from core.parts import (
    ApprovalRequest,
    ChangeReceipt,
    Chart,
    Column,
    Declined,
    Draft,
    Failure,
    FieldChange,
    Figure,
    NotKnown,
    Question,
    RecordRef,
    Series,
    Table,
    Text,
)

HOSTILE = (
    "[red]x[/red]", "[/]", "[link=http://x]y[/link]", ":smile:", "*a* _b_ ~~c~~", "<b>d</b>", "&amp;",
    "[e](http://f)", "\\[g", "a_b_c",
)  # fmt: skip


def shown(part, language="en", width=400):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(draw(part, language))
    return console.file.getvalue()


def parts(name):
    ref = RecordRef(kind="deal", id="deal_1", name=name)
    change = FieldChange(field="name", label=name, before=name, after=name)
    receipt = ChangeReceipt(action="updated", record=ref, headline=name, fields=(change,), undo="eff_1")
    column = Column(name="a", label=name, unit=name)
    series = Series(name="s", values=(1.0,))
    return {
        "text": Text(text=f"- {name}"),
        "title": Table(title=name, columns=(column,), rows=(), note=name),
        "table": Table(columns=(column,), rows=((name,),)),
        "chart": Chart(shape="bar", title="", labels=(name,), series=(series,), unit=name),
        "receipt": receipt,
        "approval": ApprovalRequest(
            approval_id="a", text=name, changes=(receipt,), reasons=(name,), expires_at="2026-03-11"
        ),
        "question": Question(text=name, candidates=(ref,)),
        "choices": Question(text="?", choices=(name,)),
        "draft": Draft(id="d", to=(name,), subject=name, body=name, language="en"),
        "declined": Declined(text=name),
        "not known": NotKnown(text=name),
        "failure": Failure(text=name),
        "figure": Figure(
            metric="m", label="l", value=1.0, text=name, formula=name, filter_in_words=name,
            as_of=name, n=1, n_of=1, left_out=(name,),
        ),
    }  # fmt: skip


@pytest.mark.parametrize("kind", parts("x"))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_markup_in_names_is_shown_as_it_is(kind, language):
    for name in HOSTILE:
        assert name in shown(parts(name)[kind], language)


@pytest.mark.parametrize("kind", parts("x"))
@given(name=st.text(st.characters(categories=["Cc", "Cf", "L", "Nd", "Po"]), max_size=60))
def test_no_name_brings_a_control_character_in(kind, name):
    text = shown(parts(name)[kind])
    assert not any((ord(char) < 32 and char != "\n") or 0x7F <= ord(char) <= 0x9F for char in text)
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068") & set(text)


@pytest.mark.parametrize("kind", parts("x"))
def test_everything_fits_into_80_columns(kind):
    name = "A long 名称 that goes on " * 8
    lines = shown(parts(name.strip())[kind], width=80).split("\n")
    assert max(Console(width=400).measure(line.rstrip()).maximum for line in lines) <= 80


def test_what_texts_are_written_with_is_drawn():
    lists = "- one\n* two\n\n1. three"
    text = shown(Text(text=f"## Head\n**strong** and `co_de`\n\n{lists}\n\n| a | b |\n|---|---|\n| c | d |"))
    for words in ("Head\n", "strong and co_de", " • one", " • two", " 1 three", " c  d"):
        assert words in "\n".join(line.rstrip() for line in text.split("\n")) + "\n", words
    assert not any(mark in text for mark in ("**", "`", "##", "\\"))


def test_a_creation_does_not_repeat_its_name_and_a_deletion_not_its_fields():
    ref = RecordRef(kind="task", id="task_1", name="Call Ines")
    fields = tuple(
        FieldChange(field=name, label=name, before="—", after=after)
        for name, after in (("title", "Call Ines"), ("due", "Fri 13 March 2026"))
    )
    created, deleted = (
        shown(ChangeReceipt(action=action, record=ref, headline=headline, fields=fields, undo=undo))
        for action, headline, undo in (
            ("created", "Created task Call Ines", "eff_1"),
            ("deleted", "Deleted task Call Ines", "eff_2"),
        )
    )
    assert created.split("\n")[:3] == ["✔ Created task Call Ines", "    due: Fri 13 March 2026", "    undo: eff_1"]
    assert deleted.split("\n")[:2] == ["✔ Deleted task Call Ines", "    undo: eff_2"]


def test_a_short_log_shows_its_text():
    ref = RecordRef(kind="interaction", id="interaction_1", name="Called Ines")
    fields = tuple(
        FieldChange(field=name, label=name, before="—", after="Called Ines") for name in ("subject", "body")
    )
    told = shown(ChangeReceipt(action="created", record=ref, headline="Logged call", fields=fields, undo="eff_1"))
    assert told.split("\n")[:3] == ["✔ Logged call", "    body: Called Ines", "    undo: eff_1"]


def test_signs_for_control_characters():
    assert visible("a\x1b[0m\r\n\tb\x7f\x9b\u202e\ud800") == "a␛[0m\n\tb␡⟨U+009B⟩⟨U+202E⟩⟨U+D800⟩"
    assert visible("مرحبا 你好 👩‍👩‍👧 é") == "مرحبا 你好 👩‍👩‍👧 é"
    assert visible_json('{"a": "\x9b中"}\n') == '{"a": "\\u009b中"}\n'
    assert all(visible(char) == char for char in map(chr, itertools.chain([9, 10], range(32, 127))))
