"""Looks at each request once, as it passes, and tells the witnesses: the log and the metrics."""

from __future__ import annotations

import contextlib
import io
import queue
import sys
import threading
import time
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Final, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


MAX_LINES: Final = 4096  # that wait to be written; a megabyte


class RequestRecord(NamedTuple):
    """A request and what came of it."""

    scope: Scope
    status: int  # 499: the client went away before the reply
    received: int  # bytes of the body that were read
    sent: int  # bytes of the reply's body
    seconds: float


class RequestObserver:
    """Pure ASGI middleware: it counts the messages that pass, and keeps none."""

    def __init__(self, app: ASGIApp, observers: Sequence[Callable[[RequestRecord], None]]) -> None:
        self.app, self.observers = app, observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, received, sent = time.perf_counter(), 499, 0, 0

        async def prediction() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message

        async def writing(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, prediction, writing)
        finally:
            record = RequestRecord(scope, status, received, sent, time.perf_counter() - started)
            for observer in self.observers:
                observer(record)


class RequestLog:
    """An observer that writes one JSON line for each request.

    A thread writes them, so that a log that nobody reads, or a full disk, costs lines and stops nothing.
    """

    def __init__(self, stream: IO[bytes] | None = None) -> None:
        self.stream = stream
        self.lines: queue.Queue[bytes | None] = queue.Queue(MAX_LINES)
        self.thread: threading.Thread | None = None

    def __call__(self, record: RequestRecord) -> None:  # noqa: D102 - an observer
        if self.thread is None:
            self.thread = threading.Thread(target=self._write, name="request log", daemon=True)
            self.thread.start()
        with contextlib.suppress(queue.Full):
            self.lines.put_nowait(_line(record))

    def close(self) -> None:
        """Wait for the lines so far, for a second: where nobody reads them, it would be for ever."""
        if self.thread is not None:
            with contextlib.suppress(queue.Full):
                self.lines.put_nowait(None)
            self.thread.join(1)

    def _write(self) -> None:
        # Unbuffered: at exit Python would wait for a buffer that this thread cannot get rid of.
        stream = self.stream or io.FileIO(sys.stdout.fileno(), "wb", closefd=False)
        while line := self.lines.get():
            with contextlib.suppress(OSError):
                stream.write(line)
                stream.flush()


def _line(record: RequestRecord) -> bytes:
    scope, client = record.scope, record.scope.get("client")
    line = {
        "time": datetime.now(UTC),
        "id": scope.get("request_id"),
        "client": client[0] if client else None,
        "method": scope["method"],
        "path": scope["path"],
        "status": record.status,
        "bytes": record.sent,
        "ms": round(record.seconds * 1000, 2),
    }
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z)
