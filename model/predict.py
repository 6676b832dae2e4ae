"""`python -m model.predict FILE …`: recognise the digits in image files, in words and bars or as JSON."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from model.image_file import open_image
from model.network import WeightsError
from model.reading.several import look, name_several
from model.recognize import Recognizer

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
    """The prediction for the drawing in a file, with the keys of `POST /predict`.

    Raises:
        OSError, ValueError, SyntaxError, Image.DecompressionBombError: the file cannot be read.
    """
    with open_image(path) as image:
        picture, placement = look(ImageOps.exif_transpose(image), recognizer)
    prediction = name_several(recognizer.read(picture.reshape(1, 784)), [placement])
    return {
        "file": str(path),
        "digit": prediction.digit(0),
        "confidence": float(prediction.probabilities[0].max()),
        "probabilities": prediction.probabilities[0].tolist(),
        "verdict": prediction.verdicts[0],
        "novelty": float(prediction.novelty[0]),
        "placement": placement and placement._asdict(),
        "model": recognizer.network.name,
    }


def format_answer(answer: dict[str, Any]) -> str:
    """The verdict in words, and a bar for each probability."""
    verdict = VERDICT_TEXTS[answer["verdict"]].format(**answer)
    rows = [f"  {digit} {p:6.1%} {bar(p)}".rstrip() for digit, p in enumerate(answer["probabilities"])]
    return "\n".join([f"{answer['file']}: {verdict}", *rows])


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
    parser.add_argument("--json", action="store_true", help="one line of JSON a file")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="the network (default: the one that ships)")
    chosen = parser.parse_args(arguments)
    try:
        recognizer = Recognizer.load(chosen.weights)
    except WeightsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    status = 0
    for path in chosen.files:
        try:
            answer = predict(path, recognizer)
        except UnidentifiedImageError:
            sys.stderr.write(f"{path}: this is not a PNG, JPEG or WebP image\n")
            status = 1
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            sys.stderr.write(f"{path}: not a picture that can be read ({error})\n")
            status = 1
        else:
            sys.stdout.write((json.dumps(answer) if chosen.json else format_answer(answer)) + "\n")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
