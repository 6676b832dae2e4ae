"""Answers as JSON: orjson writes the NumPy arrays as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.responses import Response

from app.middleware.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request

    from model.recognize import Prediction

JSON: Final = "application/json"
BYTES: Final = "application/octet-stream"


def json_reply(content: object) -> Response:
    """The reply that carries some content."""
    return Response(orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY), media_type=JSON)


def tagged(request: Request, tag: str, content: bytes, media_type: str = JSON) -> Response:
    """What a client may keep: the content with a tag, or the news that it is still the same."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, 200, headers, media_type)


def prediction_fields(prediction: Prediction, i: int) -> dict[str, Any]:
    """The answer to picture i, as the contract has it."""
    return {
        "digit": prediction.digit(i),
        "confidence": prediction.probabilities[i].max(),
        "probabilities": prediction.probabilities[i],
        "verdict": prediction.verdicts[i],
        "novelty": prediction.novelty[i],
    }


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
