"""The Open Inference Protocol, version 2: what KServe, Triton and MLServer clients speak, with its binary tensors.

One model, `digits`; its versions are the networks that are loaded, the one that answers by default first. Its errors
have a shape of their own (`problems`).
"""

from __future__ import annotations

import itertools
import math
import reprlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

import numpy as np
import orjson
from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from app import __version__
from app.api import open_inference_schemas as schemas
from app.api.openapi import example
from app.api.replies import JSON, json_reply
from app.input.admission import BufferReservation, client_of
from app.input.bodies import COPIES, INLINE_BYTES, parse_json, read_body
from app.middleware.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from app.input.admission import Admission
    from app.networks import Networks
    from model.recognize import Prediction, Recognizer
    from model.rejection import Verdict

MODEL: Final = "digits"
HEADER_LENGTH: Final = "Inference-Header-Content-Length"  # of the JSON before the binary tensors
TYPES: Final[dict[str, np.dtype[Any]]] = {"UINT8": np.dtype("u1"), "FP32": np.dtype("<f4")}
NAMES: Final = {np.dtype("f4"): "FP32", np.dtype("f8"): "FP64"}

Model = Annotated[str, Path(openapi_examples=example(MODEL))]
router = APIRouter(prefix="/v2", tags=["Open Inference Protocol v2"])


async def _versioned(version: str) -> str:
    """A part of the path: as a parameter of the handlers, `?version=` would be one on the routes without it."""
    return version


VERSIONED: Final = [Depends(_versioned)]


@router.get("", responses=schemas.OIP_SERVER)
async def server() -> Response:
    """The server's name, version and extensions of the protocol."""
    return json_reply({"name": "inkscope", "version": __version__, "extensions": ["binary_tensor_data"]})


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


@router.get("/models/{model}/versions/{version}/ready", dependencies=VERSIONED, responses=schemas.OIP_MODEL_READY)
@router.get("/models/{model}/ready", responses=schemas.OIP_MODEL_READY)
async def model_ready(request: Request, model: Model) -> Response:
    """The model is loaded."""
    _recognizer(request, model)
    return json_reply({"name": MODEL, "ready": bool(request.app.state.ready)})


@router.get("/models/{model}/versions/{version}", dependencies=VERSIONED, responses=schemas.OIP_MODEL)
@router.get("/models/{model}", responses=schemas.OIP_MODEL)
async def metadata(request: Request, model: Model) -> Response:
    """The model's tensors."""
    network = _recognizer(request, model).network
    hidden = [(f"hidden{k}", "FP32", width) for k, width in enumerate(network.sizes[1:-1], start=1)]
    outputs = [("probabilities", "FP64", network.sizes[-1]), *hidden]
    return json_reply(
        {
            "name": MODEL,
            "versions": list(_versions(request)),
            "platform": "numpy",
            "inputs": [{"name": "pixels", "datatype": "UINT8", "shape": [-1, 28, 28]}],
            "outputs": [
                {"name": name, "datatype": datatype, "shape": [-1, width]} for name, datatype, width in outputs
            ],
        }
    )


@router.post(
    "/models/{model}/versions/{version}/infer",
    dependencies=VERSIONED,
    openapi_extra=schemas.OIP_BODY,
    responses=schemas.OIP_INFER,
)
@router.post("/models/{model}/infer", openapi_extra=schemas.OIP_BODY, responses=schemas.OIP_INFER)
async def infer(request: Request, model: Model) -> Response:
    """Read drawings: one tensor, ink high, UINT8 in 0–255 or FP32 in 0–1 or 0–255, of 28×28 or 784 each."""
    recognizer, client = _recognizer(request, model), client_of(request)
    admission: Admission = request.app.state.admission
    with BufferReservation(admission, client) as reservation:
        body = await read_body(request, reservation)
        work = recognizer, body, request.headers.get(HEADER_LENGTH), admission.settings.max_batch
        reservation.reserve(COPIES * len(body))
        if len(body) > INLINE_BYTES:
            reply, verdicts = await admission.run(_inferred, *work, client=client)
        else:
            reply, verdicts = _inferred(*work)
    request.app.state.metrics.read(verdicts)
    return reply


def _inferred(
    recognizer: Recognizer, body: bytes, header_length: str | None, most: int
) -> tuple[Response, Sequence[Verdict]]:
    """The answer to a request's body, and the verdicts in it."""
    asked = _asked(body, header_length, most)
    pictures, outputs = _pictures(asked, most), _outputs(asked, recognizer)
    prediction = recognizer.read(pictures)
    about = {"model_name": MODEL, "model_version": recognizer.network.fingerprint}
    if isinstance(asked.content.get("id"), str):
        about["id"] = asked.content["id"]
    answer = _answer(about, [(name, _tensor(prediction, name), binary) for name, binary in outputs])
    return answer, prediction.verdicts


@dataclass(frozen=True)
class _InferRequest:
    """A request: its JSON, and the binary tensors behind it."""

    content: dict[str, Any]
    binary: bytes


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


def _asked(body: bytes, announced: str | None, most: int) -> _InferRequest:
    """The JSON of a request; each drawing's numbers may be in lists of their own, down to one list a number."""
    if announced is None:
        length = len(body)
    elif announced.isascii() and announced.isdecimal() and len(announced) < 10 and int(announced) <= len(body):
        length = int(announced)
    else:
        raise Problem(400, f"{HEADER_LENGTH}: {announced[:20]} is no length within the body's {len(body)} bytes")
    content = parse_json(body[:length], 784 * most)
    if not isinstance(content, dict):
        raise Problem(400, 'The request is no object: send {"inputs": […]}')
    return _InferRequest(content, body[length:])


def _pictures(asked: _InferRequest, most: int) -> NDArray[np.uint8]:
    """The one input tensor, as pictures (n, 784)."""
    match asked.content.get("inputs"):
        case [{"shape": list(shape), "datatype": str(datatype)} as tensor]:
            pass
        case _:
            raise Problem(400, "inputs has to hold one tensor, with its name, shape and datatype")
    if datatype not in TYPES:
        raise Problem(400, f"The datatype {datatype[:20]} is not accepted: send UINT8 or FP32")
    count = _count(shape)
    if not 0 < count <= most:
        raise Problem(400, f"The tensor holds {count} drawings: send 1 to {most}")
    values = _values(tensor, asked.binary, TYPES[datatype], shape)
    values = values.reshape(count, 784)
    if values.dtype == np.uint8:
        return np.asarray(values, dtype=np.uint8)
    if not (values.min() >= 0 and values.max() <= 255):  # nor NaN
        raise Problem(400, "The tensor holds values that are not in 0–255")
    # Drawings of 0–255 with nothing above 1 would be blank: what has nothing above 1 is of 0–1.
    return np.asarray(np.rint(values * (255 if values.max() <= 1 else 1)), dtype=np.uint8)


def _count(shape: list[Any]) -> int:
    """How many drawings there are in a tensor of [n, 28, 28], [n, 784], or one alone."""
    match shape:
        case [int(n), 28, 28] | [int(n), 784] | [int(n), 1, 28, 28] | [int(n), 28, 28, 1] if type(n) is int:
            return n
        case [28, 28] | [784]:
            return 1
    raise Problem(400, f"The shape {reprlib.repr(shape)} is not accepted: send [n, 28, 28] or [n, 784]")


def _values(tensor: dict[str, Any], binary: bytes, dtype: np.dtype[Any], shape: list[int]) -> NDArray[Any]:
    """A tensor's values, from the bytes behind the JSON or from its data, nested or flat."""
    size = math.prod(shape)
    parameters = tensor.get("parameters")
    if isinstance(parameters, dict) and "binary_data_size" in parameters:
        if parameters["binary_data_size"] != len(binary) or len(binary) != size * dtype.itemsize:
            raise Problem(400, f"The tensor has {size * dtype.itemsize} bytes; {len(binary)} came behind the JSON")
        return np.frombuffer(binary, dtype)
    values = _numbers(tensor.get("data"), size, len(shape))
    if not (values.min() >= 0 and values.max() <= 255 and (dtype.kind == "f" or (values == np.rint(values)).all())):
        raise Problem(400, "data holds something else than numbers from 0 to 255, whole ones for UINT8")
    return values.astype(dtype)


def _numbers(data: object, count: int, depth: int) -> NDArray[np.float64]:
    """So many numbers in a list, or in lists in lists down to a depth. NumPy sees no more and nothing else.

    It would make one array of a list of strings, each as wide as the longest: of 70 kB more than a gigabyte.

    Raises:
        Problem: 400 there are others, or something else.
    """
    for _ in range(depth - 1):
        if not isinstance(data, list) or not data or type(data[0]) is not list:
            break
        if set(map(type, data)) != {list} or len(set(map(len, data))) > 1:
            raise Problem(400, "data holds rows of different lengths")
        data = list(itertools.chain.from_iterable(data))
    if not isinstance(data, list) or len(data) != count:
        held = f"{len(data)} numbers" if isinstance(data, list) else "no list"
        raise Problem(400, f"data holds {held}; the shape has {count}")
    rows = [data[start : start + 784] for start in range(0, count, 784)]  # other threads run in between
    if any(not set(map(type, row)) <= {int, float} for row in rows):
        raise Problem(400, "data holds something else than numbers")
    return np.array([np.asarray(row, dtype=np.float64) for row in rows])


def _outputs(asked: _InferRequest, recognizer: Recognizer) -> list[tuple[str, bool]]:
    """The names of the tensors that are asked for, and whether each shall be binary."""
    parameters = asked.content.get("parameters")
    binary = isinstance(parameters, dict) and parameters.get("binary_data_output") is True
    there = ["probabilities", *(f"hidden{k}" for k in range(1, len(recognizer.network.sizes) - 1))]
    wanted = asked.content.get("outputs") or [{"name": there[0]}]
    if not isinstance(wanted, list) or len(wanted) > len(there):
        raise Problem(400, f"outputs is no list of outputs: there are {', '.join(there)}")
    outputs = []
    for output in wanted:
        if not isinstance(output, dict) or output.get("name") not in there:
            raise Problem(400, f"There is no output {reprlib.repr(output)}: there are {', '.join(there)}")
        own = output.get("parameters")
        own_binary = own.get("binary_data", binary) if isinstance(own, dict) else binary
        outputs.append((output["name"], own_binary is True))
    return outputs


def _tensor(prediction: Prediction, name: str) -> NDArray[Any]:
    return prediction.probabilities if name == "probabilities" else prediction.activations[int(name[6:]) - 1]


def _answer(about: dict[str, Any], outputs: list[tuple[str, NDArray[Any], bool]]) -> Response:
    """JSON, and behind it the bytes of the binary ones."""
    described, behind = [], []
    for name, values, binary in outputs:
        tensor: dict[str, Any] = {"name": name, "datatype": NAMES[values.dtype], "shape": values.shape}
        if binary:
            behind.append(values.astype(values.dtype.newbyteorder("<")).tobytes())
            described.append(tensor | {"parameters": {"binary_data_size": len(behind[-1])}})
        else:
            described.append(tensor | {"data": values.ravel()})
    head = orjson.dumps(about | {"outputs": described}, option=orjson.OPT_SERIALIZE_NUMPY)
    if not behind:
        return Response(head, media_type=JSON)
    headers = {HEADER_LENGTH: str(len(head))}
    return Response(head + b"".join(behind), headers=headers, media_type="application/octet-stream")
