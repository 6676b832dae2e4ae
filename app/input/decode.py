"""Decode PNG, JPEG and WebP files with Pillow: within limits, and with a 4xx for every damage."""

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import Final

from PIL import ExifTags, Image, UnidentifiedImageError

from app.input.header import Header, read_header
from app.input.jpeg import END, JPEG, continuations, read_frame
from app.input.metadata import PNG, strip_metadata
from app.middleware.problems import Problem
from model.image_file import open_image
from model.preprocess import normalize_mode

MEDIA_TYPES: Final = ("image/png", "image/jpeg", "image/webp")
ALIASES: Final = {"image/jpg": "image/jpeg"}  # that many tools send
# What Pillow's decoders raise on bad bytes: OSError alone misses most of them.
FAULTS: Final = (
    ArithmeticError,  # division by zero and overflow
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    Image.DecompressionBombError,
    UserWarning,  # where warnings are errors
    struct.error,
    zlib.error,
)
MAX_PASSES: Final = 16  # over an image of the largest size: a scan of a few bytes costs a pass over all the pixels
MAX_EXIF: Final = 1 << 16  # bytes: what a JPEG can hold
ROWS: Final = 64  # of an image whose checksum is taken, at a time
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Pillow would warn or refuse by a limit of its own; ours is lower, is a setting, and is checked before decoding.
Image.MAX_IMAGE_PIXELS = None
# Python remembers each warning's text for ever, and broken EXIF makes as many texts as a sender likes.
warnings.filterwarnings("ignore", module=r"PIL\.")


@dataclass(frozen=True)
class ImageFile:
    """A picture's file without its metadata, found acceptable by its header; nothing of it is decoded yet."""

    content: bytes
    header: Header
    continuations: tuple[bytes, ...] = ()  # of a JPEG without end marker: none of them may change a pixel

    @property
    def is_png(self) -> bool:
        """Whether it is a PNG, which takes the least time to decode."""
        return self.content.startswith(PNG)

    @property
    def work(self) -> int:
        """Pixels that decoding it passes over."""
        return self.header.work * (1 + len(self.continuations))

    @property
    def peak_bytes(self) -> int:
        """What decoding and preprocessing it takes at most, beside the file; each continuation needs it anew."""
        return self.header.peak_bytes + (2 * len(self.content) if self.continuations else 0)


def inspect_image(content: bytes, max_pixels: int) -> ImageFile:
    """A file whose header has been read and found acceptable. Pillow sees nothing of it: opening a WebP allocates.

    Raises:
        Problem: 400 not a whole PNG, JPEG or WebP image; 413 more pixels, or more passes over them, than allowed.
    """
    try:
        stripped = strip_metadata(content)
        header = read_header(stripped)
        further = _continuations(stripped)
    except FAULTS as error:
        raise Problem(400, _detail(content, error)) from None
    if header is None:
        raise Problem(400, _detail(content, UnidentifiedImageError()))
    if header.pixels > max_pixels:
        shrunk = f", read at 1/{header.scale} of its size" if header.scale > 1 else ""
        raise Problem(
            413,
            f"The image has {header.width}×{header.height} pixels{shrunk}; at most {max_pixels:,} are accepted: "
            "send it smaller",
        )
    file = ImageFile(stripped, header, further)
    if file.work > MAX_PASSES * max_pixels:
        unended = " and no end" if further else ""
        raise Problem(413, f"The JPEG has too many scans for its size{unended}: save it as a plain one")
    return file


def _continuations(content: bytes) -> tuple[bytes, ...]:
    if not content.startswith(JPEG) or content.endswith(END):
        return ()
    if not read_frame(content).has_every_scan:
        raise SyntaxError("it lacks some of its scans")
    return continuations(content)


def decode(file: ImageFile) -> Image.Image:
    """The pixels, turned upright as the EXIF orientation says, and in a plain mode.

    Raises:
        Problem: 400 the pixels are broken or cut short.
    """
    seen = {_checksum(_loaded(file, tail)) for tail in file.continuations}
    image = _loaded(file, END if seen else b"")
    if seen - {_checksum(image) if seen else 0}:
        raise Problem(400, "The image is cut short: send the whole file")
    try:
        return normalize_mode(_upright(image))  # here: a palette may be broken in ways that show only in use
    except FAULTS as error:
        raise _broken(error) from None


def _loaded(file: ImageFile, tail: bytes = b"") -> Image.Image:
    """The pixels of a file, or of one without end that goes on with this tail."""
    content = file.content.rstrip(b"\xff") + tail if tail else file.content
    try:
        image = open_image(io.BytesIO(content))
    except FAULTS as error:
        raise Problem(400, _detail(content, error)) from None
    try:
        if image.size != file.header.size:
            raise SyntaxError("its header names two sizes")
        image.load()
    except FAULTS as error:
        raise _broken(error) from None
    vars(image).pop("_decoder", None)  # a WebP's holds 12 bytes a pixel until the image itself goes
    return image


def _broken(error: Exception) -> Problem:
    return Problem(400, f"The image is broken or cut short ({error}): send the whole file")


def _checksum(image: Image.Image) -> int:
    """Of the pixels, in strips: all of them at once would be another copy in memory."""
    checksum = 0
    for top in range(0, image.height, ROWS):
        strip = image.crop((0, top, image.width, min(top + ROWS, image.height)))
        checksum = zlib.crc32(strip.tobytes(), checksum)
    return checksum


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF says. One that cannot be read turns nothing: cameras write it badly, and all viewers shrug."""
    if not 0 < len(image.info.get("exif", b"")) <= MAX_EXIF:
        return image
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except FAULTS:
        return image
    return image.transpose(turn) if turn is not None else image


def _detail(content: bytes, error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return (
            "This is not a PNG, JPEG or WebP image: send one of these"
            if content
            else "The body is empty: send an image"
        )
    if isinstance(error, struct.error):
        return "The image is cut short: send the whole file"
    return f"The image cannot be read ({error}): send a PNG, JPEG or WebP file"
