"""Voice clips: Slack's own transcript, else our speech recognition; the words become the message."""

import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from agent.voice import as_note, spoken_names
from crm_store.principals import Principal
from integrations.slack.calls import attempt
from integrations.slack.files import MOST_BYTES, FileRefusedError, download
from integrations.slack.place import Place
from integrations.slack.service import TURNS, Slack
from integrations.slack.words import say
from language.script import language_of
from speech.audio import RecordingError
from speech.correcting import correct
from speech.hearing import Heard as Note
from speech.hearing import hear as hear_recording

# When to look again for a transcript that Slack is still at work on.
LOOKS_S = (2, 4, 8, 16, 30)
_AUDIO_NAMES = (".m4a", ".mp3", ".wav", ".ogg", ".oga", ".opus", ".flac", ".aac", ".amr", ".webm", ".mp4")
_VTT_TIME = re.compile(r"^\d{2}:\d{2}[\d:.]* --> ")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message's files say: the words, or what to tell the person; `waits`: it is looked at again later.

    `note` is the last clip as it was heard, with names put right.
    """

    text: str = ""
    trouble: str = ""
    waits: bool = False
    note: Note | None = None


def is_audio(file: Mapping[str, Any]) -> bool:
    """Whether a file is speech: Slack's clips by their marks, uploads by type or name (both may be missing)."""
    if file.get("subtype") == "slack_audio" or file.get("media_display_type") == "audio":
        return True
    return str(file.get("mimetype") or mime_of(file)).startswith("audio/")


def mime_of(file: Mapping[str, Any]) -> str:
    """The type of a clip: from its name where Slack gives none; clips that are called video hold sound only."""
    given = str(file.get("mimetype") or "")
    named = mimetypes.guess_type(str(file.get("name") or ""))[0] or ""
    found = given or named or ("audio/mp4" if str(file.get("name", "")).endswith(_AUDIO_NAMES) else "")
    clip = file.get("subtype") == "slack_audio" or file.get("media_display_type") == "audio"
    return found.replace("video/", "audio/") if clip else found


def hear(slack: Slack, place: Place, asker: Principal, payload: Mapping[str, Any]) -> Heard:
    """The words of a message's voice clips."""
    language = asker.locale[:2]
    texts: list[str] = []
    note: Note | None = None
    for file in payload["files"]:
        if not is_audio(file):
            return Heard("\n".join(texts), say(language, "no_files", name=file.get("name", "")))
        heard = _hear_one(slack, place, asker, file, int(payload.get("looks", 0)), language)
        if heard.waits:
            _look_again(slack, place, payload)
            return heard
        if heard.trouble:
            return Heard("\n".join(texts), heard.trouble)
        texts.append(heard.text)
        note = heard.note
    return Heard("\n".join(texts), note=note)


def _hear_one(
    slack: Slack, place: Place, asker: Principal, file: Mapping[str, Any], looks: int, language: str
) -> Heard:
    client = slack.client(place)
    if looks or file.get("file_access") == "check_file_info" or "transcription" not in file:
        found = attempt(lambda: client.files_info(file=str(file["id"])))
        file = {**file, **(found["file"] if found is not None else {})}
    transcription = file.get("transcription") or {}
    if transcription.get("status") == "complete":
        text = _complete(slack, place, file, transcription)
        if text:
            fixed, corrections = correct(text, spoken_names(slack.runtime, asker))
            seconds = float(file.get("duration_ms") or 0) / 1000
            return _noted(Note(fixed, text, language_of(text), seconds, tuple(corrections)))
    if transcription.get("status") == "processing" and looks < len(LOOKS_S):
        return Heard(waits=True)
    return _listen(slack, place, asker, file, language)


def _complete(slack: Slack, place: Place, file: Mapping[str, Any], transcription: Mapping[str, Any]) -> str:
    preview = transcription.get("preview") or {}
    if preview.get("has_more") and file.get("vtt"):
        try:
            return words_of_vtt(_fetch(slack, place, str(file["vtt"])).decode("utf-8", errors="replace"))
        except FileRefusedError:
            return ""
    return "" if preview.get("has_more") else str(preview.get("content") or "").strip()


def _listen(slack: Slack, place: Place, asker: Principal, file: Mapping[str, Any], language: str) -> Heard:
    name = str(file.get("name") or "audio")
    if slack.transcriber is None:
        return Heard(trouble=say(language, "no_speech"))
    if int(file.get("size") or 0) > MOST_BYTES:
        return Heard(trouble=say(language, "file_too_large", name=name))
    try:
        audio = _fetch(slack, place, str(file.get("url_private_download") or file.get("url_private") or ""))
        return _noted(hear_recording(audio, slack.transcriber, spoken_names(slack.runtime, asker)))
    except FileRefusedError:
        return Heard(trouble=say(language, "no_transcript", name=name))
    except RecordingError as error:
        return Heard(trouble=error.text(language))


def _noted(note: Note) -> Heard:
    return Heard(as_note(note), note=note)


def _fetch(slack: Slack, place: Place, url: str) -> bytes:
    token = slack.workspaces.find(place.workspace, place.enterprise).token
    return download(url, token, api_url=slack.runtime.settings.slack_api_url)


def _look_again(slack: Slack, place: Place, payload: Mapping[str, Any]) -> None:
    looks = int(payload.get("looks", 0))
    slack.jobs.enqueue(
        TURNS,
        "turn",
        {**payload, "looks": looks + 1},
        key=f"slack:{place.workspace}:{place.channel}:{place.ts}:look:{looks + 1}",
        partition=place.partition,
        run_at=datetime.now(UTC) + timedelta(seconds=LOOKS_S[looks]),
    )


def words_of_vtt(text: str) -> str:
    """The spoken words of a WebVTT file, without times and speaker dashes."""
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines()]
    spoken = [
        line.removeprefix("- ").strip()
        for line in lines
        if line
        and not line.startswith(("WEBVTT", "NOTE", "STYLE"))
        and not _VTT_TIME.match(line)
        and not line.isdigit()
    ]
    return " ".join(re.sub(r"<[^>]+>", "", line) for line in spoken if line)
