"""Turns: what the network is not sure of is read again, turned and slanted a little either way.

A digit that is turned a little is the same digit, so the mean of all readings counts, as that of the crops of
Krizhevsky, Sutskever & Hinton (2012). One picture is answered all the same, so that its explanation is exact: as it was
found, unless the mean speaks for another digit; then the one on which the probability of that is nearest to the mean,
so that doubt is told.
"""

import functools
import itertools
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.localization.judge import load_limits
from model.network import Floats
from model.preprocess import SIDE, Preprocessed
from model.recognize import Prediction, Recognizer
from model.rejection import Verdict

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
    """The answers to n pictures, of which some were turned."""

    prediction: Prediction  # of the pictures that are answered
    turns: dict[int, Turn]  # of those that are turned, by their numbers
    certainty: dict[int, float]  # … and the mean probabilities of their digits


def settle(prediction: Prediction, recognizer: Recognizer) -> Settled:
    """What is answered in place of a prediction. Below the limits, the verdict is `unsure`."""
    doubtful = [i for i, verdict in enumerate(prediction.verdicts) if verdict not in {"digit", "blank"}]
    if not doubtful:
        return Settled(prediction, {}, {})
    pictures = prediction.pictures[doubtful]
    probabilities, verdicts = [prediction.probabilities[doubtful]], [[prediction.verdicts[i] for i in doubtful]]
    for turn in TURNS:  # one after the other: all of them together would take much memory
        read = recognizer.read(turned(pictures, turn))
        probabilities.append(read.probabilities)
        verdicts.append(read.verdicts)
    best, mean = choose(np.stack(probabilities), np.array(verdicts) != "not-a-digit")
    chosen = np.flatnonzero(best).tolist()
    turns = {doubtful[j]: TURNS[best[j] - 1] for j in chosen}
    certainty = {doubtful[j]: float(mean[j]) for j in chosen}
    if not turns:
        return Settled(prediction, {}, {})
    again = recognizer.read(np.concatenate([turned(prediction.pictures[[i]], turn) for i, turn in turns.items()]))
    sure = load_limits().are_met(np.array([*certainty.values()]), again.probabilities.max(axis=1))
    revised: list[Verdict] = [
        "unsure" if v == "digit" and not s else v for v, s in zip(again.verdicts, sure.tolist(), strict=True)
    ]
    again = replace(again, verdicts=revised)
    answered = {i: len(prediction.pictures) + k for k, i in enumerate(turns)}
    numbers = [answered.get(i, i) for i in range(len(prediction.pictures))]
    return Settled(Prediction.joined([prediction, again]).take(numbers), turns, certainty)


def choose(probabilities: Floats, is_digit: NDArray[np.bool_]) -> tuple[NDArray[np.intp], Floats]:
    """Which of w ways to see n pictures is answered, (n,), and the mean probability of its digit, (n,).

    From the probabilities in each way, (w, n, classes), of which the first one is to see them as they were found, and
    whether the network takes what it sees for a digit, (w, n).
    """
    mean, digits = probabilities.mean(axis=0), probabilities.argmax(axis=2)
    digit = mean.argmax(axis=1)
    of_digit = np.take_along_axis(probabilities, digit[None, :, None], axis=2)[:, :, 0]
    fits = (digits == digit) & is_digit
    best = np.where(fits, np.abs(of_digit - mean.max(axis=1)), np.inf).argmin(axis=0)
    return np.where((digits[0] == digit) | ~fits.any(axis=0), 0, best), mean.max(axis=1)


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


def settle_one(found: Preprocessed, recognizer: Recognizer) -> Preprocessed:
    """What is seen of a drawing, turned if that is answered in its place."""
    picture, placement = found
    if placement is None:
        return found
    prediction, turns, certainty = settle(recognizer.read(picture.reshape(1, -1)), recognizer)
    if not turns:
        return found
    rotation, slant = turns[0]
    read, sure = placement.hypotheses + len(TURNS), min(placement.certainty, certainty[0])
    where = placement._replace(rotation=rotation, slant=slant, hypotheses=read, certainty=sure)
    return Preprocessed(prediction.pictures[0].reshape(SIDE, SIDE), where)
