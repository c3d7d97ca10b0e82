"""`dealhand import` and `dealhand export`: round trips, and everything that a folder may hold by mistake."""

import filecmp

import pytest

from tests.cli.conftest import ADMIN, MARCUS, assert_one_line


def write(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_export_and_import_give_the_same_again(home, dealhand, tmp_path, monkeypatch):
    assert dealhand("export", tmp_path / "first").code == 0
    again = dealhand("import", tmp_path / "first")
    assert again.code == 0
    assert "undo:" not in again.out

    monkeypatch.setenv("DEALHAND_HOME", str(tmp_path / "other"))
    done = dealhand("import", tmp_path / "first")
    assert done.code == 0, done.out
    assert "\x1b" not in done.out
    assert dealhand("export", tmp_path / "second").code == 0
    names = sorted(path.name for path in (tmp_path / "first").iterdir())
    same, different, missing = filecmp.cmpfiles(tmp_path / "first", tmp_path / "second", names, shallow=False)
    assert (different, missing) == ([], [])
    assert "deals.csv" in same


def test_an_export_holds_what_someone_may_see(home, dealhand, tmp_path):
    whole, part = dealhand("export", tmp_path / "all"), dealhand("export", "--as", MARCUS, tmp_path / "mine")
    assert (whole.code, part.code) == (0, 0)
    assert len((tmp_path / "mine/deals.csv").read_text()) < len((tmp_path / "all/deals.csv").read_text())


def test_rejected_rows_are_told_with_file_line_column_and_reason(home, dealhand, tmp_path):
    folder = write(
        tmp_path / "in",
        accounts="name,owner_email,employees\nGood Ltd,marcus@northstar.example,12\n"
        "Bad Ltd,marcus@northstar.example,a dozen\nLost Ltd,nobody@northstar.example,3\n",
    )
    done = dealhand("import", folder)
    assert done.code == 1
    assert "accounts.csv:3:employees: " in done.out
    assert "is not a whole number" in done.out
    assert "accounts.csv:4:owner_email: " in done.out
    counts = next(line for line in done.out.splitlines() if "accounts.csv" in line and "│" in line)
    assert [cell.strip() for cell in counts.split("│")[1:-1]] == ["accounts.csv", "3", "1", "0", "0", "2"]
    handle = done.out.rsplit("undo: ", 1)[1].strip()
    assert dealhand("undo", "--as", ADMIN, handle).code == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02\x03" * 500,
        b'name,domain\n"never closed,x\n' * 3,
        b"%PDF-1.7 \xff\xfe",
        b"name,name\na,b\n",
        b"\xff\xfe\x00",
        b"only one line",
    ],
    ids=["empty", "binary", "open quote", "pdf", "column twice", "half a character", "no rows"],
)
def test_a_broken_file_is_reported_and_the_others_are_taken_in(home, dealhand, tmp_path, content):
    folder = write(tmp_path / "in", contacts="name,account,email\nNew Person,Acme Robotics,new@acme.example\n")
    (folder / "accounts.csv").write_bytes(content)
    done = dealhand("import", folder)
    assert done.code in (0, 1)
    assert "Traceback" not in done.out + done.err
    assert "accounts.csv" in done.out
    assert "undo: " in done.out


def test_files_that_are_none_are_left_aside(home, dealhand, tmp_path):
    folder = write(tmp_path / "in", holidays="day\n2026-01-01\n")
    (folder / "deals.csv").mkdir()
    (folder / "accounts.xlsx").write_bytes(b"no workbook")
    done = dealhand("import", folder)
    assert done.code == 1
    assert "holidays.csv: no kind of record is known" in done.out
    assert "accounts.xlsx: accounts.xlsx is not a readable XLSX file." in done.out
    assert "deals.csv cannot be opened: Is a directory." in done.out


def test_an_empty_folder_is_told(home, dealhand, tmp_path):
    done = dealhand("import", write(tmp_path / "in"))
    assert done.code == 1
    assert "There was no file to take in" in done.out


def test_what_is_no_folder_is_refused(home, dealhand, tmp_path):
    (tmp_path / "file").write_text("x")
    assert_one_line(dealhand("import", tmp_path / "nowhere"), 2, "is no folder that can be read")
    assert_one_line(dealhand("import", tmp_path / "file"), 2, "is no folder that can be read")
    assert_one_line(dealhand("export", tmp_path / "file"), 2, "cannot be written")
    assert_one_line(dealhand("export", tmp_path), 2, "is not empty")
    assert_one_line(dealhand("export", tmp_path / "file" / "below"), 2, "cannot be written")
    assert_one_line(dealhand("export", "--as", "nobody@x.example", tmp_path / "out"), 2, "nobody@x.example")


def test_names_cannot_steer_the_terminal_through_a_file(home, dealhand, tmp_path):
    evil = "Evil\x1b[31m[red]x[/red][/]\x9b2J\u202e"
    folder = write(tmp_path / "in", accounts=f"name,owner_email\n{evil},nobody@x.example\n{evil} 2,{MARCUS}\n")
    (folder / "\x1b[2J[bold]x.csv").write_text("a\n1\n")
    shown = dealhand("import", folder).out + dealhand("audit", "--as", MARCUS, "--record", "Evil").out
    assert "[bold]x.csv" in shown
    assert "Evil␛[31m[red]x[/red][/]⟨U+009B⟩2J⟨U+202E⟩" in shown
    assert not set("\x1b\x9b\u202e") & set(shown)
