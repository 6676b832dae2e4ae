"""What the network costs: a forward pass, an explanation, the augmentation, and training from nothing to 97 %."""

import asyncio
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from starlette.types import ASGIApp, Message

from app.main import create_app
from app.settings import ROOT, Settings
from bench.servers import pin
from bench.serving import PNG
from model import Recognizer
from model.data.augment import AugmentationConfig, augment
from model.data.files import DataError
from model.data.mnist import load_mnist
from model.network import Network, one_hot
from model.training.config import TrainConfig
from model.training.loop import run_epochs
from model.training.state import TrainingState

FORWARDS, FORWARD_ROUNDS = 500, 15
REQUESTS: Final = 300  # of each
AUGMENTED, AUGMENT_ROUNDS = 5120, 7
ACCURACY, SEEDS = 0.97, 3
FAST: Final = TrainConfig(
    optimizer="adam", epochs=3, batch_size=128, rate=0.003, warmup=50, ema_decay=0.99, augmentation=None
)


def forward() -> str:
    """One drawing through the network, every activation kept: NumPy against onnxruntime, both on one thread."""
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
    one, other = medians(
        lambda: network.forward(x), lambda: session.run(None, {"x": x}), rounds=FORWARD_ROUNDS, times=FORWARDS
    )
    return f"{one * 1e6:.1f} µs, onnxruntime {other * 1e6:.1f} µs: {one / other:.2f} × its time (goal 1.1)"


def explaining() -> str:
    """Processor time of one `/explain` with everything, on one core, beside one `/predict`."""
    return asyncio.run(_explaining())


async def _explaining() -> str:
    application = create_app(Settings(access_log=False))
    async with application.router.lifespan_context(application):
        explain, predict = await processor_times(application, ("/explain?unit=hidden2.17", PNG), ("/predict", PNG))
    return (
        f"{explain:.2f} ms of processor time for one explanation with everything (goal 3); "
        f"{explain / predict:.1f} times an answer's"
    )


async def processor_times(application: ASGIApp, *requests: tuple[str, bytes]) -> list[float]:
    """Milliseconds of a target with a PNG as its body, the median of rounds that ask each in turn."""
    times: list[list[float]] = [[] for _ in requests]
    for _ in range(REQUESTS):
        for (target, body), seconds in zip(requests, times, strict=True):
            started = time.process_time()
            await _call(application, target, body)
            seconds.append(time.process_time() - started)
    return [1000 * statistics.median(seconds) for seconds in times]


async def _call(application: ASGIApp, target: str, body: bytes) -> None:
    path, _, query = target.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"content-type", b"image/png"), (b"content-length", str(len(body)).encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await application(scope, receive, send)
    if statuses != [200]:
        raise RuntimeError(f"{target} answered {statuses}")


def augmentation() -> str:
    """Pictures augmented a second on one core, and how that compares with a step of training."""
    rng, config = np.random.default_rng(0), TrainConfig()
    pictures = rng.random((AUGMENTED, 784), dtype=np.float32)
    targets = one_hot(rng.integers(0, 10, AUGMENTED))
    network = Network.create(config.sizes, rng)

    def steps() -> None:
        for start in range(0, AUGMENTED, config.batch_size):
            part = slice(start, start + config.batch_size)
            network.gradient(pictures[part], targets[part])

    vary, step = medians(lambda: augment(pictures, AugmentationConfig(), rng), steps, rounds=AUGMENT_ROUNDS)
    return f"{AUGMENTED / vary:,.0f} images/s on one core (goal 20,000); {vary / step:.2f} of their gradients' time"


def from_nothing() -> str:
    """Seconds from random weights to a network that is right on 97 % of MNIST's validation digits."""
    places = [Path(os.environ.get("DIGITS_DATA", "nowhere")), ROOT.parent / "shared" / "data", ROOT / "data"]
    folder = next((place for place in places if place.is_dir()), places[-1])
    try:
        mnist = load_mnist(folder, download=False)
    except DataError as error:
        return f"no MNIST: {error}"
    tries = []
    for seed in range(SEEDS):
        state = TrainingState.create(FAST, np.random.default_rng(seed))
        started = time.perf_counter()
        list(run_epochs(state, mnist.train, FAST))
        seconds = time.perf_counter() - started
        answers = state.network.probabilities(mnist.validation.pictures * np.float32(1 / 255)).argmax(axis=1)
        tries.append((seconds, float((answers == mnist.validation.labels).mean())))
    results = ", ".join(f"{accuracy:.2%} after {seconds:.1f} s" for seconds, accuracy in tries)
    return f"{results} of training, {FAST.epochs} epochs from {SEEDS} seeds (goal {ACCURACY:.0%} in 3 s)"


def medians(*functions: Callable[[], object], rounds: int, times: int = 1) -> list[float]:
    """Seconds a call of each function, timed in turn so that a busy moment hits all alike: the median of the rounds."""
    found: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds):
        for function, seconds in zip(functions, found, strict=True):
            started = time.perf_counter()
            for _ in range(times):
                function()
            seconds.append((time.perf_counter() - started) / times)
    return [statistics.median(seconds) for seconds in found]


def _onnx(network: Network) -> bytes:
    """The network as an ONNX model whose outputs are every layer's activations."""
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415 - a peer that may be missing

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
