"""`POST /predict`: read a drawing or a batch of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi.routing import APIRoute
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the routes' annotations
from starlette.responses import Response  # noqa: TC002
from starlette.routing import request_response

from app.api import schemas
from app.api.parameters import ablated_units, flag, parse_skipped_steps, selected_network
from app.api.replies import json_reply, prediction_fields, require_json
from app.input.bodies import read_drawings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from app.input.admission import Admission


async def predict(request: Request) -> Response:
    """Recognise a drawing or a batch, any ink on any ground; a picture gives the same numbers in every form."""
    require_json(request)
    query = request.query_params if request.scope["query_string"] else {}
    recognizer = (await selected_network(request, query.get("network", ""))).recognizer
    activations = flag(query.get("activations", "true"), "activations")
    ablated = ablated_units(query.get("off", ""), recognizer.network)
    admission: Admission = request.app.state.admission
    drawings = await read_drawings(request, admission, parse_skipped_steps(query.get("skip", "")))
    prediction = await admission.read(recognizer, drawings.pictures, ablated)
    request.app.state.metrics.read(prediction.verdicts)
    answers = []
    for i in range(len(prediction.verdicts)):
        answer = prediction_fields(prediction, i)
        if activations:
            answer["activations"] = [
                {"layer": f"hidden{k}", "values": values[i]} for k, values in enumerate(prediction.activations, start=1)
            ]
            answer["input"] = prediction.pictures[i]
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
