"""`python -m bench` runs every benchmark and prints a line for each; names as arguments choose among them."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # "on one core" shall mean it
os.environ.pop("OPENBLAS_CORETYPE", None)  # each library by the best kernels that it has for this processor

import sys

from bench import augmentation, drawing, explaining, forward, from_nothing, http, load, slow, training

BENCHMARKS = {
    "augmentation": augmentation.run,
    "training": training.run,
    "from_nothing": from_nothing.run,
    "explaining": explaining.run,
    "drawing": drawing.run,
    "forward": forward.run,
    "floor": http.floor,
    "peers": http.peers,
    "batch": http.batch,
    "pace": http.pace,
    "slow": slow.run,
    "memory": http.memory,
}


def main(names: list[str]) -> int:
    """Run the chosen benchmarks; 0 if all names are known."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}\n")
        return 2
    for name in names or BENCHMARKS:
        try:
            told = BENCHMARKS[name]()
        except load.MissingError as missing:
            told = str(missing)
        sys.stdout.write(f"{name}: {told}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
