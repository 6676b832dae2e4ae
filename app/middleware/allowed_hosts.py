"""Middleware: answer only to the names that this server goes by, if the settings say which."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.middleware.problems import problem
from app.middleware.root_path import route_path

PROBES: Final = frozenset({"/healthz", "/readyz"})  # asked by address


class AllowedHosts:
    """Pure ASGI middleware: 421 for another `Host`. `*.a.example` stands for every name below it."""

    def __init__(self, app: ASGIApp, hosts: str) -> None:
        self.app = app
        names = [name.strip().lower() for name in hosts.split(",")]
        self.names = {name for name in names if name and not name.startswith("*")}
        self.domains = tuple(name[1:] for name in names if name.startswith("*."))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http" or route_path(scope) in PROBES or self._allows(scope):
            await self.app(scope, receive, send)
        else:
            sentence = "The Host header names another server: send the name that this one is known by"
            await problem(scope, 421, sentence)(scope, receive, send)

    def _allows(self, scope: Scope) -> bool:
        host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1").lower()
        name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
        name = name.removesuffix(".")
        return name in self.names or name.endswith(self.domains)
