"""The figures of the report, against cases computed separately; and the floors that the shipped networks must hold."""

import json

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.data.dataset import concatenate, draw_all, pen_samples, sample_shards
from model.data.mnist import Digits
from model.data.outliers import training_letter
from model.data.pendigits import load_pens
from model.data.strokes import render
from model.preprocess import preprocess
from model.recognize import Recognizer
from model.storage import report_path
from model.training.evaluation import Reliability, auroc, drawn_on_canvas, measure
from tests.conftest import ROOT, data_folder

pytestmark = pytest.mark.slow

VARIANTS = json.loads((ROOT / "tests" / "fixtures" / "handwriting.json").read_text())


@pytest.mark.parametrize(
    ("confidence", "right", "error"),
    [
        ([0.9] * 10, [True] * 6 + [False] * 4, 0.3),  # overconfident
        ([0.9] * 3 + [0.55], [True, True, True, False], (3 * 0.1 + 0.55) / 4),  # a bin counts by its number of answers
    ],
)
def test_the_calibration_error_is_the_mean_gap_between_confidence_and_accuracy(confidence, right, error):
    probabilities = np.stack([confidence, 1 - np.array(confidence)], axis=1)
    assert Reliability.of(probabilities, np.array(right)).error == pytest.approx(error)


def measured(recognizer, digits):
    """The figures of the network alone."""
    return measure(recognizer.read(digits.pictures), digits.labels)


def test_each_bin_holds_its_answers_and_an_empty_one_has_no_mean():
    probabilities = np.array([[0.96, 0.04], [0.98, 0.02], [0.62, 0.38]])
    bins = Reliability.of(probabilities, np.array([True, False, True]), bins=10).rounded()
    assert bins["counts"] == [0, 0, 0, 0, 0, 0, 1, 0, 0, 2]
    assert bins["confidence"] == [None] * 6 + [0.62, None, None, 0.97]
    assert bins["right"] == [None] * 6 + [1, None, None, 0.5]


def test_certainty_falls_into_the_last_bin():
    bins = Reliability.of(np.array([[1.0, 0.0]]), np.array([True]))
    assert bins.error == 0
    assert bins.counts[-1] == 1


def test_a_drawn_digit_comes_back_nearly_as_it_was(mnist):
    some = mnist.validation[:200]
    again = drawn_on_canvas(some, np.random.default_rng(0))
    closeness = [np.corrcoef(a, b)[0, 1] for a, b in zip(some.pictures, again.pictures, strict=True)]
    assert np.mean(closeness) > 0.8


def test_the_measures_add_up(recognizer, mnist):
    figures = measured(recognizer, mnist.validation)
    matrix = np.array(figures["confusion"])
    assert matrix.sum() == figures["digits"] == 5000
    assert np.trace(matrix) / 5000 == pytest.approx(figures["accuracy"], abs=1e-6)
    assert sum(figures["verdicts"].values()) == pytest.approx(1, abs=1e-5)
    assert sum(figures["reliability"]["counts"]) == 5000
    np.testing.assert_allclose(np.diag(matrix) / matrix.sum(axis=1), figures["accuracy_per_digit"], atol=1e-6)


def test_a_network_that_is_always_right_has_no_error(recognizer, mnist):
    some = mnist.validation[:50]
    answers = recognizer.read(some.pictures).probabilities.argmax(axis=1).astype(np.uint8)
    assert measured(recognizer, Digits(some.pictures, answers))["accuracy"] == 1


@pytest.fixture(scope="module")
def pen_digits(mnist):
    """The validation writers' digits, drawn once each with any pen, anywhere, in any size."""
    folder = data_folder()
    assert folder is not None
    return concatenate(draw_all(sample_shards(pen_samples(load_pens(folder).validation), 1, (7, 0))))


@pytest.fixture(scope="module", params=["digits.npz", "digits-wide.npz"])
def shipped(request):
    """Each network that ships."""
    return Recognizer.load(ROOT / "weights" / request.param)


def test_what_ships_is_right_on_mnists_validation_digits(shipped, mnist):
    assert measured(shipped, mnist.validation)["accuracy"] >= 0.99


def test_what_ships_is_as_right_on_canvases(shipped, mnist):
    some = mnist.validation[::2]
    assert measured(shipped, drawn_on_canvas(some, np.random.default_rng(1)))["accuracy"] >= 0.982


def test_what_ships_is_right_on_validation_writers(shipped, pen_digits):
    assert measured(shipped, pen_digits)["accuracy"] >= 0.985


def test_what_ships_is_calibrated_and_knows_its_digits(shipped, mnist, pen_digits):
    for digits in (mnist.validation, pen_digits):
        figures = measured(shipped, digits)
        assert figures["calibration_error"] <= 0.02
        assert figures["verdicts"]["not-a-digit"] <= 0.02


def test_what_ships_tells_letters_from_digits(shipped, mnist):
    rng = np.random.default_rng(7)
    letters = np.stack([training_letter(rng) for _ in range(500)])
    prediction = shipped.read(letters)
    assert auroc(shipped.read(mnist.validation.pictures).novelty, prediction.novelty) >= 0.98
    assert prediction.verdicts.count("digit") / len(letters) <= 0.15


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("width", [0.05, 0.08, 0.12])
def test_what_ships_reads_ways_of_writing_that_training_never_sees(shipped, variant, width):
    drawings = [[np.array(stroke) * 0.7 + 0.15 for stroke in drawing] for drawing in VARIANTS[variant]["drawings"]]
    pictures = np.stack([preprocess(render(drawing, width)).ravel() for drawing in drawings])
    answers = shipped.read(pictures).probabilities.argmax(axis=1)
    assert len(drawings) == 20
    assert (answers == VARIANTS[variant]["digit"]).mean() >= 0.95


def scribbles():
    """Name, and a drawing of nothing: a zigzag, a filled box, a dash, a photo of nothing."""
    image = Image.new("L", (280, 280), 255)
    pen = ImageDraw.Draw(image)
    pen.line([(40 + 20 * i, 60 if i % 2 else 220) for i in range(11)], fill=0, width=14)
    yield "zigzag", image
    box = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(box).rectangle((70, 70, 210, 210), fill=0)
    yield "box", box
    dash = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(dash).line(((60, 140), (220, 138)), fill=0, width=16)
    yield "dash", dash
    light = np.add.outer(np.arange(280), np.arange(280)) / 4 + np.random.default_rng(0).normal(60, 6, (280, 280))
    yield "photo of nothing", Image.fromarray(light.clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize(
    ("name", "image"), list(scribbles()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_ships_never_calls_a_scribble_a_digit(shipped, name, image):
    prediction = shipped.read(preprocess(image).reshape(1, 784))
    assert prediction.verdicts[0] != "digit", prediction.probabilities


@pytest.mark.parametrize("weights", ["digits.npz", "digits-wide.npz"])
def test_the_reports_that_ship_are_about_the_weights_that_ship(weights, mnist):
    recognizer = Recognizer.load(ROOT / "weights" / weights)
    report = json.loads(report_path(ROOT / "weights" / weights).read_text())
    assert report["model"] == recognizer.network.name
    assert report["mnist_test"]["accuracy"] == measured(recognizer, mnist.test)["accuracy"]


def test_the_wide_network_is_small_enough_to_ship():
    assert (ROOT / "weights" / "digits-wide.npz").stat().st_size <= 4_000_000
