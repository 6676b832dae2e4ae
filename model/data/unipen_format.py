"""The UNIPEN format of pen strokes (Guyon et al. 1994), read.

A file is a sequence of statements: a keyword, which begins with a dot at the start of a line, and what follows it up
to the next keyword.

    .INCLUDE apa/data/apa00/app0032.dat     another file's statements stand here; its path is below `include/`
    .COORD X Y T                            what the numbers of a point are; Y points up
    .PEN_DOWN                               a component: the points until the pen is lifted
    .SEGMENT CHARACTER 3-4,7 OK "a"         components 3, 4 and 7, counted from 0, are a character: quality, label
    .SEGMENT CHARACTER 4:10-5:20 ? "b"      from point 10 of component 4 to point 20 of component 5
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float64]  # (points, 2): x and y, y down
MAX_DEPTH: Final = 4  # of files that include files
NUMBER: Final = re.compile(r"[-+]?\d+(?:\.\d+)?")
CHARACTER: Final = re.compile(r'CHARACTER\s+([\d:,-]+)\s+(?:[^\s"]+\s+)?"(.*)"', re.DOTALL)


@dataclass(frozen=True)
class Character:
    """A character as written, in the tablet's units."""

    label: str
    strokes: list[Stroke]


@dataclass
class UnipenFile:
    """What has been read of a file and of those that it includes."""

    include: Path  # the folder of included files
    coordinates: list[str] = field(default_factory=lambda: ["X", "Y"])
    components: list[Stroke] = field(default_factory=list)
    segments: list[tuple[str, str]] = field(default_factory=list)  # delimitation and label of each character

    def read(self, path: Path, depth: int = 0) -> None:
        """Read a file's statements. Included files that are not there are left out.

        Raises:
            OSError: the file cannot be read.
        """
        for keyword, value in statements(path.read_text(encoding="latin-1")):
            if keyword == "INCLUDE" and depth < MAX_DEPTH and (included := self.include / value.strip()).is_file():
                self.read(included, depth + 1)
            elif keyword == "COORD":
                self.coordinates = value.split()
            elif keyword == "PEN_DOWN":
                self.components.append(points(value, self.coordinates))
            elif keyword == "SEGMENT" and (found := CHARACTER.match(value)):
                self.segments.append((found[1], re.sub(r"\\(.)", r"\1", found[2])))

    def characters(self) -> list[Character]:
        """The segments that are characters, but for those whose components are not there."""
        selected = ((label, select(self.components, delimitation)) for delimitation, label in self.segments)
        return [Character(label, strokes) for label, strokes in selected if strokes]


def statements(text: str) -> Iterator[tuple[str, str]]:
    r"""The keyword and the rest of each statement.

    >>> list(statements(".VERSION 1.0\n.PEN_DOWN\n 1 5\n 4 5\n"))
    [('VERSION', '1.0\n'), ('PEN_DOWN', '1 5\n 4 5\n')]
    """
    for statement in re.split(r"^\.(?=[A-Z])", text, flags=re.MULTILINE)[1:]:
        keyword, *value = statement.split(maxsplit=1)
        yield keyword, "".join(value)


def points(text: str, coordinates: Sequence[str] = ("X", "Y")) -> Stroke:
    """The points (n, 2) of a component, y down.

    >>> points("1 5 0  4 5 10", ["X", "Y", "T"]).tolist()
    [[1.0, -5.0], [4.0, -5.0]]
    """
    numbers = np.array(NUMBER.findall(text), dtype=float)
    width = len(coordinates)
    whole = numbers[: len(numbers) // width * width].reshape(-1, width)
    return np.stack([whole[:, coordinates.index("X")], -whole[:, coordinates.index("Y")]], axis=1)


def select(components: Sequence[Stroke], delimitation: str) -> list[Stroke]:
    """The components, or parts of them, that a delimitation such as 3-4,7 or 4:10-5:20 names; none if one is missing.

    >>> [stroke[:, 0].tolist() for stroke in select([points("1 0 2 0 3 0"), points("4 0")], "0:1-1")]
    [[2.0, 3.0], [4.0]]
    """
    strokes = []
    for part in delimitation.split(","):
        start, _, end = part.partition("-")
        (first, from_point), (last, to_point) = _place(start), _place(end or start)
        if last >= len(components):
            return []
        for number in range(first, last + 1):
            low = from_point if number == first else None
            high = to_point + 1 if number == last and to_point is not None else None
            strokes.append(components[number][low:high])
    return [stroke for stroke in strokes if len(stroke)]


def _place(text: str) -> tuple[int, int | None]:
    """The number of a component, and that of a point in it if there is one."""
    component, _, point = text.partition(":")
    return int(component), int(point) if point else None
