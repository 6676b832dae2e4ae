"""The routes: each translates HTTP into a call of the model, and its result into a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app import schemas
from app.bodies import read_drawings
from app.problems import Problem

if TYPE_CHECKING:
    from model.recognize import Reading

router = APIRouter()
JSON = "application/json"


@router.post("/predict", tags=["predict"], openapi_extra=schemas.PREDICT_BODY, responses=schemas.PREDICT_REPLIES)
async def predict(request: Request, activations: Annotated[bool, Query()] = True) -> Response:
    """Recognise a drawing or a batch, any ink on any ground; a picture gives the same numbers in every form."""
    state = request.app.state
    drawings = await read_drawings(request, state.settings, state.limiter)
    reading = state.recognizer.read(drawings.pictures)
    answers = [
        _answer(reading, i, state.recognizer.network.name, whole=activations) for i in range(len(reading.verdicts))
    ]
    return _json({"predictions": answers} if drawings.batch else answers[0])


def _answer(reading: Reading, i: int, model: str, *, whole: bool) -> dict[str, Any]:
    """The reply for picture i, as the contract has it. orjson writes the NumPy rows."""
    answer: dict[str, Any] = {
        "digit": reading.digit(i),
        "confidence": reading.probabilities[i].max(),
        "probabilities": reading.probabilities[i],
        "verdict": reading.verdicts[i],
        "novelty": reading.novelty[i],
    }
    if whole:
        answer["activations"] = [
            {"layer": f"hidden{k}", "values": values[i]} for k, values in enumerate(reading.activations, start=1)
        ]
        answer["input"] = reading.pictures[i]
    return answer | {"model": model}


@router.head("/model", include_in_schema=False)
@router.get("/model", tags=["model"])
async def model(request: Request) -> Response:
    """The network: its layers, its parameters, and its figures from the report that training wrote."""
    return _json(request.app.state.about)


@router.get("/model/weights/{layer}", tags=["model"], responses=schemas.WEIGHTS_REPLIES)
async def weights(request: Request, layer: int) -> Response:
    """The weights into layer 1, 2, …: float32, little-endian, row by row, inputs × outputs."""
    network = request.app.state.recognizer.network
    if not 1 <= layer <= len(network.weights):
        raise Problem(404, f"There is no layer {layer}: the network has layers 1 to {len(network.weights)}")
    headers = {"ETag": f'"{network.fingerprint}-{layer}"', "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(network.weights[layer - 1].astype("<f4").tobytes(), 200, headers, "application/octet-stream")


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", tags=["health"])
async def healthz() -> Response:
    """The server lives."""
    return _json({"status": "alive"})


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", tags=["health"], responses=schemas.READY_REPLIES)
async def readyz(request: Request) -> Response:
    """The weights are loaded: requests may come."""
    if not getattr(request.app.state, "ready", False):
        raise Problem(503, "The server is starting or stopping: try again")
    return _json({"status": "ready"})


@router.head("/", include_in_schema=False)
@router.get("/", include_in_schema=False)
async def page(request: Request) -> Response:
    """The page to draw on."""
    state = request.app.state
    context = {"model": state.about, "version": request.app.version}
    reply: Response = state.templates.TemplateResponse(request, "index.html", context)
    return reply


def _json(content: object) -> Response:
    return Response(orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY), media_type=JSON)
