"""`/docs`: the API as a page to try it on, with assets from this server and its one script allowed by hash."""

import re
from typing import Final

from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.middleware.root_path import root_path
from app.middleware.security_headers import FIRST, POLICY, source_of

ASSETS: Final = "static-offline-docs"  # where fastapi-offline serves them; relative, so that a proxy may add a prefix


def _page() -> tuple[str, str]:
    """The page, and a content security policy that allows its script."""
    page = bytes(
        get_swagger_ui_html(
            openapi_url="openapi.json",
            title="Inkscope: the API",
            swagger_js_url=f"{ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{ASSETS}/swagger-ui.css",
            swagger_favicon_url="static/favicon.svg",
            swagger_ui_parameters={"syntaxHighlight": False},  # to colour a reply of thousands of numbers takes seconds
        ).body
    ).decode()
    page = page.replace("<body>", '<body>\n<p><a href=".">Back to Inkscope</a></p>')
    allowed = " ".join(source_of(script) for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL))
    return page, POLICY.replace(source_of(FIRST), allowed)


_PAGE, _POLICY = _page()


async def docs(_: Request) -> Response:
    """The page."""
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})


def document(request: Request) -> Response:
    """The document itself; in a thread, since FastAPI takes 70 ms to make it when it is first asked for."""
    root = root_path(request.scope)
    return JSONResponse(request.app.openapi() | ({"servers": [{"url": root}]} if root else {}))
