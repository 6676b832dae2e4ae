"""Groups: pieces of ink near each other that may be one digit, and what lies around them."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.localization.components import Mask, connected_components
from model.localization.views import View
from model.preprocess import Box, box_of

REACHES: Final = (0, 40, 14)  # parts of the longer side that a gap between pieces of a digit is narrower than; 0: none
MAX_STRONGEST: Final = 128  # pieces; the rest are specks
MIN_SIZE: Final = 12  # pixels of a digit's longer side
MIN_STRENGTH: Final = 0.1  # of the strongest group: what has less is no proposal
MAX_GROUPS: Final = 3  # of each way to group the pieces
BAR: Final = 3.0  # times its height that an underline is wide
NOTABLE: Final = 0.05  # of a group's strength: what is left out and has less is not told
KINDS: Final = ("other", "edge", "frame", "underline")  # of pieces

Numbers = NDArray[np.intp]


class Group(NamedTuple):
    """Pieces of ink near each other, in the box around them."""

    box: Box
    ink: Mask  # (height, width) of the box
    strength: float  # contrast of all its pixels together
    within: float  # contrast of other ink in its box, in its own strength
    around: float  # … and half a box around it
    rest: float  # contrast of other ink that is no frame, no underline and not at the edge, in its own strength
    pieces: int
    removed: tuple[str, ...]  # what was left out


class Pieces(NamedTuple):
    """The strongest n pieces of ink."""

    boxes: Numbers  # (n, 4): top, bottom, left, right
    strengths: NDArray[np.float64]  # (n,)
    kinds: Numbers  # (n,) of `KINDS`


def whole(view: View) -> Iterator[Group]:
    """All of the ink as one group."""
    if (box := box_of(view.mask)) is not None:
        yield Group(box, box.crop(view.mask), float(view.contrast[view.mask].sum()), 0, 0, 0, 1, view.removed)


def groups(view: View, reaches: tuple[int, ...] = REACHES) -> Iterator[Group]:
    """The strongest groups, without pieces at the image's edge and specks; also without frames and underlines."""
    components = connected_components(view.mask)
    strengths = np.bincount(components.labels.ravel(), view.contrast.ravel(), len(components) + 1).astype(np.float64)
    strengths[0] = 0
    numbers = np.argsort(-strengths)[: min(MAX_STRONGEST, len(components))]
    numbers = numbers[_longer_sides(components.boxes[numbers]) > 2]
    boxes = components.boxes[numbers]
    pieces = Pieces(boxes, strengths[numbers], _kinds(boxes, view.mask.shape))
    for members in _memberships(pieces, [max(view.mask.shape) / part if part else -1.0 for part in reaches]):
        box = Box(*around(boxes[members]).tolist())
        chosen = np.zeros(len(components) + 1, dtype=bool)
        chosen[numbers[members]] = True
        yield Group(box, chosen[box.crop(components.labels)], *_surroundings(pieces, members, box, view))


def _memberships(pieces: Pieces, reaches: list[float]) -> Iterator[Numbers]:
    """The numbers of the pieces of each group, the same group once."""
    seen = set()
    for left_out in (None, "frame", "underline"):
        numbers = _left(pieces.kinds, left_out)
        for reach in reaches if len(numbers) else ():
            labels = _merged(pieces.boxes[numbers], reach)
            strengths = np.bincount(labels, pieces.strengths[numbers])
            for label in np.argsort(-strengths)[:MAX_GROUPS]:
                members = numbers[labels == label]
                if strengths[label] < MIN_STRENGTH * strengths.max() or members.tobytes() in seen:
                    continue
                seen.add(members.tobytes())
                if _longer_sides(around(pieces.boxes[members])[None])[0] >= MIN_SIZE:
                    yield members


def _left(kinds: Numbers, left_out: str | None) -> Numbers:
    """The numbers of the pieces that are not at the edge, and not of a kind; none if there is none of that kind."""
    used = kinds != KINDS.index("edge")
    if left_out:
        of_kind = kinds == KINDS.index(left_out)
        used &= ~of_kind & of_kind.any()
    return np.flatnonzero(used)


def _merged(boxes: Numbers, reach: float) -> Numbers:
    """A number for each box, the same for those that gaps of at most `reach` pixels lie between."""
    top, bottom, left, right = boxes.T
    gap = np.maximum(
        np.maximum(top[:, None], top) - np.minimum(bottom[:, None], bottom),
        np.maximum(left[:, None], left) - np.minimum(right[:, None], right),
    )
    near = (gap <= reach) | np.eye(len(boxes), dtype=bool)
    labels = np.arange(len(boxes))
    while True:
        lowest = np.where(near, labels, len(boxes)).min(axis=1)
        if np.array_equal(lowest, labels):
            return labels
        labels = lowest


def _surroundings(
    pieces: Pieces, members: Numbers, box: Box, view: View
) -> tuple[float, float, float, float, int, tuple[str, ...]]:
    """A group's strength, that of others in its box, around it and anywhere, its size, and what was left out."""
    own = float(pieces.strengths[members].sum())
    others = np.ones(len(pieces.boxes), dtype=bool)
    others[members] = False
    strengths, kinds = pieces.strengths[others], pieces.kinds[others]
    high, wide = (box.bottom - box.top) // 2, (box.right - box.left) // 2
    larger = Box(box.top - high, box.bottom + high, box.left - wide, box.right + wide)
    within, around = (float(strengths @ _shares(pieces.boxes[others], each)) / own for each in (box, larger))
    told = {KINDS[kind] for kind in kinds[strengths > NOTABLE * own]} | set(view.removed)
    rest = float(strengths[kinds == KINDS.index("other")].sum()) / own
    return own, within, around, rest, len(members), tuple(sorted(told))


def _shares(boxes: Numbers, within: Box) -> NDArray[np.float64]:
    """The share of each box's area that lies in another box."""
    top, bottom, left, right = boxes.T
    high = np.minimum(bottom, within.bottom) - np.maximum(top, within.top)
    wide = np.minimum(right, within.right) - np.maximum(left, within.left)
    return np.asarray(np.maximum(high, 0) * np.maximum(wide, 0) / ((bottom - top) * (right - left)))


def _kinds(boxes: Numbers, shape: tuple[int, ...]) -> Numbers:
    """What each piece looks like: a number of `KINDS`."""
    top, bottom, left, right = boxes.T
    kinds = np.zeros(len(boxes), dtype=np.intp)
    level = (right - left > BAR * (bottom - top)) & (right - left >= MIN_SIZE)
    kinds[level & (right - left > 0.6 * (right - left)[level].max(initial=0))] = KINDS.index("underline")
    holds = (top[:, None] < top) & (bottom[:, None] > bottom) & (left[:, None] < left) & (right[:, None] > right)
    kinds[(holds & (_longer_sides(boxes) >= MIN_SIZE)).any(axis=1)] = KINDS.index("frame")
    kinds[(top == 0) | (bottom == shape[0]) | (left == 0) | (right == shape[1])] = KINDS.index("edge")
    return kinds


def around(boxes: Numbers) -> Numbers:
    """The smallest box that holds all of them."""
    return np.array([boxes[:, 0].min(), boxes[:, 1].max(), boxes[:, 2].min(), boxes[:, 3].max()])


def _longer_sides(boxes: Numbers) -> Numbers:
    return np.asarray(np.maximum(boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]))
