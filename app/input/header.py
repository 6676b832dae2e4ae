"""A picture's size from the header of its file, before Pillow allocates any of it."""

import struct
from typing import Final, NamedTuple

from app.input.jpeg import JPEG, read_frame
from app.input.metadata import PNG
from model.image_file import jpeg_scale
from model.preprocess import MAX_SIDE

# Bytes a pixel at the peak of decoding: Pillow's image, its turned or converted copy, and the decoder's own buffers
# (a WebP's canvases). Measured by tests/app/input/test_header.py.
PNG_BYTES: Final = 10
JPEG_BYTES: Final = 12
LOADED_BYTES: Final = 5  # of a JPEG's image alone, while its coefficients are held
WEBP_BYTES: Final = 19
ANIMATION_BYTES: Final = 21
KEPT_BYTES: Final = 8  # a pixel of the decoded image and of its plain copy, while it is preprocessed
ROW_CELLS: Final = 4
PREPROCESSING_BYTES: Final = 56  # a pixel of what preprocessing works on
CHANNELS: Final = 3  # samples of a pixel that is passed over once


class Header(NamedTuple):
    """What a file says of its picture."""

    width: int
    height: int
    decoding: int  # bytes a pixel
    scale: int = 1  # by which it is shrunk while it is decoded
    held: int = 0  # bytes of a JPEG's coefficients
    samples: int = 0  # that a JPEG's scans pass over

    @property
    def size(self) -> tuple[int, int]:
        """Of the decoded image."""
        return -(-self.width // self.scale), -(-self.height // self.scale)

    @property
    def pixels(self) -> int:
        """Of the decoded image."""
        width, height = self.size
        return width * height

    @property
    def work(self) -> int:
        """Pixels that decoding it passes over: those of a JPEG by each of its scans, before it is shrunk."""
        return max(self.pixels, self.samples // CHANNELS)

    @property
    def peak_bytes(self) -> int:
        """What decoding and preprocessing it takes at most, one after the other."""
        width, height = self.size
        # Pillow keeps a pointer for each row, which counts where rows are short.
        cells = (width + ROW_CELLS) * height
        factor = max(1, max(width, height) // MAX_SIDE)
        reduced = (width // factor + 1) * (height // factor + 1)
        return max(
            self.decoding * cells,
            self.held + LOADED_BYTES * cells if self.held else 0,
            KEPT_BYTES * cells + PREPROCESSING_BYTES * reduced,
        )


def read_header(content: bytes) -> Header | None:
    """The size of a PNG, JPEG or WebP without metadata; None for any other file.

    Raises:
        SyntaxError, ValueError, struct.error: the header is broken or cut short.
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
    frame = read_frame(content)
    width, height = frame.width, frame.height
    return Header(
        width, height, JPEG_BYTES, jpeg_scale(width, height), held=frame.coefficient_bytes, samples=frame.samples
    )


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
