"""What is written in an image is located: a clean drawing as before, and anything else where it is most plausible."""

import numpy as np
import pytest
from hypothesis import settings
from PIL import Image, ImageDraw

from model.localization.judge import NAMES, features, load_weights
from model.localization.locate import Unclear, is_stacked, locate, plain_reading, see
from model.preprocess import preprocess, preprocess_with_placement
from model.training.localization import UNITS

SEVEN = ((60, 60), (200, 60), (110, 230))
quick = settings(max_examples=25, deadline=None, derandomize=True)


def drawing(points=SEVEN, paper="white", ink="black", size=280, width=18):
    image = Image.new("RGB", (size, size), paper)
    ImageDraw.Draw(image).line(points, fill=ink, width=width, joint="curve")
    return image


def photographed(image, rng):
    """The image under light that falls off to one side, with a camera's noise."""
    light = np.linspace(1, 0.65, image.width)[None, :, None] + rng.normal(0, 0.012, (*image.size[::-1], 1))
    return Image.fromarray(np.clip(np.asarray(image.convert("RGB")) * light, 0, 255).astype(np.uint8))


def placed(image, recognizer, skip=()):
    """Where the writing was found; it has to be found."""
    placement = locate(image, recognizer, skip).placement
    assert placement is not None
    return placement


@pytest.mark.parametrize(("paper", "ink"), [("white", "black"), ("black", "white"), ("#e8f0ff", "#203080")])
def test_a_clean_drawing_gives_the_picture_and_the_place_of_the_preprocessing_alone(recognizer, paper, ink):
    image = drawing(paper=paper, ink=ink)
    assert see(image, recognizer).proposals == []
    located, plain = locate(image, recognizer), preprocess_with_placement(image)
    assert np.array_equal(located.picture, plain.picture)
    assert located.placement == plain.placement


@pytest.mark.parametrize("colour", ["white", "black", "#808080"])
def test_an_empty_canvas_is_blank(recognizer, colour):
    assert locate(Image.new("RGB", (64, 64), colour), recognizer).placement is None


def test_an_empty_sheet_before_a_camera_is_blank(recognizer):
    sheet = photographed(Image.new("RGB", (300, 300), (230, 226, 215)), np.random.default_rng(0))
    picture, placement = locate(sheet, recognizer)
    assert placement is None
    assert not picture.any()


def on_a_desk():
    image = Image.new("RGB", (400, 400), (60, 42, 30))
    image.paste(drawing(paper=(235, 232, 224), ink=(30, 30, 50)), (60, 70))
    return image, (60, 70)


def ruled():
    image = drawing(paper=(235, 232, 224), ink=(30, 30, 50), size=300)
    pen = ImageDraw.Draw(image)
    for y in range(12, 300, 24):
        pen.line([(0, y), (300, y)], fill=(150, 165, 215), width=2)
    pen.line(SEVEN, fill=(30, 30, 50), width=18, joint="curve")
    return image, (0, 0)


@pytest.mark.parametrize("scene", [on_a_desk, ruled])
def test_a_photographed_seven_is_found_where_it_stands(recognizer, scene):
    image, (left, top) = scene()
    photograph = photographed(image, np.random.default_rng(1))
    placement = placed(photograph, recognizer)
    assert recognizer.read(locate(photograph, recognizer).picture.reshape(1, -1)).digit(0) == 7
    assert np.allclose(placement.box, (left + 55, top + 51, left + 205, top + 235), atol=14)
    assert placement.hypotheses > 1
    assert placement.ground == "dark on light"


def test_other_places_are_named(recognizer):
    image = drawing(paper=(235, 232, 224), ink=(30, 30, 50), size=600)
    ImageDraw.Draw(image).line([(x + 330, y + 250) for x, y in SEVEN], fill=(30, 30, 50), width=18, joint="curve")
    placement = placed(photographed(image, np.random.default_rng(2)), recognizer)
    boxes = [placement.box, *placement.alternatives]
    for left in (60, 390):
        assert any(abs(box[0] - left) < 25 and box[2] - box[0] < 200 for box in boxes)


def test_without_fitting_the_whole_image_is_the_picture(recognizer):
    image, _ = on_a_desk()
    photograph = photographed(image, np.random.default_rng(1))
    unfitted = placed(photograph, recognizer, {"fit"})
    assert unfitted.box == placed(photograph, recognizer).box
    assert unfitted.cell == pytest.approx(400 / 28, rel=0.02)
    assert placed(photograph, recognizer).cell < unfitted.cell


def test_each_feature_has_a_weight_and_a_name(recognizer):
    image, _ = on_a_desk()
    proposals = see(photographed(image, np.random.default_rng(1)), recognizer).proposals
    prediction = recognizer.read(np.array([each.picture.ravel() for each in proposals]))
    assert features(proposals, prediction).shape == (len(proposals), len(NAMES))
    for kind, units in (("drawings", 0), ("photographs", UNITS)):
        assert [part.shape for part in load_weights(kind)] == [(len(NAMES),), (len(NAMES), units), (units,)]
    assert np.isfinite(features(proposals, prediction)).all()


def test_a_clear_drawing_has_a_plain_reading_and_a_photograph_has_none():
    assert np.array_equal(plain_reading(drawing()).picture, preprocess(drawing()))
    with pytest.raises(Unclear):
        plain_reading(photographed(on_a_desk()[0], np.random.default_rng(1)))


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1), (2, 30), (11, 11)])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "I;16"])
def test_an_image_too_small_for_a_digit_is_located_without_an_error(recognizer, size, mode):
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 4), dtype=np.uint8)
    grey = Image.fromarray(noise[:, :, 0])
    image = Image.fromarray(noise[:, :, 0].astype(np.uint16) * 257) if mode == "I;16" else grey.convert(mode)
    assert locate(image, recognizer).picture.shape == (28, 28)


@pytest.mark.parametrize("image", ["a drawing", "a photograph"])
def test_a_place_is_chosen_by_the_weights_for_its_kind_of_image(recognizer, monkeypatch, image):
    asked = []
    weights = {kind: load_weights(kind) for kind in ("drawings", "photographs")}

    def ask(kind):
        asked.append(kind)
        return weights[kind]

    monkeypatch.setattr("model.localization.judge.load_weights", ask)
    on_desk, _ = on_a_desk()
    photograph = photographed(on_desk, np.random.default_rng(1))
    locate(photograph if image == "a photograph" else stacked([10, 6, 10]), recognizer)
    assert asked == [f"{image.removeprefix('a ')}s"]


def stacked(heights):
    """A drawing of bars of these heights one above the other: ink, none, ink, and so on."""
    image = Image.new("L", (280, 280), 255)
    top = 10
    for i, height in enumerate(heights):
        if i % 2 == 0:
            ImageDraw.Draw(image).rectangle((100, top, 180, top + 10 * height - 1), fill=0)
        top += 10 * height
    return image


@pytest.mark.parametrize(
    ("rows", "parts"),
    [([], False), ([20], False), ([10, 1, 9], True), ([10, 6, 4], True), ([12, 2, 6], True), ([16, 2, 2], False)],
)
def test_a_picture_is_stacked_where_a_gap_leaves_a_part_of_it_above_and_below(rows, parts):
    picture = np.zeros((28, 28), dtype=np.uint8)
    picture[4:24, 10:18] = np.repeat(np.arange(len(rows)) % 2 == 0, rows)[:, None] * 255 if rows else 0
    assert is_stacked(picture) is is_stacked(picture[::-1]) is parts
