"""Charts of a training: curves, confusion, sample predictions, the first weights. Needs matplotlib, an extra.

python -m model.training.plots --data DIR     draws them beside weights/digits.npz, from its report
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.data.files import DataError
from model.data.mnist import load_mnist
from model.network import WeightsError
from model.recognize import Recognizer
from model.storage import chart_path, report_path, write_atomic

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from model.data.mnist import Digits
    from model.network import Floats, Network

    Counts = NDArray[np.integer[Any]]

LEARNED, VALIDATED, WRONG, INK = "#8a8578", "#2563ab", "#c2560c", "#1d1b18"
SHEET: Final = (8, 16)  # rows and columns of sample predictions
WRONG_SHOWN: Final = 64  # of them at most wrong ones


class ReportMissing(Exception):  # noqa: N818 - said to a person
    """There is nothing to draw; the message says what writes it."""


class MatplotlibMissing(Exception):  # noqa: N818 - the sentence is the name
    """The extra is not installed."""


def draw_all(
    history: list[dict[str, float]], matrix: Counts, recognizer: Recognizer, digits: Digits, beside: Path
) -> list[Path]:
    """curves.png, confusion.png, samples.png and weights.png beside a weights file; returns their paths.

    Raises:
        ChartsNeedMatplotlib: it is not installed.
    """
    charts = {
        "curves": curves(history),
        "confusion": confusion(matrix),
        "samples": samples(recognizer, digits),
        "weights": weights(recognizer.network.weights[0]),
    }
    for name, figure in charts.items():
        write_png(figure, chart_path(beside, name), 120)
    return [chart_path(beside, name) for name in charts]


def write_png(figure: Figure, path: Path, dpi: int) -> None:
    """Write the picture, whole or not at all: charts are looked at while they are drawn anew."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    write_atomic(path, buffer.getvalue())


def curves(history: list[dict[str, float]]) -> Figure:
    """Loss and accuracy over the epochs, of learning and of validation."""
    figure = _figure(9, 3.6)
    left, right = figure.subplots(1, 2)
    epochs = [line["number"] for line in history]
    for axes, what, title in ((left, "loss", "Cross-entropy"), (right, "accuracy", "Error, %")):
        for key, label, colour in ((what, "learning", LEARNED), (f"validation_{what}", "validation", VALIDATED)):
            values = np.array([line[key] for line in history])
            values = 100 * (1 - values) if what == "accuracy" else values
            axes.plot(epochs, np.maximum(values, 1e-4), color=colour, linewidth=1.4, label=label)
        _logarithmic(axes)
        axes.set_title(title, loc="left", fontsize=10)
        axes.set_xlabel("epoch")
        axes.legend(frameon=False)
        _bare(axes)
    return figure


def comparison(runs: dict[str, list[list[dict[str, float]]]], keys: list[str]) -> Figure:
    """Figures of the history of several runs over the epochs, a panel a figure; runs of one name share a colour."""
    figure = _figure(4.2 * len(keys) + 2, 3.4)
    colours = _of_many(len(runs))
    for axes, key in zip(figure.subplots(1, len(keys), squeeze=False)[0], keys, strict=True):
        for (name, histories), colour, dash in zip(runs.items(), colours, itertools.cycle(["-", "--", "-."])):
            for i, history in enumerate(histories):
                epochs, values = [line["number"] for line in history], [line[key] for line in history]
                label = None if i else name if history else f"{name}: exploded in its first epoch"
                axes.plot(epochs, values, dash, color=colour, linewidth=1.4, label=label)
        if "loss" in key:
            _logarithmic(axes)
        axes.set_title(key.replace("_", " "), loc="left", fontsize=10)
        axes.set_xlabel("epoch")
        _bare(axes)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right center", frameon=False, fontsize=8)
    return figure


def confusion(matrix: Counts) -> Figure:
    """confusion[true][answer] in counts; the mistakes set the shades, or the diagonal would drown them."""
    figure = _figure(5.4, 5.2)
    axes = figure.subplots()
    mistakes = matrix * ~np.eye(len(matrix), dtype=bool)
    axes.imshow(mistakes, cmap="Oranges", vmax=max(1, mistakes.max()) * 1.4)
    for (true, answer), count in np.ndenumerate(matrix):
        if count:
            weight = "bold" if true == answer else "normal"
            axes.text(answer, true, str(count), ha="center", va="center", fontsize=8, fontweight=weight, color=INK)
    axes.set_xticks(range(10))
    axes.set_yticks(range(10))
    axes.set_xlabel("answer")
    axes.set_ylabel("truth")
    axes.set_title(f"{np.trace(matrix) / matrix.sum():.2%} of {matrix.sum():,} right", loc="left", fontsize=10)
    _bare(axes)
    return figure


def samples(recognizer: Recognizer, test: Digits) -> Figure:
    """Test digits with their answers: first the wrong ones, marked with the truth, then the least sure right ones."""
    prediction = recognizer.read(test.pictures)
    answers, confidence = prediction.probabilities.argmax(axis=1), prediction.probabilities.max(axis=1)
    wrong = np.flatnonzero(answers != test.labels)
    right = np.flatnonzero(answers == test.labels)
    wrong = wrong[np.argsort(-confidence[wrong])][:WRONG_SHOWN]
    right = right[np.argsort(confidence[right])][: SHEET[0] * SHEET[1] - len(wrong)]
    figure = _figure(SHEET[1] * 0.62, SHEET[0] * 0.82)
    for axes, i in zip(figure.subplots(*SHEET).flat, [*wrong, *right], strict=False):
        axes.imshow(test.pictures[i].reshape(28, 28), cmap="gray_r")
        axes.set_axis_off()
        said, colour = f"{answers[i]} {confidence[i]:.0%}", INK
        if answers[i] != test.labels[i]:
            said, colour = f"✗ {said}, is {test.labels[i]}", WRONG
        axes.set_title(said, fontsize=6, color=colour, pad=2)
    return figure


def weights(W: Floats) -> Figure:
    """The first layer's weights (784, neurons), a picture a neuron: ink excites it in blue, calms it in orange."""
    rows = -(-W.shape[1] // SHEET[1])
    shard = np.zeros((rows * SHEET[1], 30, 30))  # a blank pixel around each keeps them apart
    shard[: W.shape[1], 1:-1, 1:-1] = W.T.reshape(-1, 28, 28)
    shard = shard.reshape(rows, SHEET[1], 30, 30).swapaxes(1, 2).reshape(rows * 30, -1)
    figure = _figure(SHEET[1] * 0.62, rows * 0.62 + 0.3)
    axes = figure.subplots()
    strongest = np.quantile(np.abs(W), 0.999)  # a single weight shall not pale the others
    axes.imshow(shard, cmap=_blue_or_orange(), vmin=-strongest, vmax=strongest, interpolation="nearest")
    axes.set_axis_off()
    axes.set_title(
        f"layer 1, {W.shape[1]} neurons: blue where ink excites, orange where it calms", loc="left", fontsize=9
    )
    return figure


def _of_many(count: int) -> list[tuple[float, float, float, float]]:
    """Colours in an order that shades of grey have too."""
    from matplotlib import colormaps  # noqa: PLC0415 - as `_figure`

    return [colormaps["viridis"](0.85 * i / max(1, count - 1)) for i in range(count)]


def _blue_or_orange() -> LinearSegmentedColormap:
    from matplotlib.colors import LinearSegmentedColormap  # noqa: PLC0415 - as `_figure`

    return LinearSegmentedColormap.from_list("for or against", [WRONG, "#ffffff", VALIDATED])


def _figure(width: float, height: float) -> Figure:
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - an extra: only charts need it
    except ImportError:
        raise MatplotlibMissing("No charts: matplotlib is not installed (`make install` does it)") from None
    return Figure(figsize=(width, height), layout="constrained")


def _logarithmic(axes: Axes) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter  # noqa: PLC0415 - as `_figure`

    axes.set_yscale("log")
    low, high = axes.get_ylim()
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 1e5 * low else (1,)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter(NullFormatter())


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)


def _report_of(weights: Path, network: Network) -> dict[str, Any]:
    """The report that training wrote about a network.

    Raises:
        NoReport: there is none, or it lacks what charts are made of.
    """
    path = report_path(weights)
    try:
        report = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ReportMissing(f"{path} cannot be read ({error}): `python -m model.train` writes it") from None
    if not isinstance(report, dict) or report.get("model") != network.name:
        raise ReportMissing(f"{path} is not about {weights}: `python -m model.train` writes both")
    if not report.get("history"):
        raise ReportMissing(f"{path} knows nothing of the epochs: only `python -m model.train` writes them")
    if "mnist_test" not in report:
        command = shlex.join(["python", "-m", "model.evaluate", "--weights", str(weights)])
        raise ReportMissing(f"{path} holds no test: `{command}` adds it")
    return report


def main(arguments: list[str] | None = None) -> int:
    """Draw; 0 if it could be done."""
    parser = argparse.ArgumentParser(
        prog="python -m model.training.plots", description="Draw the charts of a training."
    )
    parser.add_argument(
        "--data", type=Path, default=Path("data"), metavar="DIR", help="where MNIST is (default: data/)"
    )
    parser.add_argument("--weights", type=Path, default=Path("weights/digits.npz"), help="the network")
    chosen = parser.parse_args(arguments)
    try:
        recognizer = Recognizer.load(chosen.weights)
        report, mnist = _report_of(chosen.weights, recognizer.network), load_mnist(chosen.data)
        matrix = np.array(report["mnist_test"]["confusion"])
        paths = draw_all(report["history"], matrix, recognizer, mnist.test, chosen.weights)
    except (WeightsError, DataError, ReportMissing, MatplotlibMissing, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{path}\n" for path in paths))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
