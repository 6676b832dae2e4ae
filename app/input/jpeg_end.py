"""JPEGs without their end marker: whether that is all they lack, which libjpeg does not tell."""

from __future__ import annotations

import struct
from typing import Final

from app.input.metadata import JPEG, SCAN

END: Final = b"\xff\xd9"
MAX_SCANS: Final = 64  # that are looked at; encoders write about ten
COEFFICIENTS: Final = 64  # of each block of 8×8 pixels
RESTARTS: Final = range(0xD0, 0xD8)
_FILLS: Final = bytes.fromhex("b5a6d39c") * 4, b"\xaa" * 16  # two that begin with other codes than zeros do


def lacks_end(content: bytes) -> bool:
    """Whether a JPEG's last scan is followed by no end marker. Within a scan's data 0xff is escaped."""
    return content.startswith(JPEG) and content.find(END, content.rfind(SCAN)) < 0


def continuations(content: bytes) -> tuple[bytes, ...]:
    """What the scan of a JPEG without end may go on with, each with an end.

    A scan that is whole ignores all of it. One that is cut short takes it for pixels, and each gives other ones.
    """
    start = content.rfind(SCAN)
    last = max((7, *range(7)), key=lambda number: content.rfind(bytes([0xFF, RESTARTS[number]]), start))
    markers = [bytes([0xFF, RESTARTS[(last + 1 + k) % 8]]) for k in range(16)]
    return tuple(fill + b"".join(marker + fill for marker in markers) + END for fill in _FILLS)


def has_every_scan(content: bytes) -> bool:
    """Whether the scans of a JPEG without metadata hold each coefficient of each component to its last bit.

    The scans of a progressive one do so one after the other; without the last ones it would be a coarser picture.

    Raises:
        IndexError, struct.error: it is cut short within a header.
    """
    components, start = _frame(content)
    missing: dict[tuple[int, int], int] = {}  # bits, by component and coefficient
    for _ in range(MAX_SCANS):
        if start < 0:
            return len(missing) == components * COEFFICIENTS and not any(missing.values())
        count = content[start + 4]
        first, last, bits = content[start + 5 + 2 * count : start + 8 + 2 * count]
        for component in content[start + 5 : start + 5 + 2 * count : 2]:
            missing |= dict.fromkeys(((component, k) for k in range(first, last + 1)), bits & 15)
        start = content.find(SCAN, start + 2)
    return False


def _frame(content: bytes) -> tuple[int, int]:
    """The number of components, and where the first scan begins."""
    start = 2
    components = 0
    while True:
        marker, length = struct.unpack_from(">xBH", content, start)
        if marker == SCAN[1]:
            return components, start
        if marker in {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}:
            components = content[start + 9]
        start += 2 + length
