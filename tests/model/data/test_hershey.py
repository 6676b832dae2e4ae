"""Characters of the Hershey fonts as pen strokes."""

import numpy as np
import pytest

from model.data.hershey import DIGIT_FONTS, hershey_strokes


@pytest.mark.parametrize("font", DIGIT_FONTS)
def test_every_font_has_every_digit_with_its_longer_side_1(font):
    for digit in "0123456789":
        points = np.concatenate(hershey_strokes(digit, font))
        assert points.min() == 0
        assert np.ptp(points, axis=0).max() == pytest.approx(1)


def test_y_points_down():
    top, bottom = hershey_strokes("T", "futural")[1], hershey_strokes("L", "futural")[1]
    assert top[:, 1].max() < bottom[:, 1].min()


def test_what_a_font_lacks_has_no_strokes():
    assert hershey_strokes(" ", "futural") == []
