"""`python -m model.predict FILE …`: recognise digits, or read numbers, in image files: in words and bars or as JSON."""

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from model.image_file import open_image
from model.localization.judge import revise
from model.network import WeightsError
from model.reading.fields import reading_fields
from model.reading.read import read_numbers
from model.reading.several import look
from model.recognize import Prediction, Recognizer

WEIGHTS: Final = Path(__file__).resolve().parent.parent / "weights" / "digits.npz"
EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
WIDTH: Final = 40  # characters of a bar of 100 %
VERDICT_TEXTS: Final = {
    "digit": "{digit}",
    "unsure": "perhaps {digit}",
    "not-a-digit": "no digit",
    "several": "{placement[digits]} digits: --read reads them all",
    "blank": "nothing drawn",
}


def predict(path: Path, recognizer: Recognizer) -> dict[str, Any]:
    """The prediction for the drawing in a file, with the keys of `POST /predict`, without the layers.

    Raises:
        OSError, ValueError, SyntaxError, Image.DecompressionBombError: the file cannot be read.
    """
    with open_image(path) as image:
        picture, placement = look(ImageOps.exif_transpose(image), recognizer)
    prediction = revise(recognizer.read(picture.reshape(1, 784)), [placement])
    return {
        "file": str(path),
        **_fields(prediction, 0),
        "placement": placement and placement._asdict(),
        "model": recognizer.network.name,
    }


def read(path: Path, recognizer: Recognizer) -> dict[str, Any]:
    """The numbers in a file, with the keys of `POST /read`, without the layers.

    Raises:
        TooManyDigits: there are too many in it.
        OSError, ValueError, SyntaxError, Image.DecompressionBombError: the file cannot be read.
    """
    with open_image(path) as image:
        reading = read_numbers(ImageOps.exif_transpose(image), recognizer)
    fields = reading_fields(reading, partial(_fields, reading.prediction))
    return {"file": str(path)} | fields | {"model": recognizer.network.name}


def _fields(prediction: Prediction, i: int) -> dict[str, Any]:
    """The answer to picture i."""
    return {
        "digit": prediction.digit(i),
        "confidence": float(prediction.probabilities[i].max()),
        "probabilities": prediction.probabilities[i].tolist(),
        "verdict": prediction.verdicts[i],
        "novelty": float(prediction.novelty[i]),
    }


def format_answer(answer: dict[str, Any]) -> str:
    """The verdict in words, and a bar for each probability."""
    verdict = VERDICT_TEXTS[answer["verdict"]].format(**answer)
    rows = [f"  {digit} {p:6.1%} {bar(p)}".rstrip() for digit, p in enumerate(answer["probabilities"])]
    return "\n".join([f"{answer['file']}: {verdict}", *rows])


def format_reading(answer: dict[str, Any]) -> str:
    """The text, and below each line its digits with their confidences."""
    lines = []
    for line in answer["lines"]:
        read_as = zip(line["text"], line["digits"], strict=True)
        digits = (f"{character} {digit['confidence']:.1%}" for character, digit in read_as)
        lines.append(f"  {line['text']} ({line['confidence']:.1%}): {', '.join(digits)}")
    text = " / ".join(answer["text"].split())
    return "\n".join([f"{answer['file']}: {text or 'nothing written'}", *lines])


def bar(share: float) -> str:
    """A bar drawn in eighths of a character.

    >>> bar(0.1), bar(0.015), bar(0)
    ('████', '▌', '')
    """
    whole, part = divmod(int(share * WIDTH * 8), 8)
    return (EIGHTHS[-1] * whole + EIGHTHS[part]).rstrip()


def main(arguments: list[str] | None = None) -> int:
    """Print a prediction for each file; 1 if the weights or one of the files cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m model.predict", description="Say what digits are drawn.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a PNG, JPEG or WebP, ink on any ground")
    parser.add_argument(
        "--read", action="store_true", help="read whole numbers, of several digits and in several lines"
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON a file")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="the network (default: the one that ships)")
    chosen = parser.parse_args(arguments)
    try:
        recognizer = Recognizer.load(chosen.weights)
    except WeightsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    answer_of, formatted = (read, format_reading) if chosen.read else (predict, format_answer)
    status = 0
    for path in chosen.files:
        try:
            answer = answer_of(path, recognizer)
        except UnidentifiedImageError:
            sys.stderr.write(f"{path}: this is not a PNG, JPEG or WebP image\n")
            status = 1
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            sys.stderr.write(f"{path}: not a picture that can be read ({error})\n")
            status = 1
        else:
            sys.stdout.write((json.dumps(answer) if chosen.json else formatted(answer)) + "\n")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
