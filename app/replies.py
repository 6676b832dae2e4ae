"""Answers as JSON: orjson writes the NumPy arrays as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.requests import Request

    from model.recognize import Reading

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


def prediction(reading: Reading, i: int) -> dict[str, Any]:
    """The answer to picture i, as the contract has it."""
    return {
        "digit": reading.digit(i),
        "confidence": reading.probabilities[i].max(),
        "probabilities": reading.probabilities[i],
        "verdict": reading.verdicts[i],
        "novelty": reading.novelty[i],
    }
