"""The figures of the report, against cases worked by hand; and the floors that what ships must hold."""

import json
import shutil

import numpy as np
import pytest

from model import evaluate, plots
from model.data import Digits
from model.evaluate import calibration_error, drawn, measure
from tests.conftest import ROOT, WEIGHTS, data_folder


def test_calibration_error_of_an_overconfident_network():
    probabilities = np.array([[0.9, 0.1]] * 10)
    right = np.array([True] * 6 + [False] * 4)
    assert calibration_error(probabilities, right) == pytest.approx(0.3)


def test_calibration_error_weighs_the_bins_by_their_size():
    probabilities = np.array([[0.9, 0.1]] * 3 + [[0.55, 0.45]])
    right = np.array([True, True, True, False])
    assert calibration_error(probabilities, right) == pytest.approx((3 * 0.1 + 0.55) / 4)


def test_certainty_falls_into_the_last_bin():
    assert calibration_error(np.array([[1.0, 0.0]]), np.array([True])) == 0


def test_a_drawn_digit_comes_back_nearly_as_it_was(mnist):
    some = mnist.validation[:200]
    again = drawn(some, np.random.default_rng(0))
    closeness = [np.corrcoef(a, b)[0, 1] for a, b in zip(some.pictures, again.pictures, strict=True)]
    assert np.mean(closeness) > 0.8


def test_the_measures_add_up(recognizer, mnist):
    figures = measure(recognizer, mnist.validation)
    matrix = np.array(figures["confusion"])
    assert matrix.sum() == figures["digits"] == 5000
    assert np.trace(matrix) / 5000 == pytest.approx(figures["accuracy"], abs=1e-6)
    assert sum(figures["verdicts"].values()) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(np.diag(matrix) / matrix.sum(axis=1), figures["accuracy_per_digit"], atol=1e-6)


def test_a_network_that_is_always_right_has_no_error(recognizer, mnist):
    some = mnist.validation[:50]
    answers = recognizer.read(some.pictures).probabilities.argmax(axis=1).astype(np.uint8)
    assert measure(recognizer, Digits(some.pictures, answers))["accuracy"] == 1


def test_what_ships_is_right_on_mnists_test_set(recognizer, mnist):
    assert measure(recognizer, mnist.test)["accuracy"] >= 0.991


def test_what_ships_is_as_right_on_canvases(recognizer, mnist):
    assert measure(recognizer, drawn(mnist.test, np.random.default_rng(1)))["accuracy"] >= 0.989


def test_what_ships_is_honest_and_knows_its_digits(recognizer, mnist):
    figures = measure(recognizer, mnist.test)
    assert figures["calibration_error"] <= 0.01
    assert figures["verdicts"]["not-a-digit"] <= 0.02


def test_the_report_that_ships_is_about_the_weights_that_ship(recognizer, mnist):
    report = json.loads((ROOT / "weights" / "report.json").read_text())
    assert report["model"] == recognizer.network.name
    assert report["mnist_test"]["accuracy"] == measure(recognizer, mnist.test)["accuracy"]


def test_the_commands_write_the_report_and_the_charts_anew(mnist, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("model.evaluate.report_on", lambda r, test: {"mnist_test": measure(r, test)})
    shutil.copy(WEIGHTS, tmp_path)
    shutil.copy(ROOT / "weights" / "report.json", tmp_path)
    where = ["--data", str(data_folder()), "--weights", str(tmp_path / "digits.npz")]
    assert evaluate.main(where) == 0
    assert "mnist_test" in capsys.readouterr().out
    assert json.loads((tmp_path / "report.json").read_text())["history"]
    assert plots.main(where) == 0
    assert (tmp_path / "samples.png").stat().st_size > 10_000


def test_the_commands_fail_in_a_sentence(tmp_path, capsys):
    for main in (evaluate.main, plots.main):
        assert main(["--weights", str(tmp_path / "none.npz")]) == 1
        assert "none.npz" in capsys.readouterr().err
