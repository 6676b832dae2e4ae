"""What came of several trainings is a table, a chart and sentences."""

import sys
from pathlib import Path

import pytest

from model.training.comparison import Comparison, RunSummary, write
from model.training.plots import comparison

LINE = RunSummary("x", [[{"number": 1, "loss": 1.0}]])


def test_where_every_run_diverged_there_is_a_table_all_the_same():
    lines = [RunSummary(name, [[]], ["It grew."]) for name in ("a", "b")]
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
    table = Comparison("?", "validation_accuracy", [RunSummary("a", [[figures]])], "").table()
    assert table.splitlines()[0] == f"| run {columns}"


def test_the_figures_of_a_line_are_means_over_its_seeds():
    line = RunSummary("x", [[{"loss": 9.0}, {"loss": 1.0}], [{"loss": 3.0}]])
    assert line.figures["loss"] == {"mean": 2.0, "spread": pytest.approx(2**0.5, abs=1e-6)}
    assert line.cell("loss") == "2.0000 ± 1.4142"
    assert line.cell("accuracy") == "–"


def test_of_losses_the_smaller_is_the_better():
    lines = [RunSummary(name, [[{"loss": loss}]]) for name, loss in (("bad", 2.0), ("good", 1.0))]
    assert Comparison("?", "loss", lines, "").sentences() == (
        "By “loss, learning”, **good** comes first with 1.0000 and **bad** last with 2.0000."
    )


def test_of_several_seeds_the_gap_is_compared_with_their_spread():
    lines = [RunSummary("a", [[{"loss": 1.0}], [{"loss": 3.0}]]), RunSummary("b", [[{"loss": 6.0}], [{"loss": 6.0}]])]
    assert "The gap is 2.8 times what the seed alone makes" in Comparison("?", "loss", lines, "").sentences()


def test_many_dead_neurons_are_said():
    lines = [RunSummary(str(share), [[{"dead_neurons": share}]]) for share in (0.2, 0.4)]
    assert Comparison("?", "loss", lines, "").sentences() == "**0.4** left 40% of the neurons dead."


def test_the_chart_names_every_run_once_and_says_what_diverged_at_once():
    curve = [{"number": 1, "loss": 2.0}, {"number": 2, "loss": 1.0}]
    figure = comparison({"two seeds": [curve, curve[:1]], "none": [[]]}, ["loss"])
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["two seeds", "none: diverged in its first epoch"]


def test_a_chart_that_cannot_be_finished_leaves_the_old_one(tmp_path, monkeypatch):
    def torn(self, target, **_):
        target.write_bytes(b"half") if isinstance(target, Path) else target.write(b"half")
        raise OSError("the disk is full")

    made = Comparison("?", "loss", [LINE], "")
    write(made, ["loss"], tmp_path)
    old = (tmp_path / "comparison.png").read_bytes()
    assert old.startswith(b"\x89PNG")
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", torn)
    with pytest.raises(OSError, match="full"):
        write(made, ["loss"], tmp_path)
    assert (tmp_path / "comparison.png").read_bytes() == old
    assert {path.name for path in tmp_path.iterdir()} == {"comparison.md", "comparison.png", "results.json"}


@pytest.mark.parametrize(
    ("chart", "installed", "drawn"), [(["loss"], True, True), ([], True, False), (["loss"], False, False)]
)
def test_without_a_chart_none_is_shown_and_none_of_other_runs_is_left(
    chart, installed, drawn, tmp_path, monkeypatch, capsys
):
    if not installed:
        monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    picture = tmp_path / "comparison.png"
    picture.write_bytes(b"of other runs")
    write(Comparison("?", "loss", [LINE], ""), chart, tmp_path)
    assert picture.exists() == drawn
    assert ("(comparison.png)" in (tmp_path / "comparison.md").read_text()) == drawn
    assert ("No charts" in capsys.readouterr().err) == (not installed)
