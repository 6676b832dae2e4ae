"""What the API takes and gives, for the OpenAPI document. The server itself never passes an answer through these."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any, Final, Literal

from PIL import Image, ImageDraw
from pydantic import BaseModel, Field

from app.input.decode import MEDIA_TYPES
from app.middleware.problems import MEDIA_TYPE

if TYPE_CHECKING:
    from fastapi.openapi.models import Example

Replies = dict[int | str, dict[str, Any]]


def example(*values: object) -> dict[str, Example]:
    """Values of a parameter, such that the page under /docs fills in the first."""
    return {str(value): {"value": value} for value in values}


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


class Ablations(BaseModel):
    """The answer with each neuron of a layer switched off alone."""

    layer: str = Field(examples=["hidden1"])
    digits: list[int]
    log_odds: list[float]


class Dab(BaseModel):
    """A little ink on a blank pixel, tried: what the answer and the log-odds are with it."""

    row: int
    column: int
    log_odds: float
    digit: int


class Feed(BaseModel):
    """What one neuron or pixel below adds to a neuron's total."""

    layer: str = Field(examples=["hidden1"])
    number: int
    part: float


class Inspected(BaseModel):
    """A neuron, and what this drawing does to it: total = constant + Σ pixel · picture."""

    layer: str = Field(examples=["hidden1"])
    number: int
    bias: float
    total: float = Field(description="what its ReLU hears")
    value: float = Field(description="what it says")
    constant: float
    picture: list[float] = Field(description="784 numbers: what a pixel of full ink adds to the total")
    feeds: list[Feed] = Field(description="the largest parts of the total")
    votes: list[float] = Field(description="what it adds to each logit for every 1 it says")


class Placement(BaseModel):
    """Where the 28×28 cells lie on the image, in its pixels."""

    left: float
    top: float
    cell: float
    fitted: tuple[float, float] = Field(description="left and top, before the ink was centred")
    box: tuple[float, float, float, float] = Field(description="of the ink: left, top, right, bottom")


class Explanation(BaseModel):
    """Why the target and not the other digit: log_odds = bias + ink, ink the sum of the 784 parts."""

    digit: int | None
    confidence: float
    probabilities: list[float]
    verdict: Literal["digit", "unsure", "not-a-digit", "blank"]
    novelty: float
    target: int
    against: int
    log_odds: float = Field(description="log p_target / p_against")
    bias: float
    ink: float
    parts: list[float] = Field(description="784: each pixel's part in the log-odds")
    logit_parts: list[float] = Field(description="784: each pixel's part in the target's logit")
    logits: list[float]
    biases: list[float] = Field(description="of each logit, what no pixel has a part in")
    temperature: float
    ablations: list[Ablations]
    helpful_ink: list[Dab]
    unit: Inspected | None = Field(None, description="where ?unit= asked for it")
    placement: Placement | None = Field(description="null for a blank drawing and for one sent as pixels")
    model: str


class Explanations(BaseModel):
    """The explanations of a batch, in its order."""

    explanations: list[Explanation]


class Flip(BaseModel):
    """The answer changes."""

    at: float
    before: int
    after: int


class Path(BaseModel):
    """Between two neighbours of `at`, every logit is a straight line."""

    at: list[float]
    logits: list[list[float]]
    flips: list[Flip]
    temperature: float
    model: str


class Gallery(BaseModel):
    """Training pictures."""

    pictures: list[list[int]] = Field(description="28×28 each, row by row, 255 = ink")
    labels: list[int]
    values: list[float] = Field(description="what the neuron said to each; empty for typical ones")


class Judgement(BaseModel):
    """What every stage of the training says to one drawing."""

    probabilities: list[list[float]] = Field(description="of each stage, the earliest first: of 0 to 9; they sum to 1")
    blank: bool = Field(description="there is no ink: every digit is as probable as any other")
    model: str


class Judgements(BaseModel):
    """The judgements of a batch, in its order."""

    replays: list[Judgement]


class Stage(BaseModel):
    """A moment of the training at which the parameters were kept."""

    steps: int
    epochs: float = Field(description="passes over the training pictures")


class Epoch(BaseModel):
    """One pass over the training pictures; those are varied and mixed with scribbles, validation digits are not."""

    number: int
    rate: float
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float


class History(BaseModel):
    """How the training went."""

    model: str
    batch_size: int | None = Field(description="pictures a step; 0: all of them")
    epochs: list[Epoch]
    stages: list[Stage]


class Mistakes(BaseModel):
    """Pictures of MNIST's test set."""

    model: str
    numbers: list[int] = Field(description="their places in the test set, from 0")
    pictures: list[list[int]] = Field(description="28×28 each, row by row, 255 = ink")
    labels: list[int]
    answers: list[int]
    confidence: list[float] = Field(description="in the answers")


class ProblemDetails(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str


def _seven() -> Image.Image:
    """Something to try the API with."""
    image = Image.new("L", (28, 28))
    ImageDraw.Draw(image).line(((7, 6), (20, 6), (12, 23)), fill=255, width=3)
    return image


def _base64(image: Image.Image) -> str:
    content = io.BytesIO()
    image.save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()


SEVEN: Final = _base64(_seven())
SEVEN_PIXELS: Final = list(_seven().tobytes())
_TEXT: Final = {"type": "string"}
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_PIXEL: Final = {"type": "number", "minimum": 0, "maximum": 255}
_PIXELS: Final = {"type": "array", "items": _PIXEL, "minItems": 784, "maxItems": 784}
_ENCODED: Final = {"type": "string", "description": "base64 or a data URL"}
_END: Final = {"oneOf": [_ENCODED, _PIXELS]}


def _object(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON schemas
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _problems(**details: str) -> Replies:
    schema = {MEDIA_TYPE: {"schema": ProblemDetails.model_json_schema()}}
    return {int(status[1:]): {"description": text, "content": schema} for status, text in details.items()}


PREDICT_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        _object(image=_ENCODED),
                        _object(pixels=_PIXELS),
                        _object(images={"type": "array", "items": _ENCODED, "minItems": 1, "maxItems": 256}),
                    ]
                },
                "examples": {
                    "image": {"summary": "A seven, in base64", "value": {"image": SEVEN}},
                    "images": {
                        "summary": "A batch of two",
                        "value": {"images": [SEVEN, f"data:image/png;base64,{SEVEN}"]},
                    },
                    "pixels": {"summary": "28×28 pixels, row by row", "value": {"pixels": SEVEN_PIXELS}},
                },
            },
            **dict.fromkeys(MEDIA_TYPES, _BINARY),
            "multipart/form-data": {"schema": _object(image={"type": "string", "format": "binary"})},
        },
    }
}


def _query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}


NETWORK: Final = "`small`, `wide` or the name of one; the settings choose where none is named"
PREDICT: Final = PREDICT_BODY | {
    "parameters": [
        _query(
            "activations", {"type": "boolean", "default": True}, "whether the layers and the input are in the answer"
        ),
        _query("off", _TEXT | {"examples": ["hidden1.17,hidden2.3"]}, "hidden neurons that are switched off"),
        _query("skip", _TEXT | {"examples": ["fit,centre"]}, "steps of the preprocessing that are left out"),
        _query("network", _TEXT | {"examples": ["small"]}, NETWORK),
    ]
}
PATH_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": _object(**{"from": _END, "to": _END}),
                "example": {"from": SEVEN, "to": [0] * 784},
            }
        },
    }
}
_REFUSALS: Final = _problems(
    _400="Cannot be decoded",
    _406="The client does not accept JSON",
    _408="The body came too slowly",
    _413="Too many bytes or pixels",
    _415="A type that is not accepted",
    _422="Well-formed, but wrong",
    _503="Too much to do: try again after the seconds that Retry-After says",
)
_SMOOTH: Final = _problems(_404="The network has another activation than ReLU")
PREDICT_REPLIES: Final[Replies] = {200: {"model": Prediction | Predictions}, **_REFUSALS}
EXPLAIN_REPLIES: Final[Replies] = {
    200: {"model": Explanation | Explanations},
    **_SMOOTH,
    **_REFUSALS,
}
PATH_REPLIES: Final[Replies] = {200: {"model": Path}, **_SMOOTH, **_REFUSALS}
MODEL_REPLIES: Final = _problems(_422="No such network")
WEIGHTS_REPLIES: Final[Replies] = {
    200: {"content": {"application/octet-stream": _BINARY}},
    **_problems(_404="No such layer", _422="The layer is no number"),
}
GALLERY_REPLIES: Final[Replies] = {
    200: {"model": Gallery},
    **_problems(_404="No pictures are stored", _422="No such neuron"),
}
_NO_STAGES: Final = _problems(_404="No stages of the training are stored")
JUDGE_REPLIES: Final[Replies] = {200: {"model": Judgement | Judgements}, **_NO_STAGES, **_REFUSALS}
HISTORY_REPLIES: Final[Replies] = {200: {"model": History}, **_problems(_404="Nothing is known of the training")}
STAGE_REPLIES: Final[Replies] = {
    200: {"content": {"application/octet-stream": _BINARY}},
    **_problems(_404="No such stage", _422="The stage is no number"),
}
MISTAKES_REPLIES: Final[Replies] = {
    200: {"model": Mistakes},
    **_problems(_404="No test pictures are stored", _422="Not two digits"),
}
METRICS_REPLIES: Final[Replies] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
READY_REPLIES: Final = _problems(_503="Starting or stopping")


class OipTensor(BaseModel):
    """A tensor of the Open Inference Protocol: its data, or how many bytes it has behind the JSON."""

    name: str
    datatype: Literal["FP32", "FP64"]
    shape: list[int]
    data: list[float] | None = None
    parameters: dict[str, int] | None = None


class OipAnswer(BaseModel):
    """The outputs that were asked for."""

    model_name: str
    model_version: str
    id: str | None = None
    outputs: list[OipTensor]


_FLAG: Final = {"type": "boolean"}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _oip(schema: dict[str, Any], **errors: str) -> Replies:
    """A reply of the protocol, and its errors in the protocol's own shape."""
    error = {"application/json": {"schema": _object(error=_TEXT)}}
    replies: Replies = {200: {"content": {"application/json": {"schema": schema}}}}
    for status, text in errors.items():
        replies[int(status[1:])] = {"description": text, "content": error}
    return replies


_SHAPE: Final = _list({"type": "integer"})
_DESCRIBED: Final = _list(_object(name=_TEXT, datatype=_TEXT, shape=_SHAPE))
_NO_MODEL: Final = "There is only the model digits, in one version"
OIP_SERVER: Final = _oip(_object(name=_TEXT, version=_TEXT, extensions=_list(_TEXT)))
OIP_LIVE: Final = _oip(_object(live=_FLAG))
OIP_READY: Final = _oip(_object(ready=_FLAG), _503="Starting or stopping")
OIP_MODEL_READY: Final = _oip(_object(name=_TEXT, ready=_FLAG), _404=_NO_MODEL)
OIP_MODEL: Final = _oip(
    _object(name=_TEXT, versions=_list(_TEXT), platform=_TEXT, inputs=_DESCRIBED, outputs=_DESCRIBED), _404=_NO_MODEL
)
OIP_INFER: Final[Replies] = {
    **_oip(
        {},
        _400="A wrong tensor",
        _404=_NO_MODEL,
        _408="The body came too slowly",
        _413="Too many bytes",
        _415="A compressed body",
        _503="Too much to do",
    ),
    200: {
        "model": OipAnswer,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
}
_OIP_INPUT: Final = {
    "type": "object",
    "properties": {
        "name": _TEXT,
        "datatype": {"enum": ["UINT8", "FP32"]},
        "shape": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 4},
        "data": {"type": "array", "description": "nested or flat"},
    },
    "required": ["name", "datatype", "shape"],
}
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
                "schema": {
                    "type": "object",
                    "properties": {
                        "id": _TEXT,
                        "inputs": {"type": "array", "items": _OIP_INPUT, "minItems": 1, "maxItems": 1},
                        "outputs": _list({"type": "object", "properties": {"name": _TEXT}, "required": ["name"]}),
                    },
                    "required": ["inputs"],
                },
                "example": {
                    "id": "mine",
                    "inputs": [{"name": "pixels", "datatype": "UINT8", "shape": [1, 784], "data": SEVEN_PIXELS}],
                    "outputs": [{"name": "probabilities"}, {"name": "hidden2"}],
                },
            },
            "application/octet-stream": _BINARY,
        },
    },
}
