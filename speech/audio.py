"""Decodes a recording to 16 kHz mono samples with PyAV: m4a, mp4, ogg, opus, webm, wav, mp3."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import OperatorFixableError, PersonFixableError
from speech.cut_off import share_there

RATE = 16_000
MOST_BYTES = 200_000_000
LONGEST_S = 600
# Quieter than this throughout is silence.
QUIET = 0.003
# A WAV file of which more than this is there counts as whole: some programs promise a little too much.
_WHOLE_WAV = 0.9
_TELLING = 0.9
ENDINGS = (".m4a", ".mp4", ".ogg", ".oga", ".opus", ".webm", ".wav", ".mp3", ".aac", ".flac")


class RecordingError(PersonFixableError):
    """The recording cannot be used; the message says why. Nothing was written."""


class SpeechNotInstalledError(OperatorFixableError):
    """A package that speech needs is not there."""


@dataclass(frozen=True, slots=True)
class Audio:
    """Samples from -1 to 1 at 16 kHz, one channel."""

    samples: Any
    seconds: float


def read_recording(path: Path) -> bytes:
    """The bytes of a recording.

    Raises:
        RecordingError: it is not there, is no file, is empty or too large.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise RecordingError(f"{path} is no file.", zh=f"{path}不是文件。")
        _check_size(size)
        return path.read_bytes()
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror}.", zh=f"无法读取{path}。") from error


def decode(recording: bytes) -> Audio:
    """The samples of a recording.

    Raises:
        RecordingError: it is empty, too large, too long, no recording, cut off, or silent.
        SpeechNotInstalledError: PyAV is not there.
    """
    _check_size(len(recording))
    _check_whole(recording)
    try:
        import av
        import numpy as np
    except ImportError as error:
        raise SpeechNotInstalledError("Voice notes need the extra: pip install 'dealhand[speech]'.") from error
    chunks: list[Any] = []
    length = 0
    try:
        with av.open(io.BytesIO(recording), "r", metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise RecordingError("There is no sound in this file.", zh="该文件没有声音。")
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            stream = container.streams.audio[0]
            promised = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0
            for frame in container.decode(stream):
                for resampled in resampler.resample(frame):
                    chunks.append(resampled.to_ndarray().reshape(-1))
                    length += len(chunks[-1])
                _check_length(length)
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        raise RecordingError(
            "This file is damaged, cut off or no recording; send it again as m4a, mp3, ogg, webm or wav.",
            zh="文件已损坏、不完整或不是录音；请重新发送m4a、mp3、ogg、webm或wav文件。",
        ) from error
    samples = np.concatenate(chunks) if chunks else np.zeros(0, dtype=np.float32)
    seconds = len(samples) / RATE
    if promised and seconds < promised * 0.9 - 1:
        raise _cut_off(seconds / promised)
    if seconds < 0.3 or _is_silent(samples):
        raise RecordingError("There is only silence in this recording.", zh="录音里没有声音。")
    return Audio(samples, seconds)


def _check_size(size: int) -> None:
    if size == 0:
        raise RecordingError("The recording is empty (0 bytes).", zh="录音为空（0字节）。")
    if size > MOST_BYTES:
        raise RecordingError(
            f"The recording is too large: {size / 1e6:.0f} MB; at most {MOST_BYTES // 10**6} MB are read.",
            zh=f"录音过大：{size / 1e6:.0f}MB；最多{MOST_BYTES // 10**6}MB。",
        )


def _check_whole(recording: bytes) -> None:
    share = share_there(recording)
    if share < 1.0 and (recording[:4] != b"RIFF" or share < _WHOLE_WAV):
        raise _cut_off(share)


def _cut_off(share: float) -> RecordingError:
    """Some containers only tell that their last piece lacks something: then the share says nothing."""
    there, zh = (f": {share:.0%} of it is there", f"：只有{share:.0%}") if share < _TELLING else ("", "")
    return RecordingError(f"The recording is cut off{there}; send it again.", zh=f"录音不完整{zh}；请重新发送。")


def _check_length(samples: int) -> None:
    if samples > (LONGEST_S + 5) * RATE:
        minutes = LONGEST_S // 60
        raise RecordingError(
            f"The recording is longer than {minutes} minutes; cut it into shorter ones.",
            zh=f"录音超过{minutes}分钟；请分段发送。",
        )


def _is_silent(samples: Any) -> bool:
    """Whether even the loudest tenth of a second is next to nothing."""
    import numpy as np

    window = RATE // 10
    whole = samples[: len(samples) // window * window].reshape(-1, window)
    return bool(len(whole) == 0 or np.sqrt((whole**2).mean(axis=1)).max() < QUIET)
