"""Views: the ways of seeing a picture, each with what it takes for ink."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from model.localization.components import Mask, connected_components
from model.localization.lines import straight_lines
from model.localization.morphology import GROUNDS, Bytes, ink_map
from model.preprocess import MIN_CONTRAST, Ground, Ink, box_of

WINDOWS: Final = (24, 10, 4)  # parts of the longer side that a stroke is thinner than
LEVELS: Final = (0.55, 0.3)  # shares of the strongest contrast above which there is ink
NOISE_FACTOR: Final = 5.0  # times the quartile deviation of the contrast: below it is noise
NOISE_MARGIN: Final = 1.2  # times the contrast of nine in ten pixels: above it is no noise
MIN_BODY: Final = 0.7  # of an outline's height and width: what it encloses and is smaller is a loop
MAX_RUNS: Final = 20_000  # of ink in the rows: a mask with more has no pieces that could be told apart
MIN_PEAK: Final = 60  # pixels of the strongest contrast: fewer are specks
SMOOTHED: Final = (4, 8)  # median difference of neighbouring pixels, of 255, from which they are averaged over 3 and 5


class View(NamedTuple):
    """One way of seeing a picture."""

    ground: Ground
    contrast: Bytes  # (height, width): how far each pixel stands out
    mask: Mask  # (height, width) which pixels are ink
    level: float  # contrast above which they are
    noise: float  # contrast below which is noise
    removed: tuple[str, ...] = ()  # what was taken out of it, or changed


def views_of_photo(planes: list[Bytes]) -> Iterator[View]:
    """The ways of seeing a photograph, from its colour planes (height, width)."""
    planes = _smoothed(planes)
    side = max(planes[0].shape)
    for ground in GROUNDS:
        for part in WINDOWS:
            contrast = ink_map(planes, ground, side // part)
            noise, peak = _noise_and_peak(contrast)
            if peak > max(MIN_CONTRAST, 2 * noise):
                for share in LEVELS:
                    level = max(noise, share * peak)
                    yield from _with_and_without_lines(View(ground, contrast, contrast > level, level, noise))


def plain_view(ink: Ink) -> View:
    """All ink of a drawing."""
    contrast = np.rint(ink.plane * 255).astype(np.uint8)
    level = 255 * LEVELS[-1]
    return View(ink.ground, contrast, contrast > level, level, 1.0)


def views_of_drawing(view: View) -> Iterator[View]:
    """The ways of seeing a drawing whose ink is known."""
    yield from _with_and_without_lines(view)
    yield from _filled(view)


def _filled(view: View) -> Iterator[View]:
    """What an outline encloses, as ink, if that is nearly as large: a hollow digit, but not its loops."""
    box = box_of(view.mask)
    if box is None:
        return
    holes = connected_components(~view.mask)
    top, bottom, left, right = holes.boxes.T
    high, wide = MIN_BODY * (box.bottom - box.top), MIN_BODY * (box.right - box.left)
    inside = (top > box.top) & (bottom < box.bottom) & (left > box.left) & (right < box.right)
    body = inside & (bottom - top >= high) & (right - left >= wide)
    if body[1:].any():
        mask = view.mask | holes.select(body)
        yield view._replace(mask=mask, contrast=np.where(mask, np.uint8(255), view.contrast), removed=("outline",))


def is_ragged(mask: Mask) -> bool:
    """Whether a mask is noise or a dithered grey, in which no pieces can be told apart."""
    return bool(np.count_nonzero(mask[:, 1:] & ~mask[:, :-1]) > MAX_RUNS)


def _with_and_without_lines(view: View) -> Iterator[View]:
    if is_ragged(view.mask):
        return
    yield view
    lines = straight_lines(view.mask)
    if lines.any():
        yield view._replace(mask=view.mask & ~lines, removed=(*view.removed, "lines"))


def _noise_and_peak(contrast: Bytes) -> tuple[float, float]:
    """The contrast below which is noise, and that of the strongest ink.

    Noise is what lies near the median, or what nine in ten pixels do not exceed, such as the squares of a checkerboard.
    """
    below = np.cumsum(np.bincount(contrast.ravel(), minlength=256))
    size = contrast.size
    low, median, high, peak = np.searchsorted(below, [size / 4, size / 2, 0.9 * size, size - MIN_PEAK]).tolist()
    return min(median + NOISE_FACTOR * max(median - low, 1), NOISE_MARGIN * max(high, 1)), peak


def _smoothed(planes: list[Bytes]) -> list[Bytes]:
    """The planes, averaged over a few pixels if they are noisy."""
    noise = max(float(np.median(np.abs(np.diff(plane.astype(np.int16), axis=1)))) for plane in planes)
    radius = sum(noise >= limit for limit in SMOOTHED)
    if not radius:
        return planes
    return [np.asarray(Image.fromarray(plane).filter(ImageFilter.BoxBlur(radius))) for plane in planes]
