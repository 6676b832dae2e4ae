"""Printed digits of every form."""

import itertools

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from model.data import printed

FORMS = (printed.font_digit, printed.segment_digit, printed.block_digit, printed.pixel_digit)
HOLES = {0: 1, 6: 1, 8: 2, 9: 1}


def holes(image):
    """How many areas of the ground are surrounded by ink."""
    ground = ImageOps.expand(image.reduce(4).point(lambda value: 255 * (value > 127)), 1)
    ImageDraw.floodfill(ground, (0, 0), 255)
    count = 0
    while (places := np.argwhere(np.asarray(ground) == 0)).size:
        ImageDraw.floodfill(ground, (int(places[0][1]), int(places[0][0])), 255)
        count += 1
    return count


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("digit", range(10))
def test_every_form_of_a_digit_is_large_and_fills_its_picture(form, digit):
    for seed in range(10):
        image = form(digit, np.random.default_rng(seed))
        left, top, right, bottom = image.getbbox()
        assert bottom - top >= printed.HEIGHT / 2
        assert (image.width - (right - left), image.height - (bottom - top)) <= (2, 2)


@pytest.mark.parametrize("digit", range(10))
def test_blocks_keep_the_holes_of_their_digit(digit):
    for seed in range(10):
        assert holes(printed.block_digit(digit, np.random.default_rng(seed))) == HOLES.get(digit, 0)


def test_no_two_digits_light_the_same_segments():
    lit = [frozenset(segments) for forms in printed.LIT.values() for segments in forms]
    assert all(one != other for one, other in itertools.combinations(lit, 2))
    assert set().union(*lit) == set(printed.SEGMENTS)


def test_a_digit_is_a_picture_as_the_network_sees_it_and_the_same_for_the_same_seed():
    for digit in range(10):
        first, again, other = (printed.printed_digit(digit, np.random.default_rng(seed)) for seed in (5, 5, 6))
        assert first.shape == (28, 28)
        assert first.dtype == np.uint8
        assert first.max() == 255
        np.testing.assert_array_equal(first, again)
        assert (first != other).any()


def test_a_digit_is_upright_up_to_its_rotation():
    """The mean of many ones is a vertical bar, higher than wide."""
    rng = np.random.default_rng(0)
    mean = np.mean([printed.printed_digit(1, rng) for _ in range(100)], axis=0)
    rows, columns = np.nonzero(mean > 60)
    assert np.ptp(rows) > 2 * np.ptp(columns)
    assert Image.fromarray(mean.astype(np.uint8)).size == (28, 28)
