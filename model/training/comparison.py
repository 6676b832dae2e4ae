"""Several trainings side by side: a table, a chart, and sentences made of the figures."""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from model.storage import write_atomic
from model.training.artifacts import write_json
from model.training.plots import MatplotlibMissing, comparison, write_png

if TYPE_CHECKING:
    from pathlib import Path

    History = list[dict[str, float]]

FIGURES: Final = {  # of a history, and what people call them
    "validation_accuracy": "right, validation",
    "validation_accuracy_mnist": "right, MNIST",
    "validation_accuracy_pen": "right, drawings",
    "validation_accuracy_synthetic": "right, synthetic",
    "validation_loss": "loss, validation",
    "accuracy": "right, learning",
    "loss": "loss, learning",
    "gradient_norm": "gradient",
    "dead_neurons": "dead neurons",
}
MANY: Final = 0.25  # of the neurons dead: worth a sentence
LOSSES: Final = {"validation_loss", "loss", "gradient_norm"}  # no shares: written as numbers


@dataclass
class Line:
    """A line of the comparison: what came of one choice of the knobs, once for each seed."""

    name: str
    histories: list[History] = field(default_factory=list)
    explosions: list[str] = field(default_factory=list)  # the sentences of those that ended so

    def figures(self) -> dict[str, dict[str, float]]:
        """After the last epoch: the mean over the seeds, and the standard deviation; none of what exploded."""
        if self.explosions or not all(self.histories):
            return {}
        ends = [history[-1] for history in self.histories]
        return {key: _over_seeds([end[key] for end in ends]) for key in FIGURES if key in ends[0]}

    def cell(self, key: str) -> str:
        """A figure in words."""
        figure = self.figures().get(key)
        if figure is None:
            return "exploded" if self.explosions else "–"
        spread = f" ± {_written(key, figure['spread'])}" if len(self.histories) > 1 else ""
        return _written(key, figure["mean"]) + spread


def _over_seeds(values: list[float]) -> dict[str, float]:
    spread = statistics.stdev(values) if len(values) > 1 else 0.0
    return {"mean": round(statistics.fmean(values), 6), "spread": round(spread, 6)}


def _written(key: str, value: float) -> str:
    return f"{value:.4f}" if key in LOSSES else f"{value:.2%}"


@dataclass
class Comparison:
    """The lines that answer a question, the best first by one figure, the larger the better, or the smaller a loss."""

    question: str
    metric: str
    lines: list[Line]
    command: str  # that made it

    def __post_init__(self) -> None:
        self.lines.sort(key=self._rank)

    def _rank(self, line: Line) -> tuple[int, float]:
        figure = line.figures().get(self.metric)
        value = figure["mean"] if figure else 0.0
        return len(line.explosions), value if self.metric in LOSSES else -value

    def in_words(self) -> str:
        """What came out."""
        return " ".join([*self._first_and_last(), *self._dead(), *self._explosions()])

    def _first_and_last(self) -> list[str]:
        whole = [line for line in self.lines if self.metric in line.figures()]
        if len(whole) < 2:
            return []
        first, last = whole[0], whole[-1]
        figures = [line.figures()[self.metric] for line in (first, last)]
        gap = abs(figures[0]["mean"] - figures[1]["mean"])
        said = [
            f"By “{FIGURES[self.metric]}”, **{first.name}** comes first with {first.cell(self.metric)} and "
            f"**{last.name}** last with {last.cell(self.metric)}."
        ]
        if spread := max(figure["spread"] for figure in figures):
            said.append(
                f"The gap is {gap / spread:.1f} times what the seed alone makes of either (standard deviation)."
            )
        return said

    def _dead(self) -> list[str]:
        shares = [(line, line.figures().get("dead_neurons", {"mean": 0.0})["mean"]) for line in self.lines]
        return [f"**{line.name}** left {share:.0%} of the neurons dead." for line, share in shares if share > MANY]

    def _explosions(self) -> list[str]:
        return [
            f"**{line.name}** exploded in {len(line.explosions)} of {len(line.histories)} runs: “{line.explosions[0]}”."
            for line in self.lines
            if line.explosions
        ]

    def table(self) -> str:
        """In Markdown."""
        columns = [key for key in FIGURES if any(key in line.figures() for line in self.lines)]
        sets = [key for key in columns if key.startswith("validation_accuracy_")]
        if len(sets) == 1:  # what is right of all is right of it
            columns.remove(sets[0])
        rows = [["run", *(FIGURES[key] for key in columns)], ["---", *("--:" for _ in columns)]]
        rows += [[line.name, *(line.cell(key) for key in columns)] for line in self.lines]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def text(self, *, chart: bool) -> str:
        """The whole of comparison.md; with the chart, if there is one beside it."""
        seeds = (
            ", mean ± standard deviation over the seeds" if any(len(line.histories) > 1 for line in self.lines) else ""
        )
        end = f"Figures after the last epoch{seeds}; the best first. Made by `{self.command}`."
        picture = ["![Curves of the runs](comparison.png)"] * chart
        return "\n\n".join([f"# {self.question}", self.in_words(), self.table(), *picture, end]) + "\n"

    def data(self) -> dict[str, Any]:
        """The same for machines."""
        lines = [
            {"name": line.name, "runs": len(line.histories), "exploded": line.explosions, "figures": line.figures()}
            for line in self.lines
        ]
        return {"question": self.question, "judge": self.metric, "command": self.command, "lines": lines}


def write(made: Comparison, chart: list[str], folder: Path) -> None:
    """comparison.md, results.json and, of the figures in `chart`, if there are any, comparison.png."""
    drawn = bool(chart) and _draw(made, chart, folder)
    if not drawn:  # an old one would be of other runs
        (folder / "comparison.png").unlink(missing_ok=True)
    write_atomic(folder / "comparison.md", made.text(chart=drawn).encode())
    write_json(folder / "results.json", made.data())


def _draw(made: Comparison, chart: list[str], folder: Path) -> bool:
    """Draw comparison.png, if matplotlib is there; whether it is."""
    try:
        figure = comparison({line.name: line.histories for line in made.lines}, chart)
    except MatplotlibMissing as error:
        sys.stderr.write(f"{error}\n")
        return False
    write_png(figure, folder / "comparison.png", 80)
    return True
