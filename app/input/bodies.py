"""A request's body, in any of the accepted forms, becomes pictures that the network can read."""

from __future__ import annotations

import base64
import binascii
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.input.admission import BufferReservation, T, Ts
from app.input.decode import MEDIA_TYPES, decode, open_image
from app.middleware.problems import Problem
from model.preprocess import preprocess_with_placement

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from numpy.typing import NDArray
    from PIL import Image
    from starlette.requests import Request

    from app.input.admission import Admission
    from app.settings import Settings
    from model.preprocess import Placement, Preprocessed, Step

    Picture = NDArray[np.uint8]  # (784,), 255 = ink
    Pixels = NDArray[np.float64]  # the same, of any grey between

# Larger files and images leave the event loop: they would hold up everybody else.
INLINE_BYTES: Final = 1 << 17
INLINE_PIXELS: Final = 1 << 17
logging.getLogger("python_multipart").setLevel(logging.ERROR)  # a sender's faults are no lines in our log
_URL_SAFE: Final = str.maketrans("-_", "+/")
FORMS: Final = f"{', '.join(MEDIA_TYPES)}, multipart/form-data or application/json"


@dataclass(frozen=True)
class Drawings:
    """What was sent: pictures (n, 784), where on its image each was found, and whether the answer is to be a list."""

    pictures: Picture
    placements: Sequence[Placement | None]  # None for a blank one, and for one that was sent as 28×28
    batch: bool


async def read_drawings(request: Request, admission: Admission, skip: frozenset[Step] = frozenset()) -> Drawings:
    """The drawings in a request, seen without the steps to skip.

    Raises:
        Problem: 400 undecodable, 413 too large, 415 unknown type, 422 well-formed but wrong, 503 too busy.
    """
    reader = _READERS.get(_kind(request))
    if reader is None:
        raise _unaccepted(request, FORMS)
    with BufferReservation(admission) as reservation:
        body = await read_body(request, reservation)
        return await reader(_Reader(request, admission, skip), body)


async def read_pair(request: Request, admission: Admission) -> tuple[Pixels, Pixels]:
    """The two pictures of a path, each 784 pixels 0–255: `{"from": …, "to": …}`, an image or 784 numbers each.

    Raises:
        Problem: as `read_drawings`.
    """
    if _kind(request) != "application/json":
        raise _unaccepted(request, "application/json")
    with BufferReservation(admission) as reservation:
        match _from_json(await read_body(request, reservation)):
            case {"from": start, "to": end, **rest} if not rest:
                reader = _Reader(request, admission, frozenset())
                return await reader.end("from", start), await reader.end("to", end)
    raise Problem(422, 'Send {"from": …, "to": …}: base64, a data URL or 784 numbers each')


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _unaccepted(request: Request, accepted: str) -> Problem:
    kind = _kind(request)
    named = f"The content type {kind} is not accepted" if kind else "The request has no content type"
    return Problem(415, f"{named}: send {accepted}")


async def read_body(request: Request, reservation: BufferReservation) -> bytes:
    """The body, counted as it comes: a wrong or missing Content-Length gets nobody past the limit."""
    limit = reservation.admission.settings.max_body_bytes
    if coding := request.headers.get("content-encoding", "identity").lower().replace("identity", ""):
        raise Problem(415, f"The content encoding {coding} is not accepted: send the body as it is")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > 15 or int(announced) > limit):
        raise _too_large(limit)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        reservation.reserve(len(part))
        parts.append(part)
    if not size:
        raise Problem(400, "The body is empty: send an image")
    return b"".join(parts)


def _too_large(limit: int) -> Problem:
    return Problem(413, f"The body is larger than {limit:,} bytes: send a smaller picture")


@dataclass(frozen=True)
class _Reader:
    request: Request
    admission: Admission
    skip: frozenset[Step]

    @property
    def settings(self) -> Settings:
        return self.admission.settings

    async def raw(self, body: bytes) -> Drawings:
        return await self._one(body)

    async def multipart(self, body: bytes) -> Drawings:
        parser = MultiPartParser(self.request.headers, _once(body), max_files=1, max_fields=16, max_part_size=4096)
        parser.spool_max_size = self.settings.max_body_bytes  # in memory: the file system may be read-only
        try:
            form = await parser.parse()
            file = form.get("image")
            content = await file.read() if isinstance(file, UploadFile) else None
            await form.close()
            for unended in parser._files_to_close_on_error:  # Starlette forgets a file whose part has no end
                unended.close()
        except MultiPartException as error:
            raise Problem(
                400, f"The form cannot be read ({error.message}): send one file, in a field named image"
            ) from None
        except (KeyError, UnicodeError):
            raise Problem(400, "The form cannot be read: let its content type name its boundary") from None
        if content is None:
            raise Problem(422, "The form has no file in a field named image: send the picture there")
        return await self._one(content)

    async def json(self, body: bytes) -> Drawings:
        match _from_json(body):
            case {"image": str(text), **rest} if not rest:
                return await self._one(_from_base64(text))
            case {"pixels": list(pixels), **rest} if not rest:
                picture = np.asarray(np.rint(_from_pixels(pixels)), dtype=np.uint8)
                return Drawings(picture[None, :], [None], batch=False)
            case {"images": list(texts), **rest} if not rest:
                return await self._batch(texts)
        raise Problem(422, 'Send {"image": "<base64 or data URL>"}, {"pixels": [784 numbers]} or {"images": [...]}')

    async def _batch(self, texts: list[Any]) -> Drawings:
        most = self.settings.max_batch
        if not 0 < len(texts) <= most:
            raise Problem(422, f"images holds {len(texts)} drawings; send 1 to {most}")
        contents, names = [], [f"images[{i}]" for i in range(len(texts))]
        for i, text in enumerate(texts):
            if not isinstance(text, str):
                raise Problem(422, f"images[{i}] is not a string: send base64 or a data URL")
            contents.append(_named(names[i], _from_base64, text))
        return await self._seen(contents, names, batch=True)

    async def end(self, name: str, what: object) -> Pixels:
        """One end of a path."""
        match what:
            case str(text):
                content = _named(name, _from_base64, text)
                drawings = await self._seen([content], [name], batch=False)
                return np.asarray(drawings.pictures[0], dtype=np.float64)
            case list(pixels):
                return _named(name, _from_pixels, pixels)
        raise Problem(422, f"{name} is neither base64, a data URL nor 784 numbers")

    async def _one(self, content: bytes) -> Drawings:
        return await self._seen([content], [""], batch=False)

    async def _seen(self, contents: list[bytes], names: list[str], *, batch: bool) -> Drawings:
        """Open and decode here, or in a thread what would hold up the event loop."""
        images = await self._run(sum(map(len, contents)) <= INLINE_BYTES, _all_open, contents, names, self.settings)
        pixels = sum(image.width * image.height for image in images)
        if batch and pixels > self.settings.max_batch_pixels:
            allowed = f"{self.settings.max_batch_pixels:,}"
            raise Problem(
                413, f"The images have {pixels:,} pixels together; at most {allowed} are accepted: send fewer"
            )
        seen = await self._run(pixels <= INLINE_PIXELS, _all_seen, images, names, self.skip)
        pictures, placements = zip(*seen, strict=True)
        return Drawings(np.array(pictures).reshape(-1, 784), placements, batch)

    async def _run(self, inline: bool, work: Callable[[*Ts], T], *of: *Ts) -> T:
        return work(*of) if inline else await self.admission.run(work, *of)


_READERS: Final = {
    **dict.fromkeys(MEDIA_TYPES, _Reader.raw),
    "multipart/form-data": _Reader.multipart,
    "application/json": _Reader.json,
}


def _all_open(contents: list[bytes], names: list[str], settings: Settings) -> list[Image.Image]:
    return [
        _named(name, open_image, content, settings.max_pixels) for content, name in zip(contents, names, strict=True)
    ]


def _all_seen(images: list[Image.Image], names: list[str], skip: frozenset[Step]) -> list[Preprocessed]:
    return [
        preprocess_with_placement(_named(name, decode, image), skip) for image, name in zip(images, names, strict=True)
    ]


def _named(place: str, work: Callable[[*Ts], T], *of: *Ts) -> T:
    """Its result; or its problem, which says where it is."""
    try:
        return work(*of)
    except Problem as error:
        raise Problem(error.status, f"{place}: {error.detail}" if place else error.detail, error.headers) from None


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


def _from_base64(text: str) -> bytes:
    """The bytes in base64, in either alphabet, wrapped and padded or not; or in a `data:image/png;base64,…` URL."""
    if text[:5].lower() == "data:":
        head, _, text = text.partition(",")
        if not head.lower().endswith(";base64"):
            raise Problem(422, "The data URL is not in base64: send data:image/png;base64,…")
        if head[5:].partition(";")[0].lower() not in MEDIA_TYPES:
            raise Problem(415, f"The data URL is of another type: send {', '.join(MEDIA_TYPES)}")
    plain = "".join(text.split()).translate(_URL_SAFE).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Problem(400, f"The image is not base64 ({error}): encode the whole file") from None


def _from_json(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem(
            400, f"The body is not JSON ({error}): mend it, or send the picture itself as image/png"
        ) from None


def _from_pixels(pixels: list[Any]) -> Pixels:
    """784 numbers 0–255, ink high."""
    if len(pixels) != 784:
        raise Problem(422, f"pixels holds {len(pixels)} numbers; send 784, row by row")
    if not all(type(value) in (int, float) and 0 <= value <= 255 for value in pixels):
        raise Problem(422, "pixels holds something else: send numbers from 0 to 255")
    return np.asarray(pixels, dtype=np.float64)
