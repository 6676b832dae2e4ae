"""Middleware: report each finished request to its observers, the log and the metrics."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import IO, NamedTuple

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.middleware.root_path import route_path
from app.middleware.writer import BackgroundWriter


class RequestRecord(NamedTuple):
    """A finished request."""

    scope: Scope
    status: int  # 499: the client went away before the reply
    received: int  # bytes of the body that were read
    sent: int  # bytes of the reply's body
    seconds: float


class RequestObserver:
    """Pure ASGI middleware: it counts the bytes of the messages that pass, and keeps no message."""

    def __init__(self, app: ASGIApp, observers: Sequence[Callable[[RequestRecord], None]]) -> None:
        self.app, self.observers = app, observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, received, sent = time.perf_counter(), 499, 0, 0

        async def counted_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message

        async def counted_send(message: Message) -> None:
            nonlocal status, sent
            status = message.get("status", status)
            sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, counted_receive, counted_send)
        finally:
            record = RequestRecord(scope, status, received, sent, time.perf_counter() - started)
            for observer in self.observers:
                observer(record)


class RequestLog:
    """An observer that writes one JSON line for each request."""

    def __init__(self, stream: IO[bytes] | None = None) -> None:
        self.writer = BackgroundWriter(stream or 1)

    def __call__(self, record: RequestRecord) -> None:  # noqa: D102 - an observer
        self.writer.put(_line(record))


def _line(record: RequestRecord) -> bytes:
    scope, client = record.scope, record.scope.get("client")
    line = {
        "time": datetime.now(UTC),
        "id": scope.get("request_id"),
        "client": client[0] if client else None,
        "method": scope["method"],
        "path": route_path(scope),
        "status": record.status,
        "bytes": record.sent,
        "ms": round(record.seconds * 1000, 2),
    }
    return _printable(orjson.dumps(line, option=orjson.OPT_UTC_Z)) + b"\n"


def _printable(line: bytes) -> bytes:
    r"""JSON with what turns or breaks a line on a terminal escaped too: a path may hold it.

    >>> print(_printable("\u202egnp.é\x7f\u2028".encode()).decode())
    \u202egnp.é\u007f\u2028
    """
    text = line.decode()
    return line if text.isprintable() else "".join(map(_escaped, text)).encode()


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be").hex()
    return character if character.isprintable() else "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
