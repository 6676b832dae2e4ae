"""Whatever was drawn, the network shall see what MNIST would have made of it.

A drawing (any Pillow image) becomes the 28×28 picture in three steps, as LeCun et al. made MNIST (1998):

    ink       how far each pixel is from the ground's colour, so that dark on light, light on dark and any colour
              on any other come out alike; a frame around the drawing is taken off
    fit       the ink's bounding box to 20×20, keeping its aspect, by area averaging
    centre    the ink's centre of mass to the middle of the 28×28

The last two are one resampling, exact in fractions of a pixel: each of the 28×28 cells is the mean of the ink that
it covers. Training sends pen strokes through this function, the server sends canvases: there is no second way. A step
can be left out, to see what it is good for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from numpy.typing import NDArray
    from PIL import Image

    Plane = NDArray[np.float32]

Step = Literal["fit", "centre"]

SIDE: Final = 28  # pixels of the picture
BOX: Final = 20  # pixels of the box that the ink is fitted to
LARGEST: Final = 512  # a longer side than twice this is first averaged down: it holds nothing that 28×28 can show
FAINTEST: Final = 10.0  # of 255: a difference from the ground that counts as ink
GRAIN: Final = 4.0  # times the ground's own median deviation: below it is paper, not ink
EDGE: Final = 0.1  # ink at which the bounding box begins
FRAME: Final = 0.99  # share of each side of a bounding box that is inked if it is a frame: nothing may touch it
ALIKE: Final = 48.0  # of 255: two pixels of the rim that differ by less have the same ground
EVEN: Final = 2.0  # of 255: the rim's median deviation from its ground, above which the light is taken to be uneven
AGREED: Final = 0.6  # share of the rim that has to be alike to be the ground
CONTENT: Final = 0.4  # share of a frame's inside that a drawing covers at most: a zero's hole covers more
WIDE_STEPS: Final = {"I": 65535, "I;16": 65535, "I;16L": 65535, "I;16B": 65535, "F": 1}  # white, by Pillow's mode


class Box(NamedTuple):
    """Rows and columns from `top`, `left` up to but not with `bottom`, `right`."""

    top: int
    bottom: int
    left: int
    right: int

    def of(self, plane: NDArray[Any]) -> NDArray[Any]:
        """That part of a plane, as a view."""
        return plane[self.top : self.bottom, self.left : self.right]


class Ink(NamedTuple):
    """How much ink there is in each pixel, from 0 (ground) to 1, (height, width), and where that is in the image."""

    plane: Plane
    left: float = 0  # of the image's pixels
    top: float = 0
    scale: float = 1  # of the image's pixels for one of the plane's


class Placement(NamedTuple):
    """Where the 28×28 cells lie on the drawing, in its own pixels, and the box around its ink."""

    left: float
    top: float
    cell: float
    fitted: tuple[float, float]  # left and top of what was fitted, before it was centred
    box: tuple[float, float, float, float]  # left, top, right, bottom


class Preprocessed(NamedTuple):
    """What the network sees of a drawing, and where on it; a blank one has no place."""

    picture: NDArray[np.uint8]  # (28, 28), 255 = ink; all zeros if there is no ink
    placement: Placement | None


def preprocess(image: Image.Image) -> NDArray[np.uint8]:
    """The 28×28 picture that the network sees, 255 = ink; all zeros if there is no ink."""
    return preprocess_with_placement(image).picture


def preprocess_with_placement(image: Image.Image, skip: Container[Step] = ()) -> Preprocessed:
    """The picture, where it was found, and with steps left out if they are to be."""
    ink = ink_of(image)
    picture, placement = place(ink.plane, skip)
    return Preprocessed(picture, placement and _on_image(placement, ink))


def ink_of(image: Image.Image) -> Ink:
    """The ink of a drawing. One much larger than needed is averaged down first."""
    factor = max(1, max(image.size) // LARGEST)
    planes, alpha = _planes(_shrunk(plain(image), factor))
    if alpha is not None and (alpha < 250).any():
        if np.median(_rim(alpha)) < 128:
            return _scaled(_ink_on_nothing(planes, alpha), factor)
        planes = _on_ground(planes, alpha)
    return _scaled(_unframed(planes), factor)


def _scaled(ink: Ink, factor: int) -> Ink:
    return Ink(ink.plane, ink.left * factor, ink.top * factor, factor)


def place(plane: Plane, skip: Container[Step] = ()) -> Preprocessed:
    """Fit ink (height, width) in 0–1 to the 20×20 box and its centre of mass to the middle of the 28×28."""
    box = bounding_box(plane)
    if box is None:
        return Preprocessed(np.zeros((SIDE, SIDE), dtype=np.uint8), None)
    placement = _placement(plane, box, skip)
    return Preprocessed(_sampled(plane, placement), placement)


def _placement(plane: Plane, box: Box, skip: Container[Step]) -> Placement:
    """Where the cells lie on the plane: its ink fitted to the 20×20 box, its centre of mass in their middle.

    Without fitting, the whole plane fills the 28×28; without centring, the middle of what was fitted is in the middle.
    """
    height, width = plane.shape
    fitted = Box(0, height, 0, width) if "fit" in skip else box
    side = max(fitted.bottom - fitted.top, fitted.right - fitted.left)
    cell = side / (SIDE if "fit" in skip else BOX)
    left, top = (fitted.left + fitted.right - SIDE * cell) / 2, (fitted.top + fitted.bottom - SIDE * cell) / 2
    start = left, top
    if "centre" not in skip:
        left = _start(plane.sum(axis=0), box.left, box.right, cell)
        top = _start(plane.sum(axis=1), box.top, box.bottom, cell)
    return Placement(left, top, cell, start, (box.left, box.top, box.right, box.bottom))


def _sampled(plane: Plane, placement: Placement) -> NDArray[np.uint8]:
    """The mean of the ink in each cell."""
    rows = _overlap(plane.shape[0], placement.top, placement.cell)
    columns = _overlap(plane.shape[1], placement.left, placement.cell)
    picture = rows @ plane @ columns.T
    # MNIST's pen was never thinner than a cell; a line that is would come out grey, so the darkest cell sets black.
    picture *= 255 / picture.max()
    return np.rint(picture).astype(np.uint8)


def _on_image(placement: Placement, ink: Ink) -> Placement:
    """A placement on the plane as one on the image that it came from."""
    left, right = (ink.left + ink.scale * x for x in (placement.box[0], placement.box[2]))
    top, bottom = (ink.top + ink.scale * y for y in (placement.box[1], placement.box[3]))
    return Placement(
        ink.left + ink.scale * placement.left,
        ink.top + ink.scale * placement.top,
        ink.scale * placement.cell,
        (ink.left + ink.scale * placement.fitted[0], ink.top + ink.scale * placement.fitted[1]),
        (left, top, right, bottom),
    )


def bounding_box(ink: Plane) -> Box | None:
    """The smallest box that holds the ink; None if there is none."""
    inked = ink > EDGE
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not rows.size:
        return None
    return Box(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)


def _start(profile: Plane, first: int, last: int, cell: float) -> float:
    """Where the 28 cells begin on an axis so that its centre of mass is in their middle, and no ink falls outside."""
    centre = float(profile @ (np.arange(len(profile), dtype=np.float32) + 0.5)) / float(profile.sum())
    return min(max(centre - SIDE / 2 * cell, last - SIDE * cell), first)


def _overlap(pixels: int, start: float, cell: float) -> Plane:
    """(28, pixels): the share of cell i that pixel j covers. Its product with a line of pixels averages their area."""
    cells = start + cell * np.arange(SIDE)[:, None]
    places = np.arange(pixels)
    shared = np.minimum(cells + cell, places + 1) - np.maximum(cells, places)
    return np.asarray(np.maximum(shared, 0) / cell, dtype=np.float32)


def plain(image: Image.Image) -> Image.Image:
    """Palettes, bits and print colours as grey or RGB with or without alpha; anything else as it is."""
    if image.mode not in {"L", "LA", "RGB", "RGBA", *WIDE_STEPS}:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode in {"L", "RGB"} and image.has_transparency_data:  # one colour named as transparent
        return image.convert("RGBA")
    return image


def _shrunk(image: Image.Image, factor: int) -> Image.Image:
    """An image averaged down."""
    if factor == 1:
        return image
    if image.mode in WIDE_STEPS and image.mode != "F":  # Pillow averages floats, but not 16-bit integers
        white = WIDE_STEPS[image.mode]
        image = image.convert("I").convert("F").point(lambda value: value * (1 / white) + 0)
    return image.reduce(factor)


def _planes(image: Image.Image) -> tuple[list[Plane], Plane | None]:
    """The colour planes in 0–255, and the alpha plane if there is one. 16-bit greys are scaled, not clipped."""
    if image.mode in WIDE_STEPS:
        return [np.asarray(image, dtype=np.float32) * np.float32(255 / WIDE_STEPS[image.mode])], None
    pixels = np.asarray(image)
    if pixels.ndim == 2:
        return [pixels.astype(np.float32)], None
    planes = [np.ascontiguousarray(pixels[:, :, band], dtype=np.float32) for band in range(pixels.shape[2])]
    return (planes[:-1], planes[-1]) if image.mode in {"LA", "RGBA"} else (planes, None)


def _rim(plane: NDArray[Any]) -> NDArray[Any]:
    """The outermost pixels."""
    return np.concatenate([plane[0], plane[-1], plane[1:-1, 0], plane[1:-1, -1]])


def _ink_on_nothing(planes: list[Plane], alpha: Plane) -> Ink:
    """Ink on transparency is what is opaque, whatever its colour; unless that is a card with a drawing on it."""
    ink = alpha / np.float32(255)
    box = bounding_box(ink)
    if box is not None and _is_framed(ink):
        inside = _unframed(_on_ground([box.of(plane) for plane in planes], box.of(alpha)))
        if inside.plane.any():
            return _inside(box, inside)
    return Ink(ink)


def _on_ground(planes: list[Plane], alpha: Plane) -> list[Plane]:
    """The planes laid over the colour of their rim: what is transparent there is ground."""
    share = alpha / np.float32(255)
    solid = _rim(alpha) >= min(128.0, float(np.median(_rim(alpha))))
    grounds = [np.median(_rim(plane)[solid]) for plane in planes]
    return [share * plane + (1 - share) * ground for plane, ground in zip(planes, grounds, strict=True)]


def _inside(box: Box, ink: Ink) -> Ink:
    """Ink that was found inside a box, as ink of what the box is a part of."""
    return Ink(ink.plane, ink.left + box.left, ink.top + box.top)


def _unframed(planes: list[Plane], faintest: float = FAINTEST, depth: int = 3) -> Ink:
    """The ink of the drawing inside a frame, of the whole where there is no frame or nothing in it.

    A sheet on a table and a drawn outline are both frames: the ink that they seem to be fills the rim of its own
    bounding box. Looked at alone, the box's inside then has another ground, and perhaps a drawing on it.
    """
    ink, contrast = _contrast(planes, faintest)
    box = bounding_box(ink)
    if box is None or not depth or not _is_framed(ink):
        return Ink(ink)
    inside = _unframed([box.of(plane) for plane in planes], contrast / 3, depth - 1)
    if inside.plane.any() and inside.plane.mean() < CONTENT and not _is_framed(inside.plane):
        return _inside(box, inside)
    return Ink(ink)


def _contrast(planes: list[Plane], faintest: float) -> tuple[Plane, float]:
    """Ink as the distance from the ground's colour, the ground's grain taken off, and what distance full ink has."""
    distance, ground = _from_ground(planes)
    paper = GRAIN * float(np.median(_rim(distance)[ground])) if ground.any() else 0.0
    peak = float(distance.max())
    if peak <= max(faintest, 2 * paper):
        return np.zeros_like(distance), 0.0
    # The median of what is surely ink: a few bright specks or a darker crossing do not make the rest faint.
    full = float(np.median(distance[distance > max(peak / 2, paper)]))
    ink = (distance - np.float32(paper)) * np.float32(1 / (full - paper))
    return np.clip(ink, 0, 1, out=ink), full


def _from_ground(planes: list[Plane]) -> tuple[Plane, NDArray[np.bool_]]:
    """Each pixel's distance from the ground's colour, and which pixels of the rim are ground.

    The ground is what the rim shows, mostly. Where a large drawing runs along the rim and the rim cannot agree, it is
    what the whole picture shows, mostly. A photo's ground is lit unevenly: there it is a smooth surface.
    """
    distance = _distance(planes, [np.median(_rim(plane)) for plane in planes])
    ground = _rim(distance) <= ALIKE
    if ground.mean() < AGREED:
        distance = _distance(planes, [np.median(plane) for plane in planes])
        ground = _rim(distance) <= ALIKE
    if ground.any() and np.median(_rim(distance)[ground]) > EVEN:
        distance = _distance(planes, [_surface(plane) for plane in planes])
        ground = _rim(distance) <= ALIKE
    return distance, ground


def _surface(plane: Plane) -> Plane:
    """The quadratic surface through the rim: light falls off from a side, or from the middle. Ink on it is left out."""
    y, x = (np.linspace(-1, 1, n, dtype=np.float32) for n in plane.shape)
    # The terms on the rim alone: on the whole plane they would take 70 bytes a pixel.
    rim_x = _rim(np.broadcast_to(x, plane.shape))
    rim_y = _rim(np.broadcast_to(y[:, None], plane.shape))
    rim = np.stack([np.ones_like(rim_x), rim_x, rim_y, rim_x * rim_y, rim_x * rim_x, rim_y * rim_y], axis=1)
    values = _rim(plane)
    away = np.abs(values - np.median(values))
    near = away <= max(2 * ALIKE, float(away.min()))
    for _ in range(3):
        factors = np.linalg.lstsq(rim[near], values[near], rcond=None)[0]
        away = np.abs(values - rim @ factors)
        near = away <= max(3 * float(np.median(away)), 1.0)
    level, by_x, by_y, by_both, by_xx, by_yy = factors.astype(np.float32)
    surface: Plane = np.multiply.outer(by_both * y, x)
    surface += level + by_x * x + by_xx * x * x
    surface += (by_y * y + by_yy * y * y)[:, None]
    return surface


def _distance(planes: list[Plane], colour: Sequence[np.floating[Any] | Plane]) -> Plane:
    distance = np.abs(planes[0] - colour[0])
    for plane, value in zip(planes[1:], colour[1:], strict=True):
        np.maximum(distance, np.abs(plane - value), out=distance)
    return distance


def _is_framed(ink: Plane) -> bool:
    """Whether ink runs all along the four sides of its own bounding box; corners may be round."""
    box = bounding_box(ink)
    if box is None or min(box.bottom - box.top, box.right - box.left) < SIDE:
        return False
    inked = box.of(ink) > EDGE
    return all(_middle(side).mean() >= FRAME for side in (inked[0], inked[-1], inked[:, 0], inked[:, -1]))


def _middle(side: NDArray[Any]) -> NDArray[Any]:
    return side[len(side) // 10 : len(side) - len(side) // 10]
