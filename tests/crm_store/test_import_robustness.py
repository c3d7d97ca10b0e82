"""Whatever is in a file, an import ends with a report whose counts add up, and says the same the second time."""

import csv
import io
import uuid

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm_store.opening import open_store
from crm_store.principals import SYSTEM
from crm_store.schema import NOUNS
from crm_store.transfer import import_folder, snapshot_rows

FILES = tuple(noun.csv for noun in NOUNS.values() if noun.csv)
FAST = (Phase.explicit, Phase.reuse, Phase.generate)
HEADERS = tuple(
    sorted({spec.header for noun in NOUNS.values() for spec in noun.fields} | {"dealhand_id", "Zusatz"})
)
ODD_CELLS = (
    "", "x", "1", "-1", "1e400", "NaN", "Infinity", "true", "2026-02-30", "2026-03-10", "31/12/2025", "0001-01-01",
    "9999-12-31T23:59:59-14:00", "=1+1", "'", "a;b", ";", "won", "open", "rep", "a@b.example", "12:00", "call",
    "99999999999999999999", "account", "deal_0", "1_000", "٣", "2026-13-01T25:61",
)  # fmt: skip
cells = st.sampled_from(ODD_CELLS) | st.text(max_size=8)
rows = st.lists(st.lists(cells, min_size=1, max_size=9), max_size=6)
tables = st.tuples(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=9, unique=True), rows)


def as_csv(table):
    header, lines = table
    text = io.StringIO()
    csv.writer(text).writerows([header, *lines])
    return text.getvalue().encode("utf-8", "replace")


def take_in(folder, clock, files):
    """Imports the files into a new store twice; gives both reports and both states."""
    url = f"sqlite:///{folder / uuid.uuid4().hex}.sqlite3"
    place = folder / uuid.uuid4().hex
    place.mkdir()
    for name, content in files.items():
        (place / name).write_bytes(content)
    store = open_store(url, clock)
    first, before = import_folder(store, SYSTEM, place, create_fields=True), snapshot_rows(url)
    second, after = import_folder(store, SYSTEM, place, create_fields=True), snapshot_rows(url)
    store.close()
    return first, before, second, after


def check(first, before, second, after):
    for report in (first, second):
        assert report.read == report.created + report.updated + report.unchanged + report.rejected
    assert second.created == 0
    assert {kind: len(found) for kind, found in after.items()} == {
        kind: len(found) for kind, found in before.items()
    }


@settings(max_examples=15, suppress_health_check=list(HealthCheck), phases=FAST)
@given(files=st.dictionaries(st.sampled_from(FILES), tables.map(as_csv), max_size=4))
def test_tables_of_anything(tmp_path, clock, files):
    check(*take_in(tmp_path, clock, files))


@settings(max_examples=15, suppress_health_check=list(HealthCheck), phases=FAST)
@given(name=st.sampled_from((*FILES, "deals.xlsx", "tasks.tsv", "world.json")), content=st.binary(max_size=300))
def test_bytes_of_anything(tmp_path, clock, name, content):
    check(*take_in(tmp_path, clock, {name: content}))
