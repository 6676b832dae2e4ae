"""Bytes to a Pillow image: only formats we mean, only sizes we can afford, and every fault the sender's, not ours."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from app.problems import Problem
from model.preprocess import plain

FORMATS: Final = ("PNG", "JPEG", "WEBP")
MEDIA_TYPES: Final = ("image/png", "image/jpeg", "image/webp")
# What Pillow's decoders raise on bad bytes: OSError alone misses most of them.
FAULTS: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)
# Pillow would warn or refuse by a limit of its own; ours is lower, is a setting, and is checked before decoding.
Image.MAX_IMAGE_PIXELS = None


def open_image(content: bytes, max_pixels: int) -> Image.Image:
    """An image whose header has been read and found acceptable; its pixels are not decoded yet.

    Raises:
        Problem: 400 not a PNG, JPEG or WebP image; 413 more pixels than allowed.
    """
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except FAULTS as error:
        raise Problem(400, _detail(content, error)) from None
    width, height = image.size
    if width * height > max_pixels:
        raise Problem(
            413, f"The image has {width}×{height} pixels; at most {max_pixels:,} are accepted: send it smaller"
        )
    return image


def decode(image: Image.Image) -> Image.Image:
    """The pixels, turned upright as the EXIF orientation says, and in a plain mode.

    Raises:
        Problem: 400 the pixels are broken or cut short.
    """
    try:
        image.load()
        return plain(ImageOps.exif_transpose(image))  # here: a palette may be broken in ways that show only in use
    except FAULTS as error:
        raise Problem(400, f"The image is broken or cut short ({error}): send the whole file") from None


def _detail(content: bytes, error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return (
            "This is not a PNG, JPEG or WebP image: send one of these"
            if content
            else "The body is empty: send an image"
        )
    return f"The image cannot be read ({error}): send a PNG, JPEG or WebP file"
