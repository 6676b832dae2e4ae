"""uvicorn, with an end to its patience: slow and greedy clients are cut off, and a leaving server says so first.

Nothing is done per request: each connection is looked at about once a second, and what it waits for is compared with
what it waited for the last time.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import socket
import struct
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import orjson
import uvicorn

from app.middleware import problems
from app.middleware.security_headers import with_default_headers

try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as Parser
except ImportError:  # Windows; its parser bounds a request's head by itself
    from uvicorn.protocols.http.h11_impl import H11Protocol as Parser  # type: ignore[assignment]

if TYPE_CHECKING:
    from types import FrameType

    from fastapi import FastAPI

    from app.settings import Settings

MAX_HEAD: Final = 1 << 16  # bytes of a request's head
# Bytes of a reply that the system holds for a client that does not read. By itself it would take megabytes for each,
# and filling them for hundreds of such clients at once keeps everybody else waiting.
MAX_UNREAD: Final = 1 << 17
TICKS: Final = 5  # looks within the shortest patience
SLOWEST_TICK: Final = 1.0  # seconds
AT_ONCE: Final = struct.pack("ii", 1, 0)  # linger, for no time
HEAD, BODY = "head", "body"


class Connection(Parser):
    """A connection whose client may not take its time for ever."""

    def __init__(self, settings: Settings, **of_uvicorn: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(**of_uvicorn)
        self.settings, self.head = settings, 0
        self.running: Any = None  # the request that is being answered; the cycle is the last one that came
        self.patience = {HEAD: settings.header_seconds, BODY: settings.body_seconds}
        self.tick = min(SLOWEST_TICK, min(*self.patience.values(), settings.write_seconds) / TICKS)
        self.waiting: tuple[str, object] | None = None  # for which part of which request
        self.waiting_since = self.written_at = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """One too many is told so; the others are looked at from now on."""
        super().connection_made(transport)
        with contextlib.suppress(OSError):  # it is gone already
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAX_UNREAD)
        self.written_at = self.loop.time()
        self.look = self.loop.call_later(self.tick, self._look)
        if len(self.connections) > self.settings.max_connections:
            self._refuse(503, "There are too many connections: try again", (b"retry-after", b"1"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to look at."""
        self.look.cancel()
        self._forget()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:  # noqa: ANN401 - uvicorn's own
        self.running = cycle
        super()._start_asgi_task(cycle, app)

    def _forget(self) -> None:
        """No more answers: where requests came in a row, uvicorn ends the last one only, and the rest write on."""
        for cycle in (self.running, self.cycle):
            if cycle is not None:
                cycle.disconnected = True
                cycle.message_event.set()

    def data_received(self, data: bytes) -> None:
        """A head without end is refused; uvicorn would keep all of it."""
        super().data_received(data)
        self.head = self.head + len(data) if self._in_head() else 0
        if self.head > MAX_HEAD:
            self._refuse(431, f"The request's head is larger than {MAX_HEAD:,} bytes: send fewer or shorter headers")

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP gets a problem, too."""
        self._refuse(400, f"This is no HTTP request ({msg.rstrip('.')}): send one")

    def _look(self) -> None:
        """Cut off a client that took too long since it began to be waited for."""
        now, waiting = self.loop.time(), self._waiting_for()
        self.look = self.loop.call_later(self.tick, self._look)
        if waiting != self.waiting:
            self.waiting, self.waiting_since = waiting, now
        elif waiting and now - self.waiting_since >= self.patience[waiting[0]]:
            self._give_up(waiting[0])
        if not self.transport.get_write_buffer_size():
            self.written_at = now
        elif now - self.written_at >= self.settings.write_seconds:
            self._forget()
            # With a reset: else the system would keep what was not read for minutes after.
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            self.transport.abort()

    def _waiting_for(self) -> tuple[str, object] | None:
        """The part of a request that is to come, and after or of which request; None if it is our turn."""
        if self.cycle is not None and not self.cycle.response_complete:
            return (BODY, self.cycle) if self.cycle.more_body else None
        return (HEAD, self.cycle) if self.timeout_keep_alive_task is None else None  # else uvicorn sees to it

    def _in_head(self) -> bool:
        """Whether a part of a request's head has come, and not all of it."""
        return self.scope is not None and (self.cycle is None or self.cycle.scope is not self.scope)

    def _give_up(self, part: str) -> None:
        if self._in_head() or (part == BODY and not self.cycle.response_started):
            self._refuse(408, f"The request's {part} did not come within {self.patience[part]:g} seconds: try again")
        self.transport.close()

    def _refuse(self, status: int, detail: str, *headers: tuple[bytes, bytes]) -> None:
        if not self.transport.is_closing():
            self.transport.write(_written(status, detail, headers))
            self.transport.close()


def _written(status: int, detail: str, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """A whole reply, for requests that never reach the application."""
    name = secrets.token_hex(8)
    body = orjson.dumps(problems.details(status, detail, name))
    own = [(b"content-type", problems.MEDIA_TYPE.encode()), (b"content-length", b"%d" % len(body)), *headers]
    lines = [
        b"%s: %s\r\n" % header for header in with_default_headers([*own, (b"connection", b"close")], name.encode())
    ]
    return b"HTTP/1.1 %d %s\r\n%s\r\n%s" % (status, HTTPStatus(status).phrase.encode(), b"".join(lines), body)


class Server(uvicorn.Server):
    """Told to end by SIGTERM, it first says that it is no longer ready, and goes on until nobody sends it more."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self.state, self.signals = app.state, list[int]()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first SIGTERM leaves time; another signal does not."""
        self.signals.append(sig)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[Any] | None = None) -> None:
        """Not ready, then no new connections, then the end of what runs."""
        self.state.ready = False
        until = asyncio.get_running_loop().time() + self.state.settings.grace_seconds
        # Looked at, since a signal's handler may not touch an Event
        while self.signals == [signal.SIGTERM] and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await super().shutdown(sockets)
