"""The explanations over HTTP: each route takes an answer apart with the model, and writes down the parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response  # noqa: TC002 - FastAPI reads the routes' annotations

from app.api import schemas
from app.api.parameters import (
    SelectedNetwork,
    ablated_units,
    parse_skipped_steps,
    parse_unit,
)
from app.api.replies import json_reply, prediction_fields, require_json
from app.input.admission import INLINE_MULTIPLICATIONS
from app.input.bodies import Drawings, read_drawings, read_pair
from app.middleware.problems import Problem

if TYPE_CHECKING:
    from app.networks import ServedNetwork
    from model.explain import Explainer, NeuronAttribution, Path, Unit
    from model.network import Ablated, Floats
    from model.recognize import Recognizer

router = APIRouter(tags=["explain"])
Digit = Annotated[int | None, Query(ge=0, le=9)]
OFF: Final = Query(description="hidden neurons that are switched off", examples=["hidden1.17,hidden2.3"])
SKIP: Final = Query(description="steps of the preprocessing that are left out", examples=["fit,centre"])
UNIT: Final = Query(description="a hidden neuron to take apart too", examples=["hidden1.17"])


@router.post("/explain", openapi_extra=schemas.PREDICT_BODY, responses=schemas.EXPLAIN_REPLIES)
async def explain(
    request: Request,
    served: SelectedNetwork,
    *,
    target: Digit = None,
    against: Digit = None,
    off: Annotated[str, OFF] = "",
    skip: Annotated[str, SKIP] = "",
    unit: Annotated[str, UNIT] = "",
) -> Response:
    """Why this answer, exactly: every pixel's part in it, every neuron's, and what ink would help.

    The target (the answer, unless it is given) is weighed against another digit (the likeliest other one).
    """
    require_json(request)
    recognizer, network = served.recognizer, served.recognizer.network
    if target is not None and target == against:
        raise Problem(422, "target and against are the same digit: weigh it against another")
    question = _ExplainRequest(
        target, against, ablated_units(off, network), parse_unit(unit, network) if unit else None
    )
    drawings = await read_drawings(request, request.app.state.admission, parse_skipped_steps(skip))
    explainer = _explainer(served)
    work = recognizer, explainer, drawings, question
    if drawings.batch or explainer.multiplications > INLINE_MULTIPLICATIONS:
        explanations = await request.app.state.admission.run(_explain, *work)
    else:
        explanations = _explain(*work)
    return json_reply({"explanations": explanations} if drawings.batch else explanations[0])


@router.post("/explain/path", openapi_extra=schemas.PATH_BODY, responses=schemas.PATH_REPLIES)
async def path(request: Request, served: SelectedNetwork, off: Annotated[str, OFF] = "") -> Response:
    """Where the answer flips on the straight way from one picture to another, exactly.

    Between two neighbours of `at` every logit is a straight line: nothing happens that is not told.
    """
    network = served.recognizer.network
    ablated, explainer = ablated_units(off, network), _explainer(served)
    start, end = await read_pair(request, request.app.state.admission)
    way: Path = await request.app.state.admission.run(explainer.path, start / 255, end / 255, ablated)
    flips = [flip._asdict() for flip in way.changes]
    return json_reply(
        {
            "at": way.at,
            "logits": way.logits,
            "flips": flips,
            "temperature": network.temperature,
            "model": network.name,
        }
    )


@dataclass(frozen=True)
class _ExplainRequest:
    """What an explanation shall be of."""

    target: int | None
    against: int | None
    off: Ablated
    unit: Unit | None


def _explainer(served: ServedNetwork) -> Explainer:
    if served.explainer is None:
        activation = served.recognizer.network.activation
        raise Problem(404, f"This network bends by {activation}: only networks of ReLUs can be explained exactly")
    return served.explainer


def _explain(
    recognizer: Recognizer, explainer: Explainer, drawings: Drawings, question: _ExplainRequest
) -> list[dict[str, Any]]:
    prediction = recognizer.read(drawings.pictures, question.off)
    explanations = []
    for i, placement in enumerate(drawings.placements):
        explanation = prediction_fields(prediction, i) | _explained(explainer, drawings.pictures[i] / 255.0, question)
        explanation["placement"] = placement and placement._asdict()
        explanations.append(explanation | {"model": recognizer.network.name})
    return explanations


def _explained(explainer: Explainer, x: Floats, question: _ExplainRequest) -> dict[str, Any]:
    """The parts of one answer; orjson writes the NumPy arrays."""
    layers = explainer.forward(x, question.off)
    attribution = explainer.attribution(layers, question.target, question.against)
    parts: dict[str, Any] = {
        "target": attribution.target,
        "against": attribution.against,
        "log_odds": attribution.log_odds,
        "bias": attribution.bias,
        "ink": attribution.ink,
        "parts": attribution.parts,
        "logit_parts": attribution.logit_parts,
        "logits": attribution.logits,
        "biases": attribution.biases,
        "temperature": explainer.network.temperature,
        "knockouts": [
            {"layer": f"hidden{k}", "digits": found.digits, "log_odds": found.log_odds}
            for k, found in enumerate(explainer.ablations(layers, attribution, question.off), start=1)
        ],
        "helpful_ink": [vars(dab) for dab in explainer.helpful_ink(layers, attribution, question.off)],
    }
    if question.unit:
        parts["unit"] = _inspected(explainer.explain_neuron(layers, question.unit))
    return parts


def _inspected(found: NeuronAttribution) -> dict[str, Any]:
    below = "input" if found.unit.layer == 1 else f"hidden{found.unit.layer - 1}"
    return {
        "layer": f"hidden{found.unit.layer}",
        "number": found.unit.number,
        "bias": found.bias,
        "total": found.pre_activation,
        "value": found.activation,
        "constant": found.constant,
        "picture": found.slopes,
        "feeds": [
            {"layer": below, "number": number, "part": part}
            for number, part in zip(found.inputs, found.input_parts, strict=True)
        ],
        "votes": found.logit_weights,
    }
