"""The Open Inference Protocol in the OpenAPI document: its replies, its errors in their own shape, and its request."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel

from app.api.fields import optional
from app.api.openapi import BINARY, SEVEN_PIXELS, TEXT, Json, Replies, array, obj


class OipTensor(BaseModel):
    """A tensor of the Open Inference Protocol: its data, or how many bytes it has behind the JSON."""

    name: str
    datatype: Literal["FP32", "FP64"]
    shape: list[int]
    data: list[float] = optional("where the tensor is not binary")
    parameters: dict[Literal["binary_data_size"], int] = optional("where it is")


class OipAnswer(BaseModel):
    """The requested outputs."""

    model_name: str
    model_version: str
    id: str = optional("the request's, if it had one")
    outputs: list[OipTensor]


def _replies(schema: Json, errors: dict[int, str]) -> Replies:
    """A reply of the protocol, and its errors."""
    error = {"application/json": {"schema": obj(error=TEXT)}}
    described: Replies = {status: {"description": text, "content": error} for status, text in errors.items()}
    return {
        200: {"content": {"application/json": {"schema": schema}}},
        **described,
        "default": {"description": "Any other error", "content": error},
    }


_FLAG: Final = {"type": "boolean"}
_SHAPE: Final = array({"type": "integer"})
_TENSORS: Final = array(obj(name=TEXT, datatype=TEXT, shape=_SHAPE))
_NO_MODEL: Final = {404: "There is only the model digits, and each loaded network is a version of it"}
OIP_SERVER: Final = _replies(obj(name=TEXT, version=TEXT, extensions=array(TEXT)), {})
OIP_LIVE: Final = _replies(obj(live=_FLAG), {})
OIP_READY: Final = _replies(obj(ready=_FLAG), {503: "Starting or stopping"})
OIP_MODEL_READY: Final = _replies(obj(name=TEXT, ready=_FLAG), _NO_MODEL)
OIP_MODEL: Final = _replies(
    obj(name=TEXT, versions=array(TEXT), platform=TEXT, inputs=_TENSORS, outputs=_TENSORS), _NO_MODEL
)
OIP_INFER: Final[Replies] = {
    **_replies(
        {},
        _NO_MODEL
        | {
            400: "A wrong tensor",
            408: "The body came too slowly",
            413: "Too many bytes",
            415: "A compressed body",
            503: "Too much to do",
        },
    ),
    200: {"model": OipAnswer, "content": {"application/octet-stream": BINARY}},
}


def _with_optional(schema: Json, **properties: Any) -> Json:  # noqa: ANN401 - JSON schemas
    """An object that may have these keys, too, and others."""
    return {"type": "object", "properties": schema["properties"] | properties, "required": schema["required"]}


_INPUT: Final = _with_optional(
    obj(name=TEXT, datatype={"enum": ["UINT8", "FP32"]}, shape=array({"type": "integer"}, minItems=1, maxItems=4)),
    data={"type": "array", "description": "nested or flat"},
)
_REQUEST: Final = _with_optional(
    obj(inputs=array(_INPUT, minItems=1, maxItems=1)), id=TEXT, outputs=array(_with_optional(obj(name=TEXT)))
)
OIP_BODY: Final = {
    "parameters": [
        {
            "name": "Inference-Header-Content-Length",
            "in": "header",
            "description": "bytes of the JSON, where binary tensors follow it",
            "schema": {"type": "integer", "minimum": 0},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": _REQUEST,
                "example": {
                    "id": "mine",
                    "inputs": [{"name": "pixels", "datatype": "UINT8", "shape": [1, 784], "data": SEVEN_PIXELS}],
                    "outputs": [{"name": "probabilities"}, {"name": "hidden2"}],
                },
            },
            "application/octet-stream": BINARY,
        },
    },
}
