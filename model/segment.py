"""`python -m model.segment`: fit how ink is cut into digits, on numbers in known people's hands.

Writes model/reading/weights.json. It is to be run again when the networks that ship were trained anew.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from model.data.files import DataError
from model.data.pendigits import load_pens
from model.data.unipen import load_unipen
from model.localization.choice import ChoiceWeights
from model.network import WeightsError
from model.progress import Progress
from model.reading.choose import NAMES
from model.reading.judge import WEIGHTS_FILE
from model.recognize import Recognizer
from model.storage import wide_path, write_json
from model.training.choice import fit_choice
from model.training.segmentation import fit_weights
from model.training.segmentation_examples import Source, collect, collect_candidates, hands, named

WEIGHTS: Final = Path("weights/digits.npz")
SEED: Final = 29  # other pictures than those of the report
PICTURES: Final = 240  # of each kind
UNITS: Final = 0  # hidden ones of the choice: there are too few photographs to fit any
UNDECIDED: Final = ChoiceWeights(np.zeros(len(NAMES)), np.zeros((len(NAMES), 0)), np.zeros(0))  # until they are fitted


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write; 0 if it could be done."""
    parser = argparse.ArgumentParser(prog="python -m model.segment", description="Fit how ink is cut into digits.")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="the folder with the strokes")
    parser.add_argument("--pictures", type=int, default=PICTURES, help=f"of each kind (default: {PICTURES})")
    args = parser.parse_args(arguments)
    try:
        recognizers = [Recognizer.load(WEIGHTS), Recognizer.load(wide_path(WEIGHTS))]
        pens, unipen = load_pens(args.data), load_unipen(args.data)
    except (WeightsError, DataError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    # The networks learned those of `pens.train` and UNIPEN, and are surer of them than of strangers'.
    people = [pens.train, pens.validation, hands(unipen.digits)]
    source = Source(people, unipen.letters, recognizers, args.pictures, SEED)
    networks = [each.network.name for each in recognizers]
    progress = Progress("numbers")
    examples = collect(source, progress.update)
    progress = Progress("weights")
    content = {
        "networks": networks,
        "lines": len(examples),
        "weights": named(fit_weights(examples, progress.update)),
        "sights": UNDECIDED.named(NAMES),
    }
    write_json(WEIGHTS_FILE, content)  # what comes next is read with them, in other processes
    progress = Progress("photographs")
    candidates = collect_candidates(replace(source, count=args.pictures // 4), progress.update)
    content["pictures"] = candidates.pictures
    content["sights"] = fit_choice(candidates, UNITS, np.random.default_rng(SEED)).named(NAMES)
    write_json(WEIGHTS_FILE, content)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
