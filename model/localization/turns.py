"""Turns: what the network is not sure of is read again, turned and slanted a little either way.

A digit that is turned a little is the same digit, so the mean of all readings counts, as that of the crops of
Krizhevsky, Sutskever & Hinton (2012). One picture is answered all the same, so that its explanation is exact: as it was
found, unless the mean speaks for another digit; then the one on which that is most probable.
"""

import functools
import itertools
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.localization.judge import load_limit
from model.network import Floats
from model.preprocess import SIDE, Placement, Preprocessed
from model.recognize import Prediction, Recognizer

Pictures = NDArray[np.uint8]


class Turn(NamedTuple):
    """How ink is turned and slanted, about the middle of the 28×28."""

    rotation: float = 0.0  # degrees clockwise
    slant: float = 0.0  # cells to the right, for each cell up


# Chosen by cross-validation over people (see `recipes/candidates/comparison.md`).
TURNS: Final = (
    *(Turn(rotation=degrees) for degrees in (-15.0, -8.0, 8.0, 15.0)),
    *(Turn(slant=cells) for cells in (-0.35, -0.2, 0.2, 0.35)),
)


class Settled(NamedTuple):
    """The pictures that are answered in place of n others, and how sure it is what they show."""

    pictures: Pictures  # (n, 784)
    turns: dict[int, Turn]  # of those that are turned, by their numbers
    certainty: Floats  # (n,) the mean probability of a turned picture's digit; 1 if it is as it was


def settle(prediction: Prediction, recognizer: Recognizer) -> Settled:
    """The pictures of a prediction, each turned if that is answered in its place."""
    pictures, certainty = prediction.pictures.copy(), np.ones(len(prediction.pictures))
    doubtful = [i for i, verdict in enumerate(prediction.verdicts) if verdict not in {"digit", "blank"}]
    found: dict[int, Turn] = {}
    if doubtful:
        ways = [prediction.probabilities[doubtful]]  # one after the other: all pictures together would take much memory
        ways += [recognizer.read(turned(pictures[doubtful], turn)).probabilities for turn in TURNS]
        best, mean = choose(np.stack(ways))
        found = {doubtful[i]: TURNS[best[i] - 1] for i in np.flatnonzero(best).tolist()}
        certainty[list(found)] = mean[best > 0]
    for i, turn in found.items():
        pictures[i] = turned(pictures[i : i + 1], turn)[0]
    return Settled(pictures, found, certainty)


def choose(probabilities: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Which of w ways to see n pictures is answered, (n,), and the mean probability of its digit, (n,).

    From the probabilities in each way, (w, n, classes), of which the first one is to see them as they were found.
    """
    mean, digits = probabilities.mean(axis=0), probabilities.argmax(axis=2)
    digit = mean.argmax(axis=1)
    of_digit = np.take_along_axis(probabilities, digit[None, :, None], axis=2)[:, :, 0]
    best = np.where(digits == digit, of_digit, -1).argmax(axis=0)
    return np.where(digits[0] == digit, 0, best), mean.max(axis=1)


def turned(pictures: Pictures, turn: Turn) -> Pictures:
    """Pictures (n, 784), turned, with bilinear interpolation."""
    ink = np.zeros(pictures.shape, dtype=np.float32)
    for sources, shares in _corners(turn):
        ink += shares * pictures[:, sources]
    return np.rint(ink).astype(np.uint8)


@functools.cache
def _corners(turn: Turn) -> list[tuple[NDArray[np.intp], NDArray[np.float32]]]:
    """The four cells that each cell of a turned picture is interpolated from, (784,), and their shares, (784,)."""
    down, right = np.indices((SIDE, SIDE)) - (SIDE - 1) / 2
    angle = np.radians(turn.rotation)
    x = right * np.cos(angle) + down * np.sin(angle) + turn.slant * down + (SIDE - 1) / 2
    y = down * np.cos(angle) - right * np.sin(angle) + (SIDE - 1) / 2
    corners = []
    for row, column in itertools.product((np.floor(y), np.floor(y) + 1), (np.floor(x), np.floor(x) + 1)):
        inside = (row >= 0) & (row < SIDE) & (column >= 0) & (column < SIDE)
        share = inside * (1 - np.abs(y - row)) * (1 - np.abs(x - column))
        source = np.where(inside, row * SIDE + column, 0)
        corners.append((source.ravel().astype(np.intp), share.ravel().astype(np.float32)))
    return corners


def read_settled(pictures: Pictures, recognizer: Recognizer) -> Prediction:
    """The answers to the pictures (n, 784) that the preprocessing makes of drawings."""
    settled = settle(recognizer.read(pictures), recognizer)
    prediction = recognizer.read(settled.pictures)
    sure = (settled.certainty >= load_limit()).tolist()
    verdicts = zip(prediction.verdicts, sure, strict=True)
    return replace(prediction, verdicts=["unsure" if v == "digit" and not is_sure else v for v, is_sure in verdicts])


def settle_one(found: Preprocessed, recognizer: Recognizer) -> Preprocessed:
    """What is seen of a drawing, turned if that is answered in its place."""
    picture, placement = found
    if placement is None:
        return found
    prediction = recognizer.read(picture.reshape(1, -1))
    if prediction.verdicts[0] == "digit":
        return found
    settled = settle(prediction, recognizer)
    return Preprocessed(settled.pictures[0].reshape(SIDE, SIDE), settled_placement(placement, settled, 0))


def settled_placement(placement: Placement, settled: Settled, i: int) -> Placement:
    """That of picture i, with how it is turned."""
    turn = settled.turns.get(i)
    if turn is None:
        return placement
    certainty = min(placement.certainty, float(settled.certainty[i]))
    read = placement.hypotheses + len(TURNS)
    return placement._replace(rotation=turn.rotation, slant=turn.slant, certainty=certainty, hypotheses=read)
