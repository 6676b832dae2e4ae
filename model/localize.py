"""`python -m model.localize`: fit how places of a picture are judged, on photographs of validation people's digits.

Writes model/localization/weights.json. It is to be run again when the networks that ship were trained anew.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.data.files import DataError
from model.data.pendigits import load_pens
from model.localization.judge import NAMES, WEIGHTS_FILE
from model.network import WeightsError
from model.progress import Progress
from model.recognize import Recognizer
from model.storage import wide_path, write_json
from model.training.localization import collect, fit, sure_limits

WEIGHTS: Final = Path("weights/digits.npz")
SEED: Final = 23  # other pictures than those of the report
PICTURES: Final = 40  # of each kind


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write; 0 if it could be done."""
    parser = argparse.ArgumentParser(prog="python -m model.localize", description="Fit how places are judged.")
    parser.add_argument(
        "--data", type=Path, default=Path("data"), metavar="DIR", help="the folder with the pen strokes"
    )
    parser.add_argument("--pictures", type=int, default=PICTURES, help=f"of each kind (default: {PICTURES})")
    args = parser.parse_args(arguments)
    progress = Progress("photographs")
    try:
        recognizers = [Recognizer.load(WEIGHTS), Recognizer.load(wide_path(WEIGHTS))]
        examples = collect(load_pens(args.data).validation, recognizers, args.pictures, SEED, progress.update)
    except (WeightsError, DataError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    weights = fit(examples, np.random.default_rng(SEED))
    content: dict[str, Any] = {
        "networks": [each.network.name for each in recognizers],
        "pictures": sum(part.pictures for part in examples.values()),
        "limits": {name: round(limit, 4) for name, limit in sure_limits(weights, examples)._asdict().items()},
        **{kind: part.named(NAMES) for kind, part in weights.items()},
    }
    write_json(WEIGHTS_FILE, content)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
