"""How far a measured accuracy may be off: people differ more than pictures do, so whole writers are drawn anew."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

RESAMPLES: Final = 2000  # of the bootstrap; their standard error is then known to about 2 %
SEED: Final = 3


def standard_error(right: NDArray[np.bool_], writers: NDArray[np.str_] | None = None) -> float:
    """The standard error of the share of right answers, (n,), by a bootstrap over writers (Efron 1979).

    A writer's pictures are alike: as many pictures of as many writers would tell more. Where the writers are not
    known, each picture counts as one's own: √(p·(1 − p) / n).

    >>> standard_error(np.array([True, True, True, False]))
    0.21650635094610965
    """
    if writers is None:
        return float(right.std() / np.sqrt(len(right)))
    counts, hits = _by_writer(right, writers)
    chosen = np.random.default_rng(SEED).integers(0, len(counts), (RESAMPLES, len(counts)))
    return float((hits[chosen].sum(axis=1) / counts[chosen].sum(axis=1)).std())


def over_writers(right: NDArray[np.bool_], writers: NDArray[np.str_]) -> dict[str, Any]:
    """How many writers there are, and the shares of right answers of the worst, the median and the best of them."""
    counts, hits = _by_writer(right, writers)
    shares = np.sort(hits / counts)
    named = {"worst": shares[0], "median": np.median(shares), "best": shares[-1]}
    return {"writers": len(shares), **{name: round(float(share), 6) for name, share in named.items()}}


def _by_writer(right: NDArray[np.bool_], writers: NDArray[np.str_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Each writer's number of pictures, and of right answers."""
    _, writer = np.unique(writers, return_inverse=True)
    counts = np.bincount(writer)
    return counts, np.bincount(writer[right], minlength=len(counts))
