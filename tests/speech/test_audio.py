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


@pytest.mark.parametrize("kind", list(FORMATS))
@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
def test_a_cut_file_of_any_kind_is_refused(kind, share):
    whole = encode(tone(20), kind)
    with pytest.raises(RecordingError) as refused:
        decode(whole[: int(len(whole) * share)])
    assert "cut off" in refused.value.message


def test_a_webm_that_was_written_while_it_was_sent_says_no_lengths_and_is_read():
    """As browsers record: the lengths of the segment and its clusters are not known."""
    whole = unsized(encode(tone(4), "webm"))
    assert decode(whole).seconds == pytest.approx(4, abs=0.2)
    with pytest.raises(RecordingError, match="cut off"):
        decode(whole[: int(len(whole) * 0.7)])


def unsized(recording):
    """The recording with the lengths of segment and clusters taken out, in place."""
    found = bytearray(recording)
    for kind in (b"\x18\x53\x80\x67", b"\x1f\x43\xb6\x75"):
        at = found.find(kind)
        while at >= 0:
            width = 9 - found[at + 4].bit_length()
            found[at + 4 : at + 4 + width] = ((1 << 7 * width + 1) - 1).to_bytes(width, "big")
            at = found.find(kind, at + 4)
    return bytes(found)
