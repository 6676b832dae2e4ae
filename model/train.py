"""Train a network and save what it learned.

    python -m model.train --data DIR                the recipe that ships, into runs/latest; --out weights ships it
    python -m model.train --help                    every knob
    python -m model.train --resume --out DIR        go on with what was interrupted, to the same result

Writes into --out, as it goes: config.json (every knob), history.jsonl (a line an epoch), resume.npz (the state after
the last epoch, until all is done) and, with matplotlib, the charts; in the end digits.npz (the weights),
checkpoints.npz (the way there), report.json (figures and history), digits.gallery.npz (the pictures that light each
neuron), digits.maths.json (the numbers of the page /maths) and, unless --no-test leaves the test out,
digits.mistakes.npz (what was misread of it). Ctrl-C stops the learning, not the saving: the best weights so far are
kept, and --resume goes on from the last whole epoch; the exit status is 130.
"""

from __future__ import annotations

import dataclasses
import json
import shlex
import signal
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.data.dataset import Dataset, concatenate, load_dataset
from model.data.files import DataError
from model.data.mnist import SHA256 as MNIST_SHA256
from model.data.mnist import Digits, load_mnist
from model.data.pendigits import SHA256 as PEN_SHA256
from model.evaluate import (
    EvaluationSets,
    load_evaluation_sets,
    measure,
    report_on,
    summary,
    write_pictures,
    write_report,
)
from model.lecture.numbers import write_numbers
from model.network import Network, WeightsError, cross_entropy, one_hot, scale_pixels, softmax
from model.progress import Progress, clock
from model.recognize import Recognizer
from model.rejection import Rejector
from model.storage import checkpoints_path, report_path, require_writable, write_atomic
from model.training.config import PLACES, command, configuration, data_config_of, given, parse, train_config, words
from model.training.loop import Diverged, Epoch, TrainConfig, TrainingState, fit_temperature, run_epochs
from model.training.plots import MatplotlibMissing, draw_all
from model.training.state import (
    ResumeError,
    SavedTraining,
    checksum,
    folder_lock,
    require_no_unfinished,
    require_unfinished,
    resume_command,
    resume_path,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from model.checkpoints import Checkpoints
    from model.network import Floats

DIVERGED: Final = 3  # the exit status of a training that exploded
STOPPED: Final = 130  # … of one that was stopped, so that `make weights && …` stops, too; what a shell says of Ctrl-C
REFRESH: Final = 30.0  # seconds at least between two drawings of the charts
PATIENCE: Final = 40  # times as long as drawing takes, at least, until the next: it slows training by 2.5 % at most


class ModelSelection:
    """The best parameters so far, by the mean of the validation sets' accuracies, then losses; and the history."""

    def __init__(self, validation: dict[str, Digits]) -> None:
        self.sets = {name: (scale_pixels(part.pictures), part.labels) for name, part in validation.items()}
        self.theta: Floats | None = None
        self.score = (-1.0, 0.0)
        self.steps = 0  # that the best had taken
        self.history: list[dict[str, float]] = []

    def update(self, network: Network, epoch: Epoch) -> dict[str, float]:
        """Judge the network after an epoch, and keep it if it is the best."""
        layers = {name: network.forward(x) for name, (x, _) in self.sets.items()}
        logits = {name: (layers[name][-1], labels) for name, (_, labels) in self.sets.items()}
        right = {name: float((z.argmax(axis=1) == labels).mean()) for name, (z, labels) in logits.items()}
        loss = sum(cross_entropy(z, one_hot(labels)) for z, labels in logits.values()) / len(logits)
        accuracy = sum(right.values()) / len(right)
        if (accuracy, -loss) > self.score:
            self.score, self.theta, self.steps = (accuracy, -loss), network.theta.copy(), epoch.steps
        line = {**dataclasses.asdict(epoch), "validation_loss": loss, "validation_accuracy": accuracy}
        line |= {f"validation_accuracy_{name}": value for name, value in right.items()}
        line["dead_neurons"] = dead_share(list(layers.values())) if network.activation == "relu" else 0.0
        self.history.append({key: round(value, 6) for key, value in line.items()})
        return line

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """All of it, as arrays."""
        about = json.dumps({"score": self.score, "steps": self.steps, "history": self.history})
        return {"best.about": np.array(about), **({} if self.theta is None else {"best.theta": self.theta})}

    def load_state_dict(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Be again what `state` was taken of."""
        about = json.loads(str(state["best.about"]))
        self.score, self.steps, self.history = tuple(about["score"]), about["steps"], about["history"]
        self.theta = state.get("best.theta")


def dead_share(sets: list[list[Floats]]) -> float:
    """Of the hidden ReLU neurons, the share that no picture of any set makes say more than 0.

    They pass no gradient on either: unless the weights below them change, they have nothing more to learn.
    """
    hidden = zip(*(layers[1:-1] for layers in sets), strict=True)
    alive = np.concatenate([np.logical_or.reduce([(h > 0).any(axis=0) for h in layer]) for layer in hidden])
    return float(1 - alive.mean())


class StopRequested(Exception):  # noqa: N818 - a wish, not an error
    """The person, or the system, asked for an end."""


@contextmanager
def interruptible() -> Iterator[Callable[[], None]]:
    """Within it, Ctrl-C and SIGTERM do not break in: they make the next call of what it yields raise Stop."""
    asked = False

    def ask(*_: object) -> None:
        nonlocal asked
        asked = True

    def check() -> None:
        if asked:
            raise StopRequested

    before = {name: signal.signal(name, ask) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield check
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


@dataclass
class Training:
    """A training under way in a folder of its own: what it learns, how far it is, and what it leaves there."""

    config: TrainConfig
    dataset: Dataset
    folder: Path
    teacher: Network | None = None
    charts: bool = True
    words: tuple[str, ...] = ()  # of the command line, to go on by

    def __post_init__(self) -> None:
        self.started = time.monotonic()
        self.state = TrainingState.begin(self.config, np.random.default_rng(self.config.seed))
        self.selection = ModelSelection(self.dataset.validation)
        self.origin = {"lessons": checksum(self.dataset), "teacher": self.teacher.name if self.teacher else None}
        self.drawn, self.drawing = time.monotonic(), 0.0

    def resume_from(self, unfinished: SavedTraining) -> None:
        """Be again what was interrupted.

        Raises:
            Unresumable: what it learned from is not what there is now.
        """
        for what, known in unfinished.origin.items():
            if known != self.origin[what]:
                raise ResumeError(
                    f"the {what} are not those that the training in {self.folder} began with, so it cannot come to "
                    f"the same result: start anew in another folder with --out, or remove {resume_path(self.folder)}"
                )
        self.state.load_state_dict(unfinished.state)
        self.selection.load_state_dict(unfinished.state)
        self.started -= float(unfinished.state["seconds"])

    def keep(self) -> None:
        """Write down all that was learned, so that an end without warning costs an epoch at most."""
        state = self.state.state_dict() | self.selection.state_dict() | {"seconds": np.array(self.seconds())}
        SavedTraining(list(self.words), self.origin, state).save(self.folder)

    @property
    def weights(self) -> Path:
        """Where what it learned comes to lie, and, beside it, what there is to tell about it."""
        return self.folder / "digits.npz"

    @property
    def finished(self) -> bool:
        """Whether all its epochs are done."""
        return self.state.epoch == self.config.epochs

    def seconds(self) -> float:
        """How long it has been under way, interruptions left out."""
        return time.monotonic() - self.started

    def checkpoints(self) -> Checkpoints:
        """How the network that is kept came to be."""
        network, last = self.state.network, self.selection.history[-1]
        epoch_steps = last["steps"] / last["number"]  # the course itself may have been stopped within an epoch
        return self.state.checkpoints.up_to(network.theta, self.selection.steps, network.name, epoch_steps)

    def draw(self) -> None:
        """Bring the charts up to date, now and then: on validation digits, for training goes on."""
        now = time.monotonic()
        if not self.charts or now - self.drawn < max(REFRESH, PATIENCE * self.drawing):
            return
        network = self.state.network
        recognizer = finish(
            Network(network.sizes, network.theta.copy(), network.activation), self.dataset, self.config.called_none
        )
        digits = self.dataset.validation["mnist"]
        self.charts = draw_charts(self.selection.history, measure(recognizer, digits), recognizer, digits, self.weights)
        self.drawn = time.monotonic()
        self.drawing = self.drawn - now


def train(training: Training) -> Network:
    """The best network that the training leads to, by validation.

    Ctrl-C or SIGTERM ends the learning early, with the best so far.

    Raises:
        Stop: it was asked for before the first epoch was done.
        Diverged: the loss or the gradient is not finite.
    """
    config, selection, state = training.config, training.selection, training.state
    progress = Progress("learning", done=state.epoch / config.epochs)
    said = _epoch_in_words(selection.history[-1], config) if selection.history else ""
    write_history(training.folder, selection.history)

    def hear(fraction: float) -> None:
        progress.update(fraction, said)
        check()

    with interruptible() as check:
        try:
            dataset = training.dataset
            for epoch in run_epochs(state, dataset.train, config, hear, training.teacher, dataset.drawn):
                said = _epoch_in_words(selection.update(state.network, epoch), config)
                append_history(training.folder, selection.history[-1])
                training.keep()
                training.draw()
        except Diverged:  # what led there leads there again
            resume_path(training.folder).unlink(missing_ok=True)
            raise
        except StopRequested:
            if selection.theta is None:
                raise
            progress.line("stopped: keeping the best weights so far")
            progress.line(f"`{resume_command(training.folder)}` goes on")
    progress.line(f"{said}, in {clock(training.seconds())}")
    state.network.theta[:] = selection.theta
    return state.network


def _epoch_in_words(line: Mapping[str, float], config: TrainConfig) -> str:
    dead = f" dead {line['dead_neurons']:.0%}" if config.activation == "relu" else ""
    return (
        f"epoch {line['number']}/{config.epochs} loss {line['loss']:.4f} right {line['accuracy']:.2%} "
        f"validation loss {line['validation_loss']:.4f} right {line['validation_accuracy']:.2%} "
        f"gradient {line['gradient_norm']:.2g}{dead}"
    )


def write_history(folder: Path, history: list[dict[str, float]]) -> None:
    """The epochs so far, as JSON lines."""
    write_atomic(folder / "history.jsonl", "".join(json.dumps(line) + "\n" for line in history).encode())


def append_history(folder: Path, line: dict[str, float]) -> None:
    """One epoch more."""
    with (folder / "history.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")


def finish(network: Network, dataset: Dataset, called_none: float) -> Recognizer:
    """Fit on people's validation digits what makes answers honest: the temperature, and the limits of the verdicts.

    Habits made on purpose are left out: learned from others of their own kind, they are surer than what people draw.
    """
    chosen_by = concatenate(digits for name, digits in dataset.validation.items() if name != "synthetic")
    logits = network.forward(scale_pixels(chosen_by.pictures))[-1]
    network.temperature = fit_temperature(logits, chosen_by.labels)
    rejector = Rejector.fit(logits, softmax(logits, network.temperature), called_none)
    network.extras = rejector.arrays()
    return Recognizer(network, rejector)


def save(
    recognizer: Recognizer, evaluation_sets: EvaluationSets, training: Training, meta: dict[str, Any]
) -> dict[str, Any]:
    """Measure, then write the weights, their education, the report and the page's pictures; returns the report."""
    network, weights, selection = recognizer.network, training.weights, training.selection
    figures = report_on(recognizer, evaluation_sets)
    network.meta = meta | {
        "epochs": len(selection.history),
        "data": {**MNIST_SHA256, **PEN_SHA256},
        "accuracy": {name: figures[name]["accuracy"] for name in evaluation_sets.digits},
    }
    network.save(weights)
    training.checkpoints().save(checkpoints_path(weights))
    report = {"model": network.name, **figures, "training": meta, "history": selection.history}
    write_report(report_path(weights), report)
    write_pictures(weights, recognizer, evaluation_sets)
    write_numbers(weights, network)
    return report


def draw_charts(
    history: list[dict[str, float]], figures: dict[str, Any], recognizer: Recognizer, digits: Digits, weights: Path
) -> bool:
    """Draw the charts beside the weights, if matplotlib is there; whether it is."""
    try:
        draw_all(history, np.array(figures["confusion"]), recognizer, digits, weights)
    except MatplotlibMissing as error:
        sys.stderr.write(f"{error}\n")
        return False
    return True


def prepare(chosen: dict[str, Any], said: tuple[str, ...]) -> Training:
    """Everything that learning needs: the pictures, the teacher, and a folder to write into."""
    teacher = Network.load(chosen["teacher"]) if chosen["teacher"] else None
    progress = Progress("drawing")
    dataset = load_dataset(chosen["data"], data_config_of(chosen), chosen["seed"], progress.update)
    progress.line(f"{len(dataset.train):,} pictures to learn from")
    return Training(train_config(chosen), dataset, chosen["out"], teacher, not chosen["no_charts"], said)


def begin(chosen: dict[str, Any]) -> Training:
    """A training from its first step."""
    training = prepare(chosen, tuple(words(_found_again(chosen), set(chosen) - {"out", "resume"})))
    write_report(chosen["out"] / "config.json", configuration(chosen))
    return training


def _found_again(chosen: dict[str, Any]) -> dict[str, Any]:
    """The same knobs, with files that are found from whatever folder the training goes on in."""
    return chosen | {knob: path.resolve() for knob in ("data", "teacher") if (path := chosen[knob])}


def go_on(chosen: dict[str, Any], named: set[str]) -> tuple[dict[str, Any], Training]:
    """An interrupted training, and its knobs.

    Raises:
        Unresumable: it cannot be read, or what is asked for contradicts it.
    """
    unfinished = SavedTraining.load(chosen["out"])
    chosen, known = _found_again(chosen), parse(unfinished.words) | {"out": chosen["out"]}
    for knob in sorted(named - {"out", "resume"}):
        if knob in PLACES:
            known[knob] = chosen[knob]
        elif chosen[knob] != known[knob]:
            said = shlex.join(words(known, {knob}))
            raise ResumeError(
                f"--{knob.replace('_', '-')} contradicts the training in {chosen['out']}, which was begun "
                f"{f'with {said}' if said else 'without it'}: leave it out, or start another training with --out"
            )
    training = prepare(known, tuple(unfinished.words))
    training.resume_from(unfinished)
    return known, training


def main(arguments: list[str] | None = None) -> int:
    """Train, measure, write; 0 if it could be done to the end."""
    chosen = parse(arguments)
    out = chosen["out"]
    try:
        if chosen["resume"]:
            require_unfinished(out)
        else:
            require_no_unfinished(out)
            require_writable(out, "name another folder with --out")
        with folder_lock(out):
            report = _carry_out(chosen, given(arguments))
    except (DataError, WeightsError, Diverged, ResumeError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return DIVERGED if isinstance(error, Diverged) else 1
    except (StopRequested, KeyboardInterrupt):
        sys.stderr.write(f"{_stopped(out)}\n")
        return STOPPED
    sys.stdout.write(f"{summary(report)}\n")
    return STOPPED if resume_path(out).exists() else 0


def _stopped(out: Path) -> str:
    """What is left of a training that was stopped without saving."""
    if resume_path(out).exists():
        return f"stopped: `{resume_command(out)}` goes on from the last whole epoch"
    return "stopped before the first epoch was done: nothing was learned"


def _carry_out(chosen: dict[str, Any], named: set[str]) -> dict[str, Any]:
    """Learn, measure and write; the report."""
    chosen, training = go_on(chosen, named) if chosen["resume"] else (chosen, begin(chosen))
    network = train(training)
    with interruptible():  # what has been learned is saved, whatever is asked for meanwhile
        recognizer = finish(network, training.dataset, training.config.called_none)
        evaluation_sets = _evaluation_sets(chosen, training.dataset)
        report = save(recognizer, evaluation_sets, training, _about(chosen, training))
        if training.charts:
            name, digits = next(iter(evaluation_sets.digits.items()))
            draw_charts(report["history"], report[name], recognizer, digits, training.weights)
        if training.finished:
            resume_path(chosen["out"]).unlink(missing_ok=True)
    return report


def _evaluation_sets(chosen: dict[str, Any], dataset: Dataset) -> EvaluationSets:
    """What to measure on: the tests, or, for choosing, validation digits alone."""
    if not chosen["no_test"]:
        return load_evaluation_sets(chosen["data"], pens=chosen["pens"] > 0)
    digits = {f"{name}_validation": part for name, part in dataset.validation.items()}
    return EvaluationSets(digits, {}, None, load_mnist(chosen["data"]).train)


def _about(chosen: dict[str, Any], training: Training) -> dict[str, Any]:
    """What the weights file tells of its making."""
    return {
        "seed": chosen["seed"],
        "command": command(chosen),
        "recipe": dataclasses.asdict(training.config),
        "amounts": dataclasses.asdict(data_config_of(chosen)),
        "teacher": training.teacher.name if training.teacher else None,
        "seconds": round(training.seconds()),
        "date": datetime.now(UTC).date().isoformat(),
    }


if __name__ == "__main__":
    raise SystemExit(main())
