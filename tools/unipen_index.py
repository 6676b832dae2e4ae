"""`python -m tools.unipen_index --data DIR`: write which drawings of UNIPEN's archive are used, from `strokes.npz`."""

import argparse
from pathlib import Path

from model.data.unipen_archive import INDEX, index_of
from model.storage import pack, unpack, write_atomic


def main(arguments: list[str] | None = None) -> None:
    """Write `unipen_index.npz`."""
    parser = argparse.ArgumentParser(prog="python -m tools.unipen_index", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="the folder (default: data/)")
    folder = parser.parse_args(arguments).data
    write_atomic(INDEX, pack(index_of(unpack((folder / "unipen" / "strokes.npz").read_bytes()))))


if __name__ == "__main__":
    main()
