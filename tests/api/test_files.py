"""Export and import over HTTP are those of the command, within the caller's rights."""

import io
import zipfile

from tests.api.conftest import MANAGER, REP


def test_what_was_exported_changes_nothing_when_it_comes_back(site):
    client = site.client(MANAGER)
    archive = client.get("/v1/export").content
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        assert "deals.csv" in files.namelist()
    report = client.post("/v1/import", files={"file": ("all.zip", archive)}).json()
    counts = {each["file"]: each for each in report["files"]}
    assert counts["deals.csv"]["read"] == counts["deals.csv"]["unchanged"]


def test_bad_files_are_told_and_nothing_is_written_outside(site):
    client = site.client(REP)
    assert client.post("/v1/import", files={"file": ("x.zip", b"no zip")}).status_code == 400
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../evil.csv", "name\nA")
    report = client.post("/v1/import", files={"file": ("x.zip", packed.getvalue())})
    assert report.status_code == 200
    assert report.json()["unknown_files"] == ["evil.csv"]
