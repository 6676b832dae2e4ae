"""What the OpenAPI document says beside the schemas of replies: bodies, examples to try, and refusals."""

import base64
import io
from typing import Any, Final

from fastapi.openapi.models import Example
from PIL import Image, ImageDraw

from app.api.schemas import ProblemDetails
from app.input.decode import MEDIA_TYPES
from app.input.pixels import INK_HIGH
from app.middleware import problems

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


def _forty_two() -> Image.Image:
    """A number to try the API with."""
    image = Image.new("L", (80, 50), 255)
    pen = ImageDraw.Draw(image)
    pen.line(((18, 6), (8, 28), (34, 28)), fill=0, width=4)
    pen.line(((26, 14), (26, 44)), fill=0, width=4)
    pen.arc((46, 6, 68, 28), 180, 45, fill=0, width=4)
    pen.line(((65, 24), (46, 43), (70, 43)), fill=0, width=4)
    return image


def _base64(image: Image.Image) -> str:
    content = io.BytesIO()
    image.save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()


SEVEN: Final = _base64(_seven())
FORTY_TWO: Final = _base64(_forty_two())
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


def _pictures(**examples: tuple[str, Json]) -> Json:
    """A body of a picture in any form, with examples: a summary and JSON each."""
    return {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"oneOf": [obj(image=ENCODED), obj(pixels=PIXELS), obj(images=BATCH)]},
                "examples": {name: {"summary": text, "value": body} for name, (text, body) in examples.items()},
            },
            **dict.fromkeys(MEDIA_TYPES, BINARY),
            "multipart/form-data": {"schema": obj(image=BINARY["schema"])},
        },
    }


DRAWINGS: Final = _pictures(
    image=("A seven, in base64", {"image": SEVEN}),
    images=("A batch of two", {"images": [SEVEN, f"data:image/png;base64,{SEVEN}"]}),
    pixels=("28×28 pixels, row by row, ink high", {"pixels": SEVEN_PIXELS}),
)
NUMBERS: Final = _pictures(
    image=("42, in base64", {"image": FORTY_TWO}),
    images=("A batch of two", {"images": [FORTY_TWO, f"data:image/png;base64,{SEVEN}"]}),
    pixels=("28×28 pixels, row by row, ink high", {"pixels": SEVEN_PIXELS}),
)
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
