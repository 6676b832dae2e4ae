"""The application: assembles the parts, decides nothing. `app.main:app` is the ASGI app."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi_offline import FastAPIOffline
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from app import __version__, problems
from app.access_log import AccessLog
from app.bodies import Intake, decoding_limiter
from app.explain import router as explanations
from app.model_card import about
from app.routes import router
from app.settings import ROOT, Settings
from app.startup import PlainFaults
from model.explain import Explainer, NotPiecewiseLinear
from model.gallery import Gallery, gallery_path
from model.recognize import Recognizer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from os import PathLike, stat_result

    from fastapi import FastAPI
    from starlette.responses import Response
    from starlette.types import Scope

    from model.network import Network


SCRIPTS = ROOT / "static" / "js"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The ASGI application; its settings come from the environment unless given."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.recognizer = Recognizer.load(settings.weights)
        app.state.explainer = _explainer(app.state.recognizer.network)
        app.state.gallery = Gallery.load(gallery_path(settings.weights), app.state.recognizer.network)
        app.state.about = about(app.state.recognizer.network, settings.weights)
        app.state.intake = Intake(settings, decoding_limiter())
        app.state.ready = True
        yield
        app.state.ready = False

    app = FastAPIOffline(
        title="Inkscope",
        version=__version__,
        summary="Recognises handwritten digits, and shows how.",
        license_info={"name": "MIT"},
        redoc_url=None,
        favicon_url="/static/favicon.svg",
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.modules = sorted(str(path.relative_to(SCRIPTS)) for path in SCRIPTS.rglob("*.js"))
    app.state.templates = Jinja2Templates(ROOT / "templates")
    app.include_router(router)
    app.include_router(explanations)
    app.mount("/static", _Static(directory=ROOT / "static"), name="static")
    problems.install(app)
    if settings.access_log:
        app.add_middleware(AccessLog)
    app.add_middleware(PlainFaults)
    return app


def _explainer(network: Network) -> Explainer | None:
    """None if its answers cannot be explained exactly; it serves all the same."""
    try:
        return Explainer.of(network)
    except NotPiecewiseLinear:
        return None


class _Static(StaticFiles):
    """Files that a browser asks about each time (304 if they are the same), so that no page mixes two versions."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        reply = super().file_response(full_path, stat_result, scope, status_code)
        reply.headers["Cache-Control"] = "no-cache"
        return reply


app = create_app()
