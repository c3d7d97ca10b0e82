"""Transcription by an OpenAI-compatible endpoint (`/audio/transcriptions`)."""

from collections.abc import Sequence

from core.errors import OperatorFixableError
from speech.audio import Audio
from speech.transcript import Progress, Transcript
from speech.whisper import MOST_HOTWORD_CHARS


class TranscriptionError(OperatorFixableError):
    """The endpoint could not be reached or gave no transcript."""


class EndpointTranscriber:
    """Sends the recording as it is; names go along as the prompt."""

    def __init__(self, model: str, base_url: str, api_key: str, timeout_s: float = 120.0) -> None:
        self._model, self._base_url, self._key, self._timeout_s = model, base_url, api_key, timeout_s

    def transcribe(
        self, audio: Audio, recording: bytes, names: Sequence[str], progress: Progress, language: str = ""
    ) -> Transcript:
        """The transcript."""
        from openai import OpenAI, OpenAIError, omit

        client = OpenAI(base_url=self._base_url or None, api_key=self._key or "none", timeout=self._timeout_s)
        prompt = ", ".join(names)[:MOST_HOTWORD_CHARS]
        try:
            found = client.audio.transcriptions.create(
                model=self._model,
                file=("note.wav", _wav(audio)),
                prompt=prompt,
                response_format="verbose_json",
                language=language or omit,
            )
        except OpenAIError as error:
            raise TranscriptionError(
                f"The transcription endpoint gave no transcript ({type(error).__name__}); check "
                "DEALHAND_SPEECH_BASE_URL and DEALHAND_SPEECH_MODEL."
            ) from error
        progress(1.0)
        heard = str(getattr(found, "language", "") or language or _script(found.text))
        return Transcript(found.text.strip(), {"english": "en", "chinese": "zh"}.get(heard, heard))


def _wav(audio: Audio) -> bytes:
    import io
    import wave

    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((audio.samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
    return out.getvalue()


def _script(text: str) -> str:
    return "zh" if any("一" <= char <= "鿿" for char in text) else "en"
