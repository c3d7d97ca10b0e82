"""How well dictated notes are heard and understood: word error rate, names, fields end to end, real-time factor.

Run as `python -m evals.bench_speech [-v]` after `make speech`, or with DEALHAND_WHISPER_MODEL. Notes are spoken by
machines, which sound less like a person than a person does.
"""

import os
import re
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
from core.settings import Settings
from crm_store.transfer import import_world
from evals.speaking import lacking, speak, whisper_folder
from language.numbers.chinese import chinese_number
from language.numbers.digits import Quantity
from language.numbers.english import english_number
from speech.audio import decode
from speech.whisper import WhisperTranscriber

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=ZoneInfo("America/New_York"))
LANGUAGES = ("en", "zh", "mixed")


def main() -> int:
    """Prints one line for each language, with and without the names of the CRM put right."""
    folder = whisper_folder()
    if folder is None:
        print("needs a Whisper model: make speech, or DEALHAND_WHISPER_MODEL")
        return 1
    notes = yaml.safe_load((files("evals") / "data" / "speech_notes.yaml").read_text(encoding="utf-8"))
    transcriber = WhisperTranscriber(folder)
    with tempfile.TemporaryDirectory(prefix="dealhand-bench-") as place:
        runtime = _runtime(Path(place))
        for language in LANGUAGES:
            some = [each for each in notes if each["language"] == language]
            lacks = lacking(language)
            print(f"{language}: {lacks}" if lacks else _measured(runtime, transcriber, some, language))
        runtime.close()
    print(f"model: {folder.name}; load {os.getloadavg()[0]:.1f}")
    return 0


def _runtime(folder: Path) -> Any:
    url = f"sqlite:///{folder / 'bench.sqlite3'}"
    with as_file(files("evals").joinpath("worlds", "northstar")) as world:
        import_world(url, world, clock=FixedClock(NOW))
    settings = Settings(home=folder, database_url=url, memory_enabled=False)
    return build_runtime(settings, clock=FixedClock(NOW))


def _measured(runtime: Any, transcriber: Any, notes: list[dict[str, Any]], language: str) -> str:
    errors = length = names = heard_names = raw_names = found = proposed = wanted = 0
    spent = sounded = 0.0
    for note, recording in zip(notes, speak([each["text"] for each in notes], language), strict=True):
        sounded += decode(recording).seconds
        began = time.process_time()
        user = f"{note['who']}@northstar.example"
        spoken = take_voice_note(runtime, user, recording, transcriber, where="bench", channel="bench")
        spent += time.process_time() - began
        if "-v" in sys.argv:
            print(f"said:  {note['text']}\nheard: {spoken.heard.heard}\nread:  {spoken.heard.text}")
            print("  ".join(f"{name}={value}" for name, value in _fields(spoken.reply).items()), "\n")
        said, got = _units(note["text"]), _units(spoken.heard.text)
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
        f"{language}: n={len(notes)}, {'word' if language == 'en' else 'character'} error rate "
        f"{errors / length:.1%}, names {raw_names}/{names} as heard, {heard_names}/{names} put right, "
        f"fields {found}/{wanted} (F1 {f1:.2f}), "
        f"CPU {spent / sounded:.2f} × the length of the sound"
    )


def _units(text: str) -> list[str]:
    """Words of English, characters of Chinese; numbers as figures, however they are written."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", text.casefold())
    plain = re.sub(
        r"[一二两三四五六七八九十百千万]+", lambda found: _figure(chinese_number(found[0]), found[0]), plain
    )
    words = re.findall(r"[一-鿿]|[a-z]+|\d+", plain)
    units, i = [], 0
    while i < len(words):
        length = next((n for n in (3, 2, 1) if words[i].isalpha() and english_number(words[i : i + n])), 0)
        units.append(_figure(english_number(words[i : i + length]), "") if length else words[i])
        i += length or 1
    return units


def _figure(number: Quantity | None, otherwise: str) -> str:
    return f"{int(number.value)}" if number is not None else otherwise


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
