"""Morphology on grey pictures: closing, opening, and the ink that stands out from the ground around it.

Closing fills what is darker than its surroundings and narrower than a window; the picture less its closing is the ink,
whatever the light on the sheet. A shadow, a desk or the edge between two of them is wider than the window and leaves
nothing (black top-hat: Serra 1982; Gonzalez & Woods, "Digital Image Processing", section 9.6). Opening does the same
for light on dark.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.preprocess import Ground

Bytes = NDArray[np.uint8]
GROUNDS: Final[tuple[Ground, ...]] = ("dark on light", "light on dark")


def ink_map(planes: list[Bytes], ground: Ground, window: int) -> Bytes:
    """How far each pixel stands out from its surroundings, (height, width), 0–255, in the colour that shows it most.

    What is wider than `window` pixels is ground. Planes are (height, width), one for each colour.
    """
    window |= 1
    first, second = (np.maximum, np.minimum) if ground == "dark on light" else (np.minimum, np.maximum)
    found = np.zeros_like(planes[0])
    for plane in planes:
        closed = running(second, running(first, plane, window), window)
        np.maximum(found, closed - plane if ground == "dark on light" else plane - closed, out=found)
    return found


def running(extreme: np.ufunc, plane: NDArray[Any], window: int) -> NDArray[Any]:
    """The maximum or minimum in a square window around each pixel; the edge goes on outside.

    The window doubles at each step, so that one of 64 pixels costs six steps an axis.
    """
    for axis in (0, 1):
        lines = np.pad(plane, [(window // 2, (window - 1) // 2) if axis == side else (0, 0) for side in (0, 1)], "edge")
        span = 1
        while span < window:
            step = min(span, window - span)
            lines = extreme(lines[:-step], lines[step:]) if axis == 0 else extreme(lines[:, :-step], lines[:, step:])
            span += step
        plane = lines
    return plane
