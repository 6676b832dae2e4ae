"""What the server knows of its networks: `GET /model`, its parameters, and the pictures that activate a neuron."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Request
from starlette.responses import Response  # noqa: TC002 - FastAPI reads the routes' annotations

from app.api import schemas
from app.api.parameters import SelectedNetwork, parse_unit
from app.api.replies import BYTES, json_reply, tagged
from app.middleware.problems import Problem

if TYPE_CHECKING:
    from model.network import Network

router = APIRouter()
WHICH = Path(description="a hidden neuron, or `typical`", openapi_examples=schemas.example("hidden1.17", "typical"))
Layer = Annotated[int, Path(openapi_examples=schemas.example(1))]


@router.head("/model", include_in_schema=False)
@router.get("/model", tags=["model"], responses=schemas.MODEL_REPLIES)
async def model(served: SelectedNetwork) -> Response:
    """The network: its layers, its parameters, and its figures from the report that training wrote."""
    return json_reply(served.about)


@router.get("/model/weights/{layer}", tags=["model"], responses=schemas.WEIGHTS_REPLIES)
async def weights(request: Request, layer: Layer, served: SelectedNetwork) -> Response:
    """The weights into layer 1, 2, …: float32, little-endian, row by row, inputs × outputs."""
    return _parameters(request, served.recognizer.network, layer, "weights")


@router.get("/model/biases/{layer}", tags=["model"], responses=schemas.WEIGHTS_REPLIES)
async def biases(request: Request, layer: Layer, served: SelectedNetwork) -> Response:
    """The biases of layer 1, 2, …: float32, little-endian."""
    return _parameters(request, served.recognizer.network, layer, "biases")


def _parameters(request: Request, network: Network, layer: int, which: Literal["weights", "biases"]) -> Response:
    if not 1 <= layer <= len(network.weights):
        raise Problem(404, f"There is no layer {layer}: the network has layers 1 to {len(network.weights)}")
    arrays = network.weights if which == "weights" else network.biases
    content = arrays[layer - 1].astype("<f4").tobytes()
    return tagged(request, f"{network.fingerprint}-{which}-{layer}", content, BYTES)


@router.get("/model/gallery/{which}", tags=["model"], responses=schemas.GALLERY_REPLIES)
async def gallery(which: Annotated[str, WHICH], served: SelectedNetwork) -> Response:
    """The training pictures that light a neuron most, the loudest first; or a typical one of each digit."""
    unit = None if which == "typical" else parse_unit(which, served.recognizer.network)
    pictures = served.gallery
    if pictures is None:
        raise Problem(404, "No training pictures are stored beside these weights: python -m model.evaluate stores them")
    examples = pictures.examples(unit) if unit else pictures.typical_digits
    reply = json_reply(vars(examples))
    reply.headers["Cache-Control"] = "no-cache"
    return reply
