"""Proposals: the places of a picture where a digit may stand, each as the 28×28 picture that the network would see.

Where it is not clear what is ground, what are lines and what is one digit, each way of seeing it is proposed: ink dark
or light, thin or thick, strong alone or faint too, with lines or without, pieces alone or joined over gaps. The network
then judges (`model/localization/judge.py`).
"""

from collections.abc import Container, Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.localization.components import Mask
from model.localization.groups import MIN_SIZE, REACHES, Group, groups, whole
from model.localization.morphology import running
from model.localization.views import View, plain_view, views_of_drawing, views_of_photo
from model.preprocess import Box, Ink, Placement, Plane, Step, image_planes, place

MAX_SIDE: Final = 640  # pixels; larger images are averaged down first
MARGIN: Final = 2  # pixels around a group that its strokes' soft edges reach
MAX_REST: Final = 0.4  # of a part's strength, of what else is in a drawing
SHARP: Final = 0.7  # of the contrast of its strokes: a pixel with more lies well within one

Origin = tuple[float, float, float]  # left and top of a plane in its image, and the image's pixels for one of it


class Proposal(NamedTuple):
    """A place where a digit may stand."""

    picture: NDArray[np.uint8]  # (28, 28)
    placement: Placement  # in the image's pixels
    strength: float
    within: float
    around: float
    pieces: int
    contrast: float  # of its strokes, 0–255
    noise: float  # contrast below which is noise
    sharpness: float  # share of its pixels that have nearly the contrast of its strokes
    fill: float  # share of its box that it inks
    size: tuple[float, float]  # width and height of its box, in the image's
    offset: float  # of its middle from the image's middle, in longer sides


def propose(image: Image.Image, skip: Container[Step] = ()) -> list[Proposal]:
    """The places where a digit may stand in any image; those that look the same are proposed once."""
    factor = -(-max(image.size) // MAX_SIDE)
    if max(image.size) < MIN_SIZE or min(image.size) < 2 * factor:
        return []
    planes = [np.rint(plane).astype(np.uint8) for plane in image_planes(image, factor)]
    return _proposals(((view, groups(view)) for view in views_of_photo(planes)), (0, 0, factor), skip)


def propose_parts(ink: Ink, skip: Container[Step] = ()) -> list[Proposal]:
    """The places where a digit may stand in a drawing: all of its ink, and what is left without frames and lines.

    Of several things that are as large, none is proposed alone: a drawing of two digits is not one digit.
    """
    plain = plain_view(ink)
    alone = (
        (view, (group for group in groups(view, REACHES[-1:]) if group.rest <= MAX_REST))
        for view in views_of_drawing(plain)
    )
    seen = [(plain, whole(plain)), *alone]
    return _proposals(seen, (ink.left, ink.top, ink.scale), skip)


def _proposals(seen: Iterable[tuple[View, Iterable[Group]]], origin: Origin, skip: Container[Step]) -> list[Proposal]:
    """The groups of several views; one that several views have is proposed once, with all that they left out."""
    first: dict[tuple[object, ...], tuple[View, Group]] = {}
    removed: dict[tuple[object, ...], set[str]] = {}
    for view, its_groups in seen:
        for group in its_groups:
            key = (view.ground, *(np.array(group.box) // 3), round(3 * np.log(group.ink.sum())))
            first.setdefault(key, (view, group))
            removed.setdefault(key, set()).update(group.removed)
    found = (
        _proposal(view, group._replace(removed=tuple(sorted(removed[key]))), origin, skip)
        for key, (view, group) in first.items()
    )
    return [each for each in found if each]


def _proposal(view: View, group: Group, origin: Origin, skip: Container[Step]) -> Proposal | None:
    """A group as the network sees it; None if nothing of it is left."""
    height, width = view.mask.shape
    box, near = _widened(group, height, width)
    contrast = box.crop(view.contrast).astype(np.float32)
    full = float(np.median(contrast[near]))
    low = min(0.4 * view.level, 0.5 * full)
    plane: Plane = np.clip((contrast - low) / (full - low), 0, 1) * running(np.maximum, near, 2 * MARGIN + 1)
    if "fit" in skip:
        whole = np.zeros((height, width), dtype=np.float32)
        box.crop(whole)[:] = plane
        plane, box = whole, Box(0, height, 0, width)
    picture, placement = place(plane.astype(np.float32), skip)
    if placement is None:
        return None
    left, top, scale = origin
    found = placement.in_image(left + box.left * scale, top + box.top * scale, scale)
    top, bottom, left, right = group.box
    offset = np.hypot(left + right - width, top + bottom - height) / 2 / max(width, height)
    return Proposal(
        picture,
        found._replace(ground=view.ground, removed=group.removed),
        group.strength,
        group.within,
        group.around,
        group.pieces,
        full,
        view.noise,
        float((contrast[near] > SHARP * full).mean()),
        float(group.ink.mean()),
        ((right - left) / width, (bottom - top) / height),
        float(offset),
    )


def _widened(group: Group, height: int, width: int) -> tuple[Box, Mask]:
    """The box with a margin, and the group's ink in it."""
    top, bottom, left, right = group.box
    box = Box(max(top - MARGIN, 0), min(bottom + MARGIN, height), max(left - MARGIN, 0), min(right + MARGIN, width))
    near = np.zeros((box.bottom - box.top, box.right - box.left), dtype=bool)
    near[top - box.top : bottom - box.top, left - box.left : right - box.left] = group.ink
    return box, near
