"""The ways of seeing the ink of a picture: dark or light, strong alone or faint too, with straight lines or without."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
from PIL import Image

from model.localization.components import Mask, connected_components
from model.localization.morphology import running
from model.localization.proposals import MAX_SIDE
from model.localization.views import View, plain_view, views_of_drawing, views_of_photo
from model.preprocess import MAX_SIDE as MAX_INK_SIDE
from model.preprocess import Ink, Plane, extract_ink, image_planes
from model.reading.lines import usual_height

KEPT: Final = 0.2  # of a piece's pixels, up to which a view without lines has nothing of it but ends
ONE: Final = (0.7, 1.2)  # heights of the writing, between which a line may be a one
SOFT: Final = 2  # pixels around what a view takes for ink that its strokes' soft edges reach


class Sight(NamedTuple):
    """The ink of a picture, seen in one way."""

    ink: Ink
    contrast: float  # of the strokes, 0–255
    noise: float  # contrast below which is noise
    removed: tuple[str, ...]  # what was taken out
    plain: bool = False  # whether it is what the preprocessing takes for ink


def plain_ink(image: Image.Image) -> Ink:
    """The ink that the preprocessing finds, with no more pixels than one digit gets, however long the line is."""
    return extract_ink(image, max(1, math.isqrt(image.width * image.height) // MAX_INK_SIDE))


def plain_sight(ink: Ink) -> Sight:
    """The ink that the preprocessing finds."""
    return Sight(ink, 255.0, 1.0, (), plain=True)


def sights_of_drawing(ink: Ink) -> Iterator[Sight]:
    """The other ways of seeing a drawing: without lines, or with what an outline encloses."""
    for view in _with_ones(views_of_drawing(plain_view(ink))):
        if view.removed and view.mask.any():
            yield _sight(view, ink.left, ink.top, ink.scale)


def sights_of_photo(image: Image.Image) -> Iterator[Sight]:
    """The ways of seeing a photograph."""
    factor = -(-max(image.size) // MAX_SIDE)
    if min(image.size) >= 2 * factor:
        planes = [np.rint(plane).astype(np.uint8) for plane in image_planes(image, factor)]
        for view in _with_ones(views_of_photo(planes)):
            if view.mask.any():
                yield _sight(view, 0, 0, factor)


def _with_ones(views: Iterable[View]) -> Iterator[View]:
    """The views; those without lines have the ones that were taken for such, and are left out if nothing else was."""
    mask: Mask | None = None  # with the lines
    for view in views:
        if "lines" not in view.removed or mask is None:
            mask = view.mask
            yield view
            continue
        ones = _ones(mask, view.mask)
        if (mask & ~ones & ~view.mask).any():
            yield view._replace(mask=view.mask | ones)


def _ones(mask: Mask, without_lines: Mask) -> Mask:
    """The upright lines that stand alone and are as high as the writing: a rule is longer, or has ends in other ink."""
    pieces = connected_components(mask)
    kept = np.bincount(pieces.labels[without_lines], minlength=len(pieces) + 1) / np.maximum(pieces.areas, 1)
    writing = kept[1:] > KEPT
    if not writing.any():
        return np.zeros_like(mask)
    top, bottom, start, end = pieces.boxes.T
    high, usual = bottom - top, usual_height(pieces.boxes[1:][writing])
    stands = (end - start < high) & (high > ONE[0] * usual) & (high < ONE[1] * usual)
    return pieces.select(stands & (kept <= KEPT))


def _sight(view: View, left: float, top: float, scale: float) -> Sight:
    full = float(np.median(view.contrast[view.mask]))
    low = min(0.4 * view.level, 0.5 * full)
    near = running(np.maximum, view.mask, 2 * SOFT + 1)
    plane: Plane = np.clip((view.contrast.astype(np.float32) - low) / max(full - low, 1), 0, 1) * near
    return Sight(Ink(plane, left, top, scale, view.ground, flat=False), full, view.noise, view.removed)
