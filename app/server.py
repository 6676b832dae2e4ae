"""uvicorn with connection time-outs, limits for each client, and a graceful drain.

Time-outs cost nothing per request: each connection is checked about once a second, and what it waits for is compared
with what it waited for at the last check.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import gc
import logging
import os
import re
import secrets
import signal
import socket
import struct
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from types import FrameType
from typing import Any, Final, Literal

import orjson
import uvicorn
from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import _TrustedHosts

from app.input.container import Budgets, trim_memory
from app.middleware import problems
from app.middleware.proxy_headers import ProxyHeaders
from app.middleware.request_limit import network_of
from app.middleware.request_log import RequestRecord
from app.middleware.security_headers import with_default_headers
from app.middleware.writer import BackgroundWriter
from app.settings import Settings

try:
    from httptools import HttpRequestParser
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as Parser
except ImportError:  # Windows; its parser bounds a request's head by itself
    from uvicorn.protocols.http.h11_impl import H11Protocol as Parser  # type: ignore[assignment]

MAX_HEAD: Final = 1 << 16  # bytes of a request's head
# Bytes of a reply that the system holds for a client that does not read. By itself it would take megabytes for each,
# and filling them for hundreds of such clients at once keeps everybody else waiting.
MAX_UNREAD: Final = 1 << 17
MAX_UNCOUNTED: Final = 1 << 14  # bytes of a reply that wait in the process for a client before they count
MAX_PIPELINED: Final = 64  # requests that came before their answers: each takes kilobytes, sent as 30 bytes
TICKS: Final = 5  # checks within the shortest time-out
SLOWEST_TICK: Final = 1.0  # seconds
AT_ONCE: Final = struct.pack("ii", 1, 0)  # linger, for no time
# Clients' faults are in the request log and the metrics.
logging.getLogger("uvicorn.error").addFilter(lambda record: record.levelno != logging.WARNING)
HEAD, BODY = "head", "body"
HOST: Final = re.compile(rb"(?:[\w.~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?")  # RFC 3986, section 3.2.2
FRAMING: Final = frozenset({b"content-length", b"transfer-encoding"})
LINGER_SECONDS: Final = 1.0  # how long a client that is answered in the midst of its body may go on sending
LAST_REQUEST_SECONDS: Final = 1.0  # how long a leaving server waits for what a client may have sent already
NEAR_SECONDS: Final = 0.1  # the same of a proxy on this machine


class Clients:
    """All connections by client, those that wait for a request apart, and the bytes of replies that nobody has read."""

    def __init__(self, settings: Settings, observers: Sequence[Callable[[RequestRecord], None]] = ()) -> None:
        self.settings, self.observers = settings, observers
        self.leaving = False
        self.connections: dict[str, dict[Connection, None]] = {}
        self.idle: dict[str, dict[Connection, None]] = {}  # longest first
        self.unread: dict[Connection, int] = {}
        self.count, self.unread_limit = 0, Budgets.of(settings).unread
        # Addresses and networks, as uvicorn understands them when it heeds X-Forwarded-For.
        self.proxies = _TrustedHosts(os.environ.get("FORWARDED_ALLOW_IPS", ""))

    def add(self, connection: Connection) -> tuple[int, str] | None:
        """Count a connection; an idle one is closed to make room. Returns status and reason if it is refused."""
        own = self.connections.setdefault(connection.network, {})
        refusal = None
        limit = (
            self.settings.max_connections if self._is_proxy(connection) else self.settings.max_connections_per_client
        )
        if len(own) >= limit and not self._close_idle(connection.network):
            refusal = 429, "There are too many connections from your address: close some, and try again"
        elif self.count >= self.settings.max_connections and not self._close_idle(self._largest()):
            refusal = 503, "There are too many connections: try again"
        own[connection] = None
        self.count += 1
        return refusal

    def remove(self, connection: Connection) -> None:
        """Forget a connection that is gone."""
        self.unread.pop(connection, None)
        self.note_active(connection)
        own = self.connections.get(connection.network, {})
        if connection in own:
            del own[connection]
            self.count -= 1
            if not own:
                del self.connections[connection.network]

    def note_idle(self, connection: Connection) -> None:
        """Note that a connection waits for a request."""
        self.idle.setdefault(connection.network, {})[connection] = None

    def note_active(self, connection: Connection) -> None:
        """Note that a connection has sent something."""
        idle = self.idle.get(connection.network)
        if idle is not None:
            idle.pop(connection, None)
            if not idle:
                del self.idle[connection.network]

    def last_request_seconds(self, connection: Connection) -> float:
        """How long a leaving server waits for what an idle client may have sent already."""
        near = self._is_proxy(connection) and connection.network.startswith("127.")
        seconds = NEAR_SECONDS if near else LAST_REQUEST_SECONDS
        return min(seconds, self.settings.drain_seconds / 2)

    def note_unread(self, connection: Connection, size: int) -> None:
        """Note the bytes that wait for a client. Over the limit, the client with most loses its oldest reply."""
        self.unread[connection] = size
        while sum(self.unread.values()) > self.unread_limit:
            by_client = Counter[str]()
            for other, held in self.unread.items():
                by_client[other.network] += held
            largest = by_client.most_common(1)[0][0]
            found = next(other for other in self.unread if other.network == largest)
            del self.unread[found]
            found.cut_off()

    def record(self, scope: Mapping[str, Any], status: int, sent: int) -> None:
        """Report a request that never reached the application to the log and the metrics."""
        for observer in self.observers:
            observer(RequestRecord(dict(scope), status, 0, sent, 0.0))

    def _is_proxy(self, connection: Connection) -> bool:
        """Whether all clients come through this one: it counts them itself."""
        return connection.client is not None and connection.client[0] in self.proxies

    def _largest(self) -> str:
        return max(self.idle, key=lambda network: len(self.connections[network]), default="")

    def _close_idle(self, network: str) -> bool:
        """Close the client's connection that has been idle longest. Returns whether there was one."""
        for connection in self.idle.get(network, ()):
            self.remove(connection)
            connection.transport.close()
            return True
        return False


class Connection(Parser):
    """A connection with time-outs, and limits on what it holds."""

    def __init__(self, clients: Clients, **of_uvicorn: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(**of_uvicorn)
        self.clients, self.settings = clients, clients.settings
        self.network, self.head, self.framing = "", 0, 0
        self.received, self.resuming, self.lingering = b"", False, False
        self.refusal = 400, ""  # what the parser's next fault is told as
        self.running: Any = None  # the request that is being answered; the cycle is the last one that came
        self.timeouts = {HEAD: self.settings.header_seconds, BODY: self.settings.body_seconds}
        self.tick = min(SLOWEST_TICK, min(*self.timeouts.values(), self.settings.write_seconds) / TICKS)
        self.waiting: tuple[str, object] | None = None  # for which part of which request
        self.waiting_since = self.written_at = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Refuse one too many; check the others from now on."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=MAX_UNCOUNTED)
        with contextlib.suppress(OSError):  # it is gone already
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAX_UNREAD)
        self.written_at = self.loop.time()
        self.next_check = self.loop.call_later(self.tick, self._check)
        self.network = network_of(self.client[0]) if self.client else ""
        if refusal := self.clients.add(self):
            self._refuse(*refusal, (b"retry-after", b"1"))
        else:
            self.clients.note_idle(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to check."""
        self.next_check.cancel()
        self.clients.remove(self)
        self._forget()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Count what the client has not read."""
        super().pause_writing()
        self.clients.note_unread(self, self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """The client has read nearly all."""
        self.clients.unread.pop(self, None)
        super().resume_writing()

    def cut_off(self) -> None:
        """End it with a reset: else the system would keep what was not read for minutes after."""
        self._forget()
        with contextlib.suppress(OSError):
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self.transport.abort()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:  # noqa: ANN401 - uvicorn's own
        self.running = cycle
        super()._start_asgi_task(cycle, app)

    def _forget(self) -> None:
        """Stop all answers: of pipelined requests uvicorn ends the last one only, and the others would write on."""
        for cycle in (self.running, self.cycle):
            if cycle is not None:
                cycle.disconnected = True
                cycle.message_event.set()

    def data_received(self, data: bytes) -> None:
        """Refuse an endless head, and a body of nearly nothing but framing: uvicorn would keep all of it."""
        if self.lingering:
            return
        self.clients.note_active(self)
        self.framing += len(data)
        self.received = data
        super().data_received(data)
        self.head = self.head + len(data) if self._in_head() else 0
        if self.head > MAX_HEAD:
            self._refuse(431, f"The request's head is larger than {MAX_HEAD:,} bytes: send fewer or shorter headers")
        elif self.framing > MAX_HEAD and not self._in_head() and self.cycle is not None and self.cycle.more_body:
            self._refuse(431, f"The body has more than {MAX_HEAD:,} bytes of trailers or framing: leave them out")

    def on_message_begin(self) -> None:
        """A request, perhaps one of many that came in a row."""
        if self.resuming:
            return
        self.framing = 0
        if len(self.pipeline) >= MAX_PIPELINED:
            self.refusal = 429, f"More than {MAX_PIPELINED} requests came before their answers: wait for some"
            raise OverflowError(self.refusal[1])
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header of the head. What comes after a body, its trailers, nobody reads."""
        if self.cycle is None or self.cycle.scope is not self.scope:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole. A leaving server takes one last request of each connection."""
        if self.resuming:
            return
        self._check_host()
        super().on_headers_complete()
        self.cycle.keep_alive = self.cycle.keep_alive and not self.clients.leaving
        self.cycle.transport = _WholeReplies(self, self.cycle)  # type: ignore[assignment]  # as far as a cycle uses it

    def close_gently(self) -> None:
        """End the reply, but read on for a moment: closing on what still comes is a reset, which may eat the reply."""
        if self.lingering or self.transport.is_closing():
            return
        if self._in_head() or (self.cycle is not None and self.cycle.more_body):
            self.lingering = True
            with contextlib.suppress(OSError):  # it is gone already
                self.transport.write_eof()
            self.flow.resume_reading()
            self.loop.call_later(LINGER_SECONDS, self.transport.close)
        else:
            self.transport.close()

    def _check_host(self) -> None:
        """Refuse what RFC 9112, section 3.2 says: no Host, several, or one that is no name."""
        hosts = [value for name, value in self.headers if name == b"host"]
        missing = not hosts and self.parser.get_http_version() != "1.0"
        if missing or len(hosts) > 1 or not all(map(HOST.fullmatch, hosts)):
            self.refusal = 400, "A request has one Host header, a name or an address: send that"
            raise ValueError(self.refusal[1])

    def on_message_complete(self) -> None:
        """The request is whole; one that offers another protocol has its body still to come."""
        if self.resuming or not self.parser.should_upgrade():
            super().on_message_complete()

    def _unsupported_upgrade_warning(self) -> None:
        """Read on as if there had been no offer of another protocol, by a parser that has not heard of it."""
        offer = sys.exception()
        if offer is None or self.scope is None:
            return  # of h11, which reads on by itself
        self.received = self.received[offer.args[0] :]
        framing = b"".join(b"%s: %s\r\n" % header for header in self.headers if header[0] in FRAMING)
        self.parser, self.resuming = HttpRequestParser(self), True
        self.parser.feed_data(b"POST / HTTP/1.1\r\n" + framing + b"\r\n")
        self.resuming = False
        if self.received:
            super().data_received(self.received)

    def on_body(self, body: bytes) -> None:
        """A part of the body; it pays for its own framing: a chunk of one byte has five more."""
        self.framing = max(0, self.framing - 8 * len(body))
        super().on_body(body)

    def on_response_complete(self) -> None:
        """The reply is written; the connection waits, unless more requests came already."""
        if self.running is not None:  # None: of h11
            self.running.transport.flush()
        if self.lingering:
            return
        super().on_response_complete()
        if self.timeout_keep_alive_task is not None and not self._in_head():
            self.clients.note_idle(self)

    def leave(self) -> None:
        """Close after the reply to the requests so far, and announce that in the last one."""
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """Wait a little for the last request of a kept connection: closed now, one on its way would be reset."""
        self.leave()
        self.loop.call_later(self.clients.last_request_seconds(self), self._close_if_idle)

    def _close_if_idle(self) -> None:
        if not self._in_head() and (self.cycle is None or self.cycle.response_complete):
            self.transport.close()

    def give_up_waiting(self) -> None:
        """Refuse a request that has not arrived by the end of the drain."""
        if self._in_head() or (self.cycle is not None and not self.cycle.response_started):
            self._refuse(503, "The server is stopping: try again", (b"retry-after", b"1"))
            self._forget()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP gets a problem, too."""
        status, detail = self.refusal
        self._refuse(status, detail or f"This is no HTTP request ({msg.rstrip('.')}): send one")

    def _check(self) -> None:
        """Cut off a client that took too long since it began to be waited for."""
        now, waiting = self.loop.time(), self._waiting_for()
        self.next_check = self.loop.call_later(self.tick, self._check)
        if waiting != self.waiting:
            self.waiting, self.waiting_since = waiting, now
        elif waiting and now - self.waiting_since >= self.timeouts[waiting[0]]:
            self._give_up(waiting[0])
        if not self.transport.get_write_buffer_size():
            self.written_at = now
        elif now - self.written_at >= self.settings.write_seconds:
            self.cut_off()

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
            self._refuse(408, f"The request's {part} did not come within {self.timeouts[part]:g} seconds: try again")
        self.transport.close()

    def _refuse(self, status: int, detail: str, *headers: tuple[bytes, bytes]) -> None:
        if self.lingering or self.transport.is_closing():
            return
        name = secrets.token_hex(8)
        reply = _written(status, detail, name, headers)
        self.transport.write(reply)
        self.close_gently()
        if self.cycle is not None and self.cycle.scope is self.scope and not self.cycle.response_complete:
            self.cycle.scope["refused"] = status  # type: ignore[typeddict-unknown-key]  # the application's own record of it names this
        else:
            scope = {"method": "-", "path": "-", **(self.scope or {}), "client": self.client, "request_id": name}
            self.clients.record(scope, status, len(reply))


class _WholeReplies:
    """A connection's transport, which writes a reply's head with its body, and closes gently.

    By themselves the two are two calls of the system: a process that is killed between them leaves half a reply behind,
    which no proxy can ask for again.
    """

    def __init__(self, connection: Connection, cycle: Any) -> None:  # noqa: ANN401 - uvicorn's own
        self.connection, self.cycle, self.head = connection, cycle, b""
        self.headed = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever it is
        return getattr(self.connection.transport, name)

    def write(self, data: bytes) -> None:
        """Hold the head back until more comes; a `100 Continue` before it goes out at once."""
        if self.cycle.response_started and not self.headed:
            self.head, self.headed = data, True
        elif self.head:
            self.connection.transport.writelines((self.head, data))
            self.head = b""
        else:
            self.connection.transport.write(data)

    def flush(self) -> None:
        """Write a head that no body follows."""
        if self.head:
            self.write(b"")

    def close(self) -> None:
        """As uvicorn does after a reply that is the last one."""
        self.flush()
        self.connection.close_gently()


def _written(status: int, detail: str, name: str, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """A whole reply, for requests that never reach the application."""
    body = orjson.dumps(problems.details(status, detail, name))
    own = [(b"content-type", problems.MEDIA_TYPE.encode()), (b"content-length", b"%d" % len(body)), *headers]
    lines = [
        b"%s: %s\r\n" % header for header in with_default_headers([*own, (b"connection", b"close")], name.encode())
    ]
    return b"HTTP/1.1 %d %s\r\n%s\r\n%s" % (status, HTTPStatus(status).phrase.encode(), b"".join(lines), body)


def _notify(state: bytes) -> None:
    """Tell systemd, where it has started this process and waits for it: sd_notify(3)."""
    if address := os.environ.get("NOTIFY_SOCKET"):
        # Where the variable is an older one's, nobody waits.
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.connect(address.replace("@", "\0", 1))
            told.send(state)


class Server(uvicorn.Server):
    """On SIGTERM it reports that it is not ready, serves on for the grace period, and then drains."""

    @classmethod
    def of(cls, app: FastAPI) -> Server:
        """The server of an application, by its settings."""
        settings: Settings = app.state.settings
        clients = Clients(settings, app.state.observers)
        config = uvicorn.Config(
            ProxyHeaders(app, os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")),
            proxy_headers=False,  # uvicorn's own
            host=settings.host,
            port=settings.port,
            http=partial(Connection, clients),  # type: ignore[arg-type]  # called as the class would be
            ws="none",
            access_log=False,  # app.middleware.request_log writes a structured one
            log_level="info",
            lifespan="on",
            server_header=False,
            timeout_keep_alive=settings.keep_alive_seconds,
            timeout_graceful_shutdown=settings.drain_seconds,
        )
        return cls(config, app, clients)

    def __init__(self, config: uvicorn.Config, app: FastAPI, clients: Clients) -> None:
        super().__init__(config)
        self.state, self.clients, self.signals = app.state, clients, list[int]()
        self.log = BackgroundWriter(2)
        for handler in logging.getLogger("uvicorn").handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(self.log)

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """A closed terminal (SIGHUP) ends it as gently as SIGTERM does; under nohup it does nothing."""
        await super().startup(sockets)
        trim_memory()
        gc.freeze()  # what is loaded stays: collections need not look at it again, which would keep everybody waiting
        gc.enable()
        hang_up = getattr(signal, "SIGHUP", None)
        if hang_up and signal.getsignal(hang_up) is not signal.SIG_IGN:
            signal.signal(hang_up, self.handle_exit)
        if self.state.settings.metrics_port:
            await self._serve_metrics(self.state.settings)
        _notify(b"READY=1")

    async def _serve_metrics(self, settings: Settings) -> None:
        config = copy.copy(self.config)
        config.loaded_app = self.state.metrics_app
        connection = partial(Connection, self.clients, config=config, server_state=self.server_state, app_state={})
        loop = asyncio.get_running_loop()
        try:
            self.servers.append(await loop.create_server(connection, settings.host, settings.metrics_port))
        except OSError as error:
            await self.lifespan.shutdown()
            sys.exit(f"The metrics' port cannot be used: {error}")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first SIGTERM leaves time; another signal does not."""
        self.signals.append(sig)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[Any] | None = None) -> None:
        """Not ready and last replies, then no new connections, then the end of what runs."""
        self.state.ready, self.clients.leaving = False, True
        self._each("leave")
        loop, drain = asyncio.get_running_loop(), self.state.settings.drain_seconds
        until = loop.time() + self.state.settings.grace_seconds
        # Looked at, since a signal's handler may not touch an Event
        while len(self.signals) == 1 and self.signals[0] != signal.SIGINT and loop.time() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        loop.call_later(drain * 0.9, self._each, "give_up_waiting")
        await super().shutdown(sockets)
        self.log.finish()

    def _each(self, what: Literal["leave", "give_up_waiting"]) -> None:
        for connection in list(self.server_state.connections):
            getattr(connection, what)()
