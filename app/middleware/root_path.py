"""Middleware: the path that the server stands under, such as `/digits`, whether or not a proxy has taken it away."""

import re
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

# Characters that mean nothing in HTML, in an address or in a header: it is written into all three.
_ROOT_PATH: Final = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~-]+)+")
_LONGEST: Final = 200


def normalize_root_path(text: str) -> str | None:
    """A path to stand under, without a slash at its end; empty for the root, None for what is no such path.

    >>> [normalize_root_path(text) for text in ("/digits/", "/a/b", "/", "", "//a", "/a/..", "https://a", "/a?b", "a")]
    ['/digits', '/a/b', '', '', None, None, None, None, None]
    """
    path = text.removesuffix("/")
    return path if not path or (len(path) <= _LONGEST and _ROOT_PATH.fullmatch(path)) else None


def root_path(scope: Scope) -> str:
    """The path that the server stands under; within a mounted application the scope has its path added."""
    root: str = scope.get("app_root_path", scope.get("root_path", ""))
    return root


def route_path(scope: Scope) -> str:
    """A request's path without the one that the server stands under."""
    path: str = scope["path"].removeprefix(root_path(scope))
    return path


class RootPath:
    """Pure ASGI middleware: the server's word, from the proxy, wins over the setting.

    A path then begins with the one that the server stands under, as ASGI says: proxies may take it away.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self.app, self.root_path = app, root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        root = scope.get("root_path") or self.root_path
        if root and scope["type"] == "http":
            path = scope["path"]
            kept = path == root or path.startswith(f"{root}/")
            scope["root_path"], scope["path"] = root, f"{root}{path.removeprefix(root) or '/'}" if kept else root + path
        await self.app(scope, receive, send)
