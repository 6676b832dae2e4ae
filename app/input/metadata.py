"""Strip PNG and JPEG metadata before Pillow parses it, to bound the cost of decoding.

Pillow parses text, colour profiles, previews and further frames in Python, at a cost that the sender chooses. Here they
cost a look at their length. Each checksum is checked on the way; Pillow skips most of them.
"""

import struct
import zlib
from collections.abc import Sequence
from typing import Final

from app.input.jpeg import JPEG, segments

Part = bytes | memoryview

MAX_CHUNKS: Final = 4096  # 8 MiB can hold 700,000 empty ones, and each costs time
PNG: Final = b"\x89PNG\r\n\x1a\n"
CHUNKS: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf"})
_APPLICATION: Final = range(0xE0, 0xF0)
_COMMENT: Final = 0xFE
_ADOBE: Final = 0xEE  # says how the colours of CMYK are meant
_EXIF: Final = (0xE1, b"Exif\0\0")


def strip_metadata(content: bytes) -> bytes:
    """A PNG or JPEG without metadata; anything else unchanged.

    Raises:
        SyntaxError, struct.error: it is broken, or ends before its end.
    """
    if content.startswith(PNG):
        return _joined(content, [PNG, *_chunks(memoryview(content))])
    if content.startswith(JPEG):
        return _joined(content, _segments(content))
    return content


def _joined(content: bytes, parts: Sequence[Part]) -> bytes:
    return content if sum(map(len, parts)) == len(content) else b"".join(parts)


def _chunks(content: memoryview) -> list[Part]:
    """The chunks of a PNG that matter."""
    start = len(PNG)
    kept: list[Part] = []
    for _ in range(MAX_CHUNKS):
        length, kind = struct.unpack_from(">I4s", content, start)
        end = start + 12 + length
        (checksum,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(content[start + 4 : end - 4]) != checksum:
            raise SyntaxError(f"the checksum of its chunk {kind.decode('latin-1')} is wrong")
        if kind in CHUNKS:
            kept.append(content[start:end])
        if kind == b"IEND":
            return kept
        start = end
    raise SyntaxError(f"it has more than {MAX_CHUNKS:,} chunks")


def _segments(content: bytes) -> list[Part]:
    """The segments of a JPEG that matter. What follows its end is no part of it: a phone's film, or a map of light."""
    whole, exif = memoryview(content), False
    kept: list[Part] = [whole[:2]]
    for marker, start, end in segments(content):
        first = not exif and marker == _EXIF[0] and content.startswith(_EXIF[1], start + 4)
        exif = exif or first
        if first or marker == _ADOBE or not (marker in _APPLICATION or marker == _COMMENT):
            kept.append(whole[start:end])
    return kept
