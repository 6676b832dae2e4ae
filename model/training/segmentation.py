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
from model.reading.groups import Floats
from model.reading.judge import MARK, NEVER, UNREADABLE, Weights
from model.reading.lines import Numbers

EPOCHS: Final = 12
RATE: Final = 0.03
DECAY: Final = 1e-3
BATCH: Final = 64  # lines
SEED: Final = 5  # of the order of the batches


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
    """Lines, whose groups and cuts are numbered one line after the other."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.features = np.concatenate([each.features for each in examples])
        self.shapes = np.concatenate([each.shapes for each in examples])
        self.log_probabilities = np.concatenate([each.log_probabilities for each in examples])
        self.may_be_mark = np.concatenate([each.may_be_mark for each in examples])
        self.line = np.repeat(np.arange(len(examples)), [len(each.starts) for each in examples])
        cuts = np.array([int(each.ends.max()) + 1 for each in examples])
        texts = [each.text or "" for each in examples]
        self.lengths = np.array([len(text) for text in texts])
        self.symbols = np.full((len(texts), max(1, self.lengths.max())), -1)
        for i, text in enumerate(texts):
            self.symbols[i, : len(text)] = [SYMBOLS.index(symbol) for symbol in text]
        self.unread = np.array([each.text is None for each in examples])
        starts, ends = (np.concatenate(found) for found in zip(*((e.starts, e.ends) for e in examples), strict=True))
        self.edges = Edges.of(cuts, self.line, starts, ends)

    def __len__(self) -> int:
        return len(self.lengths)

    def slope(self, scores: Floats) -> tuple[Floats, float]:
        """The slopes of the texts' log-probability by the groups' scores (n, 12), and that log-probability."""
        none = np.zeros((len(scores), 0))
        any_total, any_stay, _ = self.edges.sums(np.logaddexp.reduce(scores, axis=1), none, 0 * self.lengths)
        unreadable = np.where(self.unread[self.line], scores[:, UNREADABLE], NEVER)
        unread = np.logaddexp(scores[:, MARK], unreadable)
        symbols = self.symbols[self.line]
        advance = np.where(symbols >= 0, np.take_along_axis(scores, np.maximum(symbols, 0), axis=1), NEVER)
        total, stay, moved = self.edges.sums(unread, advance, self.lengths)
        possible = total > NEVER / 2
        slope = -np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, None]) * any_stay[:, None]
        slope[:, UNREADABLE] += stay * np.exp(np.minimum(unreadable - unread, 0))
        slope[:, MARK] += stay * np.exp(np.minimum(scores[:, MARK] - unread, 0))
        for k in range(symbols.shape[1]):
            np.add.at(slope, (np.arange(len(slope)), np.maximum(symbols[:, k], 0)), moved[:, k])
        slope[~possible[self.line]] = 0
        return slope, float((total - any_total)[possible].sum())


class Edges(NamedTuple):
    """The groups of some lines as edges between cuts, which are numbered one line after the other."""

    starts: Numbers  # (n,)
    ends: Numbers
    line: Numbers  # (n,) of each edge
    first: Numbers  # (lines,) cut
    last: Numbers
    forward: list[Numbers]  # edges in the order of the cuts that they end at; those at different lines' cuts together
    backward: list[Numbers]  # … that they start at, the last first

    @classmethod
    def of(cls, cuts: Numbers, line: Numbers, starts: Numbers, ends: Numbers) -> Edges:
        """Of lines with these numbers of cuts."""
        behind = np.cumsum(cuts)
        first = behind - cuts
        forward, backward = _by_number(ends), _by_number(starts)[::-1]
        return cls(first[line] + starts, first[line] + ends, line, first, behind - 1, forward, backward)

    def sums(self, stay: Floats, advance: Floats, lengths: Numbers) -> tuple[Floats, Floats, Floats]:
        """Over all paths to the last cut (lines,) and symbol: log of their sum, and how often each edge is used.

        Edges either stay at a symbol, (n,), or advance to the next one, (n, symbols).
        """
        ahead = np.full((int(self.last[-1]) + 1, advance.shape[1] + 1), NEVER)
        ahead[self.first, 0] = 0
        behind = np.full_like(ahead, NEVER)
        behind[self.last, lengths] = 0
        for edges in self.forward:
            into = ahead[self.starts[edges]] + stay[edges, None]
            into[:, 1:] = np.logaddexp(into[:, 1:], ahead[self.starts[edges], :-1] + advance[edges])
            _add(ahead, self.ends[edges], into)
        for edges in self.backward:
            into = behind[self.ends[edges]] + stay[edges, None]
            into[:, :-1] = np.logaddexp(into[:, :-1], behind[self.ends[edges], 1:] + advance[edges])
            _add(behind, self.starts[edges], into)
        total = behind[self.first, 0]
        before = ahead[self.starts] - total[self.line, None]
        stayed = np.exp(np.minimum(before + behind[self.ends] + stay[:, None], 0)).sum(axis=1)
        moved = np.exp(np.minimum(before[:, :-1] + behind[self.ends, 1:] + advance, 0))
        return total, stayed, moved


def _by_number(cuts: Numbers) -> list[Numbers]:
    """The edges at each number of a cut, in any line; a line's are next to each other."""
    order = np.argsort(cuts, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(cuts[order])) + 1)


def _add(totals: Floats, cuts: Numbers, into: Floats) -> None:
    """Add logarithms of sums to those of their cuts."""
    firsts = np.flatnonzero(np.diff(cuts, prepend=-1))
    places = cuts[firsts]
    totals[places] = np.logaddexp(totals[places], np.logaddexp.reduceat(into, firsts, axis=0))


def fit_weights(examples: Sequence[Example], progress: Callable[[float], None] = lambda _: None) -> Weights:
    """The weights under which the texts of some lines are the most probable.

    Adam (Kingma & Ba 2015) on features scaled to a root mean square of 1, with an L2 penalty `DECAY` and a rate that
    falls to 0; batches are of lines with about as many groups.
    """
    ordered = sorted(examples, key=lambda each: len(each.starts))
    batches = [Batch(ordered[i : i + BATCH]) for i in range(0, len(ordered), BATCH)]
    scales = [_scale([batch.features for batch in batches]), _scale([batch.shapes for batch in batches])]
    values = [np.zeros((3, len(scales[0]))), np.zeros((10, len(scales[1]))), np.ones(1)]
    values[0][1:, 0] = -3.0 * scales[0][0]  # few groups are no digits
    first, second = [0 * value for value in values], [0 * value for value in values]
    rng = np.random.default_rng(SEED)
    order = np.concatenate([rng.permutation(len(batches)) for _ in range(EPOCHS)])
    for step, number in enumerate(order.tolist(), start=1):
        rate = RATE * (1 - step / (len(order) + 1))
        slopes = _slopes(batches[number], _weights(values, scales), scales)
        for i, slope in enumerate(slopes):
            gradient = slope / len(batches[number]) - DECAY * values[i] * (i < 2)
            first[i] = 0.9 * first[i] + 0.1 * gradient
            second[i] = 0.99 * second[i] + 0.01 * gradient**2
            root = np.sqrt(second[i] / (1 - 0.99**step)) + 1e-8
            values[i] = values[i] + rate * (0.1 if i == 2 else 1) * first[i] / (1 - 0.9**step) / root
        progress(step / len(order))
    return _weights(values, scales)


def _weights(values: list[Floats], scales: list[Floats]) -> Weights:
    return Weights(values[0] / scales[0], values[1] / scales[1], float(values[2][0]))


def _slopes(batch: Batch, weights: Weights, scales: list[Floats]) -> list[Floats]:
    """The slopes of the texts' log-probability by the scaled weights."""
    digit, unreadable, mark = weights.features @ batch.features.T
    digits = weights.probability * batch.log_probabilities + batch.shapes @ weights.shapes.T + digit[:, None]
    slope, _ = batch.slope(np.column_stack([digits, unreadable, np.where(batch.may_be_mark, mark, NEVER)]))
    kinds = np.stack([slope[:, :UNREADABLE].sum(axis=1), slope[:, UNREADABLE], slope[:, MARK]])
    return [
        kinds @ batch.features / scales[0],
        slope[:, :UNREADABLE].T @ batch.shapes / scales[1],
        (slope[:, :UNREADABLE] * batch.log_probabilities).sum(keepdims=True)[0],
    ]


def _scale(parts: list[Floats]) -> Floats:
    squares: NDArray[np.float64] = np.concatenate(parts) ** 2
    return np.asarray(np.sqrt(squares.mean(axis=0)) + 1e-6)
