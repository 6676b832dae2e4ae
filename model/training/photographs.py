"""Measure how pictures as people send them are read: photographs, screenshots, and pictures of no digit, by kind."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from PIL import Image

from model.data.pendigits import PenDigit
from model.data.photographs.kinds import SETS, Kind
from model.localization.judge import revise
from model.progress import Progress
from model.reading.several import look
from model.recognize import Recognizer

Read = Callable[[Image.Image], tuple[int | None, str]]  # the digit, if any, and the verdict
Figures = dict[str, float]
SEED: Final = 11
PICTURES: Final = 20  # of each kind
REFUSED: Final = frozenset({"not-a-digit", "several", "blank"})


def evaluate_photographs(recognizer: Recognizer, people: Sequence[PenDigit], per_kind: int) -> dict[str, Any]:
    """The figures of the report, by set of kinds; see `measure`. Progress goes to stderr."""
    report = {}
    for name, kinds in SETS.items():
        progress = Progress(name)
        report[name] = measure(reader(recognizer), kinds, people, per_kind, progress=progress.update)
        progress.line(f"{name}: {report[name]['all']['all']['right']:.1%} right")
    return report


def reader(recognizer: Recognizer) -> Read:
    """How the product reads a picture."""

    def read(image: Image.Image) -> tuple[int | None, str]:
        picture, placement = look(image, recognizer)
        prediction = revise(recognizer.read(picture.reshape(1, 784)), [placement])
        return prediction.digit(0), prediction.verdicts[0]

    return read


def measure(
    read: Read,
    kinds: Mapping[str, Kind],
    people: Sequence[PenDigit],
    per_kind: int = PICTURES,
    seed: int = SEED,
    progress: Callable[[float], None] = lambda _: None,
) -> dict[str, dict[str, Figures]]:
    """How pictures are read: all, those of each group, and those of each kind, under these three names.

    Figures are shares of the pictures; see `figures`. A picture depends on its kind, its number and the seed alone, so
    that a kind measured alone has the same pictures.
    """
    outcomes: dict[str, list[str]] = {}
    groups: dict[str, list[str]] = {}
    for name, kind in kinds.items():
        outcomes[name] = [_outcome(read, kind, *drawn) for drawn in _draws(name, kind, people, per_kind, seed)]
        groups.setdefault(kind.group, []).extend(outcomes[name])
        progress(len(outcomes) / len(kinds))
    return {
        "all": {"all": figures([outcome for found in outcomes.values() for outcome in found])},
        "groups": {group: figures(found) for group, found in groups.items()},
        "kinds": {name: figures(found) for name, found in outcomes.items()},
    }


def pictures_of(
    name: str, kind: Kind, people: Sequence[PenDigit], count: int, seed: int = SEED
) -> list[tuple[int | None, Image.Image]]:
    """The first pictures of a kind that `measure` shows, each with its digit; None where there is not one digit."""
    return [
        (pen.digit if kind.has_digit else None, kind.make(pen, rng))
        for pen, rng in _draws(name, kind, people, count, seed)
    ]


def _draws(
    name: str, kind: Kind, people: Sequence[PenDigit], per_kind: int, seed: int
) -> list[tuple[PenDigit, np.random.Generator]]:
    """The digit and the generator of each picture of a kind; the digits 0 to 9 come in turn."""
    of_digit = [[pen for pen in people if pen.digit == digit] for digit in range(10)]
    draws = []
    for i in range(max(1, round(per_kind * kind.share))):
        rng = np.random.default_rng((seed, zlib.crc32(name.encode()), i))
        written = of_digit[i % 10] or people
        draws.append((written[int(rng.integers(len(written)))], rng))
    return draws


def _outcome(read: Read, kind: Kind, pen: PenDigit, rng: np.random.Generator) -> str:
    digit, verdict = read(kind.make(pen, rng))
    if verdict in REFUSED:
        return "refused" if kind.has_digit else "right"
    if kind.has_digit and digit == pen.digit:
        return "right"
    return "wrong_and_sure" if verdict == "digit" else "wrong_and_unsure"


def figures(outcomes: Sequence[str]) -> Figures:
    """How many pictures, and the shares that were right, wrong and sure, wrong and unsure, and refused.

    `right` is an answer that is not refused, be it sure or not. A picture without a digit is right if it is refused.

    >>> figures(["right", "right", "refused", "wrong_and_sure"])
    {'pictures': 4, 'right': 0.5, 'wrong_and_sure': 0.25, 'wrong_and_unsure': 0.0, 'refused': 0.25}
    """
    names = ("right", "wrong_and_sure", "wrong_and_unsure", "refused")
    return {"pictures": len(outcomes)} | {name: round(outcomes.count(name) / len(outcomes), 4) for name in names}


def table(report: Mapping[str, Mapping[str, Figures]]) -> str:
    """The figures as text, those of all first."""
    lines = [f"{'':26}{'pictures':>9}{'right':>8}{'wrong, sure':>13}{'unsure':>8}{'refused':>9}"]
    for part in ("all", "groups", "kinds"):
        for name, row in report[part].items():
            lines.append(
                f"{name:26}{row['pictures']:9}{row['right']:8.0%}{row['wrong_and_sure']:13.1%}"
                f"{row['wrong_and_unsure']:8.0%}{row['refused']:9.0%}"
            )
        lines.append("")
    return "\n".join(lines)
