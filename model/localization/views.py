"""Views: the ways of seeing a picture, each with what it takes for ink."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
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
DOT: Final = 48  # of 255: what a dot differs by from both its neighbours
MIN_DOTS: Final = 0.1  # of all pixels, from which dots show a grey
DOTS_RADIUS: Final = 3  # pixels over which they are averaged
SMOOTHED: Final = (4, 8)  # median difference of neighbouring pixels, of 255, from which they are averaged over 3 and 5


class View(NamedTuple):
    """One way of seeing a picture."""

    ground: Ground
    planes: Sequence[Bytes]  # (height, width) each: the picture's colours, or its ink
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
                    yield from _with_and_without_lines(View(ground, planes, contrast, contrast > level, level, noise))


def plain_view(ink: Ink) -> View:
    """All ink of a drawing."""
    contrast = np.rint(ink.plane * 255).astype(np.uint8)
    level = 255 * LEVELS[-1]
    return View(ink.ground, [contrast], contrast, contrast > level, level, 1.0)


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
        contrast = np.where(mask, np.uint8(255), view.contrast)
        yield view._replace(planes=[contrast], contrast=contrast, mask=mask, removed=("outline",))


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

    Noise is what lies near the median, or what nine in ten of the pixels do not exceed that have less than half of the
    strongest contrast, such as the squares of a checkerboard. Others may be ink, or a page beside a dark card.
    """
    below = np.cumsum(np.bincount(contrast.ravel(), minlength=256))
    size = contrast.size
    low, median, peak = np.searchsorted(below, [size / 4, size / 2, size - MIN_PEAK]).tolist()
    high = int(np.searchsorted(below, 0.9 * below[peak // 2]))
    return min(median + NOISE_FACTOR * max(median - low, 1), NOISE_MARGIN * max(high, 1)), peak


def _smoothed(planes: list[Bytes]) -> list[Bytes]:
    """The planes, averaged over a few pixels if they are noisy."""
    steps = [plane[:, 1:] - plane[:, :-1] for plane in (plane.astype(np.int16) for plane in planes)]
    noise = max(float(np.median(np.abs(step))) for step in steps)
    radius = sum(noise >= limit for limit in SMOOTHED)
    if max(map(_dots, steps)) > MIN_DOTS:
        radius = DOTS_RADIUS
    if not radius:
        return planes
    return [np.asarray(Image.fromarray(plane).filter(ImageFilter.BoxBlur(radius))) for plane in planes]


def _dots(step: NDArray[np.int16]) -> float:
    """The share of the pixels that are darker or lighter than both their neighbours in the row, by much."""
    before, after = step[:, :-1], step[:, 1:]
    dots = (np.minimum(before, -after) > DOT) | (np.maximum(before, -after) < -DOT)
    return float(np.count_nonzero(dots) / step.size)
