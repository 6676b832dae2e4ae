"""Middleware: add security headers, cache control and the request's id to every reply."""

import base64
import hashlib
import re
import secrets
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]


def source_of(script: str) -> str:
    """What a content security policy allows an inline script by: its hash.

    >>> source_of("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


FIRST: Final = (Path(__file__).parents[2] / "templates" / "first.js").read_text().rstrip()  # their inline script
POLICY: Final = (
    f"default-src 'none'; script-src 'self' {source_of(FIRST)}; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SECURITY: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
# Data is no page: nothing may come with it, and its policy is short; the page's was a seventh of an answer's bytes.
# https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers
DATA: Final = ((b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"), *SECURITY[1:])
DATA_TYPES: Final = frozenset({b"application/json", b"application/problem+json"})
REQUEST_ID: Final = b"x-request-id"
_SAFE_ID: Final = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}")


class SecurityHeaders:
    """Pure ASGI middleware, the outermost; a reply's own headers win over what it would add."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _clients_id(scope["headers"]) or secrets.token_hex(8).encode()
        scope["request_id"] = request_id.decode()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = with_default_headers(message.get("headers", []), request_id)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _clients_id(headers: Headers) -> bytes | None:
    """The id that the client gave, if it is fit for headers and logs."""
    given = next((value for key, value in headers if key == REQUEST_ID), b"")
    return given if _SAFE_ID.fullmatch(given) else None


def with_default_headers(headers: Headers, request_id: bytes) -> Headers:
    """A reply's headers, and those that it lacks."""
    present = dict(headers)
    own = DATA if present.get(b"content-type") in DATA_TYPES else SECURITY
    added = [header for header in own if header[0] not in present]
    if b"cache-control" not in present:  # what has a tag may be kept, if it is asked about each time; answers may not
        added.append((b"cache-control", b"no-cache" if b"etag" in present else b"no-store"))
    return [*headers, *added, (REQUEST_ID, request_id)]
