"""Strip PNG and JPEG metadata before Pillow parses it, to bound the cost of decoding.

Pillow parses text, colour profiles, previews and further frames in Python, at a cost that the sender chooses. Here they
cost a look at their length. Each checksum is checked on the way; Pillow skips most of them.
"""

import struct
import zlib
from collections.abc import Sequence
from typing import Final

Part = bytes | memoryview

MAX_PARTS: Final = 4096  # chunks or segments: 2 MiB can hold 500,000 empty ones, and each costs time
PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8\xff"
SCAN: Final = b"\xff\xda"  # within a scan's data 0xff is escaped, so that this is always a scan's beginning
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
        return _joined(content, _segments(memoryview(content)))
    return content


def scans(content: bytes) -> int:
    """How often a JPEG passes over its pixels, at most; 0 for other files."""
    return content.count(SCAN) if content.startswith(JPEG) else 0


def _joined(content: bytes, parts: Sequence[Part]) -> bytes:
    return content if sum(map(len, parts)) == len(content) else b"".join(parts)


def _chunks(content: memoryview) -> list[Part]:
    """The chunks of a PNG that matter."""
    start = len(PNG)
    kept: list[Part] = []
    for _ in range(MAX_PARTS):
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
    raise SyntaxError(f"it has more than {MAX_PARTS:,} chunks")


def _segments(content: memoryview) -> list[Part]:
    """The segments of a JPEG that matter, up to the first scan, and all from there on."""
    start, exif = 2, False
    kept: list[Part] = [content[:2]]
    for _ in range(MAX_PARTS):
        prefix, marker, length = struct.unpack_from(">BBH", content, start)
        if prefix != 0xFF:
            raise SyntaxError("it has bytes between its segments")
        if marker == SCAN[1]:
            return [*kept, content[start:]]
        if marker == 0xFF:  # fill before a marker
            start += 1
            continue
        end = start + 2 + length
        first = not exif and marker == _EXIF[0] and bytes(content[start + 4 : start + 10]) == _EXIF[1]
        exif = exif or first
        if first or marker == _ADOBE or not (marker in _APPLICATION or marker == _COMMENT):
            kept.append(content[start:end])
        start = end
    raise SyntaxError(f"it has more than {MAX_PARTS:,} segments")
