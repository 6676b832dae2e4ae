"""Measure how whole numbers are read, by kind of picture: a text counts as right if every digit of it is."""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from PIL import Image

from model.data.numbers.kinds import KINDS, Kind, without_number
from model.data.numbers.pictures import NumberPicture
from model.data.pendigits import PenDigit
from model.data.unipen import UnipenDrawing
from model.localization.judge import revise
from model.progress import Progress
from model.reading.read import TooManyDigits, read_numbers
from model.reading.reading import UNREADABLE, is_number
from model.reading.several import look
from model.recognize import Prediction, Recognizer
from model.training.uncertainty import standard_error

Read = Callable[[Image.Image], tuple[str, float]]  # the text, and its confidence
Row = dict[str, float]
SEED: Final = 11
PICTURES: Final = 200  # of each kind
SURE: Final = 0.9  # confidence above which a wrong text counts as sure
SINGLE: Final = tuple(name for name, kind in KINDS.items() if kind.group == "single")
SEVERAL: Final = ("overlapping", "touching", "photographed_ruled")  # kinds that are easily taken for one digit


class Outcome(NamedTuple):
    """What became of a picture."""

    writer: int
    right: bool
    wrong_and_sure: bool = False


def evaluate_numbers(
    recognizer: Recognizer, people: Sequence[PenDigit], letters: Sequence[UnipenDrawing], per_kind: int
) -> dict[str, dict[str, Row]]:
    """The figures of the report: of `measure`, `agreement` and `told_several`. Progress goes to stderr."""
    progress = Progress("numbers")
    kinds = KINDS | without_number(letters)
    report = measure(reader(recognizer), kinds, people, per_kind, progress=progress.update)
    report["as_alone"] = {name: agreement(recognizer, name, people, per_kind) for name in SINGLE}
    report["told_several"] = {name: told_several(recognizer, name, people, per_kind // 2) for name in SEVERAL}
    return report


def reader(recognizer: Recognizer) -> Read:
    """How the product reads a picture."""

    def read(image: Image.Image) -> tuple[str, float]:
        try:
            reading = read_numbers(image, recognizer)
        except TooManyDigits:
            return UNREADABLE, 0.0
        return reading.text, reading.confidence

    return read


def measure(
    read: Read,
    kinds: Mapping[str, Kind],
    people: Sequence[PenDigit],
    per_kind: int = PICTURES,
    seed: int = SEED,
    progress: Callable[[float], None] = lambda _: None,
) -> dict[str, dict[str, Row]]:
    """How pictures are read: those of each group, and those of each kind, under these two names; see `figures`."""
    outcomes: dict[str, list[Outcome]] = {}
    groups: dict[str, list[Outcome]] = {}
    for name, kind in kinds.items():
        outcomes[name] = [_outcome(read, shown) for shown in pictures_of(name, kind, people, per_kind, seed)]
        groups.setdefault(kind.group, []).extend(outcomes[name])
        progress(len(outcomes) / len(kinds))
    return {
        "groups": {group: figures(found) for group, found in groups.items()},
        "kinds": {name: figures(found) for name, found in outcomes.items()},
    }


def pictures_of(
    name: str, kind: Kind, people: Sequence[PenDigit], per_kind: int, seed: int = SEED
) -> Iterator[NumberPicture]:
    """The pictures of a kind that `measure` shows: each depends on its kind, its number and the seed alone.

    The writers come in turn.
    """
    by_writer = [[pen for pen in people if pen.writer == writer] for writer in sorted({pen.writer for pen in people})]
    for i in range(max(1, round(per_kind * kind.share))):
        rng = np.random.default_rng((seed, zlib.crc32(name.encode()), i))
        yield kind.make(by_writer[i % len(by_writer)], rng)


def _outcome(read: Read, shown: NumberPicture) -> Outcome:
    text, confidence = read(shown.image)
    right = text == shown.text if shown.text else not is_number(text)
    return Outcome(shown.writer, right, not right and is_number(text) and confidence > SURE)


def figures(outcomes: Sequence[Outcome]) -> Row:
    """How many pictures; the share whose text is right, and its standard error; the share wrong with confidence.

    Where there is no number, it is right to read none, or to call a part of it unreadable.
    """
    right = np.array([outcome.right for outcome in outcomes])
    return {
        "pictures": len(outcomes),
        "right": round(float(right.mean()), 4),
        "standard_error": round(standard_error(right, np.array([str(outcome.writer) for outcome in outcomes])), 4),
        "wrong_and_sure": round(float(np.mean([outcome.wrong_and_sure for outcome in outcomes])), 4),
    }


def agreement(
    recognizer: Recognizer, name: str, people: Sequence[PenDigit], per_kind: int, seed: int = SEED
) -> dict[str, Any]:
    """The share of a kind's pictures, of one digit each, that get the digit and verdict that `/predict` answers."""
    return _share(lambda image: _is_same(image, recognizer), pictures_of(name, KINDS[name], people, per_kind, seed))


def told_several(
    recognizer: Recognizer, name: str, people: Sequence[PenDigit], per_kind: int, seed: int = SEED
) -> dict[str, Any]:
    """The share of a kind's pictures, of several digits each, of which `/predict` says that they are several."""
    shown = pictures_of(name, KINDS[name], people, per_kind, seed)
    return _share(lambda image: _answer(image, recognizer).verdicts == ["several"], shown)


def _share(is_so: Callable[[Image.Image], bool], shown: Iterator[NumberPicture]) -> dict[str, Any]:
    """Of how many pictures something is so."""
    found = [(is_so(each.image), str(each.writer)) for each in shown]
    so, writers = np.array([so for so, _ in found]), np.array([writer for _, writer in found])
    error = round(standard_error(so, writers), 4)
    return {"pictures": len(so), "share": round(float(so.mean()), 4), "standard_error": error}


def _is_same(image: Image.Image, recognizer: Recognizer) -> bool:
    alone, read = _answer(image, recognizer), read_numbers(image, recognizer).prediction
    return read.verdicts == alone.verdicts and read.digit(0) == alone.digit(0)


def _answer(image: Image.Image, recognizer: Recognizer) -> Prediction:
    """What `/predict` answers."""
    picture, placement = look(image, recognizer)
    return revise(recognizer.read(picture.reshape(1, -1)), [placement])


def table(report: Mapping[str, Mapping[str, Row]]) -> str:
    """The figures as text."""
    lines = [f"{'':26}{'pictures':>9}{'right':>16}{'wrong, sure':>13}"]
    for part in ("groups", "kinds"):
        for name, row in report[part].items():
            right = f"{row['right']:.1%} ± {row['standard_error']:.1%}"
            lines.append(f"{name:26}{row['pictures']:9}{right:>16}{row['wrong_and_sure']:13.1%}")
        lines.append("")
    for part, meaning in (("as_alone", "read as one digit is"), ("told_several", "told to be several digits")):
        for name, row in report.get(part, {}).items():
            right = f"{row['share']:.1%} ± {row['standard_error']:.1%}"
            lines.append(f"{name:26}{row['pictures']:9}{right:>16} {meaning}")
    return "\n".join(lines)
