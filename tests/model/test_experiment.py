"""An experiment does each run once, goes on where it was interrupted, and tells what came of it."""

import contextlib
import json
import sys
from pathlib import Path

import pytest

from model import experiment, train
from model.data.dataset import WORKERS
from model.experiment import read
from model.training.comparison import Comparison, Line, write
from model.training.config import OPTIONS, PLACES
from model.training.plots import comparison
from model.training.state import folder_lock, resume_path
from tests.conftest import ROOT

MOMENTUM = """
question = "Does momentum help?"
[common]
digits = 300
mnist = 1
pens = 0
synthetic = 0
outliers = 0
epochs = 2
sizes = [784, 8, 10]
optimizer = "sgd"
augment = false
[grid]
seed = [0, 1]
[[run]]
name = "without"
momentum = 0.0
[[run]]
name = "with"
rate = 0.01
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "momentum.toml"
    path.write_text(MOMENTUM)
    return path


@pytest.fixture
def started(monkeypatch):
    """The trainings, here and now instead of in processes of their own; and how each was started."""
    commands = []

    def status(self, command, log):
        commands.append(command[3:])
        with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
            return train.main(command[3:])

    monkeypatch.setattr(experiment.Crew, "status", status)
    monkeypatch.setattr("signal.signal", lambda *_: None)  # signals need a main thread
    return commands


def carried_out(file, small):
    where = ["--data", str(small), "--runs", str(file.parent / "runs"), "--processes", "1"]
    return experiment.main([str(file), *where, "--no-charts"])


def test_the_runs_are_compared_and_none_is_done_twice(file, small, started):
    assert carried_out(file, small) == 0
    assert len(started) == 4
    found = json.loads((file.with_suffix("") / "results.json").read_text())
    assert {line["name"]: line["runs"] for line in found["lines"]} == {"with": 2, "without": 2}
    text = (file.with_suffix("") / "comparison.md").read_text()
    first = found["lines"][0]
    assert f"**{first['name']}** comes first" in text
    assert f"{first['figures']['validation_accuracy']['mean']:.2%}" in text
    assert carried_out(file, small) == 0
    assert len(started) == 4
    file.write_text(MOMENTUM.replace("rate = 0.01", "rate = 0.02"))
    assert carried_out(file, small) == 0
    assert len(started) == 6  # the two whose recipe has changed


def test_an_interrupted_run_goes_on(file, small, started, monkeypatch, capsys):
    def torn(*_):
        raise OSError("the power failed")

    with monkeypatch.context() as patched:
        patched.setattr(train, "calibrate", torn)
        assert carried_out(file, small) == 1
    log = file.parent / "runs" / "momentum" / "without-seed-0" / "log.txt"
    assert f"without: failed (the power failed); {log} says more" in capsys.readouterr().err
    assert resume_path(file.parent / "runs" / "momentum" / "without-seed-0").exists()
    started.clear()
    assert carried_out(file, small) == 0
    assert all("--resume" in command for command in started)
    assert len(started) == 4


def test_of_what_was_stopped_the_way_on_is_said(file, small, monkeypatch, capsys):
    monkeypatch.setattr(experiment.Crew, "status", lambda *_: train.STOPPED)
    assert carried_out(file, small) == 1
    assert "without: unfinished; the same command goes on with it" in capsys.readouterr().err


def test_a_run_that_explodes_is_part_of_the_answer(file, small, started):
    file.write_text(MOMENTUM.replace("rate = 0.01", 'rate = 1e30\nwarmup = 0\nschedule = "constant"'))
    assert carried_out(file, small) == 0
    text = (file.with_suffix("") / "comparison.md").read_text()
    assert "**with** exploded in 2 of 2 runs: “The numbers grew beyond all bounds" in text
    assert "--rate" in text
    assert carried_out(file, small) == 0
    assert len(started) == 4


WRONG = [
    ("question", "questoin", "is it question?"),
    ("rate = 0.01", "rtae = 0.01", "there is no option rtae; is it rate?"),
    ("rate = 0.01", "beauty = 1", "there is no option beauty; there are activation, "),
    ("rate = 0.01", "help = true", "there is no option help"),
    ("rate = 0.01", 'rate = "fast"', "'fast' is not a number"),
    ("rate = 0.01", 'out = "there"', "there is no option out"),
    ("momentum = 0.0", "momentum = 0.0\nnesterov = true", "--nesterov needs"),
    ('"with"', '"without"', "a name of its own"),
    ("[common]", "common]", "cannot be read"),
    ("[common]", 'judge = "beauty"\n[common]', "there is no figure beauty"),
    ("[common]", "judge = 3\n[common]", "name one figure"),
    ("[common]", 'chart = "loss"\n[common]', "in a list"),
    ("[common]", 'chart = ["validation_accuracy_pen"]\n[common]', "without: with pens = 0 there is no figure"),
    ("[common]", 'judge = "validation_accuracy_pen"\n[common]', "there is no figure validation_accuracy_pen"),
    ("[common]", 'chart = ["validation_accuracy_synthetic"]\n[common]', "with synthetic = 0 there is no figure"),
    ("[common]", "[[common]]", "write [common], once"),
    ("[grid]\nseed = [0, 1]", '[[run]]\nname = "with"\nrate = 0.02\nseed = 3', "differ in the seed alone"),
    ("[grid]", "[[grid]]", "write [grid], once"),
]


@pytest.mark.parametrize(("right", "wrong", "sentence"), WRONG)
def test_a_wrong_file_is_named_with_its_fault(right, wrong, sentence, file, capsys):
    file.write_text(MOMENTUM.replace(right, wrong, 1))
    assert experiment.main([str(file)]) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert str(file) in said


@pytest.mark.parametrize("runs", ['[run]\nname = "one"', "run = 3", "run = [1, 2]"])
def test_runs_that_are_no_list_of_tables_are_named(runs, file, capsys):
    file.write_text(f'question = "?"\n{runs}\n')
    assert experiment.main([str(file)]) == 1
    assert "write [[run]]" in capsys.readouterr().err


def test_no_processes_are_refused(file, capsys):
    with pytest.raises(SystemExit):
        experiment.main([str(file), "--processes", "0"])
    assert "--processes has to be 1 or more" in capsys.readouterr().err


def test_where_every_run_exploded_there_is_a_table_all_the_same():
    lines = [Line(name, [[]], ["It grew."]) for name in ("a", "b")]
    assert Comparison("?", "loss", lines, "").table() == "| run |\n| --- |\n| a |\n| b |"


@pytest.mark.parametrize(
    ("sets", "columns"),
    [
        (["mnist"], "| right, validation |"),
        (["mnist", "synthetic"], "| right, validation | right, MNIST | right, synthetic |"),
        (["mnist", "pen"], "| right, validation | right, MNIST | right, drawings |"),
    ],
)
def test_of_several_validation_sets_each_has_a_column(sets, columns):
    figures = {"validation_accuracy": 0.9} | {f"validation_accuracy_{name}": 0.9 for name in sets}
    table = Comparison("?", "validation_accuracy", [Line("a", [[figures]])], "").table()
    assert table.splitlines()[0] == f"| run {columns}"


def test_what_another_process_trains_is_not_removed(file, small, started, capsys):
    at_work = file.parent / "runs" / "momentum" / "without-seed-0"
    at_work.mkdir(parents=True)
    (at_work / "history.jsonl").write_text("")
    with folder_lock(at_work):
        assert carried_out(file, small) == 1
    assert "another process is training" in capsys.readouterr().err
    assert (at_work / "history.jsonl").exists()
    assert len(started) == 3


def test_two_files_of_one_name_are_refused(file, started, capsys):
    twin = file.parent / "else" / file.name
    twin.parent.mkdir()
    twin.write_text(MOMENTUM)
    assert experiment.main([str(file), str(twin)]) == 1
    assert "another file is named momentum" in capsys.readouterr().err
    assert not started


def test_once_stopped_nothing_begins(tmp_path):
    crew = experiment.Crew([], 1)
    crew.stop()
    with (tmp_path / "log.txt").open("w+") as log:
        assert crew.status([sys.executable, "-c", "print('begun')"], log) == train.STOPPED
        log.seek(0)
        assert log.read() == ""


@pytest.mark.parametrize(("processes", "share"), [(1, "6"), (2, "3"), (4, "1"), (9, "1")])
def test_each_of_several_trainings_draws_by_its_share_of_the_cores(processes, share, tmp_path, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 6)
    command = [sys.executable, "-S", "-c", f"import os; print(os.environ['{WORKERS}'])"]
    with (tmp_path / "log.txt").open("w+") as log:
        assert experiment.Crew([], processes).status(command, log) == 0
        log.seek(0)
        assert log.read() == f"{share}\n"


def test_a_grid_is_every_combination(file, tmp_path):
    file.write_text('question = "?"\n[grid]\nrate = [0.1, 1]\nmomentum = [0, 0.5, 0.9]\n')
    names = [run.name for run in read(file, tmp_path).runs]
    assert len(names) == 6
    assert names[0] == "rate 0.1, momentum 0"


def test_every_knob_of_training_can_be_asked_about(file, tmp_path):
    values = {"activation": '"tanh"', "initialisation": '"small"', "optimizer": '"adam"', "schedule": '"step"'}
    values |= {"sizes": "[784, 9, 10]", "batch-size": '"all"', "teacher": '"weights/digits.npz"'}
    values |= {"validation-sets": '"all"'}
    flags = {"nesterov": "true", "augment": "false"}
    numbers = {name.replace("_", "-") for name in OPTIONS if name not in PLACES} - {*values, *flags}
    knobs = values | flags | dict.fromkeys(numbers, "1") | {"dropout": "0.5", "momentum": "0.5", "ema-decay": "0.5"}
    lines = "".join(f"{key} = {value}\n" for key, value in knobs.items())
    file.write_text(f'question = "?"\n[grid]\nseed = [0, 1]\n[common]\n{lines}'.replace("\nseed = 1", ""))
    chosen = read(file, tmp_path).runs[1].options
    assert chosen["sizes"] == (784, 9, 10)
    assert chosen["batch_size"] == 0
    assert not chosen["augment"]
    assert chosen["nesterov"]
    assert chosen["seed"] == 1


def test_the_figures_of_a_line_are_means_over_its_seeds():
    line = Line("x", [[{"loss": 9.0}, {"loss": 1.0}], [{"loss": 3.0}]])
    assert line.figures()["loss"] == {"mean": 2.0, "spread": pytest.approx(2**0.5, abs=1e-6)}
    assert line.cell("loss") == "2.0000 ± 1.4142"
    assert line.cell("accuracy") == "–"


def test_the_chart_names_every_run_once_and_says_what_exploded_at_once():
    curve = [{"number": 1, "loss": 2.0}, {"number": 2, "loss": 1.0}]
    figure = comparison({"two seeds": [curve, curve[:1]], "none": [[]]}, ["loss"])
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["two seeds", "none: exploded in its first epoch"]


def test_a_chart_that_cannot_be_finished_leaves_the_old_one(tmp_path, monkeypatch):
    def torn(self, target, **_):
        target.write_bytes(b"half") if isinstance(target, Path) else target.write(b"half")
        raise OSError("the disk is full")

    made = Comparison("?", "loss", [Line("x", [[{"number": 1, "loss": 1.0}]])], "")
    write(made, ["loss"], tmp_path)
    old = (tmp_path / "comparison.png").read_bytes()
    assert old.startswith(b"\x89PNG")
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", torn)
    with pytest.raises(OSError, match="full"):
        write(made, ["loss"], tmp_path)
    assert (tmp_path / "comparison.png").read_bytes() == old
    assert {path.name for path in tmp_path.iterdir()} == {"comparison.md", "comparison.png", "results.json"}


def test_without_a_chart_none_is_shown_and_none_of_other_runs_is_left(tmp_path, monkeypatch, capsys):
    made = Comparison("?", "loss", [Line("x", [[{"number": 1, "loss": 1.0}]])], "")
    picture, text = tmp_path / "comparison.png", tmp_path / "comparison.md"
    for chart, installed, examples in ((["loss"], True, True), ([], True, False), (["loss"], False, False)):
        if not installed:
            monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
        picture.write_bytes(b"of other runs")
        write(made, chart, tmp_path)
        assert picture.exists() == examples
        assert ("(comparison.png)" in text.read_text()) == examples
    assert "No charts" in capsys.readouterr().err


def test_of_losses_the_smaller_is_the_better():
    lines = [Line(name, [[{"loss": loss}]]) for name, loss in (("bad", 2.0), ("good", 1.0))]
    assert Comparison("?", "loss", lines, "").in_words() == (
        "By “loss, learning”, **good** comes first with 1.0000 and **bad** last with 2.0000."
    )


@pytest.mark.parametrize("path", sorted((ROOT / "experiments").glob("*.toml")), ids=lambda path: path.stem)
def test_the_ready_experiments_come_with_their_results(path, tmp_path):
    asked = read(path, tmp_path)
    found = json.loads((path.with_suffix("") / "results.json").read_text())
    assert found["question"] == asked.question
    assert {line["name"]: line["runs"] for line in found["lines"]} == {
        name: sum(run.name == name for run in asked.runs) for name in {run.name for run in asked.runs}
    }
    comparison = (path.with_suffix("") / "comparison.md").read_text()
    assert all(line["name"] in comparison for line in found["lines"])
    assert (path.with_suffix("") / "comparison.png").stat().st_size < 100_000
    assert path.read_text().startswith("# ")
