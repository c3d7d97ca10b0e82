"""What was exported comes in again as it was, whatever the texts; and shows nobody more than they may see."""

import csv
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_store.directory import find_principal
from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from crm_store.transfer import FolderNotEmptyError, export_folder, import_folder, snapshot_rows

KNOWN_TROUBLE = ("=1+1", "+49 30 1", "-2", "@SUM(A1)", "'quoted", "'=x", "''", "a;b", 'say "hi"', "line\r\nbreak",
                 "\ttab", "🙂", "ＡＢＣ", " padded ", "\\;", "\u2028", "\ufeff")  # fmt: skip
nasty = st.sampled_from(KNOWN_TROUBLE) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40
)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def round_trip(store, store_url, tmp_path):
    """Exports the store, imports the files into a new one, and gives both snapshots."""
    folder, url = tmp_path / uuid.uuid4().hex, f"sqlite:///{tmp_path / uuid.uuid4().hex}.sqlite3"
    export_folder(store, SYSTEM, folder)
    other = open_store(url, store.clock)
    report = import_folder(other, SYSTEM, folder)
    again = import_folder(other, SYSTEM, folder)
    other.close()
    assert report.rejections == []
    assert (again.created, again.updated, again.rejected) == (0, 0, 0)
    return without_company(snapshot_rows(store_url)), without_company(snapshot_rows(url))


def without_company(rows):
    """The one row of the company has no file of its own, so its id is made anew."""
    return {kind: list(found.values()) if kind == "company" else dict(found) for kind, found in rows.items()}


def make_everything(store):
    """One record at least of each kind that the demo world lacks, and custom fields of each type."""
    with store.unit_of_work(SYSTEM) as uow:
        for type_ in ("text", "long_text", "integer", "amount", "date", "boolean", "choice"):
            values = {"kind": "deal", "name": f"own_{type_}", "label_en": type_, "type": type_}
            uow.create("field", {**values, "choices": ["a", "b"] if type_ == "choice" else []})
        uow.session.info.pop("custom_fields", None)
        deal = uow.all("deal")[0]
        user = uow.all("user")[1]
        contact = uow.all("contact")[0]
        own = {
            "own_text": "=1+1", "own_long_text": "two\nlines", "own_integer": 7, "own_amount": Decimal("1.50"),
            "own_date": date(2026, 1, 2), "own_boolean": True, "own_choice": "b",
        }  # fmt: skip
        uow.update("deal", deal, own)
        tag = {"name": "vip;key", "record_kind": "deal", "record_id": deal.id, "owner": user.id}
        uow.create("tag", tag)
        uow.create("draft", {"subject": "Re: hello", "body": "+1", "to": (contact.id,), "owner": user.id,
                             "deal": deal.id, "facts": ["a;b", "c\\d"]})  # fmt: skip
        uow.create("quota", {"user": user.id, "period": "2026-Q1", "amount": Decimal(500)})
        uow.create("suggestion", {"action": "call", "deal": deal.id, "owner": user.id, "why": "silent",
                                  "expires_at": datetime(2026, 4, 1, 1, 2, 3, 4, tzinfo=UTC)})  # fmt: skip
        uow.create(
            "own_rule",
            {"name": "big; loose", "fix": "Plan it.", "conditions": ["amount > 100000 USD", "next_step is_empty"]},
        )
        uow.create("action", {"name": "site_tour", "label_en": "site tour", "signs": ["tour of; the plant"]})
        uow.create("schedule", {"job": "brief", "rule": "mon-fri 08:30", "owner": user.id})
        uow.create("forecast_adjustment", {"user": user.id, "period": "2026-Q1", "amount": Decimal(-100)})
        uow.create(
            "campaign", {"name": "Spring fair", "source": "event", "cost": Decimal(1200), "currency": "EUR"}
        )
        uow.create("account", {"name": "Twin"})
        twin = uow.create("account", {"name": "Twin", "aliases": ["T;W", "double"]})
        same = uow.create("contact", {"name": "Ann Same", "account": twin.id})
        other = uow.create("contact", {"name": "Ann Same", "account": twin.id})
        uow.create("interaction", {"type": "call", "occurred_at": uow.now, "contacts": (same.id, other.id)})
        uow.commit()


def test_everything_comes_back_as_it_was(store, store_url, tmp_path):
    make_everything(store)
    before, after = round_trip(store, store_url, tmp_path)
    assert after == before
    assert all(before[kind] for kind in before if kind != "snapshot")


@settings(max_examples=25)
@given(name=nasty.filter(str.strip), body=nasty, phone=nasty, alias=nasty.map(str.strip).filter(bool))
def test_any_text_survives_a_round_trip(tmp_path, clock, name, body, phone, alias):
    url = f"sqlite:///{tmp_path / uuid.uuid4().hex}.sqlite3"
    store = open_store(url, clock)
    with store.unit_of_work(SYSTEM) as uow:
        account = uow.create("account", {"name": name, "aliases": [alias]})
        contact = uow.create("contact", {"name": name, "account": account.id, "phone": phone})
        uow.create("interaction", {"type": "note", "occurred_at": uow.now, "body": body, "account": account.id,
                                   "contacts": (contact.id,)})  # fmt: skip
        uow.commit()
    before, after = round_trip(store, url, tmp_path)
    store.close()
    assert after == before


def test_texts_that_a_spreadsheet_would_run_are_disarmed(northstar_store, tmp_path):
    with northstar_store.unit_of_work(SYSTEM) as uow:
        uow.create("account", {"name": "=cmd|' /C calc'!A0", "aliases": ["@x"]})
        uow.commit()
    export_folder(northstar_store, SYSTEM, tmp_path / "out")
    for path in (tmp_path / "out").glob("*.csv"):
        for row in read(path):
            for column, cell in row.items():
                assert not cell.startswith(("=", "+", "@", "\t", "\r")), (path.name, column, cell)


def test_an_export_shows_only_what_the_asker_may_see(store, tmp_path):
    make_everything(store)
    sam = find_principal(store, "sam@northstar.example")
    export_folder(store, sam, tmp_path / "sam")
    deals = read(tmp_path / "sam" / "deals.csv")
    assert len(deals) == 120
    assert not {"amount", "discount", "competitor", "lost_reason"} & set(deals[0])
    for absent in ("deal_products.csv", "leads.csv", "quotas.csv"):
        assert not (tmp_path / "sam" / absent).exists()
    tom = find_principal(store, "tom@northstar.example")
    export_folder(store, tom, tmp_path / "tom")
    everything = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "tom").glob("*.csv"))
    assert "上海澄海食品集团" not in everything
    assert "Halden pilot" in everything
    assert {row["user_email"] for row in read(tmp_path / "tom" / "quotas.csv")} == {"tom@northstar.example"}


def test_an_export_overwrites_nothing(northstar_store, tmp_path):
    (tmp_path / "deals.csv").write_text("mine")
    with pytest.raises(FolderNotEmptyError):
        export_folder(northstar_store, SYSTEM, tmp_path)
    assert (tmp_path / "deals.csv").read_text() == "mine"
