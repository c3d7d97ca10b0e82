"""Files of others: headers of two well-known systems, encodings, XLSX, and rows that do not fit."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from crm_store.transfer import import_folder, snapshot_rows

STAGES = """name,order,status,probability,forecast_category
Open,1,open,20,pipeline
Proposal/Price Quote,2,open,50,best_case
Won,3,won,100,closed
Lost,4,lost,0,omitted
"""
USERS = "email,name,role,team\nrae@x.example,Rae Rep,rep,Field\nmo@x.example,Mo Chef,manager,Field\n"
BASE = {"users.csv": USERS, "stages.csv": STAGES, "accounts.csv": "name,owner_email\nBeta Ltd,rae@x.example\n"}


@pytest.fixture
def take_in(tmp_path, clock):
    """Imports files (name -> text or bytes) into one and the same store; gives the report and the rows."""
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    store = open_store(url, clock)
    count = iter(range(99))

    def call(files, principal=SYSTEM, **options):
        folder = tmp_path / f"files{next(count)}"
        folder.mkdir()
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (folder / name).write_bytes(data)
        return import_folder(store, principal, folder, **options), snapshot_rows(url)

    call.store = store
    yield call
    store.close()


def only(rows, kind, **wanted):
    """The one record of the kind with these cells."""
    found = [row for row in rows[kind].values() if all(row[name] == cell for name, cell in wanted.items())]
    assert len(found) == 1, found
    return found[0]


def reasons(report):
    return [(each.file, each.line, each.column) for each in report.rejections]


FIXTURES = Path(__file__).parent / "files"


def files_of(system):
    """The small export of a system that lies in this folder."""
    return {path.name: path.read_bytes() for path in (FIXTURES / system).iterdir()}


HUBSPOT, SALESFORCE = files_of("hubspot"), files_of("salesforce")


def test_files_of_hubspot(take_in):
    report, rows = take_in({**BASE, **HUBSPOT})
    assert reasons(report) == []
    account = only(rows, "account", name="Gamma, Inc.")
    assert (account["employees"], account["annual_revenue"], account["domain"]) == (
        "1200",
        "2500000",
        "gamma.example",
    )
    assert account["owner_email"] == "rae@x.example"
    assert only(rows, "contact", name="Ana Lopez")["title"] == "CFO"
    assert only(rows, "contact", name="王伟")["opted_out"] == "true"
    deal = only(rows, "deal", name="Gamma rollout")
    assert (deal["stage"], deal["amount"], deal["close_date"]) == (
        "Proposal/Price Quote",
        "125000.5",
        "2026-06-30",
    )
    assert {offer.column for offer in report.offered_fields} == {"Lead Status"}


def test_files_of_salesforce_point_by_their_own_numbers(take_in):
    report, rows = take_in({**BASE, **SALESFORCE})
    assert reasons(report) == []
    assert only(rows, "contact", name="Jo Frank")["account"] == "Delta GmbH"
    won = only(rows, "deal", name="Delta line")
    assert (won["account"], won["close_date"], won["forecast_category"]) == ("Delta GmbH", "2026-02-28", "closed")
    assert won["closed_at"] == "2026-02-28T12:00:00+00:00"
    assert only(rows, "deal", name="Delta two")["close_date"] == "2026-03-04"


@pytest.mark.parametrize("files", [HUBSPOT, SALESFORCE], ids=["hubspot", "salesforce"])
def test_a_second_import_of_others_files_changes_nothing(take_in, files):
    _, before = take_in({**BASE, **files}, create_fields=True)
    report, after = take_in({**BASE, **files}, create_fields=True)
    assert (report.created, report.updated, report.rejected) == (0, 0, 0)
    assert after == before


def test_chinese_headers_in_gb18030(take_in):
    text = "客户名称,负责人,行业,员工数\n上海澄海,rae@x.example,食品,１２０\n"
    report, rows = take_in({**BASE, "客户.csv": text.encode("gb18030")})
    assert reasons(report) == []
    assert only(rows, "account", name="上海澄海")["employees"] == "120"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(take_in, encoding):
    _, rows = take_in({**BASE, "accounts.csv": "name,industry\n苏州恒锐,刀具\n".encode(encoding)})
    assert only(rows, "account", name="苏州恒锐")["industry"] == "刀具"


def test_xlsx(take_in, tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["Task", "Due date", "Assigned to", "Priority", "Created"])
    sheet.append(["Call Ana", datetime(2026, 3, 12), "rae@x.example", "Medium", datetime(2026, 3, 1, 9, 30)])
    sheet.append([12.0, None, None, None, None])
    book.save(tmp_path / "book.xlsx")
    report, rows = take_in({**BASE, "tasks.xlsx": (tmp_path / "book.xlsx").read_bytes()})
    assert reasons(report) == []
    task = only(rows, "task", title="Call Ana")
    assert (task["due"], task["priority"], task["created_at"]) == (
        "2026-03-12",
        "normal",
        "2026-03-01T09:30:00+00:00",
    )
    only(rows, "task", title="12")


def test_counts_add_up_and_each_rejected_row_is_told(take_in):
    deals = (
        "name,account,stage,amount,close_date\n"
        "Good,Beta Ltd,Open,100,2026-05-01\n"
        "Bad amount,Beta Ltd,Open,ten,2026-05-01\n"
        "Bad day,Beta Ltd,Open,1,2026-02-30\n"
        "Bad stage,Beta Ltd,Nowhere,1,2026-05-01\n"
        "Bad account,Nobody Inc,Open,1,2026-05-01\n"
        ",Beta Ltd,Open,1,2026-05-01\n"
        "Short,Beta Ltd\n"
        "Huge,Beta Ltd,Open,1e30,2026-05-01\n"
        "Far,Beta Ltd,Open,1,9999-99-99\n"
        "Nul,Beta\x00 Ltd,Open,1,2026-05-01\n"
        "Good too,Beta Ltd,Won,,\n"
    )
    report, rows = take_in({**BASE, "deals.csv": deals})
    counts = next(each for each in report.files if each.file == "deals.csv")
    assert (counts.read, counts.created, counts.rejected) == (11, 2, 9)
    assert reasons(report) == [
        ("deals.csv", 3, "amount"), ("deals.csv", 4, "close_date"), ("deals.csv", 5, "stage"),
        ("deals.csv", 6, "account"), ("deals.csv", 7, "name"), ("deals.csv", 8, ""),
        ("deals.csv", 9, "amount"), ("deals.csv", 10, "close_date"), ("deals.csv", 11, "account"),
    ]  # fmt: skip
    assert {row["name"] for row in rows["deal"].values()} == {"Good", "Good too"}


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        ("", 1, "empty"),
        ("\n\n", 1, "empty"),
        ('name,owner_email\nA,rae@x.example\n"B,rae@x.example\nC,\n', 3, "quotation mark"),
        ('name\n"A"x"\n', 2, "quotation mark"),
        ("name,name\nA,B\n", 1, "twice"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 200, 0, "not a text file"),
        (b"PK\x03\x04" + b"x" * 400, 0, "not a text file"),
        (b"name\n\xff\xfe\xff\xff\n", 0, "neither UTF-8"),
    ],
    ids=["empty", "blank", "open-quote", "stray-quote", "doubled", "binary", "zip", "latin"],
)
def test_a_broken_file_is_refused_whole_and_clearly(take_in, content, line, word):
    report, rows = take_in({"users.csv": USERS, "accounts.csv": content})
    assert [(each.file, each.line) for each in report.rejections] == [("accounts.csv", line)]
    assert word in report.rejections[0].reason
    assert rows["account"] == {}
    assert len(rows["user"]) == 2


def test_a_broken_workbook_is_refused(take_in):
    report, _ = take_in({"accounts.xlsx": b"PK\x03\x04 not really"})
    assert "not a readable XLSX" in report.rejections[0].reason


def test_unknown_files_and_columns_are_told(take_in):
    deals = "name,account,Region Score,Renewal?,Next QBR,Zip\nA,Beta Ltd,7,yes,2026-05-01,00123\n"
    files = {**BASE, "deals.csv": deals, "weather.csv": "day\n1\n", "notes.docx": "x"}
    report, rows = take_in(files)
    assert report.unknown_files == ["notes.docx", "weather.csv"]
    assert {(each.column, each.name, each.type) for each in report.offered_fields} == {
        ("Region Score", "region_score", "integer"), ("Renewal?", "renewal", "boolean"),
        ("Next QBR", "next_qbr", "date"), ("Zip", "zip", "text"),
    }  # fmt: skip
    assert rows["field"] == {}
    report, rows = take_in(files, create_fields=True)
    assert len(report.created_fields) == 4
    deal = only(rows, "deal", name="A")
    assert (deal["region_score"], deal["renewal"], deal["next_qbr"], deal["zip"]) == (
        "7",
        "true",
        "2026-05-01",
        "00123",
    )


def test_a_changed_cell_updates_and_an_empty_one_does_not(take_in):
    take_in({**BASE, "deals.csv": "name,account,stage,amount,next_step\nA,Beta Ltd,Open,10,call\n"})
    report, rows = take_in({"deals.csv": "name,account,stage,amount,next_step\nA,Beta Ltd,Won,12,\n"})
    assert (report.created, report.updated) == (0, 1)
    deal = only(rows, "deal", name="A")
    assert (deal["stage"], deal["amount"], deal["next_step"]) == ("Won", "12", "call")
    moves = [(row["from_stage"], row["to_stage"]) for row in rows["stage_change"].values()]
    assert moves == [(None, "Open"), ("Open", "Won")]
    with take_in.store.unit_of_work(SYSTEM, writes=False) as uow:
        deal = uow.all("deal")[0]
        assert deal.version == 2


def test_names_are_told_apart_by_the_account(take_in):
    files = {
        **BASE,
        "accounts.csv": "name\nBeta Ltd\nAlpha AG\n",
        "contacts.csv": "name,account\nKim Lee,Beta Ltd\nKim Lee,Alpha AG\n",
        "interactions.csv": "id,type,occurred_at,account,contacts\n"
        "1,call,2026-03-01,Alpha AG,Kim Lee\n2,call,2026-03-01,,Kim Lee\n",
    }
    report, rows = take_in(files)
    assert reasons(report) == [("interactions.csv", 3, "contacts")]
    assert only(rows, "interaction", id="1")["contacts"] == ["Kim Lee"]


def test_a_day_that_may_be_two_is_not_guessed(take_in):
    header = "name,account,close_date\n"
    report, _ = take_in({**BASE, "deals.csv": f"{header}A,Beta Ltd,3/4/2026\n"})
    assert reasons(report) == [("deals.csv", 2, "close_date")]
    _, rows = take_in({**BASE, "deals.csv": f"{header}A,Beta Ltd,3/4/2026\nB,Beta Ltd,30/4/2026\n"})
    assert only(rows, "deal", name="A")["close_date"] == "2026-04-03"


def test_a_rep_imports_within_their_rights(store, store_url, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "deals.csv").write_text(
        "name,account,owner_email,stage,next_step\n"
        "Fresh,Acme Foods,tom@northstar.example,Proposal,mine\n"
        "Not mine,Acme Foods,ella@northstar.example,Proposal,theirs\n"
        "Solstice pilot,Solstice Solar,,,changed\n"
        "Hidden,上海澄海食品集团,tom@northstar.example,Proposal,unseen account\n",
        encoding="utf-8",
    )
    before = snapshot_rows(store_url)
    report = import_folder(store, find_principal(store, "tom@northstar.example"), folder)
    assert (report.created, report.rejected) == (1, 3)
    assert "no account called" in next(each.reason for each in report.rejections if each.line == 5)
    after = snapshot_rows(store_url)
    assert {row["name"] for id_, row in after["deal"].items() if id_ not in before["deal"]} == {"Fresh"}
    assert all(after["deal"][id_] == row for id_, row in before["deal"].items())


def test_progress_is_told(take_in):
    seen = []
    take_in(BASE, on_progress=lambda file, rows: seen.append((file, rows)))
    assert ("stages.csv", 4) in seen


@pytest.mark.parametrize("cell", ["Infinity", "1e999999999", "12.5", "3000000000", "nan"])
def test_numbers_that_no_field_can_hold_are_rejected(take_in, cell):
    report, _ = take_in({**BASE, "accounts.csv": f"name,employees\nBeta Ltd,{cell}\n"})
    assert reasons(report) == [("accounts.csv", 2, "employees")]


@pytest.mark.parametrize("cell", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "soon"])
def test_times_that_no_calendar_has_are_rejected(take_in, cell):
    report, _ = take_in({**BASE, "interactions.csv": f"type,occurred_at\ncall,{cell}\n"})
    assert reasons(report) == [("interactions.csv", 2, "occurred_at")]


def test_an_account_is_known_again_by_its_domain_if_only_the_legal_form_differs(take_in):
    header = "name,domain,industry\n"
    take_in({"users.csv": USERS, "accounts.csv": f"{header}Kestrel Air,kestrel.example,\nAcme,acme.example,\n"})
    more = f'{header}"Kestrel Air, Inc.",kestrel.example,Flight\nAcme Robots,acme.example,Robots\n'
    report, rows = take_in({"accounts.csv": more})
    assert (report.created, report.updated) == (1, 1)
    assert {row["name"] for row in rows["account"].values()} == {"Kestrel Air, Inc.", "Acme", "Acme Robots"}
