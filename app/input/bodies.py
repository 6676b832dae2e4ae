"""Read a request's body, in any of the accepted forms, and look at the pictures in it."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
import orjson
from numpy.typing import NDArray
from PIL import Image
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from app.input.admission import Admission, BufferReservation, DecodeBudget, T, Ts, client_of
from app.input.base64_text import decode_base64
from app.input.compression import content_encoding, decompressed
from app.input.decode import ALIASES, MAX_PASSES, MEDIA_TYPES, ImageFile, decode, inspect_image
from app.input.pixels import Pixels, image_of_pixels, parse_pixels, read_pixels
from app.middleware.problems import Problem
from app.settings import Settings
from model.localization.locate import Unclear, plain_reading
from model.preprocess import Placement, Preprocessed, Step
from model.reading.several import are_one, look, search
from model.recognize import Prediction, Recognizer

V = TypeVar("V")
Picture = NDArray[np.uint8]  # (784,), 255 = ink
Look = Callable[[Image.Image], Preprocessed]  # at an image
Seen = tuple[NDArray[Any], Placement | None]  # (784,) pixels of 0–255, and where they are on their image

# Larger bodies and pictures leave the event loop: they would hold up everybody else. A drawing of 280×280 as PNG stays:
# a thread would add much to the little that it takes. Other files take longer to decode.
INLINE_BYTES: Final = 1 << 14
INLINE_PIXELS: Final = 1 << 14
INLINE_PNG_PIXELS: Final = 100_000
INLINE_FILES: Final = 16  # each takes its time, however small it is
# Lists, objects and strings in one JSON document: 256 drawings have 28 rows each. Parsed, one takes up to 200 bytes.
MAX_VALUES: Final = 1 << 14
# Of a body, beside it: a file without its metadata; of a form or JSON, also its parts, or what they decode to.
FILE_COPIES: Final = 1
COPIES: Final = 2
logging.getLogger("python_multipart").setLevel(logging.ERROR)  # a sender's faults are no lines in our log
FORMS: Final = f"{', '.join(MEDIA_TYPES)}, multipart/form-data or application/json"


@dataclass(frozen=True)
class Drawings:
    """What was sent: pictures (n, 784), where on its image each was found, and whether the answer is to be a list."""

    pictures: Picture
    placements: Sequence[Placement | None]  # None for a blank one, and for pixels of ink on black
    batch: bool
    prediction: Prediction | None  # of the network by which they were found, where it has seen them all at once


class _Found(NamedTuple):
    """The drawings in a body, whether they are a batch, and what the network said of them, if it saw them at once."""

    seen: list[Seen]
    batch: bool
    prediction: Prediction | None


async def read_drawings(
    request: Request, admission: Admission, recognizer: Recognizer, skip: frozenset[Step] = frozenset()
) -> Drawings:
    """The drawings in a request, as a network finds them in their images, seen without the steps to skip.

    Raises:
        Problem: 400 undecodable, 413 too large, 415 unknown type, 422 well-formed but wrong, 503 too busy.
    """
    found = await _find_all(request, admission, _parser(request), recognizer, skip)
    return Drawings(_pictures(found.seen), [placement for _, placement in found.seen], found.batch, found.prediction)


async def read_pair(request: Request, admission: Admission, recognizer: Recognizer) -> tuple[Pixels, Pixels]:
    """The two pictures of a path, each 784 pixels 0–255: `{"from": …, "to": …}`, an image or 784 numbers each.

    Raises:
        Problem: as `read_drawings`.
    """
    if _kind(request) != "application/json":
        raise _unaccepted(request, "application/json")
    found = await _find_all(request, admission, _parsed_pair, recognizer)
    start, end = (pixels for pixels, _ in found.seen)
    return start, end


async def read_images(
    request: Request, admission: Admission, read: Callable[[Image.Image, int], V]
) -> tuple[list[V], bool]:
    """What is read in each image of a request, in a thread; and whether it is a batch.

    `read` is told how many pixels of the image that was sent are one of the image that it gets.

    Raises:
        Problem: as `read_drawings`.
    """

    def read_item(item: ImageFile | Pixels) -> V:
        if isinstance(item, ImageFile):
            return _looked_at(item, admission.decoding, lambda image: read(image, item.header.scale))
        return read(image_of_pixels(item), 1)

    def see(sent: _Sent) -> tuple[list[V], bool]:
        return [_named(name, read_item, item) for name, item in sent.items], sent.batch

    return await _read(request, admission, _parser(request), see)


def _parser(request: Request) -> Callable[[bytes, Request, Settings], _Sent]:
    if parse := _PARSERS.get(_kind(request)):
        return parse
    raise _unaccepted(request, FORMS)


async def _find_all(
    request: Request,
    admission: Admission,
    parse: Callable[[bytes, Request, Settings], _Sent],
    recognizer: Recognizer,
    skip: frozenset[Step] = frozenset(),
) -> _Found:
    """The drawings in a request."""

    def see(sent: _Sent) -> _Found:
        return _find(sent, admission.decoding, recognizer, skip)

    def see_quickly(sent: _Sent) -> _Found:  # on the event loop, nothing may wait for memory
        return _find(sent, None, recognizer, skip)

    return await _read(request, admission, parse, see, see_quickly)


async def _read(
    request: Request,
    admission: Admission,
    parse: Callable[[bytes, Request, Settings], _Sent],
    see: Callable[[_Sent], V],
    see_quickly: Callable[[_Sent], V] | None = None,
) -> V:
    """What is seen of what was sent, in one thread; or here, where a quick look is enough and holds nobody up."""
    client, settings = client_of(request), admission.settings
    with BufferReservation(admission, client) as reservation:
        bodies = [await read_body(request, reservation)]  # taken out to be parsed: while files are decoded, it is gone
        size = len(bodies[0])
        reservation.reserve((FILE_COPIES if _kind(request).startswith("image/") else COPIES) * size)
        if size > INLINE_BYTES or see_quickly is None:
            return await admission.run(lambda: see(parse(bodies.pop(), request, settings)), client=client)
        sent = parse(bodies.pop(), request, settings)
        if sent.is_quick:
            with suppress(Unclear):
                return see_quickly(sent)
        return await admission.run(see, sent, client=client)


def _kind(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return ALIASES.get(kind, kind)


def _unaccepted(request: Request, accepted: str) -> Problem:
    kind = _kind(request)
    named = f"The content type {kind} is not accepted" if kind else "The request has no content type"
    return Problem(415, f"{named}: send {accepted}")


async def read_body(request: Request, reservation: BufferReservation) -> bytes:
    """The body, decompressed, counted as it comes: no wrong Content-Length and no compression gets past the limit."""
    limit = reservation.admission.settings.max_body_bytes
    coding = content_encoding(request)
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > 15 or int(announced) > limit):
        raise _too_large(limit)
    came = _up_to(limit, request.stream())
    body = io.BytesIO()  # parts to join would take the memory twice
    async for part in _up_to(limit, decompressed(came, coding)) if coding else came:
        reservation.reserve(len(part))
        body.write(part)
    if not body.tell():
        raise Problem(400, "The body is empty: send an image")
    return body.getvalue()


async def _up_to(limit: int, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    size = 0
    async for part in parts:
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        yield part


def _too_large(limit: int) -> Problem:
    return Problem(413, f"The body is larger than {limit:,} bytes: send a smaller picture")


class _Sent:
    """What a body holds: files or pixels, each with the name of its place in the body, and whether it is a batch."""

    def __init__(self, items: Iterable[tuple[str, ImageFile | Pixels]], settings: Settings, *, batch: bool) -> None:
        self.items, self.batch = list(items), batch
        files = [item for _, item in self.items if isinstance(item, ImageFile)]
        self.work = sum(file.work for file in files)
        most = INLINE_PNG_PIXELS if all(file.is_png for file in files) else INLINE_PIXELS
        self.is_quick = len(files) <= INLINE_FILES and self.work <= most
        pixels, allowed = sum(file.header.pixels for file in files), settings.max_batch_pixels
        if batch and pixels > allowed:
            raise Problem(
                413, f"The images have {pixels:,} pixels together; at most {allowed:,} are accepted: send fewer"
            )
        if self.work > MAX_PASSES * settings.max_pixels:
            raise Problem(413, "The JPEGs have too many scans together: save them as plain ones, or send fewer")


def _find(sent: _Sent, budget: DecodeBudget | None, recognizer: Recognizer, skip: frozenset[Step]) -> _Found:
    """The drawings in what was sent. The network is asked about all plain readings at once, which costs least.

    Raises:
        Unclear: an image has to be searched, for which there is no budget.
    """
    quick = [not skip and _is_quick(item) for _, item in sent.items]  # the others are decoded once
    plain = [
        _named(name, _plain, item, budget) if q else None for q, (name, item) in zip(quick, sent.items, strict=True)
    ]
    known = {i: each for i, each in enumerate(plain) if each}
    prediction = recognizer.read(_pictures(list(known.values()))) if known else None
    is_one = are_one(prediction).tolist() if prediction else []
    believed = {i: each for (i, each), one in zip(known.items(), is_one, strict=True) if one or each[1] is None}
    if len(believed) == len(plain):
        return _Found(list(known.values()), sent.batch, prediction)
    if budget is None:
        raise Unclear
    seen = (
        believed.get(i)
        or _named(name, _seen, item, budget, partial(search if q else look, recognizer=recognizer, skip=skip))
        for i, (q, (name, item)) in enumerate(zip(quick, sent.items, strict=True))
    )
    return _Found(list(seen), sent.batch, None)


def _is_quick(item: ImageFile | Pixels) -> bool:
    return not isinstance(item, ImageFile) or item.work <= INLINE_PNG_PIXELS


def _plain(item: ImageFile | Pixels, budget: DecodeBudget | None) -> Seen | None:
    try:
        return _seen(item, budget, plain_reading)
    except Unclear:
        if budget is None:  # a thread looks at all of them
            raise
        return None


def _pictures(seen: Sequence[Seen]) -> Picture:
    pictures = [picture if picture.dtype == np.uint8 else np.rint(picture) for picture, _ in seen]
    return np.asarray(pictures, dtype=np.uint8)


def _seen(item: ImageFile | Pixels, budget: DecodeBudget | None, look: Look) -> Seen:
    """The 784 pixels of a file or of pixels."""
    if not isinstance(item, ImageFile):
        return read_pixels(item, look)
    picture, place = _looked_at(item, budget, look)
    return picture.ravel(), place and place.in_image(0, 0, item.header.scale)


def _looked_at(file: ImageFile, budget: DecodeBudget | None, look: Callable[[Image.Image], V]) -> V:
    """What is seen of a file. One at a time: what it takes is free before the next one begins."""
    if budget is None or file.work <= INLINE_PIXELS:
        return look(decode(file))
    with budget.reserved(file.peak_bytes):
        return look(decode(file))


def _parsed_file(body: bytes, _: Request, settings: Settings) -> _Sent:
    return _Sent([("", inspect_image(body, settings.max_pixels))], settings, batch=False)


def _parsed_form(body: bytes, request: Request, settings: Settings) -> _Sent:
    return _parsed_file(_finished(_file_in_form(body, request, settings)), request, settings)


async def _file_in_form(body: bytes, request: Request, settings: Settings) -> bytes:
    parser = MultiPartParser(request.headers, _once(body), max_files=1, max_fields=16, max_part_size=4096)
    parser.spool_max_size = settings.max_body_bytes  # in memory: the file system may be read-only
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
    return content


def _finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that waits for nothing: Starlette's parser, where everything is in memory."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("it waits for something")


def _parsed_json(body: bytes, _: Request, settings: Settings) -> _Sent:
    match parse_json(body):
        case {"image": str(text), **rest} if not rest:
            return _Sent([("", _parsed_item("", text, settings))], settings, batch=False)
        case {"pixels": list(pixels), **rest} if not rest:
            return _Sent([("", parse_pixels(pixels))], settings, batch=False)
        case {"images": list(texts), **rest} if not rest:
            return _parsed_batch(texts, settings)
    raise Problem(422, 'Send {"image": "<base64 or data URL>"}, {"pixels": [784 numbers]} or {"images": [...]}')


def _parsed_batch(texts: list[Any], settings: Settings) -> _Sent:
    if not 0 < len(texts) <= settings.max_batch:
        raise Problem(422, f"images holds {len(texts)} drawings; send 1 to {settings.max_batch}")
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise Problem(422, f"images[{i}] is not a string: send base64 or a data URL")
    items = [(name := f"images[{i}]", _parsed_item(name, text, settings)) for i, text in enumerate(texts)]
    return _Sent(items, settings, batch=True)


def _parsed_pair(body: bytes, _: Request, settings: Settings) -> _Sent:
    match parse_json(body):
        case {"from": start, "to": end, **rest} if not rest:
            items = [(name, _parsed_item(name, what, settings)) for name, what in (("from", start), ("to", end))]
            return _Sent(items, settings, batch=False)
    raise Problem(422, 'Send {"from": …, "to": …}: base64, a data URL or 784 numbers each')


def _parsed_item(name: str, what: object, settings: Settings) -> ImageFile | Pixels:
    """A file in base64, or pixels."""
    match what:
        case str(text):
            return _named(name, inspect_image, _named(name, decode_base64, text), settings.max_pixels)
        case list(pixels):
            return _named(name, parse_pixels, pixels)
    raise Problem(422, f"{name} is neither base64, a data URL nor 784 numbers")


_PARSERS: Final = {
    **dict.fromkeys(MEDIA_TYPES, _parsed_file),
    "multipart/form-data": _parsed_form,
    "application/json": _parsed_json,
}


def _named(place: str, work: Callable[[*Ts], T], *of: *Ts) -> T:
    """Its result; or its problem, which says where it is."""
    try:
        return work(*of)
    except Problem as error:
        raise Problem(error.status, f"{place}: {error.detail}" if place else error.detail, error.headers) from None


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


def parse_json(body: bytes, most: int = 0) -> object:
    """A document of so many numbers at most, and of MAX_VALUES other values.

    They are counted by their signs before any is made: brackets without end take 30 times their own size, and keys hold
    the interpreter, and with it the event loop, for 0.15 µs each.

    Raises:
        Problem: 400 it is no JSON, 413 it holds more values.
    """
    nested = body.count(b"[") + body.count(b"{")
    if max(nested, body.count(b":")) > MAX_VALUES or nested + body.count(b",") > most + MAX_VALUES:
        raise Problem(
            413, f"The JSON holds more than {most + MAX_VALUES:,} values, or {MAX_VALUES:,} lists or keys: send fewer"
        )
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem(
            400, f"The body is not JSON ({error}): mend it, or send the picture itself as image/png"
        ) from None
