"""The Open Inference Protocol in the OpenAPI document: its replies, its errors in their own shape, and its request."""

from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from app.api.fields import optional
from app.api.open_inference_tensors import HEADER_LENGTH, INPUT, TYPES
from app.api.openapi import BINARY, SEVEN_PIXELS, TEXT, Json, Replies, array, obj


class OipTensor(BaseModel):
    """A tensor of the Open Inference Protocol: its data, or how many bytes it has behind the JSON."""

    name: str
    datatype: Literal["FP32", "FP64", "BYTES"] = Field(description="BYTES where a classification was asked for")
    shape: list[int]
    data: list[float] | list[str] = optional("where the tensor is not binary")
    parameters: dict[Literal["binary_data_size"], int] = optional("where it is")


class OipAnswer(BaseModel):
    """The requested outputs."""

    model_name: str
    model_version: str
    id: str = Field(description="the request's; if it had none, that of the header X-Request-ID")
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
_OUTPUTS: Final = array(obj(name=TEXT, datatype=TEXT, shape=_SHAPE))
_ACCEPTED: Final = obj(datatypes=TEXT, shapes=TEXT, values=TEXT)
_INPUTS: Final = array(obj(name={"enum": [INPUT]}, datatype=TEXT, shape=_SHAPE, parameters=_ACCEPTED))
_CONFIG_TENSORS: Final = array(obj(name=TEXT, data_type=TEXT, dims=_SHAPE))
_COUNT: Final = {"type": "integer", "minimum": 0}
_DURATION: Final = obj(count=_COUNT, ns=_COUNT)
_COMPUTE: Final = dict.fromkeys(("compute_input", "compute_infer", "compute_output"), _DURATION)
_WAITS: Final = dict.fromkeys(("success", "fail", "queue", "cache_hit", "cache_miss"), _DURATION)
_STATISTICS: Final = obj(
    name=TEXT,
    version=TEXT,
    last_inference=_COUNT | {"description": "milliseconds since 1970; 0 for never"},
    inference_count=_COUNT | {"description": "drawings"},
    execution_count=_COUNT | {"description": "requests"},
    inference_stats=obj(**_WAITS, **_COMPUTE),
    response_stats={"type": "object"},
    batch_stats=array(obj(batch_size=_COUNT, **_COMPUTE)),
    memory_usage=array({}),
)
_NO_MODEL: Final = {404: "There is only the model digits, and each loaded network is a version of it"}
OIP_SERVER: Final = _replies(obj(name=TEXT, version=TEXT, extensions=array(TEXT)), {})
OIP_LIVE: Final = _replies(obj(live=_FLAG), {})
OIP_READY: Final = _replies(obj(ready=_FLAG), {503: "Starting or stopping"})
OIP_MODEL_READY: Final = _replies(obj(name=TEXT, ready=_FLAG), _NO_MODEL)
OIP_MODEL: Final = _replies(
    obj(name=TEXT, versions=array(TEXT), platform=TEXT, inputs=_INPUTS, outputs=_OUTPUTS), _NO_MODEL
)
OIP_CONFIG: Final = _replies(
    obj(name=TEXT, platform=TEXT, max_batch_size=_COUNT, input=_CONFIG_TENSORS, output=_CONFIG_TENSORS), _NO_MODEL
)
OIP_STATISTICS: Final = _replies(obj(model_stats=array(_STATISTICS)), _NO_MODEL)
OIP_INDEX: Final = _replies(array(obj(name=TEXT, version=TEXT, state={"enum": ["READY"]}, reason=TEXT)), {})
OIP_INFER: Final[Replies] = {
    **_replies(
        {},
        _NO_MODEL
        | {
            400: "A wrong tensor",
            408: "The body came too slowly",
            413: "Too many bytes",
            415: "Compressed by another coding than gzip and deflate",
            503: "Too much to do",
        },
    ),
    200: {"model": OipAnswer, "content": {"application/octet-stream": BINARY}},
}


def _with_optional(schema: Json, **properties: Any) -> Json:  # noqa: ANN401 - JSON schemas
    """An object that may have these keys, too, and others."""
    return {"type": "object", "properties": schema["properties"] | properties, "required": schema["required"]}


_INPUT: Final = _with_optional(
    obj(
        name={"enum": [INPUT]}, datatype={"enum": list(TYPES)}, shape=array({"type": "integer"}, minItems=1, maxItems=4)
    ),
    data={"type": "array", "description": "nested or flat"},
    parameters=_with_optional(obj(), binary_data_size=_COUNT),
)
_ASKED: Final = _with_optional(
    obj(),
    binary_data={"type": "boolean", "description": "as bytes behind the JSON"},
    classification=_COUNT | {"description": 'list so many of the largest values, as "value:index:digit"'},
)
_REQUEST: Final = _with_optional(
    obj(inputs=array(_INPUT, minItems=1, maxItems=1)),
    id=TEXT,
    outputs=array(_with_optional(obj(name=TEXT), parameters=_ASKED)),
)
OIP_BODY: Final = {
    "parameters": [
        {
            "name": HEADER_LENGTH,
            "in": "header",
            "description": "bytes of the JSON, where a binary tensor follows it; 0 for a UINT8 one alone",
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
