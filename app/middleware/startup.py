"""Middleware: a server that lacks weights or the pages' files stops with one sentence instead of a traceback."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model.network import WeightsError


class StartupError(Exception):
    """What the server cannot do without is missing; its text says what, and what to do."""


class StartupErrors:
    """Pure ASGI middleware: holds back Starlette's message about a failed start until it is known what raised it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        failure: Message | None = None

        async def send_or_hold(message: Message) -> None:
            nonlocal failure
            if message["type"] == "lifespan.startup.failed":
                failure = message
            else:
                await send(message)

        try:
            await self.app(scope, receive, send_or_hold)
        except (StartupError, WeightsError) as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        except BaseException:
            if failure:
                await send(failure)
            raise
