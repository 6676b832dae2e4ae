"""The Open Inference Protocol, version 2: what KServe, Triton and MLServer clients speak, with its binary tensors.

One model, `digits`; its versions are the networks that are loaded, the one that answers by default first. Of Triton's
extensions there are those that stock clients ask for. Its errors have a shape of their own (`problems`).
"""

import time
from collections.abc import Collection, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from app import __version__
from app.api import open_inference_schemas as schemas
from app.api.open_inference_statistics import ModelStatistics
from app.api.open_inference_tensors import (
    HEADER_LENGTH,
    INPUT,
    PROBABILITIES,
    SHAPES,
    TYPES,
    VALUES,
    output_names,
    parse_request,
    read_outputs,
    read_pictures,
    write_answer,
)
from app.api.openapi import example
from app.api.replies import json_reply
from app.input.admission import Admission, BufferReservation, client_of
from app.input.bodies import COPIES, INLINE_BYTES, read_body
from app.middleware.problems import Problem
from app.networks import Networks
from model.network import Network
from model.recognize import Recognizer
from model.rejection import Verdict

INLINE: Final = INLINE_BYTES // 2  # ten drawings of UINT8: on another ground than black each takes a millisecond
MODEL: Final = "digits"
PLATFORM: Final = "numpy"
EXTENSIONS: Final = ("binary_tensor_data", "classification", "model_configuration", "statistics")

Model = Annotated[str, Path(openapi_examples=example(MODEL))]
router = APIRouter(prefix="/v2", tags=["Open Inference Protocol v2"])


async def _versioned(version: str) -> str:
    """A part of the path: as a parameter of the handlers, `?version=` would be one on the routes without it."""
    return version


VERSIONED: Final = [Depends(_versioned)]


@router.get("", responses=schemas.OIP_SERVER)
async def server() -> Response:
    """The server's name, version and extensions of the protocol."""
    return json_reply({"name": "inkscope", "version": __version__, "extensions": EXTENSIONS})


@router.get("/health/live", responses=schemas.OIP_LIVE)
async def live() -> Response:
    """The server lives."""
    return json_reply({"live": True})


@router.get("/health/ready", responses=schemas.OIP_READY)
async def ready(request: Request) -> Response:
    """Requests may come."""
    if not getattr(request.app.state, "ready", False):
        raise Problem(503, "The server is starting or stopping: try again")
    return json_reply({"ready": True})


@router.get("/models/stats", responses=schemas.OIP_STATISTICS)
async def every_statistics(request: Request) -> Response:
    """What every version has answered under /v2. Before the model's own routes: it would be one named `stats`."""
    return _described(request, _versions(request))


@router.get("/models/{model}/versions/{version}/ready", dependencies=VERSIONED, responses=schemas.OIP_MODEL_READY)
@router.get("/models/{model}/ready", responses=schemas.OIP_MODEL_READY)
async def model_ready(request: Request, model: Model) -> Response:
    """The model is loaded."""
    _recognizer(request, model)
    return json_reply({"name": MODEL, "ready": bool(request.app.state.ready)})


@router.get("/models/{model}/versions/{version}", dependencies=VERSIONED, responses=schemas.OIP_MODEL)
@router.get("/models/{model}", responses=schemas.OIP_MODEL)
async def metadata(request: Request, model: Model) -> Response:
    """The model's tensors; the input's parameters name the other datatypes and shapes that are accepted."""
    network = _recognizer(request, model).network
    accepted = {"datatypes": ", ".join(TYPES), "shapes": ", ".join(map(str, SHAPES)), "values": VALUES}
    return json_reply(
        {
            "name": MODEL,
            "versions": list(_versions(request)),
            "platform": PLATFORM,
            "inputs": [{"name": INPUT, "datatype": "UINT8", "shape": [-1, 28, 28], "parameters": accepted}],
            "outputs": [
                {"name": name, "datatype": datatype, "shape": [-1, width]}
                for name, datatype, width in _outputs(network)
            ],
        }
    )


@router.get("/models/{model}/versions/{version}/config", dependencies=VERSIONED, responses=schemas.OIP_CONFIG)
@router.get("/models/{model}/config", responses=schemas.OIP_CONFIG)
async def config(request: Request, model: Model) -> Response:
    """The model's configuration, as Triton has it: its tensors without the batch, and how large a batch may be."""
    network = _recognizer(request, model).network
    return json_reply(
        {
            "name": MODEL,
            "platform": PLATFORM,
            "max_batch_size": request.app.state.settings.max_batch,
            "input": [{"name": INPUT, "data_type": "TYPE_UINT8", "dims": [28, 28]}],
            "output": [
                {"name": name, "data_type": f"TYPE_{datatype}", "dims": [width]}
                for name, datatype, width in _outputs(network)
            ],
        }
    )


@router.get("/models/{model}/versions/{version}/stats", dependencies=VERSIONED, responses=schemas.OIP_STATISTICS)
@router.get("/models/{model}/stats", responses=schemas.OIP_STATISTICS)
async def statistics(request: Request, model: Model) -> Response:
    """What a version, or where none is named every one, has answered under /v2, and how long that took."""
    recognizer, named = _recognizer(request, model), "version" in request.path_params
    return _described(request, [recognizer.network.fingerprint] if named else _versions(request))


@router.post("/repository/index", responses=schemas.OIP_INDEX)
async def index(request: Request) -> Response:
    """The loaded versions: there are no others, and all are ready."""
    return json_reply(
        [{"name": MODEL, "version": version, "state": "READY", "reason": ""} for version in _versions(request)]
    )


@router.post(
    "/models/{model}/versions/{version}/infer",
    dependencies=VERSIONED,
    openapi_extra=schemas.OIP_BODY,
    responses=schemas.OIP_INFER,
)
@router.post("/models/{model}/infer", openapi_extra=schemas.OIP_BODY, responses=schemas.OIP_INFER)
async def infer(request: Request, model: Model) -> Response:
    """Read drawings: one tensor, ink high, in 0–1 or 0–255, of 28×28 or 784 each. Without outputs all come back.

    `classification` among an output's parameters asks for so many of its largest values: "value:index:digit".
    """
    recognizer, client = _recognizer(request, model), client_of(request)
    admission: Admission = request.app.state.admission
    counted = _counted(request, recognizer.network.fingerprint)
    with BufferReservation(admission, client) as reservation:
        body = await read_body(request, reservation)
        work = recognizer, body, request.headers.get(HEADER_LENGTH), admission.settings.max_batch, _id(request)
        reservation.reserve(COPIES * len(body))
        came = time.perf_counter_ns()
        try:
            if len(body) > INLINE:
                reply, verdicts, times = await admission.run(_inferred, *work, client=client)
            else:
                reply, verdicts, times = _inferred(*work)
        except Problem:
            counted.fail(time.perf_counter_ns() - came)
            raise
    counted.succeed(len(verdicts), (came, *times))
    request.app.state.metrics.read(verdicts)
    return reply


def _inferred(
    recognizer: Recognizer, body: bytes, header_length: str | None, most: int, id_: str
) -> tuple[Response, Sequence[Verdict], tuple[int, ...]]:
    """The answer to a body, the verdicts in it, and when it was begun, parsed, recognised and written (ns)."""
    begun = time.perf_counter_ns()
    asked = parse_request(body, header_length, most)
    pictures, outputs = read_pictures(asked, most), read_outputs(asked, recognizer.network)
    about = {"model_name": MODEL, "model_version": recognizer.network.fingerprint, "id": asked.name or id_}
    parsed = time.perf_counter_ns()
    prediction = recognizer.read(pictures)
    recognised = time.perf_counter_ns()
    answer = write_answer(about, prediction, outputs)
    return answer, prediction.verdicts, (begun, parsed, recognised, time.perf_counter_ns())


def _id(request: Request) -> str:
    """For an answer whose request has no id: KServe's types need one."""
    return str(request.scope["request_id"])


def _outputs(network: Network) -> list[tuple[str, str, int]]:
    """The name, datatype and width of each output."""
    widths = network.sizes[-1], *network.sizes[1:-1]
    return [
        (name, "FP64" if name == PROBABILITIES else "FP32", width)
        for name, width in zip(output_names(network), widths, strict=True)
    ]


def _recognizer(request: Request, model: Model) -> Recognizer:
    version, there = request.path_params.get("version", ""), _versions(request)
    if model != MODEL or (version and version not in there):
        raise Problem(404, f"There is no model {model} {version}".rstrip() + f": there is {MODEL}, {_listed(there)}")
    return there[version or next(iter(there))]


def _versions(request: Request) -> dict[str, Recognizer]:
    """The networks by their fingerprints, the one that answers where no version is named first."""
    networks: Networks = request.app.state.networks
    every = [networks.named(""), *networks.served.values()]
    return {served.recognizer.network.fingerprint: served.recognizer for served in every}


def _listed(versions: Collection[str]) -> str:
    return f"version{'s' * (len(versions) > 1)} {' and '.join(versions)}"


def _counted(request: Request, version: str) -> ModelStatistics:
    counted: ModelStatistics = request.app.state.statistics[version]
    return counted


def _described(request: Request, versions: Collection[str]) -> Response:
    return json_reply({"model_stats": [_counted(request, version).described(MODEL, version) for version in versions]})
