import numpy as np
import pytest

from speech.audio import MOST_BYTES, RATE, RecordingError, decode, read_recording
from tests.speech.recordings import FORMATS, encode, tone


@pytest.mark.parametrize("kind", list(FORMATS))
def test_every_format_decodes_to_the_same_length(kind):
    audio = decode(encode(tone(3.0), kind))
    assert audio.seconds == pytest.approx(3.0, abs=0.15)
    assert audio.samples.dtype == np.float32
    assert len(audio.samples) == pytest.approx(3 * RATE, abs=0.15 * RATE)


@pytest.mark.parametrize(
    ("recording", "says"),
    [
        (b"", "empty (0 bytes)"),
        (b"this is no sound at all, just words" * 50, "damaged, cut off or no recording"),
        (encode(np.zeros(5 * RATE, dtype=np.float32), "wav"), "only silence"),
        (encode(tone(4), "mp4")[:9000], "damaged, cut off"),
        (encode(tone(20), "wav")[: 16_000 * 2 * 5], "cut off: 25%"),
        (encode(tone(11 * 60, 0.01), "mp3"), "longer than 10 minutes"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_clear_line(recording, says):
    with pytest.raises(RecordingError) as refused:
        decode(recording)
    assert says in refused.value.message
    assert refused.value.zh


def test_a_huge_file_is_not_even_read(tmp_path):
    path = tmp_path / "huge.wav"
    with path.open("wb") as file:
        file.truncate(500_000_000)
    with pytest.raises(RecordingError, match="too large: 500 MB"):
        read_recording(path)
    assert MOST_BYTES < 500_000_000
    with pytest.raises(RecordingError, match="cannot be read"):
        read_recording(tmp_path / "missing.m4a")
    with pytest.raises(RecordingError, match="no file"):
        read_recording(tmp_path)
