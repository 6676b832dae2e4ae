"""Charts of a training: curves, confusion, sample predictions, the first weights. Needs matplotlib, an extra."""

import io
import itertools
import sys
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from model.data.mnist import Digits
from model.network import Floats, Network, scale_pixels
from model.storage import chart_path, write_atomic
from model.training.evaluation import confusion_matrix

Counts = NDArray[np.integer[Any]]

LEARNED, VALIDATED, WRONG, INK = "#8a8578", "#2563ab", "#c2560c", "#1d1b18"
GRID: Final = (8, 16)  # rows and columns of sample predictions
WRONG_SHOWN: Final = 64  # of them at most wrong ones
REFRESH: Final = 30.0  # seconds at least between two drawings of the charts
PATIENCE: Final = 40  # times as long as drawing takes, at least, until the next: it slows training by 2.5 % at most


class MatplotlibMissing(Exception):  # noqa: N818 - the sentence is the name
    """matplotlib is not installed."""


class Charts:
    """The charts beside a weights file, drawn anew now and then while learning goes on."""

    def __init__(self, weights: Path, *, enabled: bool = True) -> None:
        self.weights, self.enabled = weights, enabled
        self.drawn, self.seconds = time.monotonic(), 0.0  # when the last time was, and how long it took

    @property
    def due(self) -> bool:
        """Whether it is time to draw again."""
        return self.enabled and time.monotonic() - self.drawn >= max(REFRESH, PATIENCE * self.seconds)

    def draw(self, history: list[dict[str, float]], network: Network, digits: Digits) -> None:
        """Draw all charts; without matplotlib, say so once and draw none from then on."""
        if not self.enabled:
            return
        started = time.monotonic()
        try:
            draw_all(history, network, digits, self.weights)
        except MatplotlibMissing as error:
            sys.stderr.write(f"{error}\n")
            self.enabled = False
        self.drawn = time.monotonic()
        self.seconds = self.drawn - started


def draw_all(history: list[dict[str, float]], network: Network, digits: Digits, beside: Path) -> None:
    """curves.png, confusion.png, samples.png and weights.png beside a weights file.

    Until the training is done, the network has no temperature yet, and probabilities are at 1.

    Raises:
        MatplotlibMissing: it is not installed.
    """
    probabilities = network.probabilities(scale_pixels(digits.pictures))
    charts = {
        "curves": curves(history),
        "confusion": confusion(confusion_matrix(probabilities, digits.labels)),
        "samples": samples(probabilities, digits),
        "weights": weights(network.weights[0]),
    }
    for name, figure in charts.items():
        write_png(figure, chart_path(beside, name), 120)


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
        _log_scale(axes)
        axes.set_title(title, loc="left", fontsize=10)
        axes.set_xlabel("epoch")
        axes.legend(frameon=False)
        _hide_frame(axes)
    return figure


def comparison(runs: dict[str, list[list[dict[str, float]]]], keys: list[str]) -> Figure:
    """Figures of the history of several runs over the epochs, a panel a figure; runs of one name share a colour."""
    figure = _figure(4.2 * len(keys) + 2, 3.4)
    colours = _run_colours(len(runs))
    for axes, key in zip(figure.subplots(1, len(keys), squeeze=False)[0], keys, strict=True):
        for (name, histories), colour, dash in zip(runs.items(), colours, itertools.cycle(["-", "--", "-."])):
            for i, history in enumerate(histories):
                epochs, values = [line["number"] for line in history], [line[key] for line in history]
                label = None if i else name if history else f"{name}: diverged in its first epoch"
                axes.plot(epochs, values, dash, color=colour, linewidth=1.4, label=label)
        if "loss" in key:
            _log_scale(axes)
        axes.set_title(key.replace("_", " "), loc="left", fontsize=10)
        axes.set_xlabel("epoch")
        _hide_frame(axes)
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
    _hide_frame(axes)
    return figure


def samples(probabilities: Floats, test: Digits) -> Figure:
    """Test digits with their answers: first the wrong ones, marked with the truth, then the least sure right ones."""
    answers, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(answers != test.labels)
    right = np.flatnonzero(answers == test.labels)
    wrong = wrong[np.argsort(-confidence[wrong])][:WRONG_SHOWN]
    right = right[np.argsort(confidence[right])][: GRID[0] * GRID[1] - len(wrong)]
    figure = _figure(GRID[1] * 0.62, GRID[0] * 0.82)
    for axes, i in zip(figure.subplots(*GRID).flat, [*wrong, *right], strict=False):
        axes.imshow(test.pictures[i].reshape(28, 28), cmap="gray_r")
        axes.set_axis_off()
        title, colour = f"{answers[i]} {confidence[i]:.0%}", INK
        if answers[i] != test.labels[i]:
            title, colour = f"✗ {title}, is {test.labels[i]}", WRONG
        axes.set_title(title, fontsize=6, color=colour, pad=2)
    return figure


def weights(W: Floats) -> Figure:
    """The first layer's weights (784, neurons), a picture a neuron: ink excites it in blue, calms it in orange."""
    rows = -(-W.shape[1] // GRID[1])
    picture = np.zeros((rows * GRID[1], 30, 30))  # a blank pixel around each keeps them apart
    picture[: W.shape[1], 1:-1, 1:-1] = W.T.reshape(-1, 28, 28)
    picture = picture.reshape(rows, GRID[1], 30, 30).swapaxes(1, 2).reshape(rows * 30, -1)
    figure = _figure(GRID[1] * 0.62, rows * 0.62 + 0.3)
    axes = figure.subplots()
    strongest = np.quantile(np.abs(W), 0.999)  # a single weight shall not pale the others
    axes.imshow(picture, cmap=_blue_or_orange(), vmin=-strongest, vmax=strongest, interpolation="nearest")
    axes.set_axis_off()
    axes.set_title(
        f"layer 1, {W.shape[1]} neurons: blue where ink excites, orange where it calms", loc="left", fontsize=9
    )
    return figure


def _run_colours(count: int) -> list[tuple[float, float, float, float]]:
    """Colours that keep their order in shades of grey."""
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


def _log_scale(axes: Axes) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter  # noqa: PLC0415 - as `_figure`

    axes.set_yscale("log")
    low, high = axes.get_ylim()
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 1e5 * low else (1,)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter(NullFormatter())


def _hide_frame(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
