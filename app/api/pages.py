"""The drawing page, the health checks and the metrics."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.api.openapi import TEXT, Replies, refusals
from app.api.parameters import SelectedNetwork
from app.api.replies import json_reply, page_reply
from app.api.schemas import Health
from app.middleware.metrics import MEDIA_TYPE
from app.middleware.problems import Problem

router, metrics_router = APIRouter(), APIRouter()
ALIVE: Final[Replies] = {200: {"model": Health}}
READY: Final = ALIVE | refusals({503: "Starting or stopping"})
METRICS: Final[Replies] = {200: {"content": {"text/plain": {"schema": TEXT}}}}


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", tags=["health"], responses=ALIVE)
async def healthz() -> Response:
    """The server runs."""
    return json_reply({"status": "alive"})


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", tags=["health"], responses=READY)
async def readyz(request: Request) -> Response:
    """The weights are loaded, and requests are answered."""
    if not getattr(request.app.state, "ready", False):
        raise Problem(503, "The server is starting or stopping: try again")
    return json_reply({"status": "ready"})


@metrics_router.get("/metrics", tags=["health"], responses=METRICS, response_class=Response)
async def metrics(request: Request) -> Response:
    """Requests, their time and sizes, and the verdicts, in Prometheus' text format."""
    return Response(request.app.state.metrics.exposition(), media_type=MEDIA_TYPE)


@router.head("/", include_in_schema=False)
@router.get("/", include_in_schema=False)
def page(request: Request, served: SelectedNetwork) -> Response:
    """The page to draw on; in a thread, since its template is compiled when it is first asked for."""
    state = request.app.state
    context = {"settings": state.settings} | state.networks.context(served)
    return page_reply(request, "index.html", "/", context)


async def without_slash(request: Request) -> Response:
    """The way to a page from its address with a slash at the end: the links on it would lead elsewhere."""
    query = request.url.query
    return RedirectResponse(request.scope["path"].removesuffix("/") + (f"?{query}" if query else ""))
