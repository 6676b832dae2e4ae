"""`POST /predict`: read a drawing or a batch of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi.routing import APIRoute
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the routes' annotations
from starlette.responses import Response  # noqa: TC002
from starlette.routing import request_response

from app.api import schemas
from app.api.parameters import asked, flag, steps_skipped, switched_off
from app.api.replies import json_reply, prediction, require_json
from app.input.bodies import read_drawings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from app.input.admission import Intake


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
