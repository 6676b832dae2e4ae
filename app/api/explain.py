"""`POST /explain` and `/explain/path`: the parts of an answer, as the model takes it apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.api import schemas
from app.api.openapi import DRAWINGS, REFUSALS, TWO_DRAWINGS, Replies, refusals
from app.api.parameters import ABLATED, SKIP, UNIT, SelectedNetwork, parse_ablated, parse_skipped_steps, parse_unit
from app.api.replies import answer_fields, json_reply, reply_to_each, require_json_accepted
from app.input.admission import Admission, client_of
from app.input.bodies import Drawings, read_drawings, read_pair
from app.middleware.problems import Problem
from app.networks import ServedNetwork
from model.explain import Explainer, NeuronAttribution, Path, Unit
from model.localization.judge import revise
from model.network import Ablated, Floats
from model.recognize import Recognizer

router = APIRouter(tags=["explain"])
# Of one batch: more take longer than 0.5 s.
MAX_MULTIPLICATIONS: Final = 1_500_000_000
Digit = Annotated[int | None, Query(ge=0, le=9)]
NOT_EXPLAINABLE: Final = refusals({404: "The network has another activation than ReLU"}) | REFUSALS
EXPLANATIONS: Final[Replies] = {
    200: {"model": schemas.one_or_batch(schemas.Explanation, "explanations")},
    **NOT_EXPLAINABLE,
}
PATH: Final[Replies] = {200: {"model": schemas.Path}, **NOT_EXPLAINABLE}


@router.post("/explain", openapi_extra={"requestBody": DRAWINGS}, responses=EXPLANATIONS)
async def explain(
    request: Request,
    served: SelectedNetwork,
    *,
    target: Digit = None,
    against: Digit = None,
    ablated: Annotated[str, ABLATED] = "",
    skip: Annotated[str, SKIP] = "",
    unit: Annotated[str, UNIT] = "",
) -> Response:
    """Why this answer, exactly: every pixel's part in it, every neuron's, and what ink would help.

    The target (the answer, unless it is given) is weighed against another digit (the likeliest other one).
    """
    require_json_accepted(request)
    network = served.recognizer.network
    if target is not None and target == against:
        raise Problem(422, "target and against are the same digit: weigh it against another")
    options = _Options(target, against, parse_ablated(ablated, network), parse_unit(unit, network) if unit else None)
    admission: Admission = request.app.state.admission
    drawings = await read_drawings(request, admission, served.recognizer, parse_skipped_steps(skip))
    explainer = _explainer(served)
    if len(drawings.pictures) * explainer.multiplications > MAX_MULTIPLICATIONS:
        most = MAX_MULTIPLICATIONS // explainer.multiplications
        raise Problem(413, f"{len(drawings.pictures)} explanations of this network take too long: send at most {most}")
    work = _explain, served.recognizer, explainer, options
    return await reply_to_each(request, drawings, "explanations", explainer.multiplications, *work)


@router.post("/explain/path", openapi_extra={"requestBody": TWO_DRAWINGS}, responses=PATH)
async def path(request: Request, served: SelectedNetwork, ablated: Annotated[str, ABLATED] = "") -> Response:
    """Where the answer flips on the straight way from one picture to another, exactly.

    Between two neighbours of `at` every logit is a straight line: nothing happens that is not told.
    """
    network, admission = served.recognizer.network, request.app.state.admission
    units, explainer = parse_ablated(ablated, network), _explainer(served)
    start, end = await read_pair(request, admission, served.recognizer)
    work = explainer.path, start / 255, end / 255, units
    way: Path = await admission.run(*work, client=client_of(request))
    flips = [change._asdict() for change in way.changes]
    about = {"flips": flips, "temperature": network.temperature, "model": network.name}
    return json_reply({"at": way.at, "logits": way.logits} | about)


@dataclass(frozen=True)
class _Options:
    """What an explanation is to be of."""

    target: int | None
    against: int | None
    ablated: Ablated
    unit: Unit | None


def _explainer(served: ServedNetwork) -> Explainer:
    if served.explainer is None:
        activation = served.recognizer.network.activation
        raise Problem(404, f"This network bends by {activation}: only networks of ReLUs can be explained exactly")
    return served.explainer


def _explain(
    drawings: Drawings, recognizer: Recognizer, explainer: Explainer, options: _Options
) -> Iterator[dict[str, Any]]:
    prediction = revise(recognizer.read(drawings.pictures, options.ablated), drawings.placements)
    return (
        answer_fields(prediction, i, placement, recognizer.network.name)
        | _explanation(explainer, drawings.pictures[i] / 255.0, options)
        for i, placement in enumerate(drawings.placements)
    )


def _explanation(explainer: Explainer, x: Floats, options: _Options) -> dict[str, Any]:
    """The parts of one answer; orjson writes NumPy arrays and dataclasses."""
    layers = explainer.forward(x, options.ablated)
    attribution = explainer.attribution(layers, options.target, options.against)
    ablations = explainer.ablations(layers, attribution, options.ablated)
    parts = {name: value for name, value in vars(attribution).items() if name != "slopes"} | {
        "temperature": explainer.network.temperature,
        "knockouts": [{"layer": f"hidden{k}"} | vars(each) for k, each in enumerate(ablations, start=1)],
        "helpful_ink": explainer.helpful_ink(layers, attribution, options.ablated),
    }
    return parts | {"unit": _neuron(explainer.explain_neuron(layers, options.unit))} if options.unit else parts


def _neuron(found: NeuronAttribution) -> dict[str, Any]:
    fields = {schemas.NEURON_KEYS.get(name, name): value for name, value in vars(found).items()}
    layer, number = fields.pop("unit")
    below = "input" if layer == 1 else f"hidden{layer - 1}"
    inputs = zip(fields.pop("inputs"), fields.pop("input_parts"), strict=True)
    return {
        "layer": f"hidden{layer}",
        "number": number,
        **fields,
        "feeds": [{"layer": below, "number": unit, "part": part} for unit, part in inputs],
    }
