"""`GET /model`: a network's description, its parameters, and the pictures that activate a neuron."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.api.openapi import BYTES_REPLY, example, refusals
from app.api.parameters import SelectedNetwork, parse_unit
from app.api.replies import ASKED_ABOUT, BYTES, FOR_GOOD, cacheable_reply, json_reply, page_reply
from app.api.schemas import About, Gallery
from app.middleware.problems import Problem, prefers_html
from app.networks import load_once
from model.network import Network
from model.storage import lookup

router = APIRouter(tags=["model"])
PARAMETERS: Final = BYTES_REPLY | refusals(
    {404: "No such layer", 422: "The layer is no number, or there are no numbers of so many bits"}
)
GALLERY: Final = {200: {"model": Gallery}, **refusals({404: "No pictures are stored", 422: "No such neuron"})}
UNIT_OR_TYPICAL = Path(description="a hidden neuron, or `typical`", openapi_examples=example("hidden1.17", "typical"))
TESTS: Final = {  # what is in each test set of the report
    "mnist_test": "MNIST’s test digits",
    "mnist_test_on_canvas": "the same, drawn on a canvas at any place and size",
    "pen_test": "digits by people it never saw, with any pen",
}
LEARNED: Final = {  # what a training learned from, by its amount in the report
    "mnist": "MNIST: handwritten digits, scanned",
    "pens": "UCI’s pen digits: pen strokes of digits",
    "unipen": "UNIPEN (release train_r01_v07, International Unipen Foundation): pen strokes of digits",
    "unipen_letters": "UNIPEN’s letters, to know what is no digit",
    "synthetic": "made-up digits",
    "cut_digits": "digits cut out of numbers whose digits touch, and parts that are no digit",
    "outliers": "made-up scribbles, letters and signs, to know what is no digit",
}
Layer = Annotated[int, Path(openapi_examples=example(1))]
Bits = Annotated[Literal["16", "32"], Query(description="of each number")]


@router.head("/model", include_in_schema=False)
@router.get("/model", responses={200: {"model": About}, **refusals({422: "No such network"})})
async def model(request: Request, served: SelectedNetwork) -> Response:
    """The network: its layers, its parameters, and its figures from the report that training wrote.

    A browser gets a page about it.
    """
    if prefers_html(request):
        context = {"lookup": lookup, "tests": TESTS, "learned": LEARNED, "epochs": lookup(served.report, "history")}
        reply = page_reply(request, "model.html", "/model", context | request.app.state.networks.context(served))
    else:
        reply = json_reply(served.about)
    reply.headers["Vary"] = "Accept"
    return reply


@router.get("/model/weights/{layer}", responses=PARAMETERS, response_class=Response)
async def weights(request: Request, layer: Layer, served: SelectedNetwork, bits: Bits = "32") -> Response:
    """The weights into layer 1, 2, …: floats, little-endian, row by row, inputs × outputs.

    They are exact in 32 bits; in 16, half as many bytes, they are right to three figures.
    """
    return _parameters(request, served.recognizer.network, layer, "weights", bits)


@router.get("/model/biases/{layer}", responses=PARAMETERS, response_class=Response)
async def biases(request: Request, layer: Layer, served: SelectedNetwork, bits: Bits = "32") -> Response:
    """The biases of layer 1, 2, …: floats, little-endian."""
    return _parameters(request, served.recognizer.network, layer, "biases", bits)


def _parameters(
    request: Request, network: Network, layer: int, which: Literal["weights", "biases"], bits: Bits
) -> Response:
    if not 1 <= layer <= len(network.weights):
        raise Problem(404, f"There is no layer {layer}: the network has layers 1 to {len(network.weights)}")
    arrays = network.weights if which == "weights" else network.biases
    content = arrays[layer - 1].astype("<f4" if bits == "32" else "<f2").tobytes()
    by_name = request.query_params.get("network") == network.name  # which ends in the weights' hash
    kept = FOR_GOOD if by_name else ASKED_ABOUT
    return cacheable_reply(request, f"{network.fingerprint}-{which}-{layer}-{bits}", content, BYTES, kept)


@router.get("/model/gallery/{which}", responses=GALLERY)
async def gallery(request: Request, which: Annotated[str, UNIT_OR_TYPICAL], served: SelectedNetwork) -> Response:
    """The training pictures that activate a neuron most, the strongest first; or a typical one of each digit."""
    unit = None if which == "typical" else parse_unit(which, served.recognizer.network)
    pictures = await load_once(request.app.state.galleries, served, served.gallery)
    if pictures is None:
        raise Problem(404, "No training pictures are stored beside these weights: python -m model.evaluate stores them")
    examples = pictures.examples(unit) if unit else pictures.typical_digits
    reply = json_reply(vars(examples))
    reply.headers["Cache-Control"] = ASKED_ABOUT
    return reply
