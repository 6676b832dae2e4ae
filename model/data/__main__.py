"""`python -m model.data --data DIR`: download the training data that DIR lacks, and check what it has."""

import argparse
import sys
from pathlib import Path

from model.data.files import DataError
from model.data.mnist import load_mnist
from model.data.pendigits import load_pens
from model.data.unipen import load_unipen


def main(arguments: list[str] | None = None) -> int:
    """Count what is there; 1 if something is missing or damaged."""
    parser = argparse.ArgumentParser(prog="python -m model.data", description="Fetch and check the training data.")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="the folder (default: data/)")
    folder = parser.parse_args(arguments).data
    try:
        found = {"MNIST": load_mnist(folder), "pen digits": load_pens(folder), "UNIPEN": load_unipen(folder)}
    except DataError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for name, parts in found.items():
        counts = ", ".join(f"{len(part):,} {use}" for use, part in vars(parts).items())
        sys.stdout.write(f"{name}: {counts}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
