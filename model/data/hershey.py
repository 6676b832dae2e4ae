"""Hershey fonts (1967), whose characters are pen strokes."""

import functools
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.data.files import DataError

Stroke = NDArray[np.float64]
HELD_OUT: Final = frozenset("AEKMRWaehkrw")  # letters for the report alone, never in training
DIGIT_FONTS: Final = (
    "futural", "futuram", "rowmans", "rowmand", "rowmant", "cursive", "scriptc", "timesr", "timesi", "timesrb",
    "timesib",
)  # fmt: skip


def hershey_strokes(text: str, font: str) -> list[Stroke]:
    """The strokes (points, 2) of a text, y down, its longer side 1; none if the font lacks it.

    Raises:
        DataError: the package with the fonts is not installed.
    """
    strokes = [np.asarray(stroke, dtype=float) for stroke in _font(font).strokes_for_text(text)]
    strokes = [stroke for stroke in strokes if len(stroke)]
    if not strokes:
        return []
    points = np.concatenate(strokes)
    size = max(*np.ptp(points, axis=0), 1e-6)
    return [(stroke - points.min(axis=0)) / size for stroke in strokes]


@functools.cache
def _font(name: str) -> Any:  # noqa: ANN401 - an untyped library
    try:
        from HersheyFonts import HersheyFonts  # noqa: PLC0415 - an optional dependency
    except ImportError:
        raise DataError("Characters need the package hershey-fonts: `make install` installs it") from None

    font = HersheyFonts()
    font.load_default_font(name)
    return font
