"""Where a digit may stand: the places, what was left out around them, and where they lie in the image."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.localization.components import connected_components, runs
from model.localization.proposals import propose, propose_parts
from model.localization.views import MAX_RUNS, views_of_photo
from model.preprocess import extract_ink, place_on_image, preprocess

SIDE = 300


def sheet(paint=None, paper=(225, 222, 214), ink=(40, 40, 60)):
    """A photographed sheet with an upright stroke and a bar across it, a plus sign, from (120, 90) to (180, 210)."""
    image = Image.new("RGB", (SIDE, SIDE), paper)
    draw = ImageDraw.Draw(image)
    if paint:
        paint(draw)
    draw.line([(150, 95), (150, 205)], fill=ink, width=10)
    draw.line([(120, 150), (180, 150)], fill=ink, width=10)
    light = np.linspace(1, 0.7, SIDE)[None, :, None] + np.random.default_rng(0).normal(0, 0.01, (SIDE, SIDE, 1))
    return Image.fromarray(np.clip(np.asarray(image) * light, 0, 255).astype(np.uint8))


def boxes(image):
    """The boxes of the proposals, largest contrast first, rounded."""
    found = sorted(propose(image), key=lambda each: -each.group.strength)
    return [tuple(round(side) for side in each.placement.box) for each in found]


def near(box, expected, within=8):
    return all(abs(a - b) <= within for a, b in zip(box, expected, strict=True))


PLUS = (120, 95, 180, 205)


def test_writing_on_a_sheet_is_proposed_where_it_stands():
    assert any(near(box, PLUS) for box in boxes(sheet()))


def test_writing_is_found_on_dark_ground_too():
    found = propose(sheet(paper=(40, 60, 50), ink=(230, 230, 225)))
    assert any(near(each.placement.box, PLUS) and each.placement.ground == "light on dark" for each in found)


@pytest.mark.parametrize(
    ("removed", "paint"),
    [
        ("lines", lambda draw: [draw.line([0, y, SIDE, y], fill=(120, 140, 200), width=2) for y in range(5, 300, 28)]),
        ("edge", lambda draw: draw.rectangle([270, 0, SIDE, SIDE], fill=(60, 40, 30))),
        ("frame", lambda draw: draw.ellipse([70, 70, 230, 230], outline=(40, 40, 60), width=6)),
        ("underline", lambda draw: draw.line([(100, 240), (200, 240)], fill=(40, 40, 60), width=7)),
        ("other", lambda draw: draw.ellipse([30, 30, 60, 60], fill=(40, 40, 60))),
    ],
)  # fmt: skip
def test_what_is_around_the_writing_is_left_out_and_named(removed, paint):
    found = [each for each in propose(sheet(paint)) if near(each.placement.box, PLUS)]
    assert found
    assert any(removed in each.placement.removed for each in found)


def test_an_empty_sheet_has_nothing_to_propose():
    blank = np.random.default_rng(1).normal(220, 2, (SIDE, SIDE)).astype(np.uint8)
    assert propose(Image.fromarray(blank)) == []


def test_yellow_on_white_is_seen_by_its_colour():
    assert any(near(box, PLUS) for box in boxes(sheet(paper=(240, 240, 240), ink=(240, 230, 60))))


def test_places_of_a_large_image_are_in_its_own_pixels():
    large = sheet().resize((4 * SIDE, 4 * SIDE))
    assert any(near(box, [4 * side for side in PLUS], within=24) for box in boxes(large))


def parts_of(drawing):
    ink = extract_ink(drawing)
    return propose_parts(ink, place_on_image(ink))


def test_a_drawing_is_proposed_whole_first_and_then_without_its_frame():
    drawing = Image.new("L", (SIDE, SIDE), 255)
    draw = ImageDraw.Draw(drawing)
    draw.ellipse([40, 40, 260, 260], outline=0, width=6)
    draw.line([(150, 95), (150, 205)], fill=0, width=10)
    whole, *parts = parts_of(drawing)
    assert near(whole.placement.box, (40, 40, 260, 260))
    assert whole.placement.removed == ()
    assert any(near(each.placement.box, (145, 95, 155, 205)) and "frame" in each.placement.removed for each in parts)


def test_the_plain_picture_is_proposed_first_and_its_darkest_part_too_where_that_is_smaller():
    drawing = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(drawing).ellipse([40, 40, 260, 260], fill=205)
    ImageDraw.Draw(drawing).line([(150, 95), (150, 205)], fill=0, width=10)
    first, second, *_ = parts_of(drawing)
    assert np.array_equal(first.picture, preprocess(drawing))
    assert near(second.placement.box, (145, 95, 155, 205))


def test_the_gaps_of_a_dashed_stroke_are_bridged_and_those_of_few_pieces_are_not():
    drawing = Image.new("L", (SIDE, SIDE), 255)
    for y in range(60, 220, 40):
        ImageDraw.Draw(drawing).line([(150, y), (150, y + 28)], fill=0, width=16)
    bridged = [each for each in parts_of(drawing) if "gaps" in each.placement.removed]
    assert [near(each.placement.box, (142, 60, 158, 209)) for each in bridged] == [True]
    assert connected_components(bridged[0].picture > 100).areas.size == 2
    ImageDraw.Draw(drawing).rectangle([140, 50, 160, 100], fill=255)
    assert not any("gaps" in each.placement.removed for each in parts_of(drawing))


def test_the_gaps_of_a_stroke_of_chalk_are_bridged_in_a_photograph():
    image = sheet(
        lambda draw: [draw.line([(240, y), (240, y + 24)], fill=(40, 40, 60), width=10) for y in (60, 96, 132, 168)]
    )
    found = [each for each in propose(image) if near(each.placement.box, (235, 60, 245, 192))]
    pieces = {("gaps" in each.placement.removed, len(connected_components(each.picture > 100))) for each in found}
    assert pieces == {(True, 1), (False, 4)}


@pytest.mark.parametrize(
    "ground",
    [
        lambda y, x: 204 + 51 * ((x // 10 + y // 10) % 2),
        lambda y, _: 255 * (np.random.default_rng(3).random(y.shape) < 0.75),
    ],
    ids=["squares", "dots"],
)
def test_a_thick_stroke_is_found_on_squares_and_on_dots(ground):
    pixels = ground(*np.mgrid[:SIDE, :SIDE]).astype(np.uint8)
    image = Image.fromarray(pixels)
    ImageDraw.Draw(image).rectangle([100, 30, 160, 270], fill=0)
    assert any(near(box, (100, 30, 161, 271), within=5) for box in boxes(image))


@pytest.mark.parametrize("grain", [1, 2])
def test_no_view_of_noise_is_so_ragged_that_a_search_takes_long(grain):
    noise = np.random.default_rng(2).integers(0, 2, (600 // grain, 600 // grain), dtype=np.uint8) * 255
    views = list(views_of_photo([np.kron(noise, np.ones((grain, grain), dtype=np.uint8))]))
    assert all(runs(view.mask).starts.size <= MAX_RUNS for view in views)


def openness(image, box=PLUS):
    return [each.openness for each in propose(image) if near(each.placement.box, box)]


def test_a_light_digit_has_dark_ground_on_all_sides_and_a_gap_between_dark_strokes_is_open_at_an_end():
    drawing = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(drawing).ellipse([40, 40, 260, 260], fill=60)
    ImageDraw.Draw(drawing).line([(150, 95), (150, 205)], fill=255, width=16)
    assert openness(drawing, (142, 95, 158, 206)) == [0]
    zigzag = Image.new("L", (SIDE, SIDE), 255)
    points = [(60 + 18 * i, 250 if i % 2 else 50) for i in range(11)]
    ImageDraw.Draw(zigzag).line(points, fill=0, width=10)
    light = [each.openness for each in propose(zigzag) if each.placement.ground == "light on dark"]
    assert len(light) > 5
    assert min(light) > 0.3


@pytest.mark.parametrize(
    "colours",
    [{}, {"paper": (240, 240, 240), "ink": (240, 230, 60)}, {"paper": (40, 160, 40), "ink": (200, 40, 40)}],
    ids=["blue on grey", "yellow on white", "red on green"],
)
def test_writing_of_any_colour_has_its_ground_on_all_sides(colours):
    found = openness(sheet(**colours))
    assert found
    assert set(found) == {0}


@pytest.mark.parametrize("offset", range(8))
def test_ink_and_lines_beside_the_writing_do_not_open_its_ground(offset):
    stroke = sheet(lambda draw: draw.line([(183 + offset, 90), (183 + offset, 210)], fill=(40, 40, 60), width=4))
    rules = sheet(
        lambda draw: [draw.line([0, y, SIDE, y], fill=(40, 40, 60), width=3) for y in range(10 + offset, SIDE, 28)]
    )
    for image in (stroke, rules):
        assert max(openness(image), default=0) < 0.2


def test_a_hollow_digit_that_is_filled_has_its_ground_on_all_sides():
    drawing = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(drawing).rectangle([120, 60, 180, 240], outline=0, width=6)
    assert [each.openness for each in parts_of(drawing) if "outline" in each.placement.removed] == [0]


def test_a_place_that_fills_the_picture_is_open_at_no_side():
    drawing = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(drawing).line([(0, 150), (SIDE, 150)], fill=0, width=SIDE - 4)
    assert {each.openness for each in parts_of(drawing)} == {0}
