"""Middleware: a client that asks too often is told to wait (429), so that it costs the others nothing."""

import ipaddress
import math
import time
from collections import OrderedDict
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.middleware.allowed_hosts import PROBES
from app.middleware.problems import problem
from app.middleware.root_path import route_path

BURST_SECONDS: Final = 4.0  # as many requests at once as are allowed in this time
MAX_CLIENTS: Final = 10_000  # that are remembered, some 200 bytes each; beyond, who asked longest ago is forgotten


def network_of(host: str) -> str:
    """The part of an address that a client cannot change at will: of IPv6 a /64, since each home has 2^64 addresses.

    >>> network_of("192.0.2.7"), network_of("2001:db8::7"), network_of("::ffff:192.0.2.7"), network_of("a:b")
    ('192.0.2.7', '2001:db8::/64', '192.0.2.7', 'a:b')
    """
    if ":" not in host:
        return host
    try:
        network = ipaddress.IPv6Network(f"{host}/64", strict=False)
    except ValueError:  # a proxy said so
        return host
    return str(ipaddress.IPv6Address(host).ipv4_mapped or network)


class Rate:
    """A token bucket for each client, kept as the time at which it will be full again."""

    def __init__(self, per_second: float) -> None:
        self.seconds = 1 / per_second  # that one request takes to be paid off
        self.full_at: OrderedDict[str, float] = OrderedDict()  # by client, who asked longest ago first

    def wait(self, client: str, now: float) -> float:
        """Take one token. Returns how many seconds are missing until there is one: 0 if there was.

        >>> rate = Rate(per_second=1)
        >>> [rate.wait("192.0.2.7", now=10.0) for _ in range(5)], rate.wait("192.0.2.7", now=11.5)
        ([0.0, 0.0, 0.0, 0.0, 1.0], 0.0)
        """
        full_at = max(self.full_at.get(client, now), now) + self.seconds
        missing = full_at - now - BURST_SECONDS
        if missing > 1e-9:
            return missing
        self.full_at[client] = full_at
        self.full_at.move_to_end(client)
        if len(self.full_at) > MAX_CLIENTS:
            self.full_at.popitem(last=False)
        return 0.0


class RequestLimit:
    """Pure ASGI middleware; a trusted proxy's `X-Forwarded-For` names the client by then."""

    def __init__(self, app: ASGIApp, per_second: float) -> None:
        self.app, self.rate = app, Rate(per_second)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        client = scope.get("client")
        # Probes are free, lest a balancer takes a busy server for a dead one.
        limited = client is not None and route_path(scope) not in PROBES
        missing = self.rate.wait(network_of(client[0]), time.monotonic()) if client and limited else 0.0
        if missing:
            sentence = "Your address sends too many requests: wait, and send fewer at a time"
            refusal = problem(scope, 429, sentence, {"Retry-After": str(math.ceil(missing))})
            await refusal(scope, receive, send)
        else:
            await self.app(scope, receive, send)
