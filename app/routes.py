"""The routes: each translates HTTP into a call of the model, and its result into a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import request_response

from app import schemas
from app.accept import require_json
from app.bodies import read_drawings
from app.metrics import MEDIA_TYPE
from app.networks import Asked, asked
from app.problems import Problem
from app.queries import flag, steps_skipped, switched_off, unit_named
from app.replies import BYTES, json_reply, prediction, tagged

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from app.intake import Intake
    from model.network import Network

router = APIRouter()
WHICH = Path(description="a hidden neuron, or `typical`", openapi_examples=schemas.example("hidden1.17", "typical"))
Layer = Annotated[int, Path(openapi_examples=schemas.example(1))]


async def predict(request: Request) -> Response:
    """Recognise a drawing or a batch, any ink on any ground; a picture gives the same numbers in every form."""
    require_json(request)
    query = request.query_params if request.scope["query_string"] else {}
    recognizer = (await asked(request, query.get("network", ""))).recognizer
    activations = flag(query.get("activations", "true"), "activations")
    switched = switched_off(query.get("off", ""), recognizer.network)
    intake: Intake = request.app.state.intake
    drawings = await read_drawings(request, intake, steps_skipped(query.get("skip", "")))
    reading = await intake.read(recognizer, drawings.pictures, switched)
    request.app.state.metrics.read(reading.verdicts)
    answers = []
    for i in range(len(reading.verdicts)):
        answer = prediction(reading, i)
        if activations:
            answer["activations"] = [
                {"layer": f"hidden{k}", "values": values[i]} for k, values in enumerate(reading.activations, start=1)
            ]
            answer["input"] = reading.pictures[i]
        answers.append(answer | {"model": recognizer.network.name})
    return json_reply({"predictions": answers} if drawings.batch else answers[0])


class _Plain(APIRoute):
    """A route that FastAPI documents and Starlette serves: as little as possible stands before the network."""

    def __init__(self, path: str, endpoint: Callable[[Request], Awaitable[Response]], **options: Any) -> None:  # noqa: ANN401
        super().__init__(path, endpoint, **options)
        self.app = request_response(endpoint)


PREDICT: Final = _Plain(
    "/predict",
    predict,
    methods=["POST"],
    tags=["predict"],
    openapi_extra=schemas.PREDICT,
    responses=schemas.PREDICT_REPLIES,
)


@router.head("/model", include_in_schema=False)
@router.get("/model", tags=["model"], responses=schemas.MODEL_REPLIES)
async def model(served: Asked) -> Response:
    """The network: its layers, its parameters, and its figures from the report that training wrote."""
    return json_reply(served.about)


@router.get("/model/weights/{layer}", tags=["model"], responses=schemas.WEIGHTS_REPLIES)
async def weights(request: Request, layer: Layer, served: Asked) -> Response:
    """The weights into layer 1, 2, …: float32, little-endian, row by row, inputs × outputs."""
    return _parameters(request, served.recognizer.network, layer, "weights")


@router.get("/model/biases/{layer}", tags=["model"], responses=schemas.WEIGHTS_REPLIES)
async def biases(request: Request, layer: Layer, served: Asked) -> Response:
    """The biases of layer 1, 2, …: float32, little-endian."""
    return _parameters(request, served.recognizer.network, layer, "biases")


def _parameters(request: Request, network: Network, layer: int, which: Literal["weights", "biases"]) -> Response:
    if not 1 <= layer <= len(network.weights):
        raise Problem(404, f"There is no layer {layer}: the network has layers 1 to {len(network.weights)}")
    arrays = network.weights if which == "weights" else network.biases
    content = arrays[layer - 1].astype("<f4").tobytes()
    return tagged(request, f"{network.fingerprint}-{which}-{layer}", content, BYTES)


@router.get("/model/gallery/{which}", tags=["model"], responses=schemas.GALLERY_REPLIES)
async def gallery(which: Annotated[str, WHICH], served: Asked) -> Response:
    """The training pictures that light a neuron most, the loudest first; or a typical one of each digit."""
    unit = None if which == "typical" else unit_named(which, served.recognizer.network)
    pictures = served.gallery
    if pictures is None:
        raise Problem(404, "No training pictures are stored beside these weights: python -m model.evaluate stores them")
    shown = pictures.of(unit) if unit else pictures.typical_digits
    reply = json_reply(vars(shown))
    reply.headers["Cache-Control"] = "no-cache"
    return reply


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", tags=["health"])
async def healthz() -> Response:
    """The server lives."""
    return json_reply({"status": "alive"})


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", tags=["health"], responses=schemas.READY_REPLIES)
async def readyz(request: Request) -> Response:
    """The weights are loaded: requests may come."""
    if not getattr(request.app.state, "ready", False):
        raise Problem(503, "The server is starting or stopping: try again")
    return json_reply({"status": "ready"})


@router.get("/metrics", tags=["health"], responses=schemas.METRICS_REPLIES, response_class=Response)
async def metrics(request: Request) -> Response:
    """Requests, their time and sizes, and the verdicts, in Prometheus' text format."""
    return Response(request.app.state.metrics.exposed(), media_type=MEDIA_TYPE)


@router.head("/", include_in_schema=False)
@router.get("/", include_in_schema=False)
async def page(request: Request, served: Asked) -> Response:
    """The page to draw on."""
    state = request.app.state
    context = {"model": served.about, "modules": state.modules, "here": "/"}
    context |= {"which": served.which, "networks": state.networks}
    reply: Response = state.templates.TemplateResponse(request, "index.html", context)
    return reply
