"""A picture's size from the header of its file, before Pillow allocates any of it."""

import struct
from typing import Final, NamedTuple

from app.input.metadata import JPEG, PNG
from model.preprocess import MAX_SIDE

# Bytes a pixel at the peak of decoding: Pillow's image, its turned or converted copy, and the decoder's own buffers
# (a progressive JPEG's coefficients, a WebP's canvases). Measured by tests/app/input/test_header.py.
PNG_BYTES: Final = 10
JPEG_BYTES: Final = 14
WEBP_BYTES: Final = 19
ANIMATION_BYTES: Final = 21
KEPT_BYTES: Final = 8  # a pixel of the decoded image and of its plain copy, while it is preprocessed
ROW_CELLS: Final = 4
PREPROCESSING_BYTES: Final = 52  # a pixel of what preprocessing works on
_START_OF_FRAME: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class Header(NamedTuple):
    """What a file says of its picture."""

    width: int
    height: int
    decoding: int  # bytes a pixel

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.width * self.height

    @property
    def peak_bytes(self) -> int:
        """What decoding and preprocessing it takes at most, one after the other."""
        # Pillow keeps a pointer for each row, which counts where rows are short.
        cells = (self.width + ROW_CELLS) * self.height
        factor = max(1, max(self.width, self.height) // MAX_SIDE)
        reduced = (self.width // factor + 1) * (self.height // factor + 1)
        return max(self.decoding * cells, KEPT_BYTES * cells + PREPROCESSING_BYTES * reduced)


def read_header(content: bytes) -> Header | None:
    """The size of a PNG, JPEG or WebP without metadata; None for any other file.

    Raises:
        SyntaxError, struct.error: the header is broken or cut short.
    """
    if content.startswith(PNG):
        width, height = struct.unpack_from(">II", content, len(PNG) + 8)
        return Header(width, height, PNG_BYTES)
    if content.startswith(JPEG):
        return _jpeg(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _webp(content)
    return None


def _jpeg(content: bytes) -> Header:
    """The frame's size; it comes before the first scan."""
    start = 2
    while True:
        prefix, marker, length = struct.unpack_from(">BBH", content, start)
        if marker in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", content, start + 5)
            return Header(width, height, JPEG_BYTES)
        if prefix != 0xFF or marker == 0xDA:
            raise SyntaxError("it has no frame before its first scan")
        start += 2 + length if marker != 0xFF else 1


def _webp(content: bytes) -> Header:
    """The canvas: lossy, lossless, or extended (then the canvas is what an animation is drawn on)."""
    kind, payload = content[12:16], content[20:30]
    if len(payload) < 10:
        raise SyntaxError("its header is cut short")
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", payload, 6)
        return Header(width & 0x3FFF, height & 0x3FFF, WEBP_BYTES)
    if kind == b"VP8L":
        bits = int.from_bytes(payload[1:5], "little")
        return Header((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, WEBP_BYTES)
    if kind == b"VP8X":
        width, height = (int.from_bytes(payload[i : i + 3], "little") + 1 for i in (4, 7))
        return Header(width, height, ANIMATION_BYTES if payload[0] & 2 else WEBP_BYTES)
    raise SyntaxError("its first chunk is no picture")
