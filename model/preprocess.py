"""Preprocessing: any image of a drawing becomes the 28×28 picture that the network sees, as in MNIST.

Three steps, those by which LeCun et al. made MNIST (1998):

    ink       the distance of each pixel from the background's colour, so that dark on light, light on dark and any
              colour on any other come out alike; a frame around the drawing is removed
    fit       scale the ink's bounding box to 20×20, keeping its aspect, by area averaging
    centre    move the ink's centre of mass to the middle of the 28×28

The last two are one resampling, exact in fractions of a pixel: each of the 28×28 cells is the mean of the ink that
it covers. Training (pen strokes) and the server (canvases, photos) use the same function. "fit" and "centre" can be
skipped, to show what they are good for.
"""

from collections.abc import Container, Sequence
from typing import Any, Final, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float32]
Samples = NDArray[np.uint8] | Plane  # of an image's plane, 0–255
Level = float | Plane  # of a background, in a plane: the same for all pixels, or each pixel's own
Step = Literal["fit", "centre"]
BoxOnImage = tuple[float, float, float, float]  # left, top, right, bottom
Ground = Literal["dark on light", "light on dark", "transparent"]

SIDE: Final = 28  # pixels of the picture
MARGIN: Final = 2  # pixels around a group of ink that its strokes' soft edges reach
BOX: Final = 20  # pixels of the box that the ink is fitted to
CELLS: Final = np.arange(SIDE, dtype=np.float32)
MAX_SIDE: Final = 512  # pixels; an image more than twice as long is averaged down first
MIN_CONTRAST: Final = 10.0  # of 255: the smallest difference from the background that counts as ink
NOISE_FACTOR: Final = 4.0  # times the background's own median deviation: below it is noise, not ink
INK_THRESHOLD: Final = 0.1  # ink at which the bounding box begins
FRAME_COVERAGE: Final = 0.99  # share of each side of its bounding box that a frame inks
SAME_COLOUR: Final = 48.0  # of 255: border pixels that differ by less belong to the same background
UNEVEN_LIGHT: Final = 2.0  # of 255: the border's median deviation from its background, above which the light is uneven
MIN_AGREEMENT: Final = 0.6  # share of the border that has to be of one colour to be the background
EXACT: Final = 1.0  # of 255: a pixel this near to the background's colour has it exactly
MOMENTS: Final = np.stack([np.ones(2 * MAX_SIDE), np.arange(2 * MAX_SIDE) + 0.5]).astype(np.float32)
OPAQUE: Final = 250  # of 255: alpha from which a pixel hides what is behind it
MIN_FLAT: Final = 0.9  # share of the background that has its colour exactly on a drawing which is no photograph
MAX_FRAME_CONTENT: Final = 0.4  # the share within a frame that a drawing covers at most; a zero's hole covers more
MIN_WALL: Final = 0.5  # of the thickest side of a block's digit, the thinnest
MIN_HOLE: Final = 0.065  # of its box, around its holes; a 1 on a card covers less
RECTANGULAR: Final = 0.95  # of where the rows and columns of its holes cross, inked by them
WHITE_LEVELS: Final = {"I": 65535, "I;16": 65535, "I;16L": 65535, "I;16B": 65535, "F": 1}  # white, by Pillow's mode


class Box(NamedTuple):
    """Rows `top` to `bottom`, columns `left` to `right`; the ends are excluded."""

    top: int
    bottom: int
    left: int
    right: int

    def crop(self, plane: NDArray[Any]) -> NDArray[Any]:
        """The part of a plane in this box, as a view."""
        return plane[self.top : self.bottom, self.left : self.right]

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.bottom - self.top, self.right - self.left

    def moved(self, down: int, right: int) -> Self:
        """The same further down and to the right."""
        return type(self)(self.top + down, self.bottom + down, self.left + right, self.right + right)

    def with_margin(self, shape: tuple[int, ...]) -> Self:
        """The same with `MARGIN` at each side, as far as a plane of this shape (height, width) reaches."""
        top, left = max(self.top - MARGIN, 0), max(self.left - MARGIN, 0)
        return type(self)(top, min(self.bottom + MARGIN, shape[0]), left, min(self.right + MARGIN, shape[1]))


class Extent(NamedTuple):
    """Where the ink of a plane lies."""

    box: Box  # around what counts as ink
    faint: Box  # around all of it: outside, the plane is 0

    @classmethod
    def of(cls, ink: Plane, faint: Box) -> Self | None:
        """From the ink in the box around all of it; None if nothing counts as ink."""
        box = bounding_box(ink)
        return cls(box.moved(faint.top, faint.left), faint) if box else None

    @classmethod
    def of_plane(cls, plane: Plane) -> Self | None:
        """From all of a plane; None if nothing counts as ink."""
        faint = box_of(plane > 0)
        return cls.of(faint.crop(plane), faint) if faint else None


class Background(NamedTuple):
    """What is no ink."""

    levels: Sequence[Level]  # its colour in each plane
    noise: float  # distance from it up to which there is no ink
    border: Sequence[float]  # colour of the image's border in each plane


class Ink(NamedTuple):
    """The ink of each pixel, from 0 (background) to 1, and where the plane lies in the image."""

    plane: Plane  # (height, width)
    left: float = 0  # in the image's pixels
    top: float = 0
    scale: float = 1  # the image's pixels for one of the plane's
    ground: Ground = "transparent"
    flat: bool = True  # whether the background is all of one colour, as programs paint it and no camera sees it
    extent: Extent | None = None  # of the plane, where that is known


class Placement(NamedTuple):
    """Where the 28×28 cells lie on the drawing, and the box around its ink, in the drawing's pixels."""

    left: float
    top: float
    cell: float
    fitted: tuple[float, float]  # left and top before centring
    box: BoxOnImage
    ground: Ground = "dark on light"
    removed: tuple[str, ...] = ()  # what was there beside the drawing and was left out
    hypotheses: int = 1  # ways of seeing the image that were read
    alternatives: tuple[BoxOnImage, ...] = ()  # boxes of other places where a digit may stand
    digits: int = 1  # that stand in the image; counted only where one does not seem to be all there is
    certainty: float = 1.0  # that the image shows this digit, by all hypotheses together, or all cuts of a number
    rotation: float = 0.0  # degrees clockwise that the picture is turned, about its middle, once it was centred
    slant: float = 0.0  # … and slanted: cells to the right, for each cell up

    def in_image(self, left: float, top: float, scale: float) -> Self:
        """The same on an image in which the drawing begins at (left, top), with `scale` pixels for one of its own."""
        if (left, top, scale) == (0, 0, 1):
            return self
        x, y = self.fitted
        boxes = [
            (left + scale * box[0], top + scale * box[1], left + scale * box[2], top + scale * box[3])
            for box in (self.box, *self.alternatives)
        ]
        return self._replace(
            left=left + scale * self.left,
            top=top + scale * self.top,
            cell=scale * self.cell,
            fitted=(left + scale * x, top + scale * y),
            box=boxes[0],
            alternatives=tuple(boxes[1:]),
        )


class Preprocessed(NamedTuple):
    """What the network sees of a drawing, and where it lies; None for a blank one."""

    picture: NDArray[np.uint8]  # (28, 28), 255 = ink; all zeros if there is no ink
    placement: Placement | None


def preprocess(image: Image.Image) -> NDArray[np.uint8]:
    """The 28×28 picture that the network sees, 255 = ink; all zeros if there is no ink."""
    return preprocess_with_placement(image).picture


def preprocess_with_placement(image: Image.Image, skip: Container[Step] = ()) -> Preprocessed:
    """The picture and its placement, without the steps in `skip`."""
    plain = None if "fit" in skip else extract_plain_ink(image)
    return place_on_image(plain or extract_ink(image), skip)


def place_on_image(ink: Ink, skip: Container[Step] = ()) -> Preprocessed:
    """The picture of some ink, and its placement in the image's pixels."""
    picture, placement = place(ink.plane, skip, ink.extent)
    if placement is None:
        return Preprocessed(picture, None)
    return Preprocessed(picture, placement.in_image(ink.left, ink.top, ink.scale)._replace(ground=ink.ground))


def extract_ink(image: Image.Image, factor: int | None = None) -> Ink:
    """The ink of a drawing, averaged down by a factor first; by default, if it is much larger than one digit needs."""
    factor = factor or max(1, max(image.size) // MAX_SIDE)
    planes, alpha = _planes(_downscale(normalize_mode(image), factor))
    if alpha is not None and (alpha < OPAQUE).any():
        if _median(_border(alpha)) < 128:
            return _rescale(_opaque_ink(planes, alpha), factor)
        planes = _over_background(planes, alpha)
    return _rescale(_without_frame(planes), factor)


def extract_plain_ink(image: Image.Image) -> Ink | None:
    """The part of an image with ink, as `extract_ink` finds it, where that is quick; None for all other images.

    It is quick if the border is of one opaque colour, and there is no frame, as on most canvases.
    """
    if max(image.size) >= 2 * MAX_SIDE or image.mode in WHITE_LEVELS:
        return None
    image = normalize_mode(image)
    pixels = np.asarray(image if image.mode == "L" else image.convert("RGBA"))
    words = pixels if pixels.ndim == 2 else pixels.view(np.uint32)[:, :, 0]  # a pixel's colours are compared at once
    box = box_of(words != words[0, 0])
    if box and not (0 < box.top < box.bottom < image.height and 0 < box.left < box.right < image.width):
        return None
    box = box or Box(0, 1, 0, 1)
    (planes, alpha), (corner, its_alpha) = _split(box.crop(pixels)), _split(pixels[:1, :1])
    if alpha is not None and its_alpha is not None and min(alpha.min(), its_alpha.min()) < OPAQUE:
        return None
    levels = [float(plane[0, 0]) for plane in corner]
    ink, _ = _contrast_in_part(planes, Background(levels, 0.0, levels), MIN_CONTRAST, words.size)
    return None if _is_framed(ink) else _from_crop(box, ink)


def image_planes(image: Image.Image, factor: int) -> list[Plane]:
    """The colour planes in 0–255 of an image averaged down by a factor; what is transparent shows the ink best."""
    planes, alpha = _planes(_downscale(normalize_mode(image), factor))
    if alpha is None:
        return [np.asarray(plane, dtype=np.float32) for plane in planes]
    share = _share(alpha)
    dark = np.mean([(share * plane).sum() for plane in planes]) < 127.5 * share.sum()
    return [share * plane + (1 - share) * (255 if dark else 0) for plane in planes]


def _rescale(ink: Ink, factor: int) -> Ink:
    return ink._replace(left=ink.left * factor, top=ink.top * factor, scale=factor)


def place(plane: Plane, skip: Container[Step] = (), extent: Extent | None = None) -> Preprocessed:
    """Fit ink (height, width) in 0–1 to the 20×20 box, with its centre of mass in the middle of the 28×28.

    Without fitting, the whole plane fills the 28×28; without centring, the middle of the box is in the middle.
    """
    extent = extent or Extent.of_plane(plane)
    if extent is None:
        return Preprocessed(np.zeros((SIDE, SIDE), dtype=np.uint8), None)
    top, left = extent.faint.top, extent.faint.left
    # All is computed from the part with ink, so that it is rounded alike wherever on a sheet the ink is.
    part = np.ascontiguousarray(extent.faint.crop(plane))
    fitted = Box(0, plane.shape[0], 0, plane.shape[1]) if "fit" in skip else extent.box
    placement = _placement(part, extent.box.moved(-top, -left), fitted.moved(-top, -left), skip)
    return Preprocessed(_resample(part, placement), placement.in_image(left, top, 1))


def _placement(plane: Plane, box: Box, fitted: Box, skip: Container[Step]) -> Placement:
    """Where the cells lie on the plane of all ink, of which what counts as ink is in the box."""
    cell = max(fitted.size) / (SIDE if "fit" in skip else BOX)
    left, top = (fitted.left + fitted.right - SIDE * cell) / 2, (fitted.top + fitted.bottom - SIDE * cell) / 2
    start = left, top
    if "centre" not in skip:
        x, y = _centre_of_mass(plane)
        left = _window_start(x, box.left, box.right, cell)
        top = _window_start(y, box.top, box.bottom, cell)
    return Placement(left, top, cell, start, (box.left, box.top, box.right, box.bottom))


def _centre_of_mass(plane: Plane) -> tuple[float, float]:
    """Across and down, in pixels."""
    rows, columns = map(_moments, plane.shape)
    (mass, right), (down, _) = (rows @ plane @ columns.T).tolist()
    return right / mass, down / mass


def _moments(size: int) -> Plane:
    """What sums a line of pixels, and what sums them times where their middles are, (2, size)."""
    if size > MOMENTS.shape[1]:
        return np.stack([np.ones(size), np.arange(size) + 0.5]).astype(np.float32)
    return MOMENTS[:, :size]


def _window_start(centre: float, first: int, last: int, cell: float) -> float:
    """Where the 28 cells begin on an axis: the centre of mass is in their middle, unless ink would fall outside."""
    return min(max(centre - SIDE / 2 * cell, last - SIDE * cell), first)


def _resample(plane: Plane, placement: Placement) -> NDArray[np.uint8]:
    """The mean ink of each cell, 0–255, of the plane of all ink."""
    rows, columns = _overlaps(plane.shape, (placement.top, placement.left), placement.cell)
    picture = rows.T @ plane @ columns
    # MNIST's pen was never thinner than a cell. A thinner line would come out grey, so the darkest cell is made black.
    picture *= 255 / picture.max()
    return np.rint(picture).astype(np.uint8)


def _overlaps(sizes: tuple[int, ...], starts: tuple[float, float], cell: float) -> tuple[Plane, Plane]:
    """On both axes, the share of cell i that a pixel covers, (size, 28); lines of pixels times it average by area."""
    edges = np.concatenate([np.arange(size + 1) - start for size, start in zip(sizes, starts, strict=True)])
    inside = (edges / cell).astype(np.float32)[:, None] - CELLS
    inside.clip(0, 1, out=inside)  # how much of the cell lies before the pixel's edge
    shares = inside[1:] - inside[:-1]
    return shares[: sizes[0]], shares[sizes[0] + 1 :]


def bounding_box(ink: Plane) -> Box | None:
    """The smallest box that holds the ink; None if there is none."""
    return box_of(ink > INK_THRESHOLD)


def box_of(inked: NDArray[np.bool_]) -> Box | None:
    """The smallest box that holds all pixels of a mask; None if there are none."""
    pixels, width = inked.tobytes(), inked.shape[1]  # bytes are searched faster than an array
    first = pixels.find(True)
    if first < 0:
        return None
    top, bottom = first // width, pixels.rfind(True) // width + 1
    columns = inked[top:bottom].any(axis=0).tobytes()
    return Box(top, bottom, columns.find(True), columns.rfind(True) + 1)


def normalize_mode(image: Image.Image) -> Image.Image:
    """The image as grey or RGB, with or without alpha; greys of more than 8 bits stay as they are."""
    if image.mode not in {"L", "LA", "RGB", "RGBA", *WHITE_LEVELS}:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode in {"L", "RGB"} and image.has_transparency_data:  # one colour is declared transparent
        return image.convert("RGBA")
    return image


def _downscale(image: Image.Image, factor: int) -> Image.Image:
    """The image averaged down by a whole factor."""
    if factor == 1:
        return image
    if image.mode in WHITE_LEVELS and image.mode != "F":  # Pillow cannot average 16-bit integers
        white = WHITE_LEVELS[image.mode]
        image = image.convert("I").convert("F").point(lambda value: value * (1 / white) + 0)
    return image.reduce(factor)


def _planes(image: Image.Image) -> tuple[list[Samples], Samples | None]:
    """The colour planes in 0–255, and the alpha plane or None. 16-bit greys are scaled, not clipped."""
    if image.mode in WHITE_LEVELS:
        return [np.asarray(image, dtype=np.float32) * np.float32(255 / WHITE_LEVELS[image.mode])], None
    return _split(np.asarray(image))


def _split(pixels: NDArray[np.uint8]) -> tuple[list[Samples], Samples | None]:
    """The colour planes, and the alpha plane or None, of pixels (height, width) or (height, width, bands)."""
    if pixels.ndim == 2:
        return [pixels], None
    planes: list[Samples] = [np.ascontiguousarray(pixels[:, :, band]) for band in range(pixels.shape[2])]
    return (planes[:-1], planes[-1]) if len(planes) in {2, 4} else (planes, None)


def _share(alpha: Samples) -> Plane:
    """How opaque each pixel is, 0–1."""
    return np.divide(alpha, np.float32(255), dtype=np.float32)


def _border(plane: NDArray[Any]) -> NDArray[Any]:
    """The outermost pixels."""
    return np.concatenate([plane[0], plane[-1], plane[1:-1, 0], plane[1:-1, -1]])


def _opaque_ink(planes: list[Samples], alpha: Samples) -> Ink:
    """Ink on a transparent background: what is opaque, unless that is a card with a drawing on it."""
    plane = _share(alpha)
    ink = Ink(plane, extent=Extent.of_plane(plane))
    if ink.extent and _is_framed(ink):
        box = ink.extent.box
        content = _without_frame(_over_background([box.crop(plane) for plane in planes], box.crop(alpha)))
        if content.plane.any():
            return _from_crop(box, content)
    return ink


def _over_background(planes: list[Samples], alpha: Samples) -> list[Samples]:
    """The planes over the colour of their opaque border, which is taken for the background."""
    share = _share(alpha)
    solid = _border(alpha) >= min(128.0, _median(_border(alpha)))
    colours = [_median(_border(plane)[solid]) for plane in planes]
    return [share * plane + (1 - share) * colour for plane, colour in zip(planes, colours, strict=True)]


def _from_crop(box: Box, ink: Ink) -> Ink:
    """Ink found in a crop, placed in the whole image."""
    return ink._replace(left=ink.left + box.left, top=ink.top + box.top)


def _without_frame(planes: list[Samples], min_contrast: float = MIN_CONTRAST, depth: int = 3) -> Ink:
    """The ink of the drawing within a frame; of the whole image if there is no frame or nothing in it.

    A sheet on a table and a drawn outline are both frames: their ink fills the border of its own bounding box. What
    the frame surrounds then has a background of its own, and perhaps a drawing on it.
    """
    ink, contrast = _contrast(planes, _background(planes), min_contrast)
    if not (ink.extent and depth and _is_framed(ink)):
        return ink
    box = ink.extent.box
    content = _without_frame([box.crop(plane) for plane in planes], contrast / 3, depth - 1)
    is_content = content.plane.any() and content.plane.mean() < MAX_FRAME_CONTENT
    if is_content and not _is_framed(content) and not _is_hole(content):
        return _from_crop(box, content)
    return ink


def _contrast(planes: list[Samples], background: Background, min_contrast: float) -> tuple[Ink, float]:
    """Ink, the distance from the background's colour less the background's noise; and the distance of full ink."""
    plane, box = np.zeros(planes[0].shape, dtype=np.float32), _different(planes, background.levels)
    if box is None:
        return Ink(plane), 0.0
    levels = [level if isinstance(level, float) else box.crop(level) for level in background.levels]
    part, full = _contrast_in_part(
        [box.crop(each) for each in planes], background._replace(levels=levels), min_contrast, plane.size
    )
    box.crop(plane)[:] = part.plane
    extent = part.extent and Extent(part.extent.box.moved(box.top, box.left), box)
    return part._replace(plane=plane, extent=extent), full


def _contrast_in_part(
    planes: list[Samples], background: Background, min_contrast: float, size: int
) -> tuple[Ink, float]:
    """The same of the part outside which an image of `size` pixels has exactly the background's colour."""
    levels, noise, border = background
    distance = _distance(planes, levels)
    strongest = divmod(int(distance.argmax()), distance.shape[1])
    peak = float(distance[strongest])
    if peak <= max(min_contrast, 2 * noise):
        return Ink(np.zeros(distance.shape, dtype=np.float32), flat=peak <= min_contrast), 0.0
    dark = sum(float(plane[strongest]) - level for plane, level in zip(planes, border, strict=True)) < 0
    full = _full_distance(distance, peak, noise)
    exact, even = (size - np.count_nonzero(_exceeds(distance, limit)) for limit in (EXACT, full / 4))
    plane = distance.astype(np.float32)
    if noise:
        plane -= np.float32(noise)
    plane *= np.float32(1 / (full - noise))
    if noise or full < peak:
        plane.clip(0, 1, out=plane)
    extent = Extent.of(plane, Box(0, plane.shape[0], 0, plane.shape[1]))
    ground: Ground = "dark on light" if dark else "light on dark"
    return Ink(plane, ground=ground, flat=bool(exact >= MIN_FLAT * even), extent=extent), full


def _exceeds(samples: Samples, limit: float) -> NDArray[np.bool_]:
    """Which are above a limit; bytes are compared with a whole number at once, with a fraction one after the other."""
    return np.asarray(samples > (int(limit) if samples.dtype == np.uint8 else limit))


def _full_distance(distance: Samples, peak: float, noise: float) -> float:
    """The median of what is certainly ink, so that a few specks or a darker crossing do not make the rest faint."""
    certain = _exceeds(distance, max(peak / 2, noise))
    if 2 * np.count_nonzero(distance == distance.dtype.type(peak)) > np.count_nonzero(certain) + 1:
        return peak  # the median, without sorting
    return _median(distance[certain])


def _background(planes: list[Samples]) -> Background:
    """The background's colour is the median of the border.

    If the border is of several colours, because a large drawing runs along it, it is the median of the whole image. If
    the light is uneven, as on a photo, it is a smooth surface.
    """
    borders = [_border(plane) for plane in planes]
    colours = [_median(border) for border in borders]
    levels: Sequence[Level] = colours
    agreement, deviation = _agreement(borders, levels)
    if agreement < MIN_AGREEMENT:
        levels = [_median(plane) for plane in planes]
        _, deviation = _agreement(borders, levels)
    if deviation > UNEVEN_LIGHT:
        levels = surfaces = [_fit_surface(plane.astype(np.float32)) for plane in planes]
        _, deviation = _agreement(borders, [_border(surface) for surface in surfaces])
    return Background(levels, NOISE_FACTOR * deviation, colours)


def _agreement(borders: Sequence[Samples], levels: Sequence[Level]) -> tuple[float, float]:
    """The share of the border that is background, and the median of its distances from that; 0 if there is none."""
    distance = _distance(borders, levels)
    background = distance[distance <= SAME_COLOUR]
    return len(background) / len(distance), _median(background) if len(background) else 0.0


def _median(values: NDArray[Any]) -> float:
    """The median of numbers of at most 32 bits; np.median takes longer to begin than this takes."""
    middle = (values.size - 1) // 2, values.size // 2
    ordered = np.partition(values, middle, axis=None)
    return float(np.float32((float(ordered[middle[0]]) + float(ordered[middle[1]])) / 2))


def _different(planes: Sequence[Samples], levels: Sequence[Level]) -> Box | None:
    """The box around all pixels that are not exactly of the background's colour; on a drawing, few are."""
    different = _is_different(planes[0], levels[0])
    for plane, level in zip(planes[1:], levels[1:], strict=True):
        different |= _is_different(plane, level)
    return box_of(different)


def _is_different(plane: Samples, level: Level) -> NDArray[np.bool_]:
    # Bytes are compared with a whole number at once, with a fraction one after the other.
    return np.asarray(plane != (int(level) if isinstance(level, float) and level.is_integer() else level))


def _fit_surface(plane: Plane) -> Plane:
    """A quadratic surface through the border, for light that falls off from a side or the middle; ink is left out."""
    y, x = (np.linspace(-1, 1, n, dtype=np.float32) for n in plane.shape)
    # The terms on the border alone: on the whole plane they would need 70 bytes a pixel.
    border_x = _border(np.broadcast_to(x, plane.shape))
    border_y = _border(np.broadcast_to(y[:, None], plane.shape))
    terms = [np.ones_like(border_x), border_x, border_y, border_x * border_y, border_x * border_x, border_y * border_y]
    border, values = np.stack(terms, axis=1), _border(plane)
    away = np.abs(values - np.median(values))
    near = away <= max(2 * SAME_COLOUR, float(away.min()))
    for _ in range(3):
        factors = np.linalg.lstsq(border[near], values[near], rcond=None)[0]
        away = np.abs(values - border @ factors)
        near = away <= max(3 * float(np.median(away)), 1.0)
    level, by_x, by_y, by_both, by_xx, by_yy = factors.astype(np.float32)
    surface: Plane = np.multiply.outer(by_both * y, x)
    surface += level + by_x * x + by_xx * x * x
    surface += (by_y * y + by_yy * y * y)[:, None]
    return surface


def _distance(planes: Sequence[Samples], levels: Sequence[Level]) -> Samples:
    """How far each pixel is from the background, in the plane in which that is most."""
    farthest, *others = (_deviation(plane, level) for plane, level in zip(planes, levels, strict=True))
    for distance in others:
        farthest = np.maximum(farthest, distance)
    return farthest


def _deviation(plane: Samples, level: Level) -> Samples:
    if plane.dtype == np.uint8 and isinstance(level, float) and level in {0, 255}:  # bytes stay bytes
        return np.uint8(255) - plane if level else np.ascontiguousarray(plane, dtype=np.uint8)
    distance = plane.astype(np.float32)
    return np.asarray(np.abs(np.subtract(distance, level, out=distance), out=distance))


def _is_framed(ink: Ink) -> bool:
    """Whether ink runs along all four sides of its own bounding box; corners may be round."""
    if ink.extent is None or min(ink.extent.box.size) < SIDE:
        return False
    inside = ink.extent.box.crop(ink.plane)
    return all(_is_inked(side) for side in (inside[0], inside[-1], inside[:, 0], inside[:, -1]))


def _is_hole(content: Ink) -> bool:
    """Whether what a frame surrounds are the holes of a block's 0 or 8: upright rectangles within thick strokes."""
    if content.extent is None:
        return False
    (height, width), box = content.plane.shape, content.extent.box
    walls = box.top, height - box.bottom, box.left, width - box.right
    if min(walls) < MIN_WALL * max(walls) or np.prod(box.size) < MIN_HOLE * height * width:
        return False
    inked = box.crop(content.plane) > 0.5
    if not inked.any(axis=0).all():  # holes stand above each other; bars beside each other are ones on a card
        return False
    crossing = np.outer(inked.any(axis=1), inked.any(axis=0))
    return bool(np.count_nonzero(inked) > RECTANGULAR * np.count_nonzero(crossing))


def _is_inked(side: Plane) -> bool:
    corner = len(side) // 10
    middle = side[corner : len(side) - corner] > INK_THRESHOLD
    return bool(np.count_nonzero(middle) / len(middle) >= FRAME_COVERAGE)
