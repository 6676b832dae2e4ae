"""Proposals: the places of a picture where a digit may stand, each as the 28×28 picture that the network would see.

Where it is not clear what is ground, what are lines and what is one digit, each way of seeing it is proposed: ink dark
or light, thin or thick, strong alone or faint too, with lines or without, pieces alone or joined over gaps. The network
then judges (`model/localization/judge.py`).
"""

from collections.abc import Container, Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.localization.components import Mask, connected_components, runs
from model.localization.groups import MIN_SIZE, REACHES, Group, groups, whole
from model.localization.morphology import running
from model.localization.views import View, plain_view, views_of_drawing, views_of_photo
from model.preprocess import (
    INK_THRESHOLD,
    MARGIN,
    Box,
    BoxOnImage,
    Ink,
    Placement,
    Plane,
    Preprocessed,
    Step,
    image_planes,
    place_on_image,
)

MAX_SIDE: Final = 640  # pixels; larger images are averaged down first
MAX_REST: Final = 0.4  # of a part's strength, of what else is in a drawing
SAME_AREA: Final = 0.8  # of a drawing's box: what fills less is not all of it
MIN_PIECES: Final = 4  # of a dashed stroke, or of one of chalk
GAPS: Final = (2.2, 3.6)  # stroke widths between dashes, and between crumbs of chalk
SHARP: Final = 0.7  # of the contrast of its strokes: a pixel with more lies well within one

Origin = tuple[float, float, float]  # left and top of a plane in its image, and the image's pixels for one of it


class Proposal(NamedTuple):
    """A place where a digit may stand."""

    picture: NDArray[np.uint8]  # (28, 28)
    placement: Placement  # in the image's pixels
    view: View
    group: Group
    origin: Origin  # of the view
    contrast: float  # of its strokes, 0–255
    sharpness: float  # share of its pixels that have nearly the contrast of its strokes
    fill: float  # share of its box that it inks
    size: tuple[float, float]  # width and height of its box, in the image's
    offset: float  # of its middle from the image's middle, in longer sides
    openness: float  # largest share of a side of its box beyond which its own colour goes on, though not as ink
    gap: int  # pixels of the view, up to which its gaps are inked

    def without(self, skip: Container[Step]) -> Preprocessed:
        """Its picture and placement without steps of the preprocessing; unfitted, it is the whole image's."""
        ink = _ink(self.view, self.group, self.origin, self.contrast, self.gap, whole="fit" in skip)
        picture, placement = place_on_image(ink, skip)
        return Preprocessed(picture, placement and placement._replace(removed=self.group.removed))


def propose(image: Image.Image) -> list[Proposal]:
    """The places where a digit may stand in any image; those that look the same are proposed once."""
    factor = -(-max(image.size) // MAX_SIDE)
    if max(image.size) < MIN_SIZE or min(image.size) < 2 * factor:
        return []
    planes = [np.rint(plane).astype(np.uint8) for plane in image_planes(image, factor)]
    found = _proposals(((view, groups(view)) for view in views_of_photo(planes)), (0, 0, factor))
    in_pieces = (each for each in found if each.group.pieces >= MIN_PIECES)
    return [*found, *(joined for each in in_pieces for joined in _joined(each, GAPS))]


def _joined(proposal: Proposal, gaps: Iterable[float]) -> Iterator[Proposal]:
    """The same with the gaps between its pieces inked, up to so many widths of its stroke."""
    group = proposal.group._replace(removed=tuple(sorted({*proposal.group.removed, "gaps"})))
    width = _stroke_width(group.ink)
    for gap in gaps:
        joined = _proposal(proposal.view, group, proposal.origin, round(gap * width))
        if joined:
            pieces = max(1, len(connected_components(joined.picture > INK_THRESHOLD * 255)))
            yield joined._replace(group=group._replace(pieces=pieces))


def _stroke_width(ink: Mask) -> float:
    """The usual length of the ink's runs, in the rows or in the columns."""
    return min(float(np.median(runs(each).lengths)) for each in (ink, np.ascontiguousarray(ink.T)))


def propose_parts(ink: Ink, plain: Preprocessed) -> list[Proposal]:
    """The places where a digit may stand in a drawing: all of its ink, and what is left without frames and lines.

    Of several things that are as large, none is proposed alone: a drawing of two digits is not one digit. The first one
    is the plain picture, whose ink may be fainter than that of a view and reach further.
    """
    view, origin = plain_view(ink), (ink.left, ink.top, ink.scale)
    alone = (
        (part, (group for group in groups(part, REACHES[-1:]) if group.rest <= MAX_REST))
        for part in views_of_drawing(view)
    )
    found = _proposals([(view, whole(view)), *alone], origin)
    if not found or plain.placement is None:
        return found
    first = found[0]._replace(picture=plain.picture, placement=plain.placement)
    is_all = _area(found[0].placement.box) > SAME_AREA * _area(plain.placement.box)
    dashed = len(connected_components(found[0].group.ink)) >= MIN_PIECES
    return [first, *found[is_all:], *_joined(found[0], GAPS[:dashed])]


def _area(box: BoxOnImage) -> float:
    left, top, right, bottom = box
    return (right - left) * (bottom - top)


def _proposals(seen: Iterable[tuple[View, Iterable[Group]]], origin: Origin) -> list[Proposal]:
    """The groups of several views; one that several views have is proposed once, with all that they left out."""
    first: dict[tuple[object, ...], tuple[View, Group]] = {}
    removed: dict[tuple[object, ...], set[str]] = {}
    for view, its_groups in seen:
        for group in its_groups:
            key = (view.ground, *(np.array(group.box) // 3), round(3 * np.log(group.ink.sum())))
            first.setdefault(key, (view, group))
            removed.setdefault(key, set()).update(group.removed)
    found = (
        _proposal(view, group._replace(removed=tuple(sorted(removed[key]))), origin)
        for key, (view, group) in first.items()
    )
    return [each for each in found if each]


def _proposal(view: View, group: Group, origin: Origin, gap: int = 0) -> Proposal | None:
    """A group as the network sees it, with gaps of so many pixels inked; None if nothing of it is left."""
    contrast = group.box.crop(view.contrast)[group.ink]
    full = float(np.median(contrast))
    picture, placement = place_on_image(_ink(view, group, origin, full, gap))
    if placement is None:
        return None
    height, width = view.mask.shape
    top, bottom, left, right = group.box
    offset = np.hypot(left + right - width, top + bottom - height) / 2 / max(width, height)
    return Proposal(
        picture,
        placement._replace(removed=group.removed),
        view,
        group,
        origin,
        full,
        float((contrast > SHARP * full).mean()),
        float(group.ink.mean()),
        ((right - left) / width, (bottom - top) / height),
        float(offset),
        _openness(view, group, full),
        gap,
    )


def _openness(view: View, group: Group, full: float) -> float:
    """The largest share of a side of a group's box beyond which its own colour goes on, though it is no ink there.

    A light digit stands on a dark ground. A gap between two dark strokes has them at two sides only, and is open at its
    ends, where it is too wide to be a stroke. `full` is the contrast of full ink.
    """
    own = [float(np.median(group.box.crop(plane)[group.ink])) for plane in view.planes]
    shares = [0.0]
    for edge in _edges(group.box.with_margin(view.mask.shape), view.mask.shape):
        goes_on = edge.crop(view.contrast) <= view.level
        for plane, value in zip(view.planes, own, strict=True):
            goes_on &= np.abs(edge.crop(plane) - value) < full / 2
        shares.append(float(goes_on.mean()))
    return max(shares)


def _edges(box: Box, shape: tuple[int, ...]) -> Iterator[Box]:
    """The row or column just beyond a box, at each side where there is one."""
    height, width = shape
    yield from (box._replace(top=row, bottom=row + 1) for row in (box.top - 1, box.bottom) if 0 <= row < height)
    yield from (box._replace(left=at, right=at + 1) for at in (box.left - 1, box.right) if 0 <= at < width)


def _ink(view: View, group: Group, origin: Origin, full: float, gap: int, *, whole: bool = False) -> Ink:
    """A group's ink, in the box around it or on the whole of its view; `full` is the contrast of full ink."""
    height, width = view.mask.shape
    box, ink = _widened(group, view.mask.shape)
    contrast, near = box.crop(view.contrast), running(np.maximum, ink, 2 * MARGIN + 1)
    if gap:
        contrast = running(np.minimum, running(np.maximum, contrast * near, gap), gap)
        near |= contrast > view.level
    low = min(0.4 * view.level, 0.5 * full)
    plane: Plane = np.clip((contrast.astype(np.float32) - low) / (full - low), 0, 1) * near
    left, top, scale = origin
    if whole:
        plane = np.pad(plane, [(box.top, height - box.bottom), (box.left, width - box.right)])
        return Ink(plane, left, top, scale, view.ground)
    return Ink(plane, left + box.left * scale, top + box.top * scale, scale, view.ground)


def _widened(group: Group, shape: tuple[int, ...]) -> tuple[Box, Mask]:
    """The box with a margin, and the group's ink in it."""
    top, bottom, left, right = group.box
    box = group.box.with_margin(shape)
    near = np.zeros(box.size, dtype=bool)
    near[top - box.top : bottom - box.top, left - box.left : right - box.left] = group.ink
    return box, near
