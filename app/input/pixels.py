"""Drawings sent as 784 numbers: their scale, and whether they are ink on black or dark on light."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.middleware.problems import Problem
from model.preprocess import MIN_CONTRAST, SIDE, Placement, Preprocessed, preprocess_with_placement

Pixels = NDArray[np.float64]  # (784,) of 0–255

INK_HIGH: Final = "ink high, 0–255 (0 is the paper, 255 full ink) or 0–1"
# Where nothing is above it, the numbers are of 0–1: resizing shoots a little over the 1.
UNIT_PEAK: Final = 1.5
_BORDER: Final = np.pad(np.zeros((SIDE - 2, SIDE - 2), dtype=bool), 1, constant_values=True).ravel()


def parse_pixels(values: list[Any]) -> Pixels:
    """784 numbers, those of 0–1 scaled to 0–255.

    Raises:
        Problem: 422 others, or none that would be visible: the network is sure of what it cannot see.
    """
    if len(values) != SIDE * SIDE:
        raise Problem(422, f"pixels holds {len(values)} numbers; send 784, row by row, {INK_HIGH}")
    if not all(type(value) in (int, float) and 0 <= value <= 255 for value in values):
        raise Problem(422, f"pixels holds something else: send numbers, {INK_HIGH}")
    return scale_to_255(np.asarray([values], dtype=np.float64)).ravel()


def scale_to_255(pixels: Pixels) -> Pixels:
    """Pictures (n, 784), those of 0–1 scaled to 0–255. Each has its own scale.

    Raises:
        Problem: 422 one holds nothing that would be visible.
    """
    small = pixels.max(axis=1, keepdims=True) <= UNIT_PEAK
    pixels = np.where(small, np.minimum(pixels * 255, 255), pixels)
    peaks = pixels.max(axis=1)
    faint = np.flatnonzero((peaks > 0.5) & (peaks <= MIN_CONTRAST))
    if faint.size:
        which, peak = f" (drawing {faint[0]})" if len(pixels) > 1 else "", peaks[faint[0]]
        raise Problem(
            422, f"pixels{which} holds nothing above {peak:.3g} of 255, which nobody could see: send {INK_HIGH}"
        )
    return pixels


def is_on_black(pixels: Pixels) -> NDArray[np.bool_]:
    """Of each picture (…, 784), whether its border is black."""
    return np.asarray(np.median(pixels[..., _BORDER], axis=-1) <= MIN_CONTRAST)


def read_pixels(
    pixels: Pixels, look: Callable[[Image.Image], Preprocessed] = preprocess_with_placement
) -> tuple[Pixels, Placement | None]:
    """Ink on black as it is; any other drawing, such as dark on light, as an image of it would be read."""
    if is_on_black(pixels):
        return pixels, None
    picture, placement = look(image_of_pixels(pixels))
    return picture.ravel().astype(np.float64), placement


def image_of_pixels(pixels: Pixels) -> Image.Image:
    """The 28×28 image that has these pixels."""
    return Image.fromarray(np.rint(pixels).astype(np.uint8).reshape(SIDE, SIDE))
