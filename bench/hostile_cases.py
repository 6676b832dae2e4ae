"""Hostile requests: pictures that take most to decode, bodies that parsers trip over, and damaged ones; about 500."""

import base64
import zlib
from collections.abc import Iterator
from itertools import islice, product
from typing import Final, NamedTuple

import numpy as np
import orjson
from PIL import Image, ImageDraw

from app.settings import Settings
from bench.files import saved
from bench.mutations import bodies, mutated, pictures, seven

LARGEST: Final = Settings().max_body_bytes  # what is larger is refused unread
FULL: Final = LARGEST * 3 // 4  # of a form or of JSON: its copies count, too
INFER: Final = "/v2/models/digits/infer"
JSON: Final = "application/json"
KINDS: Final = {b"\x89P": "image/png", b"\xff\xd8": "image/jpeg", b"RI": "image/webp"}
SIDES: Final = (127, 362, 720, 1023, 1500, 2000, 2100)  # the limit for a picture alone lies between the last two
PHOTO_SIDES: Final = (3500, 9000, 15000)  # of JPEGs, which are decoded smaller
PHOTOS: Final = ("JPEG", "gray JPEG", "progressive JPEG")
WHOLE: Final = "activations=true&segmentation=true"
DAMAGED: Final = 80
# Each a format, the picture's mode, and the options of its file.
FORMS: Final[dict[str, tuple[str, str, dict[str, object]]]] = {
    "PNG": ("PNG", "RGB", {}),
    "gray PNG": ("PNG", "L", {}),
    "palette PNG": ("PNG", "P", {}),
    "bitmap PNG": ("PNG", "1", {}),
    "PNG with alpha": ("PNG", "RGBA", {}),
    "lossless WebP": ("WEBP", "RGB", {"lossless": True, "method": 0}),
    "WebP": ("WEBP", "RGB", {"method": 0}),
    "JPEG": ("JPEG", "RGB", {}),
    "gray JPEG": ("JPEG", "L", {}),
    "progressive JPEG": ("JPEG", "RGB", {"progressive": True}),
    "CMYK JPEG": ("JPEG", "CMYK", {"quality": 60, "progressive": True}),
}


class Case(NamedTuple):
    """A request's path, content type, body and further headers."""

    name: str
    path: str
    kind: str
    body: bytes
    headers: str = ""


def scanned(side: int, times: int) -> bytes:
    """A progressive JPEG with its last scan so many times more."""
    content = saved(lit(side), "JPEG", progressive=True, quality=50)
    last = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + times * last + content[-2:]


def filled(repeated: bytes, share: float = 1) -> bytes:
    """So many times the same that a body, or that share of it, is as large as a container of 256 MB lets in."""
    return repeated * int(share * FULL / len(repeated))


def lit(side: int, mode: str = "RGB") -> Image.Image:
    """A photo's light, which falls off, with grain: the longest way through the preprocessing."""
    y, x = np.meshgrid(*[np.linspace(-1, 1, side)] * 2, indexing="ij")
    light = 200 - 90 * (x * x + y * y) / 2 + np.random.default_rng(0).normal(0, 3, (side, side))
    return Image.fromarray(light.astype(np.uint8)).convert("RGB").convert(mode)


def cases() -> list[Case]:
    """All of them, alike ones side by side."""
    files = _files()
    return [
        *(Case(name, "/predict", KINDS[body[:2]], body) for name, body in files.items()),
        *_numbers(files),
        *_documents(files),
        *_texts(),
        *_forms(files),
        *_compressed(),
        *_damaged(),
    ]


def _files() -> dict[str, bytes]:
    """Pictures whose files are within the limit, by what they are."""
    files: dict[str, bytes] = {}
    for side in SIDES:
        light, black = lit(side), Image.new("RGB", (side, side))
        for (name, (form, mode, options)), (what, image) in product(
            FORMS.items(), {"lit": light, "black": black}.items()
        ):
            files[f"{what} {name} {side}²"] = saved(image.convert(mode), form, **options)
    for side, what in product(PHOTO_SIDES, PHOTOS):
        form, mode, options = FORMS[what]
        files[f"black {what} {side}²"] = saved(Image.new(mode, (side, side)), form, **options)
    for what in PHOTOS:
        form, mode, options = FORMS[what]
        files[f"lit {what} 3500²"] = saved(lit(3500, mode), form, quality=90, **options)
    for side, times in product((720, 1500, 2000, 3500), (1, 5, 20)):
        files[f"JPEG of {10 + times} scans {side}²"] = scanned(side, times)
    for width, height in ((1, 3_999_999), (3_999_999, 1), (2, 1_999_999), (30, 133_333), (133_333, 30), (1, 5_000_000)):
        files[f"narrow PNG {width}×{height}"] = saved(Image.new("1", (width, height)), "PNG")
    return {name: body for name, body in files.items() if len(body) <= LARGEST}


def _numbers(files: dict[str, bytes]) -> Iterator[Case]:
    """To be read as numbers: large pictures, more ink than numbers have, and as many digits as a batch may hold."""
    for name, body in islice(files.items(), 0, None, 5):
        yield Case(f"{name} to /read", "/read", KINDS[body[:2]], body)
    for (name, image), path in product(_crowded().items(), ("/predict", f"/read?network=wide&{WHOLE}")):
        yield Case(f"{name} to {path}", path, "image/png", saved(image, "PNG"))
    number = base64.b64encode(saved(_sevens(4, 1), "PNG")).decode()
    for count in (64, 256):
        yield Case(f"{count} × 7777", f"/read?network=wide&{WHOLE}", JSON, orjson.dumps({"images": [number] * count}))


def _crowded() -> dict[str, Image.Image]:
    """Pictures with more pieces of ink, or longer ones, than numbers have."""
    rng, side = np.random.default_rng(0), 1900
    return {
        "256 sevens": _sevens(16, 16),
        "4,096 sevens": _sevens(64, 64),
        "a line of 600 sevens": _sevens(600, 1),
        **{f"specks of {share:.1%}": Image.fromarray(rng.random((side, side)) < share) for share in (0.001, 0.02, 0.3)},
        "small specks": Image.fromarray(rng.random((500, 500)) < 0.05),
        "stripes": Image.fromarray((np.arange(side) % 6 < 2)[None].repeat(side, axis=0)),
        "a grid": Image.fromarray((np.indices((side, side)) % 24 < 3).any(axis=0)),
        "a comb": Image.fromarray((np.arange(1000) % 4 < 2)[None] | (np.arange(400) > 380)[:, None]),
        "a checkerboard": Image.fromarray(np.indices((1000, 1000)).sum(axis=0) // 7 % 2 == 0),
        "chevrons": _chevrons(),
        "zigzags": _zigzags(),
        "scribbles": _scribbles(),
    }


def _chevrons() -> Image.Image:
    """Sixty pieces, each within the corner of the one before it."""
    image = Image.new("L", (1020, 1000), 255)
    for left in range(10, 610, 10):
        ImageDraw.Draw(image).line(((left, 10), (left + 400, 500), (left, 990)), fill=0, width=4)
    return image


def _zigzags() -> Image.Image:
    """A thousand pieces, each of which may be cut in many places."""
    image = Image.new("L", (1020, 1020), 255)
    for left, top in product(range(6, 1000, 30), range(6, 980, 33)):
        points = [(left + 3 * step, top + (step % 2) * 26) for step in range(9)]
        ImageDraw.Draw(image).line(points, fill=0)
    return image


def _scribbles() -> Image.Image:
    """Thirty pieces as high as the picture, which may be cut in many rows, and joined to large groups."""
    image = Image.new("L", (1020, 1020), 255)
    for left in range(10, 1000, 33):
        points = [(left + step % 2 * (12 + step * 7 % 8), 10 + 1000 * step // 60) for step in range(61)]
        ImageDraw.Draw(image).line(points, fill=0, width=4)
    return image


def _sevens(columns: int, rows: int) -> Image.Image:
    """So many sevens in so many lines, 24 pixels apart."""
    return Image.fromarray(np.tile(np.asarray(seven().resize((24, 24))), (rows, columns)))


def _documents(files: dict[str, bytes]) -> Iterator[Case]:
    """Batches and explanations."""
    encoded = {name: base64.b64encode(body).decode() for name, body in files.items()}
    small = ([base64.b64encode(content).decode() for content in pictures()] * 20)[:256]
    for (name, picture), times in product(encoded.items(), (1, 4, 30)):
        if name.endswith(("black lossless WebP 2000²", "lit WebP 1023²", "lit PNG 362²", "black PNG 127²", " 720²")):
            body = orjson.dumps({"images": [picture] * times})
            if len(body) <= LARGEST and (times < 30 or not name.endswith(" 720²")):
                yield Case(f"{times} × {name}", "/predict", JSON, body)
    routes = (
        "/predict",
        "/predict?network=wide",
        "/explain?network=wide&unit=hidden2.5",
        "/explain",
        "/training/judge",
    )
    for path, count in product(routes, (64, 256, 257)):
        yield Case(f"{count} small pictures to {path}", path, JSON, orjson.dumps({"images": (small * 2)[:count]}))
    for path, (name, picture) in product(
        ("/explain", "/explain?network=wide", "/training/judge"), islice(encoded.items(), 8)
    ):
        yield Case(f"{name} to {path}", path, JSON, orjson.dumps({"image": picture}))
    for path in ("/explain/path", "/explain/path?network=wide"):
        yield Case(f"{path} between two", path, JSON, orjson.dumps({"from": small[0], "to": small[5]}))


def _texts() -> Iterator[Case]:
    """JSON that is deep, long, or of something else than it should be."""
    numbers = filled(b"0,") + b"0"
    tensor = b'{"inputs":[{"name":"pixels","shape":[256,784],"datatype":"%s","data":'
    deep = b"[" * 900 + b"]" * 900
    texts = {
        "brackets": b"[" + filled(b"[],") + b"[]]",
        "nested brackets": filled(b"[", 1 / 2) + filled(b"]", 1 / 2),
        "brackets without an end": filled(b"["),
        "objects": b'{"images":[' + filled(b'{"":0},') + b"0]}",
        "nested objects": filled(b'{"a":', 5 / 6) + b"0" + filled(b"}", 1 / 6),
        "many keys": b"{" + b",".join(b'"%d":0' % i for i in range(FULL // 12)) + b"}",
        "escapes": b'{"image":"' + filled(b"\\u0041") + b'"}',
        "half surrogates": b'{"image":"' + filled(b"\\ud800") + b'"}',
        "a long number": b'{"pixels":[' + filled(b"9") + b"]}",
        "large exponents": b'{"pixels":[' + b",".join([b"1e308"] * 784) + b"]}",
        "white space": filled(b" ") + b"{}",
        "no UTF-8": b'{"image":"' + filled(b"\xff") + b'"}',
    }
    for path, (name, body) in product(("/predict", "/explain/path", INFER), texts.items()):
        yield Case(f"{name} to {path}", path, JSON, body)
    data = {
        "strings as numbers": b'["' + b"a" * 70_000 + b'",' + numbers + b"]",
        "24 kB of strings": b"[" + b'"aaaaaaaa",' * 2200 + b'"' + b"a" * 9000 + b'"]',
        "many numbers": b"[" + numbers + b"]",
        "200,704 numbers": b"[" + b",".join([b"0.123"] * 200_704) + b"]",
        "200,704 brackets": b"[" + b",".join([b"[1]"] * 200_704) + b"]",
        "deep numbers": b"[" * 30_000 + b"1" + b"]" * 30_000,
        "objects for numbers": b"[" + b",".join([b"{}"] * 200_704) + b"]",
    }
    for kind, (name, values) in product((b"FP32", b"UINT8", b"INT64", b"BYTES"), data.items()):
        yield Case(f"{name} as {kind.decode()}", INFER, JSON, tensor % kind + values + b"}]}")
    shapes = {
        "deep": deep,
        "huge": b"[999999999,784]",
        "negative": b"[-1,784]",
        "long": b"[" + filled(b"1,") + b"784]",
    }
    for name, shape in shapes.items():
        yield Case(f"a {name} shape", INFER, JSON, tensor.replace(b"[256,784]", shape) % b"FP32" + b"[1]}]}")
    yield Case("deep outputs", INFER, JSON, tensor % b"FP32" + b'[1]}],"outputs":[' + deep + b"]}")
    yield Case("many outputs", INFER, JSON, tensor % b"FP32" + b'[1]}],"outputs":[' + filled(b"{},") + b"{}]}")


def _forms(files: dict[str, bytes]) -> Iterator[Case]:
    """Multipart bodies of nearly nothing but boundaries, headers or parts; and pictures in one."""
    kind = "multipart/form-data; boundary=b"
    part = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="7"\r\n\r\n'
    bodies_ = {
        "boundaries": filled(b"--b\r\n"),
        "line ends": b"--b\r\nA: b\r\n\r\n" + filled(b"\r\n-"),
        "a header without end": b"--b\r\nA: " + filled(b"b"),
        "many headers": b"--b\r\n" + filled(b"A: b\r\n") + b"\r\n\r\n--b--\r\n",
        "many parts": filled(part % b"x" + b"1\r\n") + b"--b--\r\n",
        "many pictures": filled(part % b"image" + pictures()[0] + b"\r\n") + b"--b--\r\n",
    }
    for name, body in bodies_.items():
        yield Case(f"a form of {name}", "/predict", kind, body)
    for name, body in islice(files.items(), 0, None, 16):
        yield Case(f"{name} in a form", "/predict", kind, part % b"image" + body + b"\r\n--b--\r\n")


def _compressed() -> Iterator[Case]:
    """A few kilobytes that would be many megabytes."""
    for (coding, bits), size, path in product({"gzip": 31, "deflate": 15}.items(), (3, 30, 300), (INFER, "/predict")):
        packer = zlib.compressobj(9, zlib.DEFLATED, bits)
        body = b"".join(packer.compress(b"[" * (1 << 20)) for _ in range(size)) + packer.flush()
        yield Case(f"{size} MiB by {coding} to {path}", path, JSON, body, f"Content-Encoding: {coding}\r\n")


def _damaged() -> Iterator[Case]:
    """As the fuzzer sends them."""
    rng, whole = np.random.default_rng(14), bodies()
    for i in range(DAMAGED):
        body = mutated(whole[i % len(whole)], rng)
        yield Case(f"damaged {body.kind} {i}", body.path, body.kind, body.content)
