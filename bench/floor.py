"""What an answer costs beside its network: preprocessing and /predict against the least possible, the start, memory."""

import compileall
import statistics
import time
import timeit
import urllib.request
from functools import partial
from typing import Final

from PIL import Image

from app.input.container import return_freed_memory
from app.settings import ROOT
from bench.peers import crop_shrink_and_centre
from bench.servers import OURS, pin, resident, serving
from bench.serving import PNG, RAW, rates, rates_text, ratio, seven
from model import preprocess

SIDES: Final = {280: 0.16, 120: 0.09}  # pixels of a canvas, and the goal in milliseconds
ROUNDS, TIMES = 15, 40
STARTS: Final = 5


def floor() -> str:
    """/predict against a bare application."""
    found = rates({"ours": (OURS, RAW), "floor": (["bench.peers", "floor"], RAW)})
    return f"{rates_text(found)}; {ratio(found, 'ours', 'floor'):.2f} of the floor (goal 0.65)"


def preprocessing() -> str:
    """A clean canvas to the 28×28, beside the same to whole pixels, without a search for ground, ink and frames."""
    pin(0)
    return_freed_memory()
    return "; ".join(_preprocessing(side, goal) for side, goal in SIDES.items())


def _preprocessing(side: int, goal: float) -> str:
    image = seven().resize((side, side), Image.Resampling.BOX)
    timers = [timeit.Timer(partial(see, image)) for see in (preprocess, crop_shrink_and_centre)]
    ours, least = (
        min(times) for times in zip(*([t.timeit(TIMES) for t in timers] for _ in range(ROUNDS)), strict=True)
    )
    return f"{side}×{side} {ours / TIMES * 1000:.3f} ms (goal {goal}), {ours / least:.1f} × the least"


def start() -> str:
    """Seconds from the start of the process to the first answer, and what it then holds; compiled, as the image is."""
    pin(-1)
    for package in ("app", "model"):
        compileall.compile_dir(ROOT / package, quiet=1)
    seconds, held = zip(*(_started() for _ in range(STARTS)), strict=True)
    return (
        f"first answer after {min(seconds):.2f} s, median {statistics.median(seconds):.2f} s (goal 0.5); "
        f"{statistics.median(held):.0f} MB resident (goal 90)"
    )


def _started() -> tuple[float, float]:
    began = time.perf_counter()
    with serving(OURS) as (host, process):
        request = urllib.request.Request(f"http://{host}/predict", PNG, {"Content-Type": "image/png"})
        urllib.request.urlopen(request).close()  # noqa: S310 - http
        seconds = time.perf_counter() - began
        time.sleep(1)  # until it is idle
        return seconds, resident(process) * 1.048576
