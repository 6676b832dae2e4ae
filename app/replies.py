"""Answers as JSON: orjson writes the NumPy arrays as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.responses import Response

if TYPE_CHECKING:
    from model.recognize import Reading

JSON: Final = "application/json"


def json_reply(content: object) -> Response:
    """The reply that carries some content."""
    return Response(orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY), media_type=JSON)


def prediction(reading: Reading, i: int) -> dict[str, Any]:
    """The answer to picture i, as the contract has it."""
    return {
        "digit": reading.digit(i),
        "confidence": reading.probabilities[i].max(),
        "probabilities": reading.probabilities[i],
        "verdict": reading.verdicts[i],
        "novelty": reading.novelty[i],
    }
