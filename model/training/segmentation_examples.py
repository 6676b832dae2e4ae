"""Lines whose text is known, as the networks see them, on which it is fitted how numbers are cut."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from model.data.numbers.hand import standing
from model.data.numbers.kinds import KINDS, Kind, without_number
from model.data.numbers.pictures import NumberPicture
from model.data.pendigits import PenDigit
from model.data.processes import in_processes
from model.data.unipen import UnipenDrawing
from model.reading import choose
from model.reading.groups import NAMES, SHAPE_NAMES, features, may_be_mark, shapes
from model.reading.judge import KINDS as LABELS
from model.reading.judge import MIN_PROBABILITY, Weights
from model.reading.lattice import lattices
from model.reading.read import find_candidates
from model.reading.sights import plain_ink
from model.recognize import Recognizer
from model.training.choice import Examples, joined
from model.training.numbers import pictures_of
from model.training.segmentation import Example

HAND: Final = 60  # of UNIPEN's digits, about as many count as one writer's
# Of the usual number of pictures. Photographs have none, since their ink is to be found first. Few people write what is
# no number: with as many examples of that as of numbers, ink that is hard to cut becomes unreadable.
NO_NUMBER: Final = 0.25
SHARES: Final = {
    "touching": 3.0,
    "overlapping": 1.5,
    "plain_ones": 3.0,
    "empty": 0.0,
    **dict.fromkeys(("words", "font_words", "scribbles", "signs"), NO_NUMBER),
    **{name: 0.0 for name in KINDS if "photographed" in name},
}

# … and of those that can be seen in several ways, where the kind's own share is too small: under a hard shadow, the
# plain way often shows a part of a number, which looks as likely as the whole; and what is no writing looks like ones.
SEEN_SHARES: Final = {"photographed_shadow": 1.5, "empty": 1.0}


def hands(digits: Sequence[UnipenDrawing]) -> list[PenDigit]:
    """UNIPEN's digits by writers, all of one height; the sites alternate.

    The collection does not say who wrote what, and has a site's drawings file by file. So a hand has the next few of
    each digit. Its drawings have one longer side, by which a wide two would be low beside a one.
    """
    sites = sorted({digit.site for digit in digits})
    found = []
    for i, site in enumerate(sites):
        of_site = [digit for digit in digits if digit.site == site]
        count = max(1, round(len(of_site) / HAND))
        for value in range(10):
            of_value = [digit for digit in of_site if digit.character == str(value)]
            for k, digit in enumerate(of_value):
                hand = k * count // len(of_value)
                found.append(PenDigit(value, hand * len(sites) + i, [*standing(digit.strokes)]))
    return found


@dataclass(frozen=True)
class Source:
    """What examples are made of, and how many of each kind."""

    people: Sequence[Sequence[PenDigit]]  # groups of them; of each kind, there are as many pictures by each group
    letters: Sequence[UnipenDrawing]
    recognizers: Sequence[Recognizer]
    count: int
    seed: int

    def pictures(self, name: str, share: float) -> Iterator[NumberPicture]:
        """The pictures of a kind: this share of the usual number."""
        each = round(self.count * share / len(self.people))
        for i, people in enumerate(self.people):
            yield from pictures_of(name, self.kinds[name], people, each, self.seed + i)

    @property
    def kinds(self) -> dict[str, Kind]:
        """The kinds of pictures, by name."""
        return KINDS | without_number(self.letters)


def collect(source: Source, progress: Callable[[float], None] = lambda _: None) -> list[Example]:
    """The lines of about `source.count` drawings of each kind, seen by each of the networks."""
    found = in_processes(partial(_examples_of, source), list(source.kinds), progress)
    return [example for examples in found for example in examples]


def _examples_of(source: Source, name: str) -> list[Example]:
    share = SHARES.get(name, 1.0)
    if not share:
        return []
    pictures = source.pictures(name, share)
    return [each for shown in pictures for recognizer in source.recognizers for each in _lines(shown, recognizer)]


def _lines(shown: NumberPicture, recognizer: Recognizer) -> Iterator[Example]:
    """The lines of a picture; none if there are not as many as its text has."""
    _, found = lattices(plain_ink(shown.image), recognizer)
    texts: list[str | None] = list(shown.text.split("\n")) if shown.text else [None] * len(found)
    if len(texts) == len(found):
        for text, (line, groups, prediction) in zip(texts, found, strict=True):
            log_probabilities = np.log(np.maximum(prediction.probabilities, MIN_PROBABILITY))
            weighed = features(groups, line, prediction), shapes(groups, line), log_probabilities
            yield Example(groups.starts, groups.ends, *weighed, may_be_mark(groups, line), text)


def collect_candidates(source: Source, progress: Callable[[float], None] = lambda _: None) -> Examples:
    """The readings of about `source.count` pictures of each kind that can be seen in several ways."""
    parts = in_processes(partial(_candidates_of, source), list(source.kinds), progress)
    return joined(parts, len(choose.NAMES))


def _candidates_of(source: Source, name: str) -> Examples:
    found = []
    for shown in source.pictures(name, SEEN_SHARES.get(name, source.kinds[name].share)):
        for recognizer in source.recognizers:
            candidates = find_candidates(shown.image, recognizer)
            if len(candidates) > 1:
                correct = np.array([bool(shown.text) and each.text == shown.text for each in candidates])
                none = np.zeros(len(candidates), dtype=np.intp)
                found.append(Examples(choose.features(candidates), correct, none))
    return joined(found, len(choose.NAMES))


def named(weights: Weights) -> dict[str, Any]:
    """The weights as weights.json has them."""
    by_feature = {
        label: dict(zip(NAMES, values.round(4).tolist(), strict=True))
        for label, values in zip(LABELS, weights.features, strict=True)
    }
    by_digit = dict(zip(SHAPE_NAMES, weights.shapes.T.round(4).tolist(), strict=True))
    return {**by_feature, "shapes": by_digit, "probability": round(weights.probability, 4)}
