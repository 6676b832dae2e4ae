"""What the API takes and gives, for the OpenAPI document. The server itself never passes an answer through these."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from app.decode import MEDIA_TYPES
from app.problems import MEDIA_TYPE


class Activations(BaseModel):
    """What one hidden layer did."""

    layer: str = Field(examples=["hidden1"])
    values: list[float]


class Prediction(BaseModel):
    """The answer to one drawing."""

    digit: int | None = Field(ge=0, le=9, description="null if there is no ink")
    confidence: float = Field(ge=0, le=1, description="the largest probability")
    probabilities: list[float] = Field(min_length=10, max_length=10, description="of 0 to 9; they sum to 1")
    verdict: Literal["digit", "unsure", "not-a-digit", "blank"]
    novelty: float = Field(ge=0, le=1, description="0: like the training digits; 1: unlike them")
    activations: list[Activations] | None = Field(None, description="left out by ?activations=false")
    input: list[int] | None = Field(None, description="the 28×28 that the network saw, row by row, 255 = ink")
    model: str = Field(examples=["digits-784-128-64-10@1f3a9c2e"])


class Predictions(BaseModel):
    """The answers to a batch, in its order."""

    predictions: list[Prediction]


class ProblemDetails(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str


_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_PIXEL: Final = {"type": "number", "minimum": 0, "maximum": 255}
_ENCODED: Final = {"type": "string", "description": "base64 or a data URL"}


def _object(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON schemas
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _problems(**details: str) -> dict[int | str, dict[str, Any]]:
    schema = {MEDIA_TYPE: {"schema": ProblemDetails.model_json_schema()}}
    return {int(status[1:]): {"description": text, "content": schema} for status, text in details.items()}


PREDICT_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            **dict.fromkeys(MEDIA_TYPES, _BINARY),
            "multipart/form-data": {"schema": _object(image={"type": "string", "format": "binary"})},
            "application/json": {
                "schema": {
                    "oneOf": [
                        _object(image=_ENCODED),
                        _object(pixels={"type": "array", "items": _PIXEL, "minItems": 784, "maxItems": 784}),
                        _object(images={"type": "array", "items": _ENCODED, "minItems": 1}),
                    ]
                },
            },
        },
    }
}
PREDICT_REPLIES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": Prediction | Predictions},
    **_problems(
        _400="Cannot be decoded",
        _413="Too many bytes or pixels",
        _415="A type that is not accepted",
        _422="Well-formed, but wrong",
    ),
}
WEIGHTS_REPLIES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/octet-stream": _BINARY}},
    **_problems(_404="No such layer", _422="The layer is no number"),
}
READY_REPLIES: Final = _problems(_503="Starting or stopping")
