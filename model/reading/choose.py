"""How plausible each reading of a picture is, if its ink can be seen in several ways.

The choice (`model/localization/choice.py`) is by what was read and how clearly; `python -m model.segment` fits its
weights on photographs of numbers in known people's hands.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from typing import Final

import numpy as np

from model.localization.choice import ChoiceWeights
from model.reading.candidates import Candidate
from model.reading.groups import Floats
from model.reading.judge import WEIGHTS_FILE
from model.reading.reading import UNREADABLE

MIN_LOGIT: Final = 0.0  # of being what is meant; below it, nothing is taken for writing
NAMES: Final = (
    *("bias", "confidence", "score", "digits", "unreadable", "marks", "specks", "contrast", "clearness", "strength"),
    *("height", "height squared", "thin", "ones", "lines", "outline", "light on dark", "plain"),
)
MIN_PROBABILITY: Final = 1e-6


def plausibility(candidates: Sequence[Candidate]) -> Floats:
    """The logit of each reading's being what is meant, (n,); a picture may have none."""
    return load_weights().logits(features(candidates))


def features(candidates: Sequence[Candidate]) -> Floats:
    """What speaks for each of the readings of one picture, and against it: (n, len(NAMES))."""
    found = np.array([_features(each) for each in candidates])
    for name in ("contrast", "strength"):
        column = NAMES.index(name)
        found[:, column] -= found[:, column].max()
    return found


def _features(candidate: Candidate) -> list[float]:
    sight, pieces, lines = candidate
    paths = [line.paths[0] for line in lines]
    text = candidate.text.replace("\n", "")
    groups = max(1, len(text))
    tallest = max([1.0, *(line.lattice.line.height for line in lines)])
    height = np.log(tallest / max(sight.ink.plane.shape))
    drawn = sum(
        float(line.lattice.groups.strokes[list(line.paths[0].groups)].sum()) * line.lattice.line.height
        for line in lines
    )
    return [
        1.0 if text else -10.0,  # nothing is no reading
        np.log(max(candidate.confidence, MIN_PROBABILITY)),
        sum(path.best for path in paths) / groups,
        np.log(groups),
        text.count(UNREADABLE) / groups,
        np.log1p(sum(len(path.marks) for path in paths)),
        np.log1p(len(pieces.marks)),
        np.log(sight.contrast),
        np.log(sight.contrast) - np.log(sight.noise),
        np.log1p(drawn * pieces.pen * sight.contrast * sight.ink.scale**2),
        height,
        height**2,
        np.log(tallest / pieces.pen),
        text.count("1") / groups,
        float("lines" in sight.removed),
        float("outline" in sight.removed),
        float(sight.ink.ground == "light on dark"),
        float(sight.plain),
    ]


@functools.cache
def load_weights() -> ChoiceWeights:
    """The weights of the features, in the order of `NAMES`."""
    return ChoiceWeights.of(json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))["sights"], NAMES)
