"""What a JPEG says of itself before it is decoded: its size, its scans, and whether it ends where it should."""

import re
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

JPEG: Final = b"\xff\xd8\xff"
END: Final = b"\xff\xd9"
SCAN: Final = 0xDA
MAX_SEGMENTS: Final = 4096  # 8 MiB can hold 2,000,000 empty ones, and each costs time
MAX_SCANS: Final = 64  # encoders write about ten
COEFFICIENTS: Final = 64  # of each block of 8×8 pixels
COEFFICIENT_BYTES: Final = 2
_SEQUENTIAL: Final = frozenset({0xC0, 0xC1, 0xC9})
_START_OF_FRAME: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MARKER: Final = re.compile(rb"\xff+([^\x00\xff])")  # there may be fill before a marker
# Within a scan's data 0xff is escaped by a zero, but for the markers that restart it.
_AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_RESTARTS: Final = range(0xD0, 0xD8)
_FILLS: Final = bytes.fromhex("b5a6d39c") * 4, b"\xaa" * 16  # two that begin with other codes than zeros do


class Segment(NamedTuple):
    """A marker and what belongs to it; to a scan, also its data."""

    marker: int
    start: int
    end: int


class Scan(NamedTuple):
    """Which coefficients of which components a scan holds."""

    components: bytes
    first: int
    last: int
    missing_bits: int  # the lowest ones, which a later scan holds


class Frame(NamedTuple):
    """A JPEG's size and its scans."""

    width: int
    height: int
    components: dict[int, int]  # the samples of each, which are fewer than pixels where colour is coarser
    progressive: bool
    scans: list[Scan]

    @property
    def samples(self) -> int:
        """How many the scans pass over, all together."""
        return sum(self.components.get(component, 0) for scan in self.scans for component in scan.components)

    @property
    def coefficient_bytes(self) -> int:
        """What the decoder holds of coefficients: all of them, unless one scan brings them row by row."""
        if not self.progressive and len(self.scans[0].components) == len(self.components):
            return 0
        return COEFFICIENT_BYTES * sum(self.components.values())

    @property
    def has_every_scan(self) -> bool:
        """Whether the scans hold each coefficient of each component to its last bit.

        Those of a progressive JPEG do so one after the other; without the last ones it would be a coarser picture.
        """
        missing: dict[tuple[int, int], int] = {}  # bits, by component and coefficient
        for scan in self.scans:
            for component in scan.components:
                missing |= dict.fromkeys(((component, k) for k in range(scan.first, scan.last + 1)), scan.missing_bits)
        return len(missing) == len(self.components) * COEFFICIENTS and not any(missing.values())


def segments(content: bytes) -> Iterator[Segment]:
    """Those of a JPEG up to its end marker, which is the last one; what follows it is another file's.

    Raises:
        SyntaxError, struct.error: it is broken, or ends within a header.
    """
    start = 2
    for _ in range(MAX_SEGMENTS):
        found = _MARKER.match(content, start)
        if found is None:
            raise SyntaxError("it has bytes between its segments")
        marker, start = content[found.end() - 1], found.end()
        if marker == END[1]:
            yield Segment(marker, start - 2, start)
            return
        end = start + int(struct.unpack_from(">H", content, start)[0])
        if marker == SCAN:
            after = _AFTER_SCAN.search(content, end)
            end = after.start() if after else len(content)
        yield Segment(marker, start - 2, end)
        if end >= len(content):
            return
        start = end
    raise SyntaxError(f"it has more than {MAX_SEGMENTS:,} segments")


def read_frame(content: bytes) -> Frame:
    """The frame of a JPEG without metadata, and its scans.

    Raises:
        SyntaxError, ValueError, struct.error: it has no frame, two, or a broken one; or no scan, or too many.
    """
    found = list(segments(content))
    frames = [segment.start for segment in found if segment.marker in _START_OF_FRAME]
    scans = [_scan(content, segment.start) for segment in found if segment.marker == SCAN]
    if not scans:
        raise struct.error("it ends before its first scan")
    if len(frames) != 1:
        raise SyntaxError(f"it has {len(frames)} frames")
    if len(scans) > MAX_SCANS:
        raise SyntaxError(f"it has {len(scans)} scans, more than {MAX_SCANS}")
    height, width, count = struct.unpack_from(">HHB", content, frames[0] + 5)
    described = content[frames[0] + 10 : frames[0] + 10 + 3 * count]
    factors = {number: divmod(sampling, 16) for number, sampling in zip(described[::3], described[1::3], strict=True)}
    if not 1 <= len(factors) == count or not all(1 <= factor <= 4 for both in factors.values() for factor in both):
        raise SyntaxError("its frame is broken")
    progressive = content[frames[0] + 1] not in _SEQUENTIAL
    return Frame(width, height, _samples(width, height, factors), progressive, scans)


def _scan(content: bytes, start: int) -> Scan:
    count = content[start + 4]
    first, last, bits = content[start + 5 + 2 * count : start + 8 + 2 * count]
    return Scan(content[start + 5 : start + 5 + 2 * count : 2], first, last, bits & 15)


def _samples(width: int, height: int, factors: dict[int, tuple[int, int]]) -> dict[int, int]:
    """How many of each component are stored: whole blocks of 8×8 of the coarsest one."""
    most_across, most_down = (max(factors) for factors in zip(*factors.values(), strict=True))
    columns = -(-width // (8 * most_across)) * 8
    rows = -(-height // (8 * most_down)) * 8
    return {number: columns * across * rows * down for number, (across, down) in factors.items()}


def continuations(content: bytes) -> tuple[bytes, ...]:
    """What a JPEG without end may go on with, each with an end.

    A scan that is whole ignores all of it. One that is cut short takes it for pixels, and each gives other ones.
    """
    start = content.rfind(bytes([0xFF, SCAN]))
    last = max((7, *range(7)), key=lambda number: content.rfind(bytes([0xFF, _RESTARTS[number]]), start))
    markers = [bytes([0xFF, _RESTARTS[(last + 1 + k) % 8]]) for k in range(16)]
    return tuple(fill + b"".join(marker + fill for marker in markers) + END for fill in _FILLS)
