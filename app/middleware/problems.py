"""Errors as problem details (RFC 9457), never with a traceback in a body."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.middleware.root_path import root_path, route_path

MEDIA_TYPE = "application/problem+json"
OPEN_INFERENCE = "/v2"  # its errors have a shape of their own


def prefers_html(request: Request) -> bool:
    """Whether a page is wanted rather than data: browsers that follow a link name HTML and no JSON."""
    accept = request.headers.get("accept", "")
    return request.method in {"GET", "HEAD"} and "text/html" in accept and "json" not in accept


class Problem(Exception):  # noqa: N818 - the RFC's own word
    """Becomes the reply wherever a route raises it. `detail` says what is wrong and what to do."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


def problem(scope: Scope, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The reply for a problem. Its detail is a sentence: the page shows it as it is."""
    body = details(status, detail, scope.get("request_id"))
    if route_path(scope).startswith(OPEN_INFERENCE):
        return Response(orjson.dumps({"error": body["detail"]}), status, headers, "application/json")
    return Response(orjson.dumps(body), status, headers, MEDIA_TYPE)


def details(status: int, detail: str, request_id: str | None = None) -> dict[str, Any]:
    """A problem's members. Where the server is at fault (5xx), the request's id leads to its lines in the log."""
    sentence = detail if detail.endswith(".") else f"{detail}."
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
    return body | {"request_id": request_id} if request_id and status >= 500 else body


def add_handlers(app: FastAPI) -> None:
    """Make every error of the app a problem."""
    for kind in (Problem, HTTPException, RequestValidationError, ClientDisconnect):
        app.add_exception_handler(kind, _problem_of)


async def _problem_of(request: Request, error: Exception) -> Response:
    match error:
        case Problem():
            return _reply(request, error.status, error.detail, error.headers)
        case HTTPException():
            return _reply(request, error.status_code, _sentence_about(request, error), error.headers)
        case RequestValidationError():
            # Without where it was, such as in the query.
            faults = [f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in error.errors()]
            return _reply(request, 422, "; ".join(faults))
        case _:  # the client went away within its request: nobody receives this, and it is no error to log
            return problem(request.scope, request.scope.get("refused", 400), "The request broke off")


def _reply(request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The problem, or a page about it for a browser, once the server has what pages are made of."""
    reply = problem(request.scope, status, detail, headers)
    templates = getattr(request.app.state, "templates", None)
    if (
        reply.media_type != MEDIA_TYPE
        or not prefers_html(request)
        or not templates
        or "assets" not in templates.env.globals
    ):
        return reply
    place = {"path": request.scope["path"], "root": root_path(request.scope), "base_url": request.base_url}
    page = templates.get_template("problem.html").render(details(status, detail) | place)
    return HTMLResponse(page, status, {**(headers or {}), "Vary": "Accept"})


def _sentence_about(request: Request, error: HTTPException) -> str:
    path, allowed = request.scope["path"], (error.headers or {}).get("Allow", "another method")
    sentences = {
        404: f"There is nothing at {path}: {root_path(request.scope)}/docs lists what there is.",
        405: f"{request.method} does not work on {path}: use {allowed}.",
    }
    return sentences.get(error.status_code, str(error.detail))


class ServerErrors:
    """Pure ASGI middleware: an unexpected exception becomes a 500, and goes on to the log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        started = False

        async def noting_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, noting_send)
        except Exception:
            if scope["type"] == "http" and not started:
                sentence = "The server failed on this request: try again, or tell whoever runs it to look into its log"
                await problem(scope, 500, sentence)(scope, receive, send)
            raise
