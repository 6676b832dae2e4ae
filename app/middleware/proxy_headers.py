"""Middleware: what a trusted proxy says of a request: who asked, by which scheme, and under which path."""

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.middleware.root_path import normalize_root_path


class ProxyHeaders:
    """uvicorn's middleware, and `X-Forwarded-Prefix` too, which becomes ASGI's root_path if it is a path."""

    def __init__(self, app: ASGIApp, trusted: str) -> None:
        self.app = ProxyHeadersMiddleware(app, trusted)  # type: ignore[arg-type]  # ASGI, in uvicorn's types

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        client = scope.get("client")
        if scope["type"] == "http" and (client and client[0]) in self.app.trusted_hosts:
            prefix = next((value for name, value in scope["headers"] if name == b"x-forwarded-prefix"), b"")
            scope["root_path"] = normalize_root_path(prefix.decode("latin-1")) or scope["root_path"]
        await self.app(scope, receive, send)  # type: ignore[arg-type]
