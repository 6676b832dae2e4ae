"""Compare several trainings: a table, a chart, and sentences made from the figures."""

import json
import statistics
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from model.storage import write_atomic, write_json
from model.training.plots import MatplotlibMissing, comparison, write_png

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
LOSSES: Final = {"validation_loss", "loss", "gradient_norm"}  # plain numbers, not shares; smaller is better
MANY_DEAD: Final = 0.25  # of the neurons: worth a sentence
DIVERGENCE: Final = "diverged.txt"  # in the folder of a training that diverged: its error


@dataclass
class RunSummary:
    """A line of the comparison: the outcome of one choice of options, once for each seed."""

    name: str
    histories: list[History] = field(default_factory=list)
    divergences: list[str] = field(default_factory=list)  # the errors of the runs that diverged

    def add(self, folder: Path) -> None:
        """Read one more run from its folder."""
        self.histories.append([json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()])
        if (folder / DIVERGENCE).exists():
            self.divergences.append((folder / DIVERGENCE).read_text(encoding="utf-8"))

    @property
    def figures(self) -> dict[str, dict[str, float]]:
        """After the last epoch, mean and standard deviation over the seeds; none where a run diverged."""
        if self.divergences or not all(self.histories):
            return {}
        ends = [history[-1] for history in self.histories]
        return {key: _over_seeds([end[key] for end in ends]) for key in FIGURES if key in ends[0]}

    def cell(self, key: str) -> str:
        """A figure, as the table shows it."""
        figure = self.figures.get(key)
        if figure is None:
            return "diverged" if self.divergences else "–"
        shown = [f"{value:.4f}" if key in LOSSES else f"{value:.2%}" for value in figure.values()]
        return " ± ".join(shown if len(self.histories) > 1 else shown[:1])


def _over_seeds(values: list[float]) -> dict[str, float]:
    spread = statistics.stdev(values) if len(values) > 1 else 0.0
    return {"mean": round(statistics.fmean(values), 6), "spread": round(spread, 6)}


@dataclass
class Comparison:
    """The lines that answer a question, the best by one figure first."""

    question: str
    metric: str
    lines: list[RunSummary]
    command: str  # that made it

    def __post_init__(self) -> None:
        self.lines.sort(key=self._rank)

    def _rank(self, line: RunSummary) -> tuple[int, float]:
        value = line.figures.get(self.metric, {"mean": 0.0})["mean"]
        return len(line.divergences), value if self.metric in LOSSES else -value

    def sentences(self) -> str:
        """The outcome in words."""
        sentences = self._first_and_last()
        for line in self.lines:
            if (dead := line.figures.get("dead_neurons", {"mean": 0.0})["mean"]) > MANY_DEAD:
                sentences.append(f"**{line.name}** left {dead:.0%} of the neurons dead.")
        for line in self.lines:
            if errors := line.divergences:
                many = f"{len(errors)} of {len(line.histories)}"
                sentences.append(f"**{line.name}** diverged in {many} runs: “{errors[0]}”.")
        return " ".join(sentences)

    def _first_and_last(self) -> list[str]:
        whole = [line for line in self.lines if self.metric in line.figures]
        if len(whole) < 2:
            return []
        first, last = whole[0], whole[-1]
        top, bottom = first.figures[self.metric], last.figures[self.metric]
        order = (
            f"By “{FIGURES[self.metric]}”, **{first.name}** comes first with {first.cell(self.metric)} and "
            f"**{last.name}** last with {last.cell(self.metric)}."
        )
        spread = max(top["spread"], bottom["spread"])
        if not spread:
            return [order]
        times = abs(top["mean"] - bottom["mean"]) / spread
        return [order, f"The gap is {times:.1f} times what the seed alone makes of either (standard deviation)."]

    def table(self) -> str:
        """The table in Markdown."""
        columns = [key for key in FIGURES if any(key in line.figures for line in self.lines)]
        sets = [key for key in columns if key.startswith("validation_accuracy_")]
        if len(sets) == 1:  # its figure is that of all validation digits
            columns.remove(sets[0])
        rows = [["run", *(FIGURES[key] for key in columns)], ["---", *("--:" for _ in columns)]]
        rows += [[line.name, *(line.cell(key) for key in columns)] for line in self.lines]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def text(self, *, chart: bool) -> str:
        """The whole of comparison.md; with the chart, if there is one beside it."""
        several = any(len(line.histories) > 1 for line in self.lines)
        seeds = ", mean ± standard deviation over the seeds" * several
        end = f"Figures after the last epoch{seeds}; the best first. Made by `{self.command}`."
        picture = ["![Curves of the runs](comparison.png)"] * chart
        return "\n\n".join([f"# {self.question}", self.sentences(), self.table(), *picture, end]) + "\n"

    def data(self) -> dict[str, Any]:
        """The comparison as JSON: results.json."""
        lines = [
            {"name": line.name, "runs": len(line.histories), "diverged": line.divergences, "figures": line.figures}
            for line in self.lines
        ]
        return {"question": self.question, "metric": self.metric, "command": self.command, "lines": lines}


def compare(question: str, metric: str, runs: Iterable[tuple[str, Path]], command: str) -> Comparison:
    """The outcome of runs, each a name and a folder; those of one name are one line."""
    lines: dict[str, RunSummary] = {}
    for name, folder in runs:
        lines.setdefault(name, RunSummary(name)).add(folder)
    return Comparison(question, metric, list(lines.values()), command)


def write(made: Comparison, chart: list[str], folder: Path) -> None:
    """comparison.md, results.json and comparison.png of the figures in `chart`, if there are any, and matplotlib."""
    picture = folder / "comparison.png"
    try:
        if chart:
            write_png(comparison({line.name: line.histories for line in made.lines}, chart), picture, 80)
        drawn = bool(chart)
    except MatplotlibMissing as error:
        sys.stderr.write(f"{error}\n")
        drawn = False
    if not drawn:  # an old one would be of other runs
        picture.unlink(missing_ok=True)
    write_atomic(folder / "comparison.md", made.text(chart=drawn).encode())
    write_json(folder / "results.json", made.data())
