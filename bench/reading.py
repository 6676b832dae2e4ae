"""What reading a number of five digits costs, against the answer to one digit."""

import asyncio
from typing import Final

import numpy as np
from PIL import Image

from app.main import create_app
from app.settings import Settings
from bench.files import saved
from bench.network import processor_times
from model.data.numbers.hand import Gap, Hand, beside_each_other
from model.data.numbers.pages import page
from model.data.pendigits import PenDigit
from model.data.photographs.writing import coverage
from model.data.synthetic import synthetic_digit

SIZE: Final = (400, 120)  # pixels
GAPS: Final[tuple[Gap, ...]] = ("apart", "close", "touching", "apart")
SEED: Final = 4


def run() -> str:
    """Processor time of one `/read` of a number, on one core, beside one `/predict` of the same picture."""
    return asyncio.run(_run())


async def _run() -> str:
    application, five, one = create_app(Settings(access_log=False)), png((4, 0, 7, 2, 5)), png((4,))
    async with application.router.lifespan_context(application):
        read, predict, single = await processor_times(
            application, ("/read", five), ("/predict", five), ("/predict", one)
        )
    return (
        f"{read:.2f} ms of processor time for five digits in 400×120 pixels: {read / predict:.2f} times that of "
        f"/predict for the same picture (goal 4), {read / single:.2f} times that for one digit in as many"
    )


def png(digits: tuple[int, ...]) -> bytes:
    """A drawing of a number, black on white; two of its digits touch."""
    rng = np.random.default_rng(SEED)
    people = [PenDigit(digit, 0, list(synthetic_digit(digit, rng))) for digit in range(10)]
    hand = Hand.of(people, 70, rng)
    line = beside_each_other(hand, [hand.digit(digit, rng) for digit in digits], GAPS, rng)
    written = page(hand, [line.glyphs])
    points = np.concatenate(written.strokes)
    centred = written.mapped(1, np.array(SIZE) / 2 - (points.min(axis=0) + points.max(axis=0)) / 2)
    ink = coverage(centred.strokes, centred.pen, SIZE[::-1])
    return saved(Image.fromarray(np.rint(255 * (1 - ink)).astype(np.uint8)))
