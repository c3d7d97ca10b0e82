"""Transcription on this machine: faster-whisper with a model folder (CTranslate2 format)."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.errors import OperatorFixableError
from speech.audio import Audio, SpeechNotInstalledError
from speech.transcript import LANGUAGES, Progress, Transcript

# What a folder has to hold.
FILES = ("model.bin", "config.json")
# Whisper reads hotwords of about this many characters; more push out what was said before.
MOST_HOTWORD_CHARS = 400
_ZH_PROMPT = "以下是普通话的客户拜访记录，使用简体中文。涉及：{names}。"


class WhisperModelError(OperatorFixableError):
    """The model folder is not there or lacks a file."""


def check_folder(folder: Path) -> str:
    """What the folder holds, in words.

    Raises:
        WhisperModelError: it is not there or lacks a file.
    """
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise WhisperModelError(
            f"DEALHAND_WHISPER_MODEL: {folder} lacks {', '.join(missing)}. Take a faster-whisper model folder, "
            "for example the files of Systran/faster-whisper-base or -small."
        )
    return f"{folder.name}, {(folder / 'model.bin').stat().st_size / 1e6:.0f} MB"


class WhisperTranscriber:
    """Loads the model on first use; share it."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        check_folder(folder)
        self._folder, self._threads, self._model = folder, threads, None

    def transcribe(
        self, audio: Audio, recording: bytes, names: Sequence[str], progress: Progress, language: str = ""
    ) -> Transcript:
        """The transcript; names come as hotwords, and for Chinese as the words before."""
        model = self._loaded()
        heard = language or self._language(model, audio)
        chosen = _fitting(names, heard)
        segments, _ = model.transcribe(
            audio.samples,
            language=heard,
            beam_size=5,
            vad_filter=True,
            condition_on_previous_text=False,
            hotwords=" ".join(chosen) or None if heard != "zh" else None,
            initial_prompt=f"以下是普通话的客户拜访记录，使用简体中文。涉及：{'、'.join(chosen)}。"
            if heard == "zh"
            else None,
        )
        texts, scores = [], []
        for segment in segments:
            texts.append(segment.text)
            scores.append(segment.avg_logprob)
            progress(min(1.0, segment.end / audio.seconds))
        joined = ("" if heard == "zh" else " ").join(text.strip() for text in texts).strip()
        confidence = math.exp(sum(scores) / len(scores)) if scores else 0.0
        return Transcript(joined, heard, confidence)

    def _language(self, model: Any, audio: Audio) -> str:
        """The likelier of English and Chinese, unless another language is far likelier."""
        found, probability, ranked = model.detect_language(audio.samples[: 16_000 * 30], vad_filter=True)
        if found in LANGUAGES or probability >= 0.8:
            return str(found)
        known = dict(ranked)
        return max(LANGUAGES, key=lambda each: known.get(each, 0.0))

    def _loaded(self) -> Any:
        if self._model is None:
            try:
                from faster_whisper import WhisperModel
            except ImportError as error:
                raise SpeechNotInstalledError(
                    "Voice notes need the extra: pip install 'dealhand[speech]'."
                ) from error
            self._model = WhisperModel(
                str(self._folder), compute_type="int8", cpu_threads=self._threads, local_files_only=True
            )
        return self._model


def _fitting(names: Sequence[str], language: str) -> list[str]:
    """The first names in the language's script that there is room for."""
    chosen: list[str] = []
    room = MOST_HOTWORD_CHARS
    for name in names:
        if (language == "zh") is name.isascii() or len(name) + 1 > room:
            continue
        chosen.append(name)
        room -= len(name) + 1
    return chosen
