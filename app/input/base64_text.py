"""Pictures in base64 or in data URLs, as they arrive: wrapped, unpadded, or changed on the way through a form."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from app.input.decode import ALIASES, MEDIA_TYPES
from app.middleware.problems import Problem

MAX_HEAD: Final = 200  # characters of a data URL before its comma
# One after the other, since urllib's `unquote` would make an object of each escape, which are millions.
_ESCAPED: Final = {f"%{ord(sign):02X}": sign for sign in "+/=:;, \r\n"}
_ESCAPES: Final = _ESCAPED | {escape.lower(): sign for escape, sign in _ESCAPED.items()}
_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_SPACE: Final = b" \t\r\n\v\f"


def decode_base64(text: str) -> bytes:
    """The bytes in base64, in either alphabet, wrapped and padded or not; or in a `data:image/png;base64,…` URL.

    Raises:
        Problem: 400 it is no base64, 415 a data URL of another type, 422 a data URL of no base64.
    """
    if "%" in text:
        for escape, sign in _ESCAPES.items():
            text = text.replace(escape, sign)
    text = text.strip()
    if text[:5].lower() == "data:":
        text = _without_head(text)
    try:
        plain = _without_space(text.encode("ascii").strip()).translate(_STANDARD).rstrip(b"=")
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Problem(400, f"The image is not base64 ({error}): encode the whole file") from None


def _without_head(url: str) -> str:
    comma = url.find(",", 0, MAX_HEAD)
    kind, *parameters = "".join(url[len("data:") : max(comma, 0)].split()).lower().split(";")
    if "base64" not in parameters[-1:]:
        raise Problem(422, "The data URL is not in base64: send data:image/png;base64,…")
    if ALIASES.get(kind, kind) not in MEDIA_TYPES:
        raise Problem(415, f"The data URL is of another type: send {', '.join(MEDIA_TYPES)}")
    return url[comma + 1 :]


def _without_space(text: bytes) -> bytes:
    """Without the spaces of its layout. Others were a plus each, before a form was decoded: `+` means a space there."""
    if b" " in text and not _is_laid_out(text):
        text = text.replace(b" ", b"+")
    return text.translate(None, _SPACE)


def _is_laid_out(text: bytes) -> bool:
    """Whether spaces indent lines, or stand in place of line breaks: after each so many characters."""
    if any(indent in text for indent in (b"\n ", b" \n", b" \r")):
        return True
    width, spaces = text.index(b" "), text.count(b" ")
    breaks = text[width :: width + 1]
    return (len(text) - spaces) % 4 == width % 4 == 0 and len(breaks) == breaks.count(b" ") == spaces
