"""Options mean the same on the command line, in a recipe and in config.json; wrong ones are refused in a sentence."""

import pytest

from model.data.dataset import DataConfig
from model.training.config import (
    OPTIONS,
    ConfigError,
    TrainConfig,
    command,
    complete,
    data_config,
    parse,
    read_config,
    read_recipe,
    train_config,
    write_config,
)
from tests.conftest import ROOT

WRONG = [
    "--sizes 784,10",
    "--sizes 784,x,10",
    "--epochs 0",
    "--epochs many",
    "--activation gelu",
    "--batch-size -1",
    "--dropout 1",
    "--dropout -0.5",
    "--rate -1",
    "--rate nan",
    "--rotation -5",
    "--seed -1",
    "--label-smoothing 2",
    "--smoothness 0",
    "--nesterov --momentum 0",
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_option_is_refused_with_help(wrong, capsys):
    with pytest.raises(SystemExit):
        parse(wrong.split())
    message = capsys.readouterr().err
    assert wrong.split()[0] in message
    assert "_" not in message.splitlines()[-1]


def test_the_help_explains_every_option(capsys):
    with pytest.raises(SystemExit):
        parse(["--help"])
    text = capsys.readouterr().out
    for name, option in OPTIONS.items():
        assert option.meaning
        assert f"--{name.replace('_', '-')}" in text


def test_the_defaults_are_the_small_network_that_ships():
    options = parse(["--recipe", str(ROOT / "recipes" / "small.toml")]).options
    assert options == complete({})
    assert train_config(options) == TrainConfig()
    assert data_config(options) == DataConfig()


def test_the_wide_network_that_ships_has_a_recipe():
    amounts = "--pens 8 --unipen 8 --unipen-letters 8"
    wide = "--sizes 784,512,256,10 --epochs 36 --optimizer adam --rate 0.0015"
    options = parse(["--recipe", str(ROOT / "recipes" / "wide.toml")]).options
    assert options == parse(f"{amounts} {wide}".split()).options
    assert command(options) == f"python -m model.train {amounts} {wide}"


def test_flags_win_over_the_recipe_and_the_recipe_over_the_defaults(tmp_path):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('rate = 1\nbatch-size = "all"\nnesterov = true\naugment = false\nsizes = [784, 9, 10]')
    asked = parse(["--recipe", str(recipe), "--rate", "0.5", "--no-nesterov"])
    expected = {"rate": 0.5, "batch_size": 0, "nesterov": False, "augment": False, "sizes": (784, 9, 10)}
    assert asked.given == expected
    assert asked.options == complete(expected)
    assert train_config(asked.options).augmentation is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rtae = 1", "there is no option rtae; is it rate?"),
        ("beauty = 1", "there is no option beauty; there are activation, "),
        ("out = 'there'", "there is no option out"),
        ("data = 'there'", "there is no option data"),
        ("rate = 'fast'", "rate: 'fast' is not a number from 0 up"),
        ("rate = true", "rate: 'True' is not a number"),
        ("epochs = 1.5", "epochs: '1.5' is not a whole number from 1 up"),
        ("nesterov = 1", "nesterov: '1' is not true or false"),
        ("optimizer = 'lion'", "optimizer: 'lion' is not one of sgd, adam, muon"),
        ("sizes = [784, 10]", "sizes: '784,10' is not a way from 784 pixels"),
        ("rate", "cannot be read"),
    ],
)
def test_a_wrong_recipe_is_refused_in_a_sentence_that_names_it(text, sentence, tmp_path, capsys):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(text)
    with pytest.raises(SystemExit):
        parse(["--recipe", str(recipe)])
    message = capsys.readouterr().err
    assert sentence in message
    assert str(recipe) in message


def test_a_recipe_that_is_missing_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read"):
        read_recipe(tmp_path / "none.toml")


def test_options_come_back_from_config_json_in_whatever_folder_it_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = parse(["--no-test", "--nesterov", "--rate", "3", "--sizes", "784,9,10", "--teacher", "t.npz"]).options
    assert command(options).endswith("--teacher t.npz --sizes 784,9,10 --rate 3.0 --nesterov")
    write_config(tmp_path, options)
    monkeypatch.chdir(ROOT)
    assert read_config(tmp_path) == options
    assert options["teacher"] == tmp_path / "t.npz"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"command": "x", "rtae": 1}', '{"command": "x", "rate": "fast"}'])
def test_a_broken_config_json_is_named(content, tmp_path):
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(ConfigError, match=r"config\.json cannot be read"):
        read_config(tmp_path)
