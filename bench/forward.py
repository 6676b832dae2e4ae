"""One drawing through the network, every activation kept: NumPy against onnxruntime, both on one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.settings import ROOT
from bench.clock import medians
from bench.servers import pin
from model import Recognizer

if TYPE_CHECKING:
    from model.network import Network

TIMES, ROUNDS = 500, 15


def run() -> str:
    """A line with both times and their ratio."""
    try:
        import onnxruntime  # noqa: PLC0415 - a peer that may be missing
    except ImportError:
        return "there is no onnxruntime: `make peers` installs it"
    pin(0)
    network = Recognizer.load(ROOT / "weights" / "digits.npz").network
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(_onnx(network), options, providers=["CPUExecutionProvider"])
    x = np.random.default_rng(0).random((1, 784), dtype=np.float32)
    theirs, ours = session.run(None, {"x": x}), network.forward(x)[1:]
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4)
    one, other = medians(lambda: network.forward(x), lambda: session.run(None, {"x": x}), rounds=ROUNDS, times=TIMES)
    return f"{one * 1e6:.1f} µs, onnxruntime {other * 1e6:.1f} µs: {one / other:.2f} × its time (goal 1.1)"


def _onnx(network: Network) -> bytes:
    """The network as an ONNX model whose outputs are every layer's activations."""
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415 - as onnxruntime

    nodes, constants, outputs, below = [], [], [], "x"
    last = len(network.weights)
    for k, (W, b) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        constants += [numpy_helper.from_array(W, f"W{k}"), numpy_helper.from_array(b, f"b{k}")]
        name = f"h{k}"
        nodes.append(helper.make_node("Gemm", [below, f"W{k}", f"b{k}"], [f"z{k}" if k < last else name]))
        if k < last:
            nodes.append(helper.make_node("Relu", [f"z{k}"], [name]))
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, len(b)]))
        below = name
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 784])
    graph = helper.make_graph(nodes, "digits", [x], outputs, constants)
    model: Any = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())
