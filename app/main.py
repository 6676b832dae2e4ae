"""The application: assembles the parts, decides nothing. `app.main:app` is the ASGI app."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi_offline import FastAPIOffline
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from app import __version__
from app.api.docs import docs
from app.api.explain import router as explanations
from app.api.maths import MathsPage, live_numbers
from app.api.maths import router as mathematics
from app.api.model import router as model
from app.api.modules import modules_of
from app.api.open_inference import router as open_inference
from app.api.pages import router as pages
from app.api.predict import PREDICT
from app.api.training import Training
from app.api.training import router as training
from app.input.admission import Admission
from app.middleware import problems
from app.middleware.metrics import Metrics
from app.middleware.request_log import RequestLog, RequestObserver
from app.middleware.security_headers import REQUEST_ID, SecurityHeaders
from app.middleware.startup import StartupErrors
from app.networks import Networks
from app.settings import ROOT, Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from os import PathLike, stat_result

    from fastapi import FastAPI
    from starlette.responses import Response
    from starlette.types import Scope

PLACES = (("/", "Draw"), ("/training", "Training"), ("/maths", "Maths"))  # the pages that there are, for the navigation


def create_app(settings: Settings | None = None) -> FastAPI:
    """The ASGI application; its settings come from the environment unless given."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.networks = Networks.load(settings)
        small = app.state.networks.named("small")
        network = small.recognizer.network
        app.state.training = Training.load(network, settings.weights, small.report)
        app.state.maths = MathsPage(app.state.templates.env, live_numbers(network, settings.weights, small.report))
        app.state.admission = Admission(settings)
        app.state.metrics.serves(app.state.networks)
        app.state.ready = True
        yield
        app.state.ready = False
        if app.state.request_log:
            app.state.request_log.writer.finish()

    app = FastAPIOffline(
        title="Inkscope",
        version=__version__,
        summary="Recognises handwritten digits, and shows how.",
        license_info={"name": "MIT"},
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.settings, app.state.metrics = settings, Metrics()
    app.state.modules = modules_of("main.js")
    app.state.templates = Jinja2Templates(ROOT / "templates")
    app.router.routes.insert(0, PREDICT)  # first, since routes are tried in turn
    app.include_router(pages)
    app.include_router(model)
    app.include_router(mathematics)
    app.include_router(explanations)
    app.include_router(training)
    app.include_router(open_inference)
    app.mount("/static", _Static(directory=ROOT / "static"), name="static")
    app.add_route("/docs", docs, include_in_schema=False)
    app.state.templates.env.globals["places"] = PLACES
    problems.install(app)
    _wrap(app, settings)
    return app


def _wrap(app: FastAPI, settings: Settings) -> None:
    """The middleware, from the innermost to the outermost."""
    app.add_middleware(problems.ServerErrors)
    if settings.cors_origins:
        origins = [origin.strip() for origin in settings.cors_origins.split(",")]
        ours = [REQUEST_ID.decode()]
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=["*"],
            expose_headers=ours,
        )
    app.state.request_log = RequestLog() if settings.access_log else None
    app.state.observers = list(filter(None, [app.state.metrics, app.state.request_log]))
    app.add_middleware(RequestObserver, observers=app.state.observers)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(StartupErrors)


class _Static(StaticFiles):
    """Files that a browser asks about each time (304 if they are the same), so that no page mixes two versions."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        reply = super().file_response(full_path, stat_result, scope, status_code)
        reply.headers["Cache-Control"] = "no-cache"
        return reply


app = create_app()
