"""The application: assembles the parts, decides nothing. `app.main:app` is the ASGI app."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from app import __version__
from app.api import explain, maths, model, open_inference, pages, read, training
from app.api.docs import docs, document
from app.api.open_inference_statistics import ModelStatistics
from app.api.predict import PREDICT
from app.assets import DIST, HASHED, PREFIX, Assets, Files
from app.input.admission import Admission
from app.middleware import problems
from app.middleware.allowed_hosts import AllowedHosts
from app.middleware.metrics import Metrics
from app.middleware.request_limit import RequestLimit
from app.middleware.request_log import RequestLog, RequestObserver
from app.middleware.root_path import RootPath
from app.middleware.security_headers import REQUEST_ID, SecurityHeaders
from app.middleware.startup import StartupErrors
from app.networks import Networks
from app.settings import ROOT, Settings

PAGES = (("/", "Draw"), ("/training", "Training"), ("/maths", "Maths"))  # for the navigation
WITHOUT_SLASH: Final = ("/training", "/maths", "/model", "/docs")  # a slash at the end is a slip
WORTH_COMPRESSING: Final = 1024  # bytes of a reply
ICON_SECONDS: Final = 3600  # that a browser keeps an icon, whose name has no hash
COMPRESSED: Final = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/octet-stream")  # weights: noise, to gzip
MORE_TYPES: Final = {".webmanifest": "application/manifest+json"}


def create_app(settings: Settings | None = None) -> FastAPI:
    """The ASGI application; its settings come from the environment unless given."""
    settings = settings or Settings()
    app = FastAPIOffline(
        title="Inkscope",
        version=__version__,
        summary="Recognises handwritten digits, and shows how.",
        license_info={"name": "MIT"},
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # Starlette would redirect to whatever the Host header names
        lifespan=_lifespan,
    )
    _set_state(app, settings)
    _add_routes(app)
    problems.add_handlers(app)
    _add_middleware(app, settings)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Ready once all is loaded; at the end, the log is written."""
    _load(app)
    app.state.ready = True
    yield
    app.state.ready = False
    if app.state.request_log:
        app.state.request_log.writer.finish()


def _set_state(app: FastAPI, settings: Settings) -> None:
    """What there is before the networks are loaded."""
    state = app.state
    state.settings, state.metrics, state.statistics = settings, Metrics(), defaultdict(ModelStatistics)
    state.request_log = RequestLog() if settings.access_log else None
    state.observers = list(filter(None, [state.metrics, state.request_log]))
    state.templates = Jinja2Templates(ROOT / "templates")
    state.templates.env.globals["pages"] = PAGES
    state.files = Files(
        _no_such_file, max_age=ICON_SECONDS, allow_all_origins=False, mimetypes=MORE_TYPES, immutable_file_test=HASHED
    )


def _add_routes(app: FastAPI) -> None:
    # First, since routes are tried in turn: FastAPI's own would make the document on the event loop.
    app.router.routes[:0] = [PREDICT, Route("/openapi.json", document, include_in_schema=False)]
    for routes in (pages, model, maths, read, explain, training, open_inference):
        app.include_router(routes.router)
    if app.state.settings.metrics_port:
        app.state.metrics_app = _metrics_app(app)
    else:
        app.include_router(pages.metrics_router)
    app.router.routes.append(Route(f"{PREFIX}{{path:path}}", app.state.files, methods=["GET"], include_in_schema=False))
    app.add_route("/docs", docs, include_in_schema=False)
    for page in WITHOUT_SLASH:
        app.add_route(f"{page}/", pages.without_slash, include_in_schema=False)


def _metrics_app(app: FastAPI) -> FastAPI:
    """What answers on the metrics' own port."""
    own = FastAPI(openapi_url=None, redirect_slashes=False)
    own.state.metrics = app.state.metrics
    own.include_router(pages.metrics_router)
    problems.add_handlers(own)
    own.add_middleware(SecurityHeaders)
    return own


def _load(app: FastAPI) -> None:
    """Load the networks and what the pages show of each."""
    settings, state = app.state.settings, app.state
    state.templates.env.globals["assets"] = Assets.load()
    state.files.add_files(DIST, PREFIX)
    state.networks = Networks.load(settings)
    served = state.networks.served.items()
    state.training, state.galleries = {}, {}  # by network, once somebody asks
    state.maths = {name: maths.MathsPage.of(each, state.networks, state.templates.env) for name, each in served}
    state.admission = Admission(settings)
    state.metrics.set_networks({name: each.recognizer.network for name, each in served})


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """From the innermost to the outermost."""
    app.add_middleware(problems.ServerErrors)
    if settings.allowed_hosts:
        app.add_middleware(AllowedHosts, hosts=settings.allowed_hosts)
    if settings.max_requests_per_client:
        app.add_middleware(RequestLimit, per_second=settings.max_requests_per_client)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=[origin.strip() for origin in settings.cors_origins.split(",")],
            allow_methods=["GET", "POST"],
            allow_headers=["*"],
            expose_headers=[REQUEST_ID.decode()],
        )
    app.add_middleware(
        GZipMiddleware, minimum_size=WORTH_COMPRESSING, compresslevel=4, exclude_content_types=COMPRESSED
    )
    app.add_middleware(RootPath, root_path=settings.root_path)
    app.add_middleware(RequestObserver, observers=app.state.observers)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(StartupErrors)


async def _no_such_file(*_: object) -> None:
    raise HTTPException(404)


app = create_app()
