"""An experiment does each run once, goes on where it was interrupted, and tells what came of it."""

import contextlib
import json
import re
import sys
import threading
import time

import pytest

from model import experiment, train
from model.data.processes import WORKERS
from model.training.grid import read_experiment
from model.training.state import folder_lock, resume_path
from tests.model.conftest import MOMENTUM

pytestmark = pytest.mark.slow


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "momentum.toml"
    path.write_text(MOMENTUM)
    return path


@pytest.fixture
def started(monkeypatch):
    """The trainings, here and now instead of in processes of their own; and how each was started."""
    commands = []

    def execute(command, log, *_):
        commands.append(command[3:])
        with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
            return train.main(command[3:])

    monkeypatch.setattr(experiment, "execute", execute)
    monkeypatch.setattr("signal.signal", lambda *_: None)  # signals need a main thread
    return commands


def main(file, small, *more):
    places = ["--data", str(small), "--runs", str(file.parent / "runs"), "--no-charts"]
    return experiment.main([str(file), *places, *(more or ("--processes", "1"))])


def results(file):
    found = json.loads((file.with_suffix("") / "results.json").read_text())
    return found["lines"], (file.with_suffix("") / "comparison.md").read_text()


def first_folder(file):
    return read_experiment(file, file.parent / "runs" / "momentum").runs[0].folder


def test_the_runs_are_compared_and_none_is_done_twice(file, small, started):
    assert main(file, small) == 0
    assert len(started) == 4
    lines, text = results(file)
    assert {line["name"]: line["runs"] for line in lines} == {"with": 2, "without": 2}
    assert f"**{lines[0]['name']}** comes first" in text
    assert f"{lines[0]['figures']['validation_accuracy']['mean']:.2%}" in text
    assert main(file, small) == 0
    assert len(started) == 4
    file.write_text(MOMENTUM.replace("rate = 0.01", "rate = 0.02"))
    assert main(file, small) == 0
    assert len(started) == 6  # the two whose options have changed


def test_an_interrupted_run_goes_on(file, small, started, monkeypatch, capsys):
    def torn(*_):
        raise OSError("the power failed")

    with monkeypatch.context() as patched:
        patched.setattr(train, "calibrate", torn)
        assert main(file, small) == 1
    folder = first_folder(file)
    assert f"without: failed (the power failed); {folder / 'log.txt'} says more" in capsys.readouterr().err
    assert resume_path(folder).exists()
    started.clear()
    assert main(file, small) == 0
    assert all("--resume" in command for command in started)
    assert len(started) == 4


def test_of_what_was_stopped_the_way_on_is_said(file, small, monkeypatch, capsys):
    monkeypatch.setattr(experiment, "execute", lambda *_: train.STOPPED)
    assert main(file, small) == 1
    assert "without: unfinished; the same command goes on with it" in capsys.readouterr().err


def test_an_interruption_stops_every_run(file, small, monkeypatch, capsys):
    two, ended = threading.Barrier(2), []

    def execute(command, log, processes, stop):
        if "/without-" in command[-1]:
            two.wait(timeout=10)
        if "/without-seed-0-" in command[-1]:
            raise KeyboardInterrupt
        while not stop.exists():
            time.sleep(0.01)
        ended.append(command)
        return train.STOPPED

    monkeypatch.setattr(experiment, "execute", execute)
    assert main(file, small, "--processes", "2") == train.STOPPED
    assert capsys.readouterr().err.endswith("stopped: the same command goes on\n")
    assert ended
    assert not list((file.parent / "runs" / "momentum").glob("stop*"))


def test_once_stopped_nothing_begins_and_what_runs_is_ended(file, tmp_path):
    stop, run = tmp_path / "stop", read_experiment(file, tmp_path).runs[0]
    stop.touch()
    assert experiment.train(run, 1, [], stop) == "without: not begun"
    assert not run.folder.exists()
    with (tmp_path / "log.txt").open("w") as log:
        assert experiment.execute([sys.executable, "-c", "input()"], log, 1, stop) != 0


def test_a_run_that_diverges_is_part_of_the_answer(file, small, started):
    file.write_text(MOMENTUM.replace("rate = 0.01", 'rate = 1e30\nwarmup = 0\nschedule = "constant"'))
    assert main(file, small) == 0
    _, text = results(file)
    assert "**with** diverged in 2 of 2 runs: “The numbers grew beyond all bounds" in text
    assert "--rate" in text
    assert main(file, small) == 0
    assert len(started) == 4


def test_two_processes_never_train_in_one_folder(file, small, started, capsys):
    first_folder(file).mkdir(parents=True)
    with folder_lock(first_folder(file)):
        assert main(file, small) == 1
    assert "another process is training" in capsys.readouterr().err
    assert main(file, small) == 0
    assert len(started) == 5  # the refused one twice


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["momentum.toml", "--processes", "0"], "--processes has to be 1 or more"),
        (["momentum.toml", "else/momentum.toml"], "two files have one name"),
    ],
)
def test_a_wrong_command_line_is_refused(arguments, sentence, capsys):
    with pytest.raises(SystemExit):
        experiment.main(arguments)
    assert sentence in capsys.readouterr().err


def test_a_wrong_file_is_refused(file, started, capsys):
    file.write_text("")
    assert experiment.main([str(file)]) == 1
    assert f"{file}: it asks nothing" in capsys.readouterr().err
    assert not started


@pytest.mark.parametrize(("processes", "share"), [(1, "6"), (2, "3"), (4, "1"), (9, "1")])
def test_each_of_several_trainings_draws_by_its_share_of_the_cores(processes, share, tmp_path, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 6)
    command = [sys.executable, "-S", "-c", f"import os; print(os.environ['{WORKERS}'])"]
    with (tmp_path / "log.txt").open("w+") as log:
        assert experiment.execute(command, log, processes, tmp_path / "stop") == 0
        log.seek(0)
        assert log.read() == f"{share}\n"


@pytest.fixture
def scheduler(request, tmp_path):
    """The address of a local Dask cluster with one worker: a thread, or a process."""
    distributed = pytest.importorskip("distributed", reason="no Dask cluster: `make install` adds distributed")
    with distributed.LocalCluster(
        1, threads_per_worker=1, processes=request.param, dashboard_address=None, local_directory=tmp_path
    ) as cluster:
        yield cluster.scheduler_address


@pytest.mark.parametrize("scheduler", [False], indirect=True)
def test_a_cluster_does_the_same_runs(file, small, started, scheduler):
    assert main(file, small, "--scheduler", scheduler) == 0
    assert len(started) == 4
    assert {line["name"]: line["runs"] for line in results(file)[0]} == {"with": 2, "without": 2}


@pytest.mark.parametrize("scheduler", [True], indirect=True)
def test_a_run_that_fails_in_a_process_of_a_cluster_says_why(file, small, scheduler, capsys):
    file.write_text(MOMENTUM.replace("rate = 0.01", 'teacher = "nowhere.npz"').replace("[0, 1]", "0"))
    assert main(file, small, "--scheduler", scheduler) == 1
    assert re.search("with: failed .*nowhere.npz", capsys.readouterr().err)


def test_without_a_cluster_the_scheduler_is_named(file, small, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(file, small, "--scheduler", "tcp://nobody:1") == 1
    assert re.search("--scheduler tcp://nobody:1: .*pip install distributed", capsys.readouterr().err)
