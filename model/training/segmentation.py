"""Fit how the groups of a line are judged, so that the likeliest reading of numbers whose text is known is that text.

A semi-Markov conditional random field: the mean log-probability of the texts is maximised, over all ways to cut them
(Sarawagi & Cohen 2004; forward and backward sums: Rabiner 1989). No picture says where it is to be cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.reading.decode import SYMBOLS
from model.reading.groups import MAX_PIECES, Floats
from model.reading.judge import MARK, NEVER, UNREADABLE, Weights
from model.reading.lines import Numbers

STEPS: Final = 150
RATE: Final = 0.15
DECAY: Final = 1e-3
BATCH: Final = 100  # lines that are summed over at once


class Example(NamedTuple):
    """A line of n groups whose text is known."""

    starts: Numbers  # (n,)
    ends: Numbers
    features: Floats  # (n, k)
    shapes: Floats  # (n, m)
    log_probabilities: Floats  # (n, 10)
    may_be_mark: NDArray[np.bool_]  # (n,)
    text: str | None  # None: whatever it is, it is no digit


class Batch:
    """Lines of about as many pieces, padded to the same number."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.features = np.concatenate([each.features for each in examples])
        self.shapes = np.concatenate([each.shapes for each in examples])
        self.log_probabilities = np.concatenate([each.log_probabilities for each in examples])
        self.may_be_mark = np.concatenate([each.may_be_mark for each in examples])
        self.line = np.repeat(np.arange(len(examples)), [len(each.starts) for each in examples])
        self.end = np.concatenate([each.ends for each in examples])
        self.span = self.end - np.concatenate([each.starts for each in examples]) - 1
        self.pieces = np.array([each.ends.max() for each in examples])
        texts = [each.text or "" for each in examples]
        self.lengths = np.array([len(text) for text in texts])
        self.symbols = np.full((len(texts), max(1, self.lengths.max())), -1)
        for i, text in enumerate(texts):
            self.symbols[i, : len(text)] = [SYMBOLS.index(symbol) for symbol in text]
        self.unread = np.array([each.text is None for each in examples])

    def __len__(self) -> int:
        return len(self.pieces)

    def slope(self, scores: Floats) -> tuple[Floats, float]:
        """The slopes of the texts' log-probability by the groups' scores (n, 12), and that log-probability."""
        table = np.full((len(self), self.pieces.max() + 1, MAX_PIECES, 12), NEVER)
        table[self.line, self.end, self.span] = scores
        none = np.full((*table.shape[:3], 0), NEVER)
        any_total, any_stay, _ = _sums(np.logaddexp.reduce(table, axis=3), none, self.pieces, 0 * self.lengths)
        unread = np.logaddexp(table[..., MARK], np.where(self.unread[:, None, None], table[..., UNREADABLE], NEVER))
        wanted = np.maximum(self.symbols, 0)[:, None, None]
        advance = np.where(self.symbols[:, None, None] >= 0, np.take_along_axis(table, wanted, axis=3), NEVER)
        total, stay, moved = _sums(unread, advance, self.pieces, self.lengths)
        possible = total > NEVER / 2
        place = self.line, self.end, self.span
        slope = -np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, None]) * any_stay[place][:, None]
        skipped = stay[place][:, None] * np.exp(np.minimum(scores[:, UNREADABLE:] - unread[place][:, None], 0))
        skipped[~self.unread[self.line], 0] = 0
        slope[:, UNREADABLE:] += skipped
        for k in range(self.symbols.shape[1]):
            np.add.at(slope, (np.arange(len(slope)), wanted[self.line, 0, 0, k]), moved[place][:, k])
        slope[~possible[self.line]] = 0
        return slope, float((total - any_total)[possible].sum())


def _sums(stay: Floats, advance: Floats, ends: Numbers, lengths: Numbers) -> tuple[Floats, Floats, Floats]:
    """Over all paths to the last cut (lines,) and the last symbol: log of their sum, and how often each edge is used.

    Edges to cut j from cut j − 1 − k either stay at a symbol, (lines, cuts, k), or advance to the next one,
    (lines, cuts, k, symbols).
    """
    lines, cuts, reach = stay.shape
    symbols = advance.shape[3]
    rows = np.arange(lines)
    ahead = np.full((lines, cuts, symbols + 1), NEVER)
    ahead[:, 0, 0] = 0
    behind = np.full_like(ahead, NEVER)
    behind[rows, ends, lengths] = 0
    edges = [(j, k) for j in range(1, cuts) for k in range(min(j, reach))]
    for j, k in edges:
        before = ahead[:, j - 1 - k]
        ahead[:, j] = np.logaddexp(ahead[:, j], before + stay[:, j, k, None])
        ahead[:, j, 1:] = np.logaddexp(ahead[:, j, 1:], before[:, :-1] + advance[:, j, k])
    for j, k in reversed(edges):
        into = behind[:, j - 1 - k]
        into[:] = np.logaddexp(into, behind[:, j] + stay[:, j, k, None])
        into[:, :-1] = np.logaddexp(into[:, :-1], behind[:, j, 1:] + advance[:, j, k])
    total = behind[:, 0, 0]
    stayed, moved = np.zeros_like(stay), np.zeros_like(advance)
    for j, k in edges:
        before = ahead[:, j - 1 - k] - total[:, None]
        stayed[:, j, k] = np.exp(np.minimum(before + behind[:, j] + stay[:, j, k, None], 0)).sum(axis=1)
        moved[:, j, k] = np.exp(np.minimum(before[:, :-1] + behind[:, j, 1:] + advance[:, j, k], 0))
    return total, stayed, moved


def fit_weights(examples: Sequence[Example], progress: Callable[[float], None] = lambda _: None) -> Weights:
    """The weights under which the texts of some lines are the most probable.

    Adam (Kingma & Ba 2015) on features scaled to a root mean square of 1, with an L2 penalty `DECAY`.
    """
    ordered = sorted(examples, key=lambda each: int(each.ends.max()))
    batches = [Batch(ordered[i : i + BATCH]) for i in range(0, len(ordered), BATCH)]
    scales = [_scale([batch.features for batch in batches]), _scale([batch.shapes for batch in batches])]
    values = [np.zeros((3, len(scales[0]))), np.zeros((10, len(scales[1]))), np.ones(1)]
    values[0][1:, 0] = -3.0 * scales[0][0]  # few groups are no digits
    first, second = [0 * value for value in values], [0 * value for value in values]
    for step in range(1, STEPS + 1):
        slopes = _slopes(batches, _weights(values, scales), scales)
        for i, slope in enumerate(slopes):
            gradient = slope / len(examples) - DECAY * values[i] * (i < 2)
            first[i] = 0.9 * first[i] + 0.1 * gradient
            second[i] = 0.99 * second[i] + 0.01 * gradient**2
            root = np.sqrt(second[i] / (1 - 0.99**step)) + 1e-8
            values[i] = values[i] + RATE * (0.1 if i == 2 else 1) * first[i] / (1 - 0.9**step) / root
        progress(step / STEPS)
    return _weights(values, scales)


def _weights(values: list[Floats], scales: list[Floats]) -> Weights:
    return Weights(values[0] / scales[0], values[1] / scales[1], float(values[2][0]))


def _slopes(batches: list[Batch], weights: Weights, scales: list[Floats]) -> list[Floats]:
    """The slopes of the texts' log-probability by the scaled weights."""
    sums = [np.zeros_like(weights.features), np.zeros_like(weights.shapes), np.zeros(1)]
    for batch in batches:
        digit, unreadable, mark = weights.features @ batch.features.T
        digits = weights.probability * batch.log_probabilities + batch.shapes @ weights.shapes.T + digit[:, None]
        slope, _ = batch.slope(np.column_stack([digits, unreadable, np.where(batch.may_be_mark, mark, NEVER)]))
        kinds = np.stack([slope[:, :UNREADABLE].sum(axis=1), slope[:, UNREADABLE], slope[:, MARK]])
        sums[0] += kinds @ batch.features / scales[0]
        sums[1] += slope[:, :UNREADABLE].T @ batch.shapes / scales[1]
        sums[2] += (slope[:, :UNREADABLE] * batch.log_probabilities).sum()
    return sums


def _scale(parts: list[Floats]) -> Floats:
    squares: NDArray[np.float64] = np.concatenate(parts) ** 2
    return np.asarray(np.sqrt(squares.mean(axis=0)) + 1e-6)
