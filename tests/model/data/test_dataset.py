"""The dataset has the sizes in its configuration, and is drawn the same on any number of cores."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from model.data import dataset, mnist, pendigits, processes
from model.data.dataset import (
    NO_DIGIT,
    DataConfig,
    draw_all,
    letter_shards,
    load_dataset,
    pen_samples,
    sample_shards,
)
from tests.conftest import ROOT
from tests.model.conftest import one_thread

pytestmark = pytest.mark.slow


def test_a_dataset_holds_what_its_configuration_says(small):
    drawn = load_dataset(
        small, DataConfig(2, pens=2, unipen=3, unipen_letters=2, synthetic=30, outliers=20, cut_digits=40), seed=1
    )
    others = sum(writer % 4 + 1 not in pendigits.VALIDATION_WRITERS for writer in range(60))
    assert len(drawn.train) == 2 * 600 + 2 * others + 3 * 70 + 2 * 14 + 30 + 20 + 40
    assert (drawn.train.labels[:-40] == NO_DIGIT).sum() == 2 * 14 + 20
    assert len(drawn.validation["mnist"]) == mnist.VALIDATION
    assert len(drawn.validation["pen"]) == 3 * (60 - others)
    assert len(drawn.validation["synthetic"]) == dataset.VALIDATION_SYNTHETIC
    assert drawn.drawn is not None
    np.testing.assert_array_equal(np.flatnonzero(~drawn.drawn), np.arange(2 * 600))  # MNIST's come first


def test_without_pens_nothing_of_them_is_needed(small, tmp_path):
    for path in small.iterdir():
        if "idx" in path.name:
            (tmp_path / path.name).symlink_to(path)
    drawn = load_dataset(tmp_path, DataConfig(1, 0, 0, 0, 0, 0, 0), seed=1)
    assert len(drawn.train) == 600
    assert list(drawn.validation) == ["mnist"]


def test_only_peoples_digits_are_restyled_and_only_for_training(small):
    plain, styled = (
        load_dataset(small, DataConfig(1, 1, 1, 1, 20, 10, 30, marked_digits=share, varied_strokes=share), seed=1)
        for share in (0, 1)
    )
    assert plain.writers is not None
    changed = (plain.train.pictures != styled.train.pictures).any(axis=1)
    by_people = plain.writers != ""
    assert not changed[~by_people].any()
    drawn, cut = np.flatnonzero(by_people)[:-30], np.flatnonzero(by_people)[-30:]
    digits = plain.train.labels[drawn] != NO_DIGIT
    assert changed[drawn[digits]].mean() > 0.9
    assert not changed[drawn[~digits]].any()
    assert changed[cut].mean() > 0.9
    for name, part in plain.validation.items():
        np.testing.assert_array_equal(part.pictures, styled.validation[name].pictures)


def test_what_people_wrote_can_be_held_out(small):
    everybody = load_dataset(small, DataConfig(1, 1, 1, 1, 20, 10, 30), seed=1)
    assert everybody.writers is not None
    assert set(everybody.writers) == {"", "pen 1", "pen 2", "pen 4", *(f"site {k}" for k in range(7))}
    rest = everybody.without({"site 2", "pen 4"})
    gone = np.isin(everybody.writers, ["site 2", "pen 4"])
    assert rest.writers is not None
    assert rest.drawn is not None
    assert set(everybody.writers) - set(rest.writers) == {"site 2", "pen 4"}
    np.testing.assert_array_equal(rest.train.pictures, everybody.train.pictures[~gone])
    np.testing.assert_array_equal(np.flatnonzero(~rest.drawn), np.arange(600))
    assert set(everybody.train.labels[everybody.writers == "site 2"]) == {*range(10), NO_DIGIT}


def test_validation_can_cover_kinds_that_are_not_trained_on(small):
    drawn = load_dataset(small, DataConfig(1, 0, 0, 0, 0, 0, 0, validation_sets="all"), seed=1)
    assert len(drawn.train) == 600
    assert list(drawn.validation) == ["mnist", "pen", "synthetic"]


def test_the_same_seed_draws_the_same_and_another_seed_another(small):
    first, again, other = (load_dataset(small, DataConfig(1, 1, 1, 1, 20, 10, 30), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.train.pictures, again.train.pictures)
    assert (first.train.pictures != other.train.pictures).any()


def test_shards_are_drawn_in_their_order_on_any_number_of_cores(small, monkeypatch):
    monkeypatch.setattr(processes, "ProcessPoolExecutor", ProcessPoolExecutor)
    pens = pendigits.load_pens(small).test
    shards = [*sample_shards(pen_samples(pens), 30, (1, 1)), *letter_shards(600, (1, 2))]
    assert len(shards) == 5
    progress: list[float] = []
    drawn = draw_all(shards, progress.append)
    assert progress == [0.2, 0.4, 0.6, 0.8, 1.0]
    np.testing.assert_array_equal(drawn[3].pictures, shards[3].draw().pictures)
    assert [int(label) for label in drawn[0].labels[::30]] == [pens[i].digit for i in range(17)]


def test_the_environment_sets_the_number_of_processes(monkeypatch):
    pools = []

    def pool(workers, **_):
        pools.append(workers)
        return one_thread()

    monkeypatch.setattr(processes, "ProcessPoolExecutor", pool)
    monkeypatch.setattr("os.cpu_count", lambda: 6)
    monkeypatch.delenv(processes.WORKERS, raising=False)
    draw_all([])
    monkeypatch.setenv(processes.WORKERS, "2")
    draw_all([])
    assert pools == [6, 2]


ENDLESS = """
import threading
from model.data.dataset import Shard, draw_all

class Endless(Shard):
    def drawings(self):
        print("drawing", flush=True)
        threading.Event().wait()

if __name__ == "__main__":
    draw_all([Endless((0, 0, 0))])
"""


def test_workers_exit_when_their_parent_is_ended(tmp_path):
    (tmp_path / "endless.py").write_text(ENDLESS)
    process = subprocess.Popen(
        [sys.executable, str(tmp_path / "endless.py")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"drawing\n"
        process.terminate()
        try:
            process.communicate(timeout=30)  # which is done when the last that could write has ended
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail("it is still drawing")
