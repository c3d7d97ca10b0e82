"""`dealhand voice` with a transcription endpoint on this machine: one confirmation, parts left out, what is refused."""

import json
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.cli.conftest import MARCUS

recordings = pytest.importorskip("tests.speech.recordings", reason="the extra `speech` is not installed")

NOTE = (
    "Visited Copper Line Mining today with Hanna Moreno and their new CFO Robert Lang. She says the price is too high "
    "and they are also looking at Sensoria. Move Copperline pilot to Proposal. I promised to send her the pricing by "
    "Friday."
)


class Endpoint(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, body))
        content = json.dumps({"text": self.server.text, "language": self.server.language, "duration": 2}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        return None


@pytest.fixture
def endpoint(home, monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.text, server.language, server.status, server.asked = NOTE, "english", 200, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("DEALHAND_SPEECH_MODEL", "whisper-1")
    monkeypatch.setenv("DEALHAND_SPEECH_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
    monkeypatch.setenv("DEALHAND_SPEECH_API_KEY", "key")
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "visit.m4a"
    path.write_bytes(recordings.encode(recordings.tone(2), "ipod"))
    return path


def written(home):
    with sqlite3.connect(home / "dealhand.sqlite3") as store:
        return store.execute("SELECT count(*) FROM audit_entry").fetchone()[0]


def test_everything_stands_in_one_confirmation_with_its_words_and_parts_are_left_out(
    dealhand, home, endpoint, note
):
    before = written(home)
    shown = dealhand("voice", note, "--as", MARCUS)
    assert shown.code == 0
    assert "Names put right: Copper Line Mining → Copperline Mining" in shown.said
    assert "from: “I promised to send her the pricing by Friday.”" in shown.said
    assert "from: the whole note" in shown.said
    assert "Objection (price)" in shown.said
    assert "Nothing was written" in shown.err
    assert written(home) == before
    path, body = endpoint.asked[0]
    assert path == "/v1/audio/transcriptions"
    assert b"Copperline Mining" in body

    places = {line.split("]")[1].strip(): line[1] for line in shown.out.splitlines() if line.startswith("[")}
    person = next(number for what, number in places.items() if what.startswith("created contact Robert Lang"))
    task = next(number for what, number in places.items() if what.startswith("created task"))
    done = dealhand("voice", note, "--as", MARCUS, "--without", f"{person},{task}")
    assert done.code == 0
    assert "Logged visit" in done.said
    assert "Created contact" not in done.said
    assert "Created task" not in done.said
    assert written(home) > before


@pytest.mark.parametrize(
    ("text", "language", "says"),
    [
        ("", "english", "No speech could be made out"),
        ("Thank you. " * 30, "english", "No speech could be made out"),
        ("Guten Tag, wir hatten ein Gespräch.", "german", "another language (german)"),
    ],
)
def test_what_is_no_note_is_refused_and_nothing_is_written(dealhand, home, endpoint, note, text, language, says):
    endpoint.text, endpoint.language = text, language
    before = written(home)
    done = dealhand("voice", note, "--as", MARCUS, "--yes")
    assert (done.code, says in done.err + done.out) == (2, True)
    assert written(home) == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty (0 bytes)"),
        (b"no sound, only words " * 100, "damaged, cut off or no recording"),
        (recordings.encode(recordings.tone(20), "ipod")[:30_000], "damaged, cut off"),
        (recordings.encode(recordings.tone(5) * 0, "wav"), "only silence"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_recording_is_refused_before_anybody_is_asked(
    dealhand, home, endpoint, tmp_path, content, says
):
    path, before = tmp_path / "odd.m4a", written(home)
    if content is not None:
        path.write_bytes(content)
    done = dealhand("voice", path, "--as", MARCUS, "--yes")
    assert (done.code, says in done.err + done.out) == (2, True)
    assert not endpoint.asked
    assert written(home) == before


def test_an_endpoint_that_fails_and_none_at_all_are_named(dealhand, endpoint, note, monkeypatch):
    endpoint.status = 404
    failed = dealhand("voice", note, "--as", MARCUS, "--yes")
    assert failed.code == 3
    assert "DEALHAND_SPEECH_BASE_URL" in failed.err
    monkeypatch.setenv("DEALHAND_SPEECH_MODEL", "")
    monkeypatch.setenv("DEALHAND_WHISPER_MODEL", "")
    nothing = dealhand("voice", note, "--as", MARCUS, "--yes")
    assert nothing.code == 3
    assert "DEALHAND_WHISPER_MODEL" in nothing.err


def test_doctor_checks_the_model_folder(dealhand, home, tmp_path, monkeypatch):
    folder = tmp_path / "whisper-base"
    folder.mkdir()
    monkeypatch.setenv("DEALHAND_WHISPER_MODEL", str(folder))
    lacking = dealhand("doctor")
    assert lacking.code != 0
    assert "lacks model.bin" in lacking.said
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        (folder / name).write_text("{}")
    (folder / "model.bin").write_bytes(b"0" * 2_000_000)
    assert "whisper-base, 2 MB" in dealhand("doctor").said
