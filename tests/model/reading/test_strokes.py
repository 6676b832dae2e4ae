"""How a stroke leans and bows, how even it is, and how long, is told from its picture."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.preprocess import preprocess
from model.reading.strokes import shapes_of

SCALE = 10  # pixels drawn for each of the picture


def picture(*strokes, pen=2.0):
    """Strokes, in a box of height 1 and the middle at 0, as the network sees them."""
    image = Image.new("L", (600, 600), 255)
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        at = [(300 + 200 * x, 200 + 200 * y) for x, y in stroke]
        draw.line(at, fill=0, width=round(pen * SCALE))
        for x, y in at:
            r = pen * SCALE / 2
            draw.ellipse((x - r, y - r, x + r, y + r), fill=0)
    return preprocess(image).reshape(1, 784)


def bowed(by, lean=0.0):
    """A parabola that is this far from the line between its ends, in the middle."""
    y = np.linspace(0, 1, 40)
    return list(zip(4 * by * y * (1 - y) - lean * (y - 0.5), y, strict=True))


@pytest.mark.parametrize("pen", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("lean", [-0.3, 0.0, 0.2, 0.5])
def test_a_straight_stroke_leans_as_it_was_drawn_and_is_even(lean, pen):
    shapes = shapes_of(picture(bowed(0, lean), pen=pen))
    assert shapes.lean[0] == pytest.approx(lean, abs=0.03)
    assert shapes.bow[0] < 0.01
    assert shapes.length[0] == pytest.approx(np.hypot(1, lean), abs=0.02)
    assert shapes.is_even.all()


@pytest.mark.parametrize("lean", [-0.2, 0.0, 0.3])
@pytest.mark.parametrize("by", [-0.25, -0.1, 0.1, 0.25])
def test_a_bow_is_measured_on_either_side_and_however_it_leans(by, lean):
    shapes = shapes_of(picture(bowed(by, lean)))
    assert shapes.bow[0] == pytest.approx(abs(by), rel=0.15)
    assert shapes.lean[0] == pytest.approx(lean, abs=0.04)


@pytest.mark.parametrize(
    "strokes",
    [
        [bowed(0), [(0, 0), (-0.2, 0.3)]],
        [[(-0.3, 0), (0.3, 0), (0, 1)]],
        [bowed(0), [(0.3, 0), (0.3, 1)], [(0, 1), (0.3, 1)]],
        [[(0.25 * np.sin(t), 0.5 - 0.5 * np.cos(t)) for t in np.linspace(0, 2 * np.pi, 40)]],
    ],
    ids=["a one with a flag", "a seven", "two strokes side by side", "a zero"],
)
def test_what_is_more_than_one_stroke_in_a_row_is_not_even(strokes):
    assert not shapes_of(picture(*strokes)).is_even.any()


def test_a_level_stroke_and_no_ink_have_no_rows_to_compare_and_all_is_finite():
    level, blank = picture([(-0.5, 0.5), (0.5, 0.5)]), np.zeros((1, 784), dtype=np.uint8)
    shapes = shapes_of(np.concatenate([level, blank]))
    assert not shapes.is_even.any()
    assert all(np.isfinite(each).all() for each in shapes)
