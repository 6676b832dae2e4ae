"""Open an image file. A JPEG that is far larger than needed, such as a phone's photo, is decoded at a part of its size.

JPEG stores blocks of 8×8 pixels as frequencies. Its decoder makes 4×4, 2×2 or one pixel of a block from the lowest ones
alone, which takes a fraction of the memory and looks like averaging (Pillow: `Image.draft`).
"""

from pathlib import Path
from typing import IO, Final

from PIL import Image

# Of files, by Pillow's names. No others are read, on the page, by the API or in a terminal.
FORMATS: Final = ("PNG", "JPEG", "WEBP")
MIN_LONGER_SIDE: Final = 1000  # pixels that are left of a JPEG's longer side: what finds the drawing works on fewer
SCALES: Final = (8, 4, 2)


def jpeg_scale(width: int, height: int) -> int:
    """By how much a JPEG of this size is shrunk while it is decoded: 1, 2, 4 or 8.

    >>> jpeg_scale(4032, 3024), jpeg_scale(3000, 4000), jpeg_scale(1600, 1200)
    (4, 4, 1)
    """
    most = min(max(width, height) // MIN_LONGER_SIDE, width, height)
    return next((scale for scale in SCALES if scale <= most), 1)


def open_image(file: Path | IO[bytes]) -> Image.Image:
    """A PNG, JPEG or WebP, not decoded yet; a large JPEG will be decoded smaller.

    Raises:
        UnidentifiedImageError: it is none of them.
        OSError, ValueError, SyntaxError, Image.DecompressionBombError: it cannot be read.
    """
    image = Image.open(file, formats=FORMATS)
    scale = jpeg_scale(*image.size)
    image.draft(None, (image.width // scale, image.height // scale))  # does nothing to other formats
    return image
