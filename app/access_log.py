"""One JSON line a request, on standard output: what was asked, what came of it, how long it took."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

import orjson

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class AccessLog:
    """Pure ASGI middleware: it looks at the messages that pass, and keeps none."""

    def __init__(self, app: ASGIApp, stream: BinaryIO | None = None) -> None:
        self.app, self.stream = app, stream or sys.stdout.buffer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, size = time.perf_counter(), 499, 0  # 499: the client went away before the reply

        async def watched(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            self._write(scope, status, size, time.perf_counter() - started)

    def _write(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        client = scope.get("client")
        line = {
            "time": datetime.now(UTC),
            "client": client[0] if client else None,
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "bytes": size,
            "ms": round(seconds * 1000, 2),
        }
        self.stream.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z))
        self.stream.flush()
