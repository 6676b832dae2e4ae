"""The best readings of a line: dynamic programming over its cuts (LeCun et al. 1998, section V; Viterbi 1967)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from model.reading.groups import Floats, Groups
from model.reading.judge import MARK, UNREADABLE, score
from model.reading.lattice import Lattice
from model.reading.lines import Numbers

BEAM: Final = 6  # readings that are kept up to each cut
LABELS: Final = 2  # the likeliest digits of a group that are tried
SYMBOLS: Final = "0123456789?"


class Path(NamedTuple):
    """A reading of a line: the text, and the groups that it consists of, each with its label."""

    text: str
    score: float  # log of its weight, and of all others with the same text
    groups: tuple[int, ...]  # without marks
    marks: tuple[int, ...]
    best: float  # log of its own weight


class Decoded(NamedTuple):
    """A line, and its best readings."""

    lattice: Lattice
    scores: Floats  # of its groups, (n, 12)
    paths: list[Path]  # the likeliest text first
    marginals: Floats  # probabilities of its groups as each label, (n, 12)
    total: float  # log of the sum of the weights of all paths

    def probability(self, path: Path) -> float:
        """The probability of a path's text."""
        return min(1.0, float(np.exp(path.score - self.total)))

    def certainty(self, group: int, symbol: str) -> float:
        """The probability that this digit, or ink that is unreadable, stands where a group does, cut out in any way."""
        groups, of_symbol = self.lattice.groups, self.marginals[:, SYMBOLS.index(symbol)]
        places = range(groups.starts[group], groups.ends[group])
        return min(1.0, max(float(of_symbol[(groups.starts <= at) & (at < groups.ends)].sum()) for at in places))


def decode(lattice: Lattice) -> Decoded:
    """The best readings of a line."""
    scores = score(lattice.groups, lattice.line, lattice.prediction)
    return Decoded(lattice, scores, best_paths(lattice.groups, scores), *marginals(lattice.groups, scores))


def best_paths(groups: Groups, scores: Floats) -> list[Path]:
    """The likeliest texts, the likeliest first, each by its best path.

    The weights of paths with the same text are added, as far as the beam keeps them.
    """
    beams: list[list[Path]] = [[Path("", 0.0, (), (), 0.0)]]
    labels = np.argsort(-scores[:, :UNREADABLE], axis=1)[:, :LABELS]
    for end in range(1, int(groups.ends.max()) + 1):
        beams.append(_extended(beams, np.flatnonzero(groups.ends == end), groups.starts, labels, scores))
    return beams[-1]


def marginals(groups: Groups, scores: Floats) -> tuple[Floats, float]:
    """The probability of each group as each label, over all paths, (n, 12); and the log of the sum of their weights.

    By sums from both ends (Rabiner 1989, section III).
    """
    count, whole = int(groups.ends.max()), np.logaddexp.reduce(scores, axis=1)
    before, after = np.full(count + 1, -np.inf), np.full(count + 1, -np.inf)
    before[0] = after[count] = 0.0
    for cut in range(1, count + 1):
        ending = groups.ends == cut
        before[cut] = np.logaddexp.reduce(before[groups.starts[ending]] + whole[ending])
    for cut in range(count - 1, -1, -1):
        beginning = groups.starts == cut
        after[cut] = np.logaddexp.reduce(after[groups.ends[beginning]] + whole[beginning])
    total = float(before[count])
    through = before[groups.starts] + after[groups.ends] - total
    return np.exp(np.minimum(scores + through[:, None], 0.0)), total


def next_way(groups: Groups, scores: Floats, best: Sequence[int]) -> tuple[int, ...]:
    """The cuts of the likeliest way through a line that is not this one; empty if there is none.

    Each group counts as what it is most plausibly.
    """
    likeliest, parts = scores.max(axis=1), set(itertools.pairwise(best))
    reached: list[dict[bool, tuple[float, tuple[int, ...]]]] = [{False: (0.0, (0,))}]  # by whether it is another way
    for end in range(1, int(groups.ends.max()) + 1):
        reached.append({})
        for group in np.flatnonzero(groups.ends == end).tolist():
            for differs, (total, way) in reached[groups.starts[group]].items():
                other = differs or (way[-1], end) not in parts
                if other not in reached[end] or total + likeliest[group] > reached[end][other][0]:
                    reached[end][other] = total + float(likeliest[group]), (*way, end)
    return reached[-1].get(True, (0.0, ()))[1]


def _extended(beams: list[list[Path]], ending: Numbers, starts: Numbers, labels: Numbers, scores: Floats) -> list[Path]:
    """The best paths to a cut, over the groups that end there."""
    found: dict[str, Path] = {}
    for group in ending.tolist():
        choices = [(SYMBOLS[label], float(scores[group, label])) for label in (*labels[group].tolist(), UNREADABLE)]
        mark = float(scores[group, MARK])
        for path in beams[starts[group]]:
            for symbol, gain in choices:
                _add(
                    found,
                    Path(path.text + symbol, path.score + gain, (*path.groups, group), path.marks, path.best + gain),
                )
            _add(found, Path(path.text, path.score + mark, path.groups, (*path.marks, group), path.best + mark))
    return sorted(found.values(), key=lambda path: -path.score)[:BEAM]


def _add(found: dict[str, Path], path: Path) -> None:
    known = found.get(path.text)
    if known is None:
        found[path.text] = path
        return
    better = known if known.best >= path.best else path
    found[path.text] = better._replace(score=float(np.logaddexp(known.score, path.score)))
