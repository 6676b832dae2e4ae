"""What every reply carries, whatever it is and whoever wrote it: security headers and the request's id."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    Headers = list[tuple[bytes, bytes]]

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SECURITY: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
REQUEST_ID: Final = b"x-request-id"
_SANE: Final = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}")


class SecurityHeaders:
    """Pure ASGI middleware, the outermost; a reply's own headers win over what it would add."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = _named(scope["headers"]) or secrets.token_hex(8).encode()
        scope["request_id"] = name.decode()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = with_default_headers(message.get("headers", []), name)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _named(headers: Headers) -> bytes | None:
    """The id that the client gave, if it is fit for headers and logs."""
    for key, value in headers:
        if key == REQUEST_ID:
            return value if _SANE.fullmatch(value) else None
    return None


def with_default_headers(headers: Headers, name: bytes) -> Headers:
    """A reply's headers, and those that it lacks."""
    there = {key for key, _ in headers}
    added = [header for header in SECURITY if header[0] not in there]
    if b"cache-control" not in there:  # what has a tag may be kept, if it is asked about each time; answers may not
        added.append((b"cache-control", b"no-cache" if b"etag" in there else b"no-store"))
    return [*headers, *added, (REQUEST_ID, name)]
