"""`python -m model.segment`: fit how ink is cut into digits, on numbers in known people's hands.

Writes model/reading/weights.json. It is to be run again when the networks that ship were trained anew.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from model.data.files import DataError
from model.data.pendigits import load_pens
from model.data.unipen import load_unipen
from model.network import WeightsError
from model.progress import Progress
from model.reading.judge import WEIGHTS_FILE, Weights
from model.recognize import Recognizer
from model.storage import wide_path, write_json
from model.training.segmentation import fit_weights
from model.training.segmentation_examples import collect, named

WEIGHTS: Final = Path("weights/digits.npz")
SEED: Final = 29  # other pictures than those of the report
PICTURES: Final = 120  # of each kind


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write; 0 if it could be done."""
    parser = argparse.ArgumentParser(prog="python -m model.segment", description="Fit how ink is cut into digits.")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="the folder with the strokes")
    parser.add_argument("--pictures", type=int, default=PICTURES, help=f"of each kind (default: {PICTURES})")
    args = parser.parse_args(arguments)
    try:
        recognizers = [Recognizer.load(WEIGHTS), Recognizer.load(wide_path(WEIGHTS))]
        pens, letters = load_pens(args.data), load_unipen(args.data).letters
    except (WeightsError, DataError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    progress = Progress("numbers")
    examples = collect(pens.train + pens.validation, letters, recognizers, args.pictures, SEED, progress.update)
    progress = Progress("weights")
    weights: Weights = fit_weights(examples, progress.update)
    networks = [each.network.name for each in recognizers]
    write_json(WEIGHTS_FILE, {"networks": networks, "lines": len(examples), "weights": named(weights)})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
