"""Work in several processes, one a core, whose results keep their order."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")
R = TypeVar("R")
WORKERS: Final = "INKSCOPE_WORKERS"  # environment variable: the number of processes; default: one a core


def processes() -> int:
    """How many processes or threads work at a time: as many as `WORKERS` says, or one a core."""
    return int(os.environ.get(WORKERS, os.cpu_count() or 1))


def in_processes(
    work: Callable[[T], R], items: Sequence[T], progress: Callable[[float], None] = lambda _: None
) -> list[R]:
    """The result for each item, in so many processes as `processes` says."""
    # Spawned, not forked: a fork of a process with threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes(), mp_context=context, initializer=_exit_with_parent) as pool:
        results = []
        for result in pool.map(work, items):
            results.append(result)
            progress(len(results) / len(items))
        return results


def _exit_with_parent() -> None:
    """Leave Ctrl-C, which a terminal sends to all processes, to the parent; and exit when the parent ends.

    The workers of a parent that was killed would otherwise wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_after_parent, daemon=True).start()


def _exit_after_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
