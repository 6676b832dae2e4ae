"""What the OpenAPI document says beside the schemas of replies: bodies, examples to try, and refusals."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageDraw

from app.api.schemas import ProblemDetails
from app.input.decode import MEDIA_TYPES
from app.input.pixels import INK_HIGH
from app.middleware import problems

if TYPE_CHECKING:
    from fastapi.openapi.models import Example

Json = dict[str, Any]
Replies = dict[int | str, Json]


def example(*values: object) -> dict[str, Example]:
    """Values of a parameter, such that the page under /docs fills in the first."""
    return {str(value): {"value": value} for value in values}


def obj(**properties: Any) -> Json:  # noqa: ANN401 - JSON schemas
    """An object that has these keys, and no other."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def array(items: Json, **limits: int) -> Json:
    """A list."""
    return {"type": "array", "items": items, **limits}


def refusals(details: dict[int, str]) -> Replies:
    """The problems that a route answers with."""
    content = {problems.MEDIA_TYPE: {"schema": ProblemDetails.model_json_schema()}}
    return {status: {"description": text, "content": content} for status, text in details.items()}


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
TEXT: Final = {"type": "string"}
BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
PIXELS: Final = array({"type": "number", "minimum": 0, "maximum": 255}, minItems=784, maxItems=784) | {
    "description": f"28×28, row by row, {INK_HIGH}. Each picture has its own scale: 0–1 where nothing is above 1. "
    "Ink on black is taken as it is; on any other ground, such as dark on white, as an image of it would be."
}
ENCODED: Final = TEXT | {"description": "base64 or a data URL"}
EITHER: Final = {"oneOf": [ENCODED, PIXELS]}
BATCH: Final = array(ENCODED, minItems=1, maxItems=256)
BYTES_REPLY: Final[Replies] = {200: {"content": {"application/octet-stream": BINARY}}}

DRAWINGS: Final = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"oneOf": [obj(image=ENCODED), obj(pixels=PIXELS), obj(images=BATCH)]},
            "examples": {
                "image": {"summary": "A seven, in base64", "value": {"image": SEVEN}},
                "images": {
                    "summary": "A batch of two",
                    "value": {"images": [SEVEN, f"data:image/png;base64,{SEVEN}"]},
                },
                "pixels": {"summary": "28×28 pixels, row by row, ink high", "value": {"pixels": SEVEN_PIXELS}},
            },
        },
        **dict.fromkeys(MEDIA_TYPES, BINARY),
        "multipart/form-data": {"schema": obj(image=BINARY["schema"])},
    },
}
TWO_DRAWINGS: Final = {
    "required": True,
    "content": {
        "application/json": {
            "schema": obj(**{"from": EITHER, "to": EITHER}),
            "example": {"from": SEVEN, "to": [0] * 784},
        }
    },
}
REFUSALS: Final = refusals(
    {
        400: "Cannot be decoded",
        406: "The client does not accept JSON",
        408: "The body came too slowly",
        413: "Too many bytes or pixels",
        415: "A type that is not accepted",
        422: "Well-formed, but wrong",
        503: "Too much to do: try again after the seconds that Retry-After says",
    }
)
