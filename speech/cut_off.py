"""Whether a recording ends in the middle, by what its container says of itself: WAV, Ogg, WebM (Matroska).

Decoders read such a file as far as it goes and say nothing. Other containers are seen to be cut by their decoder.
"""

from collections.abc import Iterator

# Lengths from here on in the head of a WAV file stand for "not known": it was written while it was sent.
_NOT_SAID = 0x7F000000
_EBML, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
_OGG_HEAD = 27


def share_there(recording: bytes) -> float:
    """The share that is there of what was promised; 1 where nothing lacks or nothing is promised."""
    if recording[:4] == b"RIFF":
        promised = int.from_bytes(recording[4:8], "little")
        return len(recording) / promised if 0 < promised < _NOT_SAID else 1.0
    if recording[:4] == b"OggS":
        return _share(recording, _pages(recording))
    if recording[:4] == _EBML.to_bytes(4, "big"):
        return _share(recording, _elements(recording))
    return 1.0


def _share(recording: bytes, ends: Iterator[int]) -> float:
    """How much is there when the piece that reaches furthest should have ended at the last of `ends`."""
    end = max(ends, default=len(recording))
    return len(recording) / end if end > len(recording) else 1.0


def _pages(recording: bytes) -> Iterator[int]:
    """Where each page of an Ogg file should end."""
    at = 0
    while recording[at : at + 4] == b"OggS":
        if at + _OGG_HEAD > len(recording):
            yield at + _OGG_HEAD
            return
        pieces = recording[at + _OGG_HEAD - 1]
        sizes = recording[at + _OGG_HEAD : at + _OGG_HEAD + pieces]
        at += _OGG_HEAD + pieces + sum(sizes)
        yield at


def _elements(recording: bytes) -> Iterator[int]:
    """Where each element of a WebM file should end; of one that does not say so, where its parts should end."""
    at = 0
    while at < len(recording):
        length = _width(recording[at], most=4)
        kind, at = int.from_bytes(recording[at : at + length], "big"), at + length
        if not length or at >= len(recording):
            return
        width = _width(recording[at], most=8)
        if not width:
            return
        size = int.from_bytes(recording[at : at + width], "big") & ((1 << 7 * width) - 1)
        at += width
        is_said = size != (1 << 7 * width) - 1
        if is_said:
            yield at + size
        if kind not in (_SEGMENT, _CLUSTER):
            if not is_said:
                return
            at += size


def _width(first: int, *, most: int) -> int:
    """The length of a number in Matroska, by the zeros that its first byte begins with; 0 for none."""
    width = 9 - first.bit_length()
    return width if width <= most else 0
