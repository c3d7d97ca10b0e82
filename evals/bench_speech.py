"""How well dictated notes are heard and understood: word error rate, names, fields end to end, real-time factor.

Run as `python -m evals.bench_speech`; the model folder is DEALHAND_WHISPER_MODEL. Notes are spoken by espeak-ng,
which sounds less like a person than a person does, so the figures are a floor.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from rapidfuzz.distance import Levenshtein

from agent.runtime import build_runtime
from agent.voice import take_voice_note
from core.clock import FixedClock
from core.settings import Settings, load_settings
from crm_store.transfer import import_world
from speech.audio import decode
from speech.hearing import open_transcriber

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=ZoneInfo("America/New_York"))
VOICES = {"en": "en-us", "zh": "cmn"}


def main() -> int:
    """Prints one line for each language, with and without the names of the CRM put right."""
    program = shutil.which("espeak-ng")
    if program is None or load_settings().whisper_model is None:
        print("needs espeak-ng and DEALHAND_WHISPER_MODEL")
        return 1
    notes = yaml.safe_load((files("evals") / "data" / "speech_notes.yaml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="dealhand-bench-") as folder:
        runtime, transcriber = _runtime(Path(folder)), open_transcriber(load_settings())
        for language in VOICES:
            some = [each for each in notes if each["language"] == language]
            print(_measured(runtime, transcriber, program, some, language))
        runtime.close()
    print(f"base: {load_settings().whisper_model}; load {os.getloadavg()[0]:.1f}")
    return 0


def _runtime(folder: Path) -> Any:
    url = f"sqlite:///{folder / 'bench.sqlite3'}"
    with as_file(files("evals").joinpath("worlds", "northstar")) as world:
        import_world(url, world, clock=FixedClock(NOW))
    settings = Settings(home=folder, database_url=url, memory_enabled=False)
    return build_runtime(settings, clock=FixedClock(NOW))


def _measured(runtime: Any, transcriber: Any, program: str, notes: list[dict[str, Any]], language: str) -> str:
    errors = length = names = heard_names = raw_names = found = proposed = wanted = 0
    spent = sounded = 0.0
    for note in notes:
        command = [program, "-v", VOICES[language], "-s", "150", "--stdout", note["text"]]
        recording = subprocess.run(command, capture_output=True, check=True).stdout
        sounded += decode(recording).seconds
        began = time.process_time()
        user = f"{note['who']}@northstar.example"
        spoken = take_voice_note(runtime, user, recording, transcriber, where="bench", channel="bench")
        spent += time.process_time() - began
        said, got = _units(note["text"], language), _units(spoken.heard.text, language)
        errors, length = errors + Levenshtein.distance(said, got), length + len(said)
        names += len(note["names"])
        heard_names += sum(name.casefold() in spoken.heard.text.casefold() for name in note["names"])
        raw_names += sum(name.casefold() in spoken.heard.heard.casefold() for name in note["names"])
        fields = _fields(spoken.reply)
        found += sum(_has(fields, each) for each in note["fields"])
        wanted += len(note["fields"])
        proposed += len([name for name in fields if name in {each.split("=")[0] for each in note["fields"]}])
    recall, precision = found / wanted, found / proposed if proposed else 0.0
    f1 = 2 * recall * precision / (recall + precision) if found else 0.0
    return (
        f"{language}: n={len(notes)}, {'character' if language == 'zh' else 'word'} error rate "
        f"{errors / length:.1%}, names {raw_names}/{names} as heard, {heard_names}/{names} put right, "
        f"fields {found}/{wanted} (F1 {f1:.2f}), "
        f"CPU {spent / sounded:.2f} × the length of the sound"
    )


def _units(text: str, language: str) -> list[str]:
    if language == "zh":
        return re.findall(r"[一-鿿]|[a-z0-9]+", text.casefold())
    return re.findall(r"[a-z0-9]+", text.casefold().replace("forty", "40"))


def _fields(reply: Any) -> dict[str, str]:
    return {
        f"{change.record.kind}.{field.field}": field.after
        for approval in reply.approvals
        for change in approval.changes
        for field in change.fields
    }


def _has(fields: dict[str, str], wanted: str) -> bool:
    """Dates are compared by their parts, as fields are worded for people."""
    name, _, value = wanted.partition("=")
    there = fields.get(name, "").casefold()
    day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value)
    if day is None:
        return value.casefold() in there
    return day[1] in there and re.search(rf"\b0?{int(day[3])}\b|{int(day[3])}日", there) is not None


if __name__ == "__main__":
    sys.exit(main())
