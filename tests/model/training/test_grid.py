"""A file is read into the runs of an experiment, or its fault is named."""

import json

import pytest

from model.training.config import IO_OPTIONS, OPTIONS, ConfigError
from model.training.grid import read_experiment
from tests.conftest import ROOT
from tests.model.conftest import MOMENTUM


@pytest.fixture
def read(tmp_path):
    """The experiment in a text."""

    def read(text):
        (tmp_path / "asked.toml").write_text(text)
        return read_experiment(tmp_path / "asked.toml", tmp_path)

    return read


WRONG = [
    ("question", "questoin", "is it question?"),
    ('question = "Does momentum help?"', "", "it asks nothing"),
    ("rate = 0.01", "rtae = 0.01", "there is no option rtae; is it rate?"),
    ("rate = 0.01", "beauty = 1", "there is no option beauty; there are activation, "),
    ("rate = 0.01", "help = true", "there is no option help"),
    ("rate = 0.01", 'rate = "fast"', "'fast' is not a number"),
    ("rate = 0.01", 'out = "there"', "there is no option out"),
    ("momentum = 0.0", "momentum = 0.0\nnesterov = true", "--nesterov needs"),
    ('name = "with"\nrate = 0.01', 'name = "without"\nmomentum = 0.0', "a name of its own"),
    ("[common]", "common]", "cannot be read"),
    ("[common]", 'metric = "beauty"\n[common]', "there is no figure beauty"),
    ("[common]", "metric = 3\n[common]", "name one figure"),
    ("[common]", 'chart = "loss"\n[common]', "in a list"),
    ("[common]", 'chart = ["loss", 3]\n[common]', "in a list"),
    ("[common]", 'chart = ["validation_accuracy_pen"]\n[common]', "without: with pens = 0 there is no figure"),
    ("[common]", 'metric = "validation_accuracy_pen"\n[common]', "there is no figure validation_accuracy_pen"),
    ("[common]", 'chart = ["validation_accuracy_synthetic"]\n[common]', "with synthetic = 0 there is no figure"),
    ("[common]", "[[common]]", "write [common], once"),
    ('name = "with"', 'name = "without"', "differ in the seed alone"),
    ("[grid]\nseed = [0, 1]", '[[run]]\nname = "with"\nrate = 0.02\nseed = 3', "differ in the seed alone"),
    ("[grid]", "[[grid]]", "write [grid], once"),
    (MOMENTUM, 'question = "?"\n[run]\nname = "one"\n', "write [[run]]"),
    (MOMENTUM, 'question = "?"\nrun = 3\n', "write [[run]]"),
    (MOMENTUM, 'question = "?"\nrun = [1, 2]\n', "write [[run]]"),
]


@pytest.mark.parametrize(("right", "wrong", "sentence"), WRONG)
def test_a_wrong_file_is_named_with_its_fault(right, wrong, sentence, read):
    with pytest.raises(ConfigError) as error:
        read(MOMENTUM.replace(right, wrong, 1))
    assert sentence in str(error.value)
    assert "asked.toml: " in str(error.value)


def test_a_grid_is_every_combination(read):
    names = [run.name for run in read('question = "?"\n[grid]\nrate = [0.1, 1]\nmomentum = [0, 0.5, 0.9]\n').runs]
    assert len(names) == 6
    assert names[0] == "rate 0.1, momentum 0"


def test_each_choice_of_options_has_a_folder_of_its_own(read):
    runs = [*read(MOMENTUM).runs, *read(MOMENTUM.replace("rate = 0.01", "rate = 0.02")).runs]
    assert len({run.folder for run in runs}) == 6  # the two without the rate are the same
    assert runs[0].folder.name.startswith("without-seed-0-")


def test_every_option_of_training_can_be_asked_about(read):
    values = {"activation": '"tanh"', "initialisation": '"small"', "optimizer": '"adam"', "schedule": '"step"'}
    values |= {"sizes": "[784, 9, 10]", "batch-size": '"all"', "teacher": '"weights/digits.npz"'}
    values |= {"validation-sets": '"all"', "nesterov": "true", "augment": "false"}
    values |= {"dropout": "0.5", "momentum": "0.5", "ema-decay": "0.5"}
    numbers = {name.replace("_", "-") for name in OPTIONS if name not in IO_OPTIONS} - {*values, "seed"}
    lines = "".join(f"{key} = {value}\n" for key, value in (values | dict.fromkeys(numbers, "1")).items())
    chosen = read(f'question = "?"\n[grid]\nseed = [0, 1]\n[common]\n{lines}').runs[1].options
    assert chosen["sizes"] == (784, 9, 10)
    assert chosen["batch_size"] == 0
    assert not chosen["augment"]
    assert chosen["nesterov"]
    assert chosen["seed"] == 1


@pytest.mark.parametrize("path", sorted((ROOT / "experiments").glob("*.toml")), ids=lambda path: path.stem)
def test_the_ready_experiments_come_with_their_results(path, tmp_path):
    asked = read_experiment(path, tmp_path)
    found = json.loads((path.with_suffix("") / "results.json").read_text())
    assert (found["question"], found["metric"]) == (asked.question, asked.metric)
    names = [run.name for run in asked.runs]
    assert {line["name"]: line["runs"] for line in found["lines"]} == {name: names.count(name) for name in names}
    comparison = (path.with_suffix("") / "comparison.md").read_text()
    assert all(line["name"] in comparison for line in found["lines"])
    assert (path.with_suffix("") / "comparison.png").stat().st_size < 100_000
    assert path.read_text().startswith("# ")
