"""`python -m bench` runs every benchmark and prints a line for each; names as arguments choose among them."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # "on one core" shall mean it
os.environ.pop("OPENBLAS_CORETYPE", None)  # each library by the best kernels that it has for this processor

import sys

from bench import faults, floor, lighthouse, loading, network, page, reading, serving, training

BENCHMARKS = {
    "augmentation": network.augmentation,
    "training": training.run,
    "from_nothing": network.from_nothing,
    "explaining": network.explaining,
    "reading": reading.run,
    "loading": loading.run,
    "lighthouse": lighthouse.run,
    "drawing": page.drawing,
    "forward": network.forward,
    "floor": floor.floor,
    "preprocessing": floor.preprocessing,
    "start": floor.start,
    "peers": serving.peers,
    "batch": serving.batch,
    "steady_rate": serving.steady_rate,
    "slow": serving.slow,
    "memory": serving.memory,
    "faults": faults.run,
}


def main(names: list[str]) -> int:
    """Run the chosen benchmarks; 0 if all names are known."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}\n")
        return 2
    for name in names or BENCHMARKS:
        try:
            result = BENCHMARKS[name]()
        except serving.MissingError as missing:
            result = str(missing)
        sys.stdout.write(f"{name}: {result}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
