"""The pages' scripts and styles, as `vite build` made them: names with their content's hash, and compressed copies."""

from pathlib import Path
from typing import Any, Final

import orjson
from servestatic import ServeStaticASGI
from starlette.types import Receive, Scope, Send

from app.middleware.root_path import route_path
from app.middleware.startup import StartupError
from app.settings import ROOT

DIST: Final = ROOT / "static" / "dist"
PREFIX: Final = "/static/"
HASHED: Final = f"^{PREFIX}assets/"  # what such a name stands for never changes


class Assets:
    """Where the pages find a script or style: its source is named, relative to static/."""

    def __init__(self, manifest: dict[str, Any]) -> None:
        self.manifest = manifest

    @classmethod
    def load(cls, dist: Path = DIST) -> "Assets":
        """From what the build wrote.

        Raises:
            StartupError: it was not run.
        """
        try:
            return cls(orjson.loads((dist / "manifest.json").read_bytes()))
        except FileNotFoundError:
            raise StartupError(f"{dist} holds no manifest.json: `make static` builds the pages' files") from None

    def url(self, source: str) -> str:
        """The address of a script or style."""
        return PREFIX + str(self.manifest[source]["file"])

    def imports(self, source: str) -> list[str]:
        """The addresses of what a script imports, directly or not: a browser may fetch all of them at once."""
        found: dict[str, None] = {}
        coming = [source]
        while coming:
            new = [name for name in self.manifest[coming.pop()].get("imports", ()) if name not in found]
            found.update(dict.fromkeys(new))
            coming += new
        return [self.url(name) for name in found]


class Files(ServeStaticASGI):  # type: ignore[misc]  # which has no types
    """The files themselves, which it knows by their paths below the one that the server stands under."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        await super().__call__({**scope, "path": route_path(scope)}, receive, send)
