"""Request bodies for the fuzzers: valid ones of every form, and random damage to them."""

import base64
import struct
import zlib
from typing import Final, NamedTuple

import numpy as np
import orjson
from PIL import Image, ImageDraw

from bench.files import saved

PNG: Final = b"\x89PNG\r\n\x1a\n"
# Numbers that parsers trip over: none, the largest, the sign, a length that is too large.
INTERESTING: Final = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\xff\xff")


class Body(NamedTuple):
    """A request's body, and what it is said to be."""

    path: str
    kind: str
    content: bytes


def seven() -> Image.Image:
    """A drawing."""
    image = Image.new("L", (112, 112), 255)
    ImageDraw.Draw(image).line(((32, 24), (80, 24), (48, 92)), fill=0, width=8, joint="curve")
    return image


def pictures() -> list[bytes]:
    """The drawing in every format, in its modes and with its extras."""
    image, exif = seven(), Image.Exif()
    exif[0x0112] = 6
    kinds: list[tuple[Image.Image, str, dict[str, object]]] = [
        *((image.convert(mode), "PNG", {}) for mode in ("L", "1", "P", "LA", "RGB", "RGBA", "I;16")),
        (image, "PNG", {"exif": exif, "transparency": 255}),
        (image, "PNG", {"save_all": True, "append_images": [Image.new("L", image.size)]}),
        *((image.convert(mode), "JPEG", {}) for mode in ("L", "RGB", "CMYK")),
        (image, "JPEG", {"progressive": True, "exif": exif, "comment": b"hello"}),
        (image.convert("RGBA"), "WEBP", {"exif": exif}),
        (image, "WEBP", {"lossless": True}),
        (image, "WEBP", {"save_all": True, "append_images": [Image.new("L", image.size)]}),
    ]
    return [saved(image, form, **options) for image, form, options in kinds]


def bodies() -> list[Body]:
    """A whole one of every form: raw, JSON, multipart, numbers, and a tensor of the Open Inference Protocol."""
    raw = [Body("/predict", _media_type(content), content) for content in pictures()]
    encoded = [base64.b64encode(content).decode() for content in pictures()]
    pixels = seven().resize((28, 28)).tobytes()
    documents = [
        {"image": encoded[0]},
        {"image": f"data:image/png;base64,{encoded[4]}"},
        {"pixels": list(pixels)},
        {"images": encoded[:3]},
    ]
    forms = [Body("/predict", "multipart/form-data; boundary=b", _form(content)) for content in pictures()[::5]]
    tensor: dict[str, object] = {"name": "pixels", "datatype": "UINT8", "shape": [1, 784]}
    flat = {"inputs": [tensor | {"data": list(pixels)}], "outputs": [{"name": "hidden1"}]}
    return [
        *raw,
        *(Body("/predict", "application/json", orjson.dumps(document)) for document in documents),
        *forms,
        Body("/read", "image/png", pictures()[0]),
        Body("/read?segmentation=true", "application/json", orjson.dumps({"images": encoded[:2]})),
        Body("/v2/models/digits/infer", "application/json", orjson.dumps(flat)),
        Body("/explain/path", "application/json", orjson.dumps({"from": encoded[0], "to": list(pixels)})),
    ]


def _media_type(content: bytes) -> str:
    return "image/png" if content.startswith(PNG) else "image/webp" if content.startswith(b"RIFF") else "image/jpeg"


def _form(content: bytes) -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="7"\r\nContent-Type: image/png\r\n\r\n'
    return head + content + b"\r\n--b--\r\n"


def mutated(body: Body, rng: np.random.Generator) -> Body:
    """One to four damages; half of the PNGs get right checksums, so that the damage gets past their check."""
    content = bytearray(body.content)
    for _ in range(rng.integers(1, 5)):
        _damage(content, rng)
    kind = body.kind if rng.random() < 0.97 else ("image/png", "application/json", "")[rng.integers(3)]
    whole = bytes(content)
    return Body(body.path, kind, mended(whole) if rng.random() < 0.5 else whole)


def _damage(content: bytearray, rng: np.random.Generator) -> None:
    """One damage, anywhere."""
    at = int(rng.integers(0, len(content) + 1))
    much = int(rng.integers(1, 64))
    match rng.integers(0, 7):
        case 0:
            content[at : at + 1] = bytes([rng.integers(256)])
        case 1:
            content[at : at + 4] = INTERESTING[rng.integers(len(INTERESTING))]
        case 2:
            del content[at : at + much]
        case 3:
            del content[at:]
        case 4:
            content[at:at] = content[at : at + much] * int(rng.integers(1, 9))
        case 5:
            content[at:at] = rng.bytes(much)
        case 6:
            content[at : at + 1] = bytes([(content[at] if at < len(content) else 0) ^ (1 << int(rng.integers(8)))])


def mended(content: bytes) -> bytes:
    """A PNG with every checksum made right, as far as its chunks go; anything else as it is."""
    if not content.startswith(PNG):
        return content
    whole, start = bytearray(content), len(PNG)
    while start + 12 <= len(whole):
        (length,) = struct.unpack_from(">I", whole, start)
        end = start + 8 + length
        if end + 4 > len(whole):
            break
        struct.pack_into(">I", whole, end, zlib.crc32(whole[start + 4 : end]))
        start = end + 4
    return bytes(whole)
