"""Photographs of a digit as people take and send them: five kinds, each from a program of a few lines."""

import functools
import io
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tests.e2e.actions import DIGITS, Point

# Drops or pastes a file whose content is in base64.
HAND_OVER = """(event, content, name, type) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))], name, { type }));
    const [Kind, carrier] = event === "drop" ? [DragEvent, "dataTransfer"] : [ClipboardEvent, "clipboardData"];
    dispatchEvent(new Kind(event, { [carrier]: data, bubbles: true, cancelable: true }));
}"""


class Photograph(NamedTuple):
    """A file, and the digit on it."""

    name: str
    kind: str
    content: bytes
    digit: int


@functools.cache
def photographs() -> list[Photograph]:
    """A photo from a phone held upright, a screenshot, a chalkboard, ink on nothing, and a photo of few pixels."""
    turned = Image.Exif()
    turned[0x0112] = 6  # the sensor lies on its side
    paper = lit(written(5, 3024, 4032, 20, 205, thickness=0.02)).rotate(90, expand=True)
    screen = Image.new("RGB", (1000, 760), "white")
    screen.paste(written(2, 1000, 760, 30, 255, thickness=0.03))
    board = lit(written(3, 1600, 1200, 230, 40, thickness=0.025))
    nothing = Image.new("RGBA", (800, 800), (20, 60, 160, 0))
    nothing.putalpha(written(7, 800, 800, 255, 0, thickness=0.04))
    note = lit(written(4, 300, 400, 60, 190, thickness=0.05))
    return [
        Photograph("phone.jpg", "image/jpeg", saved(paper, "JPEG", quality=88, exif=turned), 5),
        Photograph("screenshot.png", "image/png", saved(screen, "PNG"), 2),
        Photograph("chalkboard.webp", "image/webp", saved(board, "WEBP", quality=85), 3),
        Photograph("ink.png", "image/png", saved(nothing, "PNG"), 7),
        Photograph("note.jpg", "image/jpeg", saved(note, "JPEG", quality=75), 4),
    ]


def written(
    digit: int, width: int, height: int, ink: int, ground: int, *, thickness: float, middle: Point = (0.5, 0.5)
) -> Image.Image:
    """A digit of a third of the height, its middle at these fractions; the pen's width is a fraction of the height."""
    image, size, radius = Image.new("L", (width, height), ground), height / 3, thickness * height / 2
    left, top = middle[0] * width - 0.35 * size, middle[1] * height - 0.5 * size
    pen = ImageDraw.Draw(image)
    for stroke in DIGITS[digit]:
        points = [(left + 0.7 * size * x / 100, top + size * y / 100) for x, y in stroke]
        pen.line(points, ink, round(2 * radius), joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), ink)
    return image


def lit(image: Image.Image) -> Image.Image:
    """In light from a side, with the grain of a camera."""
    pixels: NDArray[np.float64] = np.asarray(image, dtype=np.float64)
    light = np.linspace(1.1, 0.85, image.width)
    grain = np.random.default_rng(0).normal(0, 2, pixels.shape)
    return Image.fromarray((pixels * light + grain).clip(0, 255).astype(np.uint8))


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    """The picture's file."""
    content = io.BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def percent(share: float) -> str:
    """A probability as the page has it."""
    return ">99.9%" if 0.9995 <= share < 1 else f"{100 * share:.1f}%"
