"""Augmentation varies as much as its numbers say, and not at all when they are zero."""

import numpy as np
import pytest

from model.data.augment import AugmentationConfig, augment, change_contrast, displacements, elastic, thicken, warp

PLAIN = AugmentationConfig(0, 0, 0, 0, 0, 4.0, 0, 0)


def pictures(n=6, seed=0):
    rng = np.random.default_rng(seed)
    out = np.zeros((n, 28, 28), dtype=np.float32)
    out[:, 8:20, 8:20] = rng.random((n, 12, 12))
    return out


def moved(down, right, n=6):
    field = np.zeros((n, 2, 28, 28), dtype=np.float32)
    field[:, 0], field[:, 1] = down, right
    return field


def test_no_variation_leaves_the_pictures_as_they_are():
    x = pictures().reshape(-1, 784)
    np.testing.assert_allclose(augment(x, PLAIN, np.random.default_rng(0)), x, atol=1e-6)


def test_the_same_seed_gives_the_same_pictures_and_another_seed_others():
    x = pictures(300).reshape(-1, 784)
    first, again, other = (augment(x, AugmentationConfig(), np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.1


def test_strength_is_the_share_of_the_variation_that_each_picture_gets():
    x = np.repeat(pictures(1).reshape(-1, 784), 3, axis=0)
    still, half, whole = augment(x, AugmentationConfig(), np.random.default_rng(2), np.array([0.0, 0.5, 1.0]))
    np.testing.assert_allclose(still, x[0], atol=1e-6)
    assert np.abs(half - still).max() > 0.1
    np.testing.assert_array_equal(whole, augment(x, AugmentationConfig(), np.random.default_rng(2))[2])


def test_variation_stays_between_no_ink_and_full_ink_and_leaves_its_input_alone():
    x = pictures(300).reshape(-1, 784)
    before = x.copy()
    varied = augment(x, AugmentationConfig(contrast=1, thickness=1, shift=6, elastic=3), np.random.default_rng(3))
    assert varied.min() >= 0
    assert varied.max() <= 1 + 1e-6
    assert varied.dtype == np.float32
    np.testing.assert_array_equal(x, before)


def test_a_whole_displacement_moves_whole_pixels():
    x = pictures()
    np.testing.assert_allclose(warp(x, moved(2, -3))[:, 2:20, 8:20], x[:, 4:22, 5:17], atol=1e-6)


def test_half_a_pixel_is_the_mean_of_two():
    x = pictures()
    np.testing.assert_allclose(warp(x, moved(0, 0.5))[:, :, :-1], (x[:, :, :-1] + x[:, :, 1:]) / 2, atol=1e-6)


@pytest.mark.parametrize("far", [-1000.0, 1000.0])
def test_what_comes_from_far_outside_is_blank(far):
    assert warp(np.ones((2, 28, 28), dtype=np.float32), moved(far, far, 2)).max() < 0.01


def test_elastic_fields_have_unit_size_and_are_smooth():
    field = elastic(400, 4.0, np.random.default_rng(4))
    assert np.sqrt((field**2).mean()) == pytest.approx(1, rel=0.05)
    assert abs(field.mean()) < 0.05
    neighbours = np.corrcoef(field[..., :-1].ravel(), field[..., 1:].ravel())[0, 1]
    assert neighbours > 0.95


def test_rotation_turns_about_the_middle():
    field = displacements(np.ones(200), AugmentationConfig(10, 0, 0, 0, 0, 4, 0, 0), np.random.default_rng(5))
    middle = np.abs(field[:, :, 13:15, 13:15]).max()
    corner = np.hypot(field[:, 0, 0, 0], field[:, 1, 0, 0]).max()
    assert middle < 0.15
    assert corner == pytest.approx(2 * np.sin(np.radians(5)) * np.hypot(13.5, 13.5), rel=0.05)


def test_a_shift_moves_every_pixel_alike():
    field = displacements(np.ones(50), AugmentationConfig(0, 0, 0, 2, 0, 4, 0, 0), np.random.default_rng(6))
    assert np.ptp(field, axis=(2, 3)).max() < 1e-5
    assert 1 < np.abs(field).max() <= 2


def test_thicken_grows_and_shrinks_by_a_pixel():
    x = np.zeros((3, 28, 28), dtype=np.float32)
    x[:, 10:15, 10:15] = 1
    grown, shrunk, same = thicken(x, np.array([1.0, -1.0, 0.0]))
    assert grown.sum() > 25 > shrunk.sum() == 9
    np.testing.assert_array_equal(same, x[2])
    np.testing.assert_allclose(thicken(x, np.full(3, 0.5))[0], (x[0] + grown) / 2)


def test_a_change_of_contrast_keeps_black_and_white():
    x = np.array([[[0.0, 0.5, 1.0]]], dtype=np.float32)
    np.testing.assert_allclose(change_contrast(x, np.array([0.4]))[0, 0], [0, 0.6, 1], atol=1e-6)
