"""A server that cannot start says why in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.network import WeightsError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class StartupErrors:
    """Pure ASGI middleware: where the weights cannot be used, Starlette's traceback becomes the fault's own words."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        failed: Message | None = None

        async def held(message: Message) -> None:
            nonlocal failed
            if message["type"] == "lifespan.startup.failed":
                failed = message
            else:
                await send(message)

        try:
            await self.app(scope, receive, held)
        except WeightsError as fault:
            await send({"type": "lifespan.startup.failed", "message": str(fault)})
            raise
        except BaseException:
            if failed:
                await send(failed)
            raise
