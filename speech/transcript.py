"""What a transcription gives, and the protocol of whoever makes one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from speech.audio import Audio

LANGUAGES = ("en", "zh")

# Called with the share that is done, from 0 to 1.
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words as they were heard. `language` is a code; `confidence` is the provider's mean, from 0 to 1."""

    text: str
    language: str
    confidence: float = 1.0


class Transcriber(Protocol):
    """Turns samples into words. `names` are likely to be said; `recording` is the whole file."""

    def transcribe(
        self, audio: Audio, recording: bytes, names: Sequence[str], progress: Progress, language: str = ""
    ) -> Transcript:
        """The transcript.

        Raises:
            SpeechNotInstalledError, TranscriptionError.
        """
        ...
