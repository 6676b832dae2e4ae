"""Compressed request bodies: gzip and deflate, decompressed as they come, never more than a step at a time."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from typing import Final

from starlette.requests import Request

from app.middleware.problems import Problem

CODINGS: Final = ("gzip", "deflate")
STEP: Final = 1 << 14  # bytes, in and out: the event loop lets others run between two steps
_EITHER: Final = zlib.MAX_WBITS | 32  # gzip's format or zlib's, by its first bytes


def content_encoding(request: Request) -> str:
    """The coding that the body came in; empty for none.

    Raises:
        Problem: 415 another one than gzip and deflate.
    """
    coding = request.headers.get("content-encoding", "").strip().lower().removeprefix("identity")
    if coding and coding not in CODINGS:
        accepted = ", ".join(CODINGS)
        sentence = f"The content encoding {coding[:40]} is not accepted: send {accepted}, or the body as it is"
        raise Problem(415, sentence, {"Accept-Encoding": accepted})
    return coding


async def decompressed(parts: AsyncIterator[bytes], coding: str) -> AsyncIterator[bytes]:
    """What a compressed body's parts hold, in parts of STEP bytes at most.

    Raises:
        Problem: 400 the body is of another format, is damaged, ends too early, or goes on after its end.
    """
    inflater = zlib.decompressobj(_EITHER)
    try:
        async for part in parts:
            for start in range(0, len(part), STEP):
                rest, inflated = part[start : start + STEP], b""
                while rest or len(inflated) == STEP:
                    inflated = inflater.decompress(rest, STEP)
                    rest = inflater.unconsumed_tail
                    yield inflated
                    await asyncio.sleep(0)
                if inflater.unused_data:
                    raise Problem(400, f"The body goes on after the end of its {coding}: send one compressed stream")
    except zlib.error as error:
        raise Problem(400, f"The body is not {coding} ({error}): compress it, or send it as it is") from None
    if not inflater.eof:
        raise Problem(400, f"The body ends before its {coding} does: send all of it")
