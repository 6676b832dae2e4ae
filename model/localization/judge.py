"""Judging proposals: how plausible is it that a place of a picture holds the digit that is meant?

The choice (`model/localization/choice.py`) is by what the network makes of the place and how the place lies in the
picture. Its weights are fitted on generated photographs and drawings of validation people's digits by
`python -m model.localize`, which writes them to weights.json beside this file.
"""

import functools
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.localization.choice import ChoiceWeights, Floats
from model.localization.groups import Group
from model.localization.proposals import Proposal
from model.preprocess import BoxOnImage, Placement
from model.recognize import Prediction, Recognizer
from model.rejection import Verdict

WEIGHTS_FILE: Final = Path(__file__).with_name("weights.json")
NAMES: Final = (
    *("bias", "novelty", "digit-like", "certainty", "strength", "faint", "size", "size squared", "small", "narrow"),
    *("offset", "within", "around", "lines", "edge", "frame", "underline", "other", "outline", "gaps"),
    *("light on dark", "agreement", "support", "clearness", "sharpness", "fill", "pieces", "completeness", "openness"),
)
REMOVED: Final = ("lines", "edge", "frame", "underline", "other", "outline", "gaps")
Kind = Literal["drawings", "photographs"]
SAME_PLACE: Final = 0.5  # of two boxes' area together that both cover, from which they are one place


def features(proposals: Sequence[Proposal], prediction: Prediction) -> Floats:
    """What speaks for each of the proposals of one picture, and against it: (n, len(NAMES))."""
    novelty = np.clip(prediction.novelty, 1e-6, 1 - 1e-6)
    oddity = np.log(novelty / (1 - novelty))
    digits = prediction.probabilities.argmax(axis=1)
    same_place = are_same([p.placement.box for p in proposals], SAME_PLACE)
    alike = same_place & (digits[:, None] == digits)
    groups = [p.group for p in proposals]
    ground = np.array([p.placement.ground == "light on dark" for p in proposals], dtype=np.float64)

    def of(name: str, things: Sequence[Proposal | Group] = proposals) -> Floats:
        return np.array([getattr(thing, name) for thing in things], dtype=np.float64)

    strength, contrast = np.log(of("strength", groups)), np.log(of("contrast"))
    width, height = np.log(of("size")).T
    return np.stack(
        [
            np.ones(len(proposals)),
            np.maximum(oddity, 0),
            np.minimum(oddity, 0),
            np.log(prediction.probabilities.max(axis=1)),
            strength - strength.max(),
            contrast - contrast.max(),
            height,
            height**2,
            np.maximum(np.log(0.1) - height, 0),
            np.maximum(height - width - 0.7, 0),
            of("offset"),
            np.log1p(of("within", groups)),
            np.log1p(of("around", groups)),
            *(np.array([kind in p.placement.removed for p in proposals], dtype=np.float64) for kind in REMOVED),
            ground,
            alike.sum(axis=1) / same_place.sum(axis=1),
            np.log(alike.sum(axis=1)),
            contrast - np.log([p.view.noise for p in proposals]),
            of("sharpness"),
            of("fill"),
            np.log(of("pieces", groups)),
            strength - np.where(same_place & (ground[:, None] == ground), strength, -np.inf).max(axis=1),
            of("openness"),
        ],
        axis=1,
    )


def read_proposals(proposals: Sequence[Proposal], recognizer: Recognizer) -> Prediction:
    """What the network makes of each."""
    return recognizer.read(np.array([each.picture.ravel() for each in proposals]))


def are_same(boxes: Sequence[BoxOnImage], share: float) -> NDArray[np.bool_]:
    """Which two of n boxes, (n, n), both cover at least this share of their area together."""
    shared, area = shared_areas(boxes)
    return np.asarray(shared >= share * (area[:, None] + area - shared))


def shared_areas(boxes: Sequence[BoxOnImage]) -> tuple[Floats, Floats]:
    """The area that each two of n boxes share, (n, n), and that of each, (n,)."""
    left, top, right, bottom = np.array(boxes).T
    width = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    height = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    return np.maximum(width, 0) * np.maximum(height, 0), (right - left) * (bottom - top)


class Judgement(NamedTuple):
    """How plausible it is that the proposals of one picture hold the digit that is meant."""

    probabilities: Floats  # (n,) of each; with that of none of them, they sum to 1
    best: int  # the number of the most probable one of those with the most probable digit
    certainty: float  # the probability of that digit: of all proposals that are read as it


class Limits(NamedTuple):
    """What a digit is unsure below."""

    certainty: float  # of all ways of seeing the picture together
    probability: float  # of the one that is answered, if there are several

    def are_met(
        self, certainty: NDArray[np.floating[Any]], probability: NDArray[np.floating[Any]]
    ) -> NDArray[np.bool_]:
        """Which of n digits are as certain, and as probable, as the limits."""
        return np.asarray((certainty >= self.certainty) & (probability >= self.probability))


def judge(proposals: Sequence[Proposal], recognizer: Recognizer, kind: Kind) -> Judgement:
    """The judgement of one or more proposals, of a drawing or of a photograph."""
    prediction = read_proposals(proposals, recognizer)
    odds = load_weights(kind).odds(features(proposals, prediction))
    probabilities = odds / (1 + odds.sum())
    digits = prediction.probabilities.argmax(axis=1)
    of_digits = np.bincount(digits, probabilities)
    digit = int(of_digits.argmax())
    best = int(np.where(digits == digit, probabilities, -1).argmax())
    return Judgement(probabilities, best, float(of_digits[digit]))


def revise(prediction: Prediction, placements: Sequence[Placement | None]) -> Prediction:
    """The prediction with the verdict `several` where several digits stand, `unsure` below a limit."""
    probabilities = prediction.probabilities.max(axis=1).tolist()
    described = zip(prediction.verdicts, placements, probabilities, strict=True)
    verdicts = [_revised(*each) for each in described]
    return prediction if verdicts == prediction.verdicts else replace(prediction, verdicts=verdicts)


def _revised(verdict: Verdict, placement: Placement | None, probability: float) -> Verdict:
    if placement is None:
        return verdict
    if placement.digits > 1:
        return "several"
    limits = load_limits()
    is_doubtful = placement.certainty < limits.certainty
    if placement.hypotheses > 1:  # the digit was chosen among several
        is_doubtful |= probability < limits.probability
    return "unsure" if verdict == "digit" and is_doubtful else verdict


@functools.cache
def load_weights(kind: Kind) -> ChoiceWeights:
    """The weights of the features, in the order of `NAMES`, for drawings or for photographs."""
    return ChoiceWeights.of(_stored()[kind], NAMES)


@functools.cache
def load_limits() -> Limits:
    """What a digit is unsure below, though the network takes its picture for one."""
    return Limits(**_stored()["limits"])


def _stored() -> dict[str, Any]:
    """What `python -m model.localize` wrote."""
    stored: dict[str, Any] = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return stored
