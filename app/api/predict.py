"""`POST /predict`: read a drawing or a batch of them."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

from fastapi.params import Query
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import request_response

from app.api import schemas
from app.api.openapi import DRAWINGS, REFUSALS, TEXT, Json, Replies
from app.api.parameters import (
    ABLATED,
    NETWORK,
    SKIP,
    parse_ablated,
    parse_flag,
    parse_skipped_steps,
    selected_network,
)
from app.api.replies import activation_fields, answer_fields, reply_to_each, require_json_accepted
from app.input.admission import Admission, client_of
from app.input.bodies import Drawings, read_drawings
from model.localization.judge import revise
from model.recognize import Prediction, Recognizer

REPLIES: Final[Replies] = {200: {"model": schemas.one_or_batch(schemas.Prediction, "predictions")}, **REFUSALS}


async def predict(request: Request) -> Response:
    """Recognise a drawing or a batch, any ink on any ground; a picture gives the same numbers in every form."""
    require_json_accepted(request)
    query = request.query_params if request.scope["query_string"] else {}
    recognizer = (await selected_network(request, query.get("network", ""))).recognizer
    activations = parse_flag(query.get("activations", "true"), "activations")
    ablated = parse_ablated(query.get("off", ""), recognizer.network)
    admission: Admission = request.app.state.admission
    skip = parse_skipped_steps(query.get("skip", ""))
    drawings = await read_drawings(request, admission, recognizer, skip)
    prediction = None if ablated else drawings.prediction
    prediction = prediction or await admission.read(recognizer, drawings.pictures, ablated, client=client_of(request))
    prediction = revise(prediction, drawings.placements)
    request.app.state.metrics.read(prediction.verdicts)
    return await reply_to_each(request, drawings, "predictions", 0, _answers, prediction, recognizer, activations)


def _answers(
    drawings: Drawings, prediction: Prediction, recognizer: Recognizer, activations: bool
) -> Iterator[dict[str, Any]]:
    name = recognizer.network.name
    return (
        answer_fields(prediction, i, placement, name) | (activation_fields(prediction, i) if activations else {})
        for i, placement in enumerate(drawings.placements)
    )


class _UnparsedRoute(APIRoute):
    """A route that FastAPI documents and Starlette serves: parsing parameters costs more than the network."""

    def __init__(self, path: str, endpoint: Callable[[Request], Awaitable[Response]], **options: Any) -> None:  # noqa: ANN401
        super().__init__(path, endpoint, **options)
        self.app = request_response(endpoint)


def _query(name: str, description: str | None, schema: Json) -> Json:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def _text(name: str, query: Query) -> Json:
    return _query(name, query.description, TEXT | {"examples": query.examples})


PARAMETERS: Final = [
    _query("activations", "whether the layers and the input are in the answer", {"type": "boolean", "default": True}),
    _text("off", ABLATED),
    _text("skip", SKIP),
    _text("network", NETWORK),
]
PREDICT: Final = _UnparsedRoute(
    "/predict",
    predict,
    methods=["POST"],
    tags=["predict"],
    openapi_extra={"requestBody": DRAWINGS, "parameters": PARAMETERS},
    responses=REPLIES,
)
