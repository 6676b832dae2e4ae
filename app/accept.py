"""Whether a client can take the answer: what its Accept header says (RFC 9110, 12.5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request


def takes_json(accept: str) -> bool:
    """Whether JSON is among what is accepted: the most specific range that covers it decides.

    >>> takes_json("text/html, */*;q=0.1"), takes_json("application/json;q=0, */*"), takes_json("text/html")
    (True, False, False)
    """
    wanted = {}
    for entry in accept.lower().split(","):
        media, *parameters = (part.strip() for part in entry.split(";"))
        wanted[media] = not any(parameter.rstrip("0.") == "q=" for parameter in parameters)
    ranges = ("application/json", "application/*", "*/*")
    return next((wanted[media] for media in ranges if media in wanted), not accept.strip())


def require_json(request: Request) -> None:
    """A problem unless the client takes JSON.

    Raises:
        Problem: 406.
    """
    accept = request.headers.get("accept", "*/*")
    if accept != "*/*" and not takes_json(accept):
        raise Problem(406, f"The answer is application/json, which Accept: {accept[:200]} leaves out: accept it")
