"""Recordings for tests: generated tones in all formats. Speech is made by `evals.speaking`."""

import io

import av
import numpy as np

RATE = 16_000
FORMATS = {
    "wav": "pcm_s16le",
    "mp3": "libmp3lame",
    "ogg": "libopus",
    "webm": "libopus",
    "mp4": "aac",
    "ipod": "aac",
}


def tone(seconds: float, loud: float = 0.2) -> np.ndarray:
    """A rising tone that is never silent."""
    at = np.arange(int(seconds * RATE)) / RATE
    return (loud * np.sin(2 * np.pi * (220 + 60 * at) * at)).astype(np.float32)


def encode(samples: np.ndarray, kind: str) -> bytes:
    """The samples as a file of that kind; "ipod" is m4a."""
    out = io.BytesIO()
    rate = 48_000 if FORMATS[kind] == "libopus" else RATE
    with av.open(out, "w", format=kind) as container:
        stream = container.add_stream(FORMATS[kind], rate=rate)
        stream.layout = "mono"
        resampler = av.AudioResampler(
            format=stream.format.name, layout="mono", rate=rate, frame_size=stream.frame_size or 0
        )
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="mono")
        frame.rate = RATE
        for each in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(each))
        container.mux(stream.encode(None))
    return out.getvalue()
