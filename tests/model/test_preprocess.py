"""The same drawing gives the same 28×28, wherever, however large and on whatever ground it is drawn."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from model.preprocess import (
    SIDE,
    Box,
    Extent,
    bounding_box,
    extract_ink,
    extract_plain_ink,
    place,
    place_on_image,
    preprocess,
    preprocess_with_placement,
)

INK, PAPER = 0, 255
SEVEN = ((60, 60), (200, 60), (110, 230))


def drawing(points=SEVEN, size=280, width=20, ink=INK, paper=PAPER, mode="L", shift=(0, 0)):
    image = Image.new(mode, (size, size), paper)
    line = [(x + shift[0], y + shift[1]) for x, y in points]
    ImageDraw.Draw(image).line(line, fill=ink, width=width, joint="curve")
    return image


def difference(a, b):
    return int(np.abs(a.astype(int) - b.astype(int)).max())


REFERENCE = preprocess(drawing())
places = st.integers(-8, 8)
points = st.lists(st.tuples(st.integers(40, 240), st.integers(40, 240)), min_size=2, max_size=6, unique=True)
quick = settings(max_examples=60, deadline=None, derandomize=True)


def test_the_picture_is_28_by_28_bytes_with_full_ink_in_it():
    assert REFERENCE.shape == (28, 28)
    assert REFERENCE.dtype == np.uint8
    assert REFERENCE.max() == 255


@quick
@given(points, places, places)
def test_a_moved_drawing_gives_the_same_picture(line, right, down):
    here, there = preprocess(drawing(line)), preprocess(drawing(line, shift=(right * 2, down * 2)))
    assert difference(here, there) <= 1


@quick
@given(points, st.integers(2, 3))
def test_a_drawing_enlarged_pixel_by_pixel_gives_the_same_picture(line, factor):
    image = drawing(line, size=250)
    larger = image.resize((250 * factor, 250 * factor), Image.Resampling.NEAREST)
    assert difference(preprocess(image), preprocess(larger)) <= 2


@quick
@given(points, st.integers(4, 40))
def test_an_inverted_drawing_gives_the_same_picture(line, width):
    image = drawing(line, width=width)
    assert difference(preprocess(image), preprocess(ImageOps.invert(image))) == 0


@quick
@given(points)
def test_the_ink_fits_the_box_and_its_mass_is_in_the_middle(line):
    picture = preprocess(drawing(line)).astype(float)
    box = bounding_box((picture / 255).astype(np.float32))
    assert box is not None
    assert 18 <= max(box.bottom - box.top, box.right - box.left) <= 22
    rows, columns = np.indices((SIDE, SIDE)) + 0.5
    # The middle, unless that would push ink over the edge.
    if box.top > 0 and box.bottom < SIDE and box.left > 0 and box.right < SIDE:
        assert (rows * picture).sum() / picture.sum() == pytest.approx(14, abs=0.1)
        assert (columns * picture).sum() / picture.sum() == pytest.approx(14, abs=0.1)


@pytest.mark.parametrize("shape", [(2, 2), (1, 40), (40, 1), (3, 5)])
def test_a_border_of_two_colours_gives_a_picture(shape):
    pixels = np.zeros((*shape, 3), dtype=np.uint8)
    pixels.reshape(-1, 3)[::2] = (255, 200, 0)
    assert preprocess(Image.fromarray(pixels)).shape == (28, 28)


@quick
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_any_noise_of_any_shape_gives_a_picture(width, height, seed):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    for mode in ("RGBA", "RGB", "LA", "L", "1", "P", "CMYK", "YCbCr", "F", "I"):
        picture = preprocess(Image.fromarray(pixels).convert(mode if mode != "CMYK" else "RGB").convert(mode))
        assert picture.shape == (28, 28)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P", "CMYK", "I", "F", "LA", "YCbCr"])
def test_every_mode_of_the_same_drawing_gives_the_same_picture(mode):
    image = drawing()
    same = image.point(lambda value: value / 255, "F") if mode == "F" else image.convert("RGB").convert(mode)
    if mode == "I":
        same = image.convert("I").point(lambda value: value * 257)
    assert difference(preprocess(same), REFERENCE) <= 1


def test_sixteen_bit_greys_are_scaled_not_clipped():
    deep = Image.fromarray((np.asarray(drawing(ink=100, paper=200), dtype=np.uint16) * 257).astype(np.uint16))
    assert deep.mode == "I;16"
    assert difference(preprocess(deep), REFERENCE) <= 1


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (200, 30, 30), (250, 240, 20)])
def test_any_colour_on_transparent_is_ink(colour):
    image = Image.new("RGBA", (280, 280), (255, 255, 255, 0))
    image.paste((*colour, 255), mask=ImageOps.invert(drawing()))
    assert difference(preprocess(image), REFERENCE) == 0


def test_transparent_holes_in_a_ground_are_background():
    image = drawing().convert("RGBA")
    image.paste((0, 0, 0, 0), (20, 150, 80, 270))
    assert difference(preprocess(image), REFERENCE) == 0


def test_a_palette_with_a_transparent_colour_is_understood():
    image = drawing().convert("P")
    image.info["transparency"] = image.getpixel((0, 0))
    assert difference(preprocess(image), REFERENCE) == 0


@pytest.mark.parametrize(("ink", "paper"), [((0, 90, 200), (230, 200, 120)), ((255, 0, 0), (0, 120, 0))])
def test_colours_are_told_apart_even_where_their_greys_are_alike(ink, paper):
    assert difference(preprocess(drawing(mode="RGB", ink=ink, paper=paper)), REFERENCE) == 0


@pytest.mark.parametrize("paper", [255, 128, 0])
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (280, 280), (2000, 3)])
def test_a_blank_sheet_gives_a_blank_picture(paper, size):
    assert not preprocess(Image.new("L", size, paper)).any()


def test_paper_with_only_grain_is_blank():
    grain = np.random.default_rng(0).normal(200, 4, (280, 280)).clip(0, 255).astype(np.uint8)
    assert not preprocess(Image.fromarray(grain)).any()


def test_faint_ink_counts_as_ink():
    assert difference(preprocess(drawing(ink=225, paper=255)), REFERENCE) == 0


def test_faint_ink_on_grainy_paper_is_read():
    paper = np.random.default_rng(1).normal(0, 3, (280, 280))
    photo = (np.asarray(drawing(ink=150, paper=230)) + paper).clip(0, 255).astype(np.uint8)
    assert np.abs(preprocess(Image.fromarray(photo)).astype(int) - REFERENCE).mean() < 4


@pytest.mark.parametrize("spot", [(140, 140), (0, 0), (279, 279), (0, 140)])
def test_a_single_dot_fills_the_box_wherever_it_is(spot):
    image = Image.new("L", (280, 280), 255)
    image.putpixel(spot, 0)
    box = bounding_box((preprocess(image) / 255).astype(np.float32))
    assert box == (4, 24, 4, 24)


@pytest.mark.parametrize("line", [((10, 140), (270, 140)), ((140, 10), (140, 270)), ((20, 20), (260, 260))])
def test_a_line_of_one_pixel_is_as_black_as_a_thick_one(line):
    assert preprocess(drawing(line, width=1)).max() == 255


def test_ink_at_the_edge_is_kept():
    image = drawing(((0, 0), (279, 0), (140, 279)), width=18)
    assert (preprocess(image) > 128).sum() > 30


@pytest.mark.parametrize("ground", [0, 40, 200])
def test_a_sheet_on_a_table_is_read_as_the_sheet(ground):
    table = Image.new("L", (420, 400), ground)
    table.paste(drawing(), (70, 60))
    assert difference(preprocess(table), REFERENCE) == 0


@pytest.mark.parametrize("inset", [0, 12])
@pytest.mark.parametrize("width", [1, 4, 10])
def test_a_frame_drawn_around_it_is_taken_off(inset, width):
    image = drawing()
    ImageDraw.Draw(image).rectangle((inset, inset, 279 - inset, 279 - inset), outline=0, width=width)
    assert difference(preprocess(image), REFERENCE) == 0


def test_an_opaque_card_on_transparent_is_read_as_the_card():
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    image.paste(drawing().convert("RGBA"), (50, 60))
    assert difference(preprocess(image), REFERENCE) == 0


@pytest.mark.parametrize(
    "shape",
    [
        lambda pen: pen.rectangle((60, 60, 200, 220), outline=0, width=30),
        lambda pen: pen.rectangle((60, 60, 200, 220), outline=0, width=8),
        lambda pen: pen.rectangle((120, 40, 150, 240), fill=0),
        lambda pen: pen.ellipse((60, 60, 200, 220), outline=0, width=50),
        lambda pen: pen.rectangle((60, 60, 200, 220), fill=0),
    ],
)
def test_a_square_zero_a_bar_and_a_box_are_drawings_not_frames(shape):
    image = Image.new("L", (280, 280), 255)
    shape(ImageDraw.Draw(image))
    ink = (1 - np.asarray(image) / 255).astype(np.float32)
    np.testing.assert_array_equal(preprocess(image), place(ink).picture)


@pytest.mark.parametrize(("radius", "width"), [(47, 16), (48, 14), (50, 10), (48, 16), (50, 12), (44, 8)])
def test_a_digit_as_large_as_the_sheet_is_still_ink_on_paper(radius, width):
    image = Image.new("L", (1120, 1120), 255)
    outer, inner = (560 - (radius + side * width / 2) * 11.2 for side in (1, -1))
    ImageDraw.Draw(image).ellipse((outer, outer, 1120 - outer, 1120 - outer), fill=0)
    ImageDraw.Draw(image).ellipse((inner, inner, 1120 - inner, 1120 - inner), fill=255)
    picture = preprocess(image.reduce(10))
    assert picture[14, 14] == 0
    assert picture.max() == 255
    assert 0.1 < (picture > 128).mean() < 0.6


def lit(image, light):
    grain = np.random.default_rng(2).normal(0, 2, light.shape)
    return Image.fromarray((np.asarray(image) * light + grain).clip(0, 255).astype(np.uint8))


ACROSS = np.linspace(0, 1, 280)


@pytest.mark.parametrize(
    "light",
    [
        np.tile(1 - 0.4 * ACROSS, (280, 1)),
        np.add.outer(1 - 0.25 * ACROSS, -0.25 * ACROSS),
        1 - 0.35 * np.add.outer((2 * ACROSS - 1) ** 2, (2 * ACROSS - 1) ** 2) / 2,
    ],
    ids=["from a side", "from a corner", "from the middle"],
)
def test_uneven_light_on_a_photo_is_background(light):
    picture = preprocess(lit(drawing(ink=40, paper=235), light))
    assert np.abs(picture.astype(int) - REFERENCE).mean() < 6
    assert not preprocess(lit(Image.new("L", (280, 280), 235), light)).any()


@pytest.mark.parametrize("width", [8, 16, 24])
def test_a_square_eight_keeps_the_frame_that_it_is_made_of(width):
    image = Image.new("L", (280, 280), 255)
    pen = ImageDraw.Draw(image)
    pen.rectangle((80, 30, 200, 250), outline=0, width=width)
    pen.line((80, 140, 200, 140), fill=0, width=width)
    np.testing.assert_array_equal(preprocess(image), place((1 - np.asarray(image) / 255).astype(np.float32)).picture)


def block(*holes):
    """A black block of 80×120 pixels, with white rectangles in it."""
    image = Image.new("L", (280, 280), 255)
    pen = ImageDraw.Draw(image)
    pen.rectangle((100, 80, 179, 199), fill=0)
    for hole in holes:
        pen.rectangle(hole, fill=255)
    return image


@pytest.mark.parametrize(
    "image",
    [block((124, 104, 155, 175)), block((124, 104, 155, 129), (124, 150, 155, 175)), block((130, 112, 149, 167))],
    ids=["0", "8", "0 with a narrow hole"],
)
def test_the_holes_of_a_block_digit_are_paper_not_ink(image):
    np.testing.assert_array_equal(preprocess(image), place((1 - np.asarray(image) / 255).astype(np.float32)).picture)


@pytest.mark.parametrize("lefts", [(120, 150), (116, 136, 156)])
def test_bars_beside_each_other_on_a_card_are_ones_not_holes(lefts):
    placement = preprocess_with_placement(block(*[(left, 95, left + 7, 184) for left in lefts])).placement
    assert placement is not None
    assert placement.ground == "light on dark"
    assert (placement.box[0], placement.box[2]) == (lefts[0], lefts[-1] + 8)


def test_a_bar_on_a_card_is_a_one_not_a_hole():
    placement = preprocess_with_placement(block((135, 95, 144, 184))).placement
    assert placement is not None
    assert placement.box == (135, 95, 145, 185)


def test_a_translucent_background_is_background():
    image = Image.new("RGBA", (280, 280), (255, 255, 255, 100))
    image.paste((0, 0, 0, 255), mask=ImageOps.invert(drawing()))
    assert difference(preprocess(image), REFERENCE) <= 1


def test_a_large_scan_of_sixteen_bits_is_averaged_down_too():
    deep = np.kron(np.asarray(drawing(), dtype=np.uint16) * 257, np.ones((4, 4), dtype=np.uint16))
    image = Image.fromarray(deep)
    assert max(extract_ink(image).plane.shape) <= 1023
    assert difference(preprocess(image), REFERENCE) <= 2


def test_a_large_photo_is_averaged_down_and_read_the_same():
    large = drawing([(x * 8, y * 8) for x, y in SEVEN], size=2240, width=160)
    assert extract_ink(large).plane.shape[0] <= 1023
    # Not to the bit: Pillow rounds a thick line's corners to whole pixels.
    assert np.abs(preprocess(large).astype(int) - REFERENCE).mean() < 1


MODES: Final[dict[str, Callable[[int], int | tuple[int, ...]]]] = {
    "L": int,
    "RGB": lambda grey: (grey, 20, 255 - grey),
    "RGBA": lambda grey: (grey, grey, grey, 255),
}


@quick
@given(points, st.integers(4, 40), st.sampled_from([(0, 255), (255, 0), (90, 160)]), st.sampled_from(sorted(MODES)))
def test_the_quick_way_finds_the_very_same_ink_of_a_plain_drawing(line, width, colours, mode):
    dark, light = (MODES[mode](grey) for grey in colours)
    image = drawing(line, width=width, ink=dark, paper=light, mode=mode).resize((180, 180), Image.Resampling.BOX)
    plain, ink = extract_plain_ink(image), extract_ink(image)
    assert plain is not None
    assert ink.extent is not None
    np.testing.assert_array_equal(plain.plane, ink.extent.faint.crop(ink.plane))
    assert (plain.ground, plain.flat) == (ink.ground, ink.flat)
    (picture, placement), (same, its_placement) = place_on_image(plain), place_on_image(ink)
    np.testing.assert_array_equal(picture, same)
    assert placement == its_placement


def framed():
    image = drawing()
    ImageDraw.Draw(image).rectangle((12, 12, 267, 267), outline=0, width=4)
    return image


@pytest.mark.parametrize(
    "image",
    [
        framed(),
        drawing(points=((0, 0), (200, 60), (110, 230))),
        drawing(mode="RGBA", ink=(0, 0, 0, 255), paper=(255, 255, 255, 0)),
        drawing(mode="RGBA", ink=(0, 0, 0, 200), paper=(255, 255, 255, 255)),
        drawing(size=1024),
    ],
    ids=["in a frame", "at the edge", "on transparent", "in transparent ink", "large"],
)
def test_the_quick_way_leaves_all_but_plain_drawings_to_the_other(image):
    assert extract_plain_ink(image) is None


@quick
@given(points, st.integers(4, 40))
def test_ink_alone_has_the_same_picture_as_the_whole_sheet_that_it_is_on(line, width):
    plane = extract_ink(drawing(line, width=width)).plane
    box = bounding_box(plane)
    assert box is not None
    whole = Extent(box, Box(0, plane.shape[0], 0, plane.shape[1]))
    np.testing.assert_array_equal(place(plane).picture, place(plane, extent=whole).picture)


@pytest.mark.parametrize("x", [30, 32])  # of few slopes the last bits decide
def test_so_has_ink_on_a_long_narrow_sheet(x):
    image = Image.new("L", (60, 700))
    ImageDraw.Draw(image).line(((x, 100), (40, 597)), fill=1, width=5)
    plane = np.asarray(image, dtype=np.float32)
    box = bounding_box(plane)
    assert box is not None
    whole = Extent(box, Box(0, 700, 0, 60))
    np.testing.assert_array_equal(place(plane).picture, place(plane, extent=whole).picture)


def test_an_empty_plane_has_no_placement():
    picture, placement = place(np.zeros((10, 10), dtype=np.float32))
    assert not picture.any()
    assert placement is None


def sampled_again(image, placement):
    """The picture, made by the placement alone: the mean ink of each cell on the image."""
    ink = np.pad((1 - np.asarray(image.convert("L")) / 255).astype(np.float64), 700)
    fine = 40  # samples a cell, each way

    def at(start):
        return (start + placement.cell * (np.arange(28 * fine) + 0.5) / fine + 700).astype(int)

    picture = ink[np.ix_(at(placement.top), at(placement.left))].reshape(28, fine, 28, fine).mean(axis=(1, 3))
    return picture * 255 / picture.max()


@pytest.mark.parametrize("skip", [(), ("fit",), ("centre",), ("fit", "centre")])
@pytest.mark.parametrize("scale", [1, 8])
def test_a_placement_says_where_each_cell_lies_on_the_drawing(skip, scale):
    image = drawing([(x * scale + 30 * scale, y * scale) for x, y in SEVEN], size=280 * scale, width=20 * scale)
    picture, placement = preprocess_with_placement(image, skip)
    assert placement is not None
    # Not to the bit: sampled points against areas, and a large image was averaged down first.
    assert np.abs(picture - sampled_again(image, placement)).mean() < 2
    left, top, right, bottom = placement.box
    inked = np.asarray(image) < 128
    columns, rows = np.flatnonzero(inked.any(axis=0)), np.flatnonzero(inked.any(axis=1))
    for edge, ink in zip((left, top, right, bottom), (columns[0], rows[0], columns[-1], rows[-1]), strict=True):
        assert abs(edge - ink) <= 2 * scale


def test_a_placement_inside_a_frame_counts_from_the_images_corner():
    photo = Image.new("L", (600, 500), 40)
    photo.paste(drawing(), (250, 150))
    framed, bare = preprocess_with_placement(photo).placement, preprocess_with_placement(drawing()).placement
    assert framed is not None
    assert bare is not None
    assert framed.left == pytest.approx(bare.left + 250, abs=1)
    assert framed.top == pytest.approx(bare.top + 150, abs=1)
    assert framed.cell == pytest.approx(bare.cell, rel=0.02)


def test_before_it_is_centred_what_is_fitted_lies_in_the_middle():
    photo = Image.new("L", (600, 500), 40)
    photo.paste(drawing(), (250, 150))
    whole, fitted = preprocess_with_placement(photo, ("fit",)).placement, preprocess_with_placement(photo).placement
    assert whole is not None
    assert fitted is not None
    # Without fitting that is the sheet in the photo, else the box around its ink.
    middle = [(start + 14 * whole.cell) for start in whole.fitted]
    assert middle == pytest.approx([250 + 140, 150 + 140], abs=2)
    left, top, right, bottom = fitted.box
    assert [(start + 14 * fitted.cell) for start in fitted.fitted] == pytest.approx(
        [(left + right) / 2, (top + bottom) / 2]
    )
    for skip in (("centre",), ("fit", "centre")):
        uncentred = preprocess_with_placement(photo, skip).placement
        assert uncentred is not None
        assert uncentred.fitted == (uncentred.left, uncentred.top)


def test_without_fitting_a_small_digit_stays_small_and_without_centring_it_stays_where_its_box_is():
    small = drawing([(x / 3 + 10, y / 3 + 10) for x, y in SEVEN], width=8)
    whole, uncentred = (
        preprocess_with_placement(small, ("fit", "centre")),
        preprocess_with_placement(small, ("centre",)),
    )
    assert whole.placement is not None
    assert (whole.placement.left, whole.placement.top, whole.placement.cell) == (0, 0, 10)
    assert np.argwhere(whole.picture).max() < 13
    rows = np.flatnonzero(uncentred.picture.any(axis=1))
    assert (rows[0], rows[-1]) == (4, 23)
    assert not np.array_equal(uncentred.picture, preprocess_with_placement(small).picture)
