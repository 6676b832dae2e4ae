"""`python -m model.lecture weights/digits.npz`: write the numbers that the page /maths shows of a network."""

import sys
from pathlib import Path

from model.lecture.numbers import write_numbers
from model.network import Network, WeightsError


def main(arguments: list[str]) -> int:
    """Write the file beside each weights file; 1 if one cannot be used."""
    try:
        for weights in map(Path, arguments):
            write_numbers(weights, Network.load(weights))
    except (WeightsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
