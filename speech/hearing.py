"""From a recording to a transcript that can be acted on: decoded, transcribed, checked, names put right."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.settings import Settings
from speech.audio import RecordingError, SpeechNotInstalledError, decode
from speech.correcting import Correction, correct
from speech.endpoint import EndpointTranscriber
from speech.transcript import LANGUAGES, Progress, Transcriber
from speech.whisper import WhisperTranscriber

# Less sure than this throughout is music or noise.
LEAST_CONFIDENCE = 0.3
_FEWEST_CHARS = 3


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice note as text. `heard` is word for word what was transcribed; `text` has the names put right."""

    text: str
    heard: str
    language: str
    seconds: float
    corrections: tuple[Correction, ...] = ()


def open_transcriber(settings: Settings) -> Transcriber:
    """The transcriber that settings name: a model folder, or an endpoint.

    Raises:
        SpeechNotInstalledError: neither is set up.
        WhisperModelError: the folder lacks a file.
    """
    if settings.speech_model:
        key = settings.speech_api_key.get_secret_value()
        return EndpointTranscriber(settings.speech_model, settings.speech_base_url, key)
    if settings.whisper_model is None:
        raise SpeechNotInstalledError(
            "Voice notes need a transcriber: a faster-whisper model folder (DEALHAND_WHISPER_MODEL) or an "
            "endpoint (DEALHAND_SPEECH_MODEL, DEALHAND_SPEECH_BASE_URL); see docs/voice.md."
        )
    return WhisperTranscriber(Path(settings.whisper_model).expanduser())


def hear(
    recording: bytes, transcriber: Transcriber, names: Sequence[str], *, progress: Progress | None = None
) -> Heard:
    """The transcript of a recording in English or Chinese.

    Args:
        recording: The bytes of the file.
        transcriber: Who turns sound into words.
        names: Names of the asker's records, the likeliest first: they help to hear, and put words right.
        progress: Told the share that is done.

    Raises:
        RecordingError: empty, too large or long, no recording, silent, no speech, or another language.
    """
    audio = decode(recording)
    found = transcriber.transcribe(audio, recording, names, progress or (lambda share: None))
    if len(found.text.strip(" .,…。，")) < _FEWEST_CHARS or _runs_away(found.text):
        raise _no_speech()
    if found.language not in LANGUAGES:
        raise RecordingError(
            f"This sounds like another language ({found.language}); English and Chinese are understood.",
            zh=f"这似乎是其他语言（{found.language}）；目前支持英语和中文。",
        )
    if found.confidence < LEAST_CONFIDENCE:
        raise _no_speech()
    text, corrections = correct(found.text, names)
    return Heard(text, found.text, found.language, audio.seconds, tuple(corrections))


def _no_speech() -> RecordingError:
    return RecordingError(
        "No speech could be made out (music, noise, or too quiet).",
        zh="无法识别语音（可能是音乐、噪音或声音太小）。",
    )


def _runs_away(text: str) -> bool:
    """A model that hears nothing says the same again and again."""
    pieces = text.split() if text.isascii() else [text[i : i + 4] for i in range(0, len(text), 4)]
    return len(pieces) >= 12 and len(set(pieces)) / len(pieces) < 0.25
