"""Tensors of the Open Inference Protocol: a request's one input becomes pictures, a prediction the outputs asked for.

Each drawing's scale is read from itself alone, as /predict reads that of pixels, so that no answer depends on the
others in its batch. That holds for every datatype, since clients send bits as UINT8, too.
"""

import itertools
import math
import reprlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray
from starlette.responses import Response

from app.api.replies import BYTES, JSON
from app.input.bodies import parse_json
from app.input.pixels import UNIT_PEAK, is_on_black, read_pixels, scale_to_255
from app.middleware.problems import Problem
from model.network import Network
from model.recognize import Prediction

HEADER_LENGTH: Final = "Inference-Header-Content-Length"  # of the JSON before the binary tensors
INPUT: Final = "pixels"
PROBABILITIES: Final = "probabilities"
_INTEGERS: Final = {
    f"{kind}{8 * size}": np.dtype(f"<{kind[0].lower()}{size}") for kind in ("UINT", "INT") for size in (1, 2, 4, 8)
}
_FLOATS: Final = {f"FP{8 * size}": np.dtype(f"<f{size}") for size in (2, 4, 8)}
TYPES: Final[dict[str, np.dtype[Any]]] = {"BOOL": np.dtype("u1"), **_INTEGERS, **_FLOATS}
SHAPES: Final = ([-1, 28, 28], [-1, 784], [-1, 1, 28, 28], [-1, 28, 28, 1], [28, 28], [784])
VALUES: Final = (
    f"ink high (0 is the paper); a drawing with nothing above {UNIT_PEAK} is of 0-1, any other of 0-255; on another"
    " ground than black it is seen as an image of it would be; whole numbers but for FP"
)
NAMES: Final = {np.dtype("f4"): "FP32", np.dtype("f8"): "FP64"}


@dataclass(frozen=True)
class InferRequest:
    """A request: its JSON, and the binary tensor behind it."""

    content: dict[str, Any]
    binary: bytes

    @property
    def name(self) -> str:
        """Its id; empty for none.

        Raises:
            Problem: 400 it is no text.
        """
        name = self.content.get("id")
        if not (name is None or isinstance(name, str)):
            raise Problem(400, f"id is {reprlib.repr(name)}: send a text, or none")
        return name or ""


@dataclass(frozen=True)
class Output:
    """An output that is asked for, and how."""

    name: str
    binary: bool
    classes: int  # so many of its largest values, as text; 0 for all of them, as numbers


def parse_request(body: bytes, header_length: str | None, most: int) -> InferRequest:
    """A request for so many drawings at most; with a header length of 0 it is the drawings' bytes alone.

    Raises:
        Problem: 400 it is none.
    """
    if header_length is None:
        length = len(body)
    elif header_length.isascii() and header_length.isdecimal() and len(header_length) < 10:
        length = int(header_length)
    else:
        raise Problem(400, f"{HEADER_LENGTH}: {header_length[:20]} is no number of bytes")
    if length > len(body):
        raise Problem(400, f"{HEADER_LENGTH}: the body has {len(body)} bytes, which is less than {length}")
    if header_length and not length:
        return _raw_request(body)
    content = parse_json(body[:length], 784 * most)
    if not isinstance(content, dict):
        raise Problem(400, 'The request is no object: send {"inputs": […]}')
    return InferRequest(content, body[length:])


def _raw_request(body: bytes) -> InferRequest:
    """A raw binary request, as Triton's extension has it: one UINT8 tensor, and all outputs binary."""
    size = {"binary_data_size": len(body)}
    tensor = {"name": INPUT, "datatype": "UINT8", "shape": [len(body) // 784, 784], "parameters": size}
    return InferRequest({"inputs": [tensor], "parameters": {"binary_data_output": True}}, body)


def read_pictures(asked: InferRequest, most: int) -> NDArray[np.uint8]:
    """The one input tensor, as pictures (n, 784), 255 = ink.

    Raises:
        Problem: 400 the tensor is wrong.
    """
    match asked.content.get("inputs"):
        case [{"name": str(name), "shape": list(shape), "datatype": str(datatype)} as tensor]:
            pass
        case _:
            raise Problem(400, f"inputs has to hold one tensor, with its name ({INPUT}), shape and datatype")
    if name != INPUT:
        raise Problem(400, f"There is no input {name[:40]}: the only one is {INPUT}")
    if datatype not in TYPES:
        raise Problem(400, f"The datatype {datatype[:20]} is not accepted: send {', '.join(TYPES)}")
    count = _count(shape)
    if not 0 < count <= most:
        raise Problem(400, f"The shape {shape} is of {count} drawings: send 1 to {most}")
    values = _values(tensor, asked.binary, datatype, shape)
    return _seen(values.reshape(count, 784))


def _count(shape: list[Any]) -> int:
    """How many drawings there are in a tensor of [n, 28, 28], [n, 784], or one alone."""
    for accepted in SHAPES:
        batch = accepted[0] == -1
        if shape[batch:] == accepted[batch:] and all(type(side) is int for side in shape):
            return int(shape[0]) if batch else 1
    raise Problem(400, f"The shape {reprlib.repr(shape)} is not accepted: send [n, 28, 28] or [n, 784]")


def _values(tensor: dict[str, Any], binary: bytes, datatype: str, shape: list[int]) -> NDArray[np.float64]:
    """A tensor's values, from the bytes behind the JSON or from its data, nested or flat."""
    given = _parameters(tensor)
    if "binary_data_size" in given:
        values = _from_bytes(given["binary_data_size"], binary, datatype, math.prod(shape)).astype(np.float64)
    elif binary:
        raise Problem(400, f"{len(binary)} bytes came behind the JSON, and the tensor has no binary_data_size")
    else:
        values = _numbers(tensor.get("data"), math.prod(shape), len(shape), truths=datatype == "BOOL")
    whole = datatype not in _FLOATS
    limit = 1 if datatype == "BOOL" else 127 if datatype == "INT8" else 255
    if not (values.min() >= 0 and values.max() <= limit):  # nor NaN
        raise Problem(400, f"The tensor holds values that are not in 0–{limit}, where {datatype} has its ink")
    if whole and (values != np.rint(values)).any():
        raise Problem(400, f"The tensor holds fractions, and {datatype} has whole numbers: send FP32")
    return values


def _from_bytes(announced: object, binary: bytes, datatype: str, count: int) -> NDArray[Any]:
    size = count * TYPES[datatype].itemsize
    if len(binary) != size:
        raise Problem(400, f"{count} values of {datatype} have {size} bytes; {len(binary)} came behind the JSON")
    if announced != size:
        raise Problem(400, f"binary_data_size is {reprlib.repr(announced)}; {count} values of {datatype} have {size}")
    return np.frombuffer(binary, TYPES[datatype])


def _numbers(data: object, count: int, depth: int, *, truths: bool) -> NDArray[np.float64]:
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
    if not isinstance(data, list):
        raise Problem(400, "data is no list of numbers")
    if len(data) != count:
        raise Problem(400, f"data holds {len(data)} items; the shape has {count} numbers")
    accepted = {int, float, bool} if truths else {int, float}
    rows = [data[start : start + 784] for start in range(0, count, 784)]  # other threads run in between
    if any(not set(map(type, row)) <= accepted for row in rows):
        raise Problem(400, "data holds something else than numbers")
    return np.array([np.asarray(row, dtype=np.float64) for row in rows])


def _seen(pixels: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Pictures (n, 784) of 0–255, as /predict sees such pixels: of either scale, on any ground, each by itself."""
    try:
        pixels = scale_to_255(pixels)
    except Problem as error:
        raise Problem(400, error.detail) from None
    for i in np.flatnonzero(~is_on_black(pixels)):
        pixels[i], _ = read_pixels(pixels[i])
    return np.rint(pixels).astype(np.uint8)


def output_names(network: Network) -> list[str]:
    """The probabilities, and each hidden layer."""
    return [PROBABILITIES, *(f"hidden{k}" for k in range(1, len(network.sizes) - 1))]


def read_outputs(asked: InferRequest, network: Network) -> list[Output]:
    """The outputs that are asked for; where none is named, all.

    Raises:
        Problem: 400 there is none of that name, or it cannot come as it is asked for.
    """
    there = output_names(network)
    wanted = asked.content.get("outputs") or [{"name": name} for name in there]
    if not isinstance(wanted, list):
        raise Problem(400, f"outputs is no list of outputs: there are {', '.join(there)}")
    for output in wanted:
        if not isinstance(output, dict) or output.get("name") not in there:
            raise Problem(400, f"There is no output {reprlib.repr(output)}: there are {', '.join(there)}")
    names = [output["name"] for output in wanted]
    if len(names) > len(set(names)):
        raise Problem(400, "outputs names one twice: a client could not tell them apart")
    whole = _parameters(asked.content)
    return [_output(output["name"], whole | _parameters(output)) for output in wanted]


def _output(name: str, given: dict[str, Any]) -> Output:
    """An output, asked for with these parameters: the request's, and its own."""
    classes = given.get("classification", given.get("class_count", 0))  # in JSON, and in Triton's Python clients
    if type(classes) is not int or classes < 0:
        raise Problem(400, f"classification is {reprlib.repr(classes)}: send how many classes of {name} to list")
    return Output(name, given.get("binary_data", given.get("binary_data_output")) is True, classes)


def _parameters(described: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a request or a tensor; null is none.

    Raises:
        Problem: 400 they are no object, or lead to shared memory.
    """
    parameters = described.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise Problem(400, "parameters is no object")
    if "shared_memory_region" in parameters:
        raise Problem(400, "Shared memory is not served: send and receive tensors in the messages themselves")
    return parameters


def write_answer(about: dict[str, Any], prediction: Prediction, outputs: list[Output]) -> Response:
    """JSON, and behind it the bytes of the binary outputs."""
    described, behind = [], []
    for output in outputs:
        tensor, values = _tensor(prediction, output)
        if output.binary:
            behind.append(_bytes(values))
            described.append(tensor | {"parameters": {"binary_data_size": len(behind[-1])}})
        else:
            described.append(tensor | {"data": values if isinstance(values, list) else values.ravel()})
    head = orjson.dumps(about | {"outputs": described}, option=orjson.OPT_SERIALIZE_NUMPY)
    if not behind:
        return Response(head, media_type=JSON)
    return Response(head + b"".join(behind), headers={HEADER_LENGTH: str(len(head))}, media_type=BYTES)


def _tensor(prediction: Prediction, output: Output) -> tuple[dict[str, Any], NDArray[Any] | list[str]]:
    """What an output's tensor is, and its values."""
    labelled = output.name == PROBABILITIES
    values = prediction.probabilities if labelled else prediction.activations[int(output.name[6:]) - 1]
    if not output.classes:
        return {"name": output.name, "datatype": NAMES[values.dtype], "shape": values.shape}, values
    shape = len(values), min(output.classes, values.shape[1])
    return {"name": output.name, "datatype": "BYTES", "shape": shape}, _classes(values, shape[1], labelled=labelled)


def _classes(values: NDArray[Any], count: int, *, labelled: bool) -> list[str]:
    """The largest values of each row, as Triton writes them: value:index, and where it is a digit that, too."""
    order = np.argsort(-values, axis=1, kind="stable")[:, :count]
    return [
        f"{row[k]:f}:{k}:{k}" if labelled else f"{row[k]:f}:{k}"
        for row, best in zip(values.tolist(), order.tolist(), strict=True)
        for k in best
    ]


def _bytes(values: NDArray[Any] | list[str]) -> bytes:
    """Little-endian numbers; each text behind its length."""
    if isinstance(values, list):
        return b"".join(len(text).to_bytes(4, "little") + text.encode() for text in values)
    return values.astype(values.dtype.newbyteorder("<")).tobytes()
