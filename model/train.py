"""Train a network and save it, its report and what the pages show of it.

    python -m model.train --recipe recipes/small.toml     the small network that ships, into runs/latest
    python -m model.train --help                          every option
    python -m model.train --resume --out DIR              go on with what was interrupted, to the same result

Writes into --out, as it goes: config.json (every option), history.jsonl (a line an epoch), resume.npz (the state after
the last epoch, until all is done) and, with matplotlib, the charts; in the end digits.npz (the weights),
checkpoints.npz (the parameters on the way), report.json (figures and history), digits.gallery.npz (the pictures that
activate each neuron most), digits.maths.json (the numbers of /maths) and, unless --no-test leaves the test out,
digits.mistakes.npz (what was misread of it). Ctrl-C stops the learning, not the saving: the best weights so far are
kept, given their detector and measured, which a second Ctrl-C stops, too (before the weights are saved, it leaves them
to --resume); --resume goes on from the last whole epoch. The exit status is 130.
"""

import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from model.data.dataset import Dataset, load_dataset
from model.data.files import DataError
from model.data.mnist import SHA256 as MNIST_SHA256
from model.data.mnist import load_mnist
from model.data.pendigits import SHA256 as PEN_SHA256
from model.data.unipen import SHA256 as UNIPEN_SHA256
from model.data.unipen import UnipenMissing
from model.lecture.numbers import write_numbers
from model.network import Network, WeightsError
from model.progress import Progress
from model.storage import checkpoints_path, report_path, require_writable, write_json
from model.training.artifacts import write_pictures
from model.training.config import (
    CommandLine,
    ConfigError,
    Options,
    TrainConfig,
    command,
    data_config,
    parse,
    run_options,
    stored_recipe,
    train_config,
)
from model.training.detector import train_detector
from model.training.evaluation import EvaluationSets, evaluate, load_evaluation_sets, summary
from model.training.loop import Diverged, Trained, train
from model.training.plots import Charts
from model.training.selection import calibrate
from model.training.state import ResumeError, folder_lock, require_unfinished, resume_command, resume_path

CANDIDATES: Final = Path(__file__).parent.parent / "recipes" / "candidates" / "results.json"
COSTS: Final = ("site_accuracy", "auroc")  # figures in it
DIVERGED: Final = 3  # the exit status of a training that diverged
STOPPED: Final = 130  # … of one that was interrupted, as shells have it for Ctrl-C: `make weights && …` then stops, too


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, write; 0 if it could be done to the end."""
    args = parse(arguments)
    out = args.out
    try:
        require_unfinished(out, args.resume)
        require_writable(out, "name another folder with --out")
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.default_int_handler)  # raises KeyboardInterrupt
        with folder_lock(out):
            report = run(args)
    except (ConfigError, DataError, WeightsError, Diverged, ResumeError, OSError) as error:
        sys.stderr.write(f"{error}\n{_cost_without() if isinstance(error, UnipenMissing) else ''}")
        return DIVERGED if isinstance(error, Diverged) else 1
    except KeyboardInterrupt:
        goes_on = f"stopped: `{resume_command(out)}` goes on from the last whole epoch\n"
        nothing = "stopped before the first epoch was done: nothing was learned\n"
        sys.stderr.write(goes_on if resume_path(out).exists() else nothing)
        return STOPPED
    sys.stdout.write(f"{summary(report)}\n")
    return STOPPED if resume_path(out).exists() else 0


def _cost_without() -> str:
    """What it costs to learn without UNIPEN's strokes, as far as it was measured."""
    try:
        candidates = json.loads(CANDIDATES.read_text(encoding="utf-8"))["candidates"]
        gain = next(candidate["gain"] for name, candidate in candidates.items() if "UNIPEN" in name)
    except (OSError, ValueError, KeyError, StopIteration):
        return ""
    digits, letters = (f"{100 * gain[key]['mean']:.1f} ± {100 * gain[key]['error']:.1f}" for key in COSTS)
    return (
        f"Without them {digits} % more of strangers' digits are misread, and letters are told from digits less well "
        f"(AUROC lower by {letters} points)\n"
    )


def run(args: CommandLine) -> dict[str, Any]:
    """A whole training, from its options to its report."""
    options = run_options(args)
    config, weights = train_config(options), args.out / "digits.npz"
    teacher = Network.load(options["teacher"]) if options["teacher"] else None
    progress = Progress("drawing")
    dataset = load_dataset(options["data"], data_config(options), config.seed, progress.update)
    progress.line(f"{len(dataset.train):,} pictures to learn from")
    charts = Charts(weights, enabled=options["charts"])
    trained = train(config, dataset, args.out, charts, teacher, resume=args.resume)
    try:
        detector = train_detector(trained.network, dataset, config, Progress("detector").update)
    except KeyboardInterrupt:
        progress.line("stopped before the detector was trained: nothing is saved but the state to resume from")
        raise
    recognizer = calibrate(trained.network, detector, dataset.validation, config.rejected_share)
    meta = training_meta(options, config, teacher, trained.seconds)
    save(trained, weights, meta)  # before the tests, whose drawing lasts minutes and may be interrupted
    try:
        sets = _evaluation_sets(options, dataset)
        figures = evaluate(recognizer, sets)
        save(trained, weights, meta | {"accuracy": {name: figures[name]["accuracy"] for name in sets.digits}})
        report = {"model": trained.network.name, **figures, "training": meta, "history": trained.history}
        write_json(report_path(weights), report)
        write_pictures(weights, recognizer, load_mnist(options["data"]).train, sets.digits.get("mnist_test"))
        charts.draw(trained.history, trained.network, next(iter(sets.digits.values())))
    except KeyboardInterrupt:
        progress.line("stopped before all was measured; the weights are saved")
        raise
    if trained.finished:
        resume_path(args.out).unlink(missing_ok=True)
    return report


def training_meta(options: Options, config: TrainConfig, teacher: Network | None, seconds: float) -> dict[str, Any]:
    """How a network was trained: the weights file's `meta`, and `training` in report.json."""
    return {
        "seed": config.seed,
        "command": command(options),
        "recipe": stored_recipe(config),
        "amounts": asdict(data_config(options)),
        "teacher": teacher.name if teacher else None,
        "seconds": round(seconds),
        "date": datetime.now(UTC).date().isoformat(),
    }


def save(trained: Trained, weights: Path, meta: dict[str, Any]) -> None:
    """Write the weights and, under their name, their checkpoints."""
    network, amounts = trained.network, meta["amounts"]
    data = MNIST_SHA256 | (PEN_SHA256 if amounts["pens"] else {})
    data |= UNIPEN_SHA256 if amounts["unipen"] or amounts["unipen_letters"] else {}
    network.meta = meta | {"epochs": len(trained.history), "data": data}
    network.save(weights)
    replace(trained.checkpoints, model=network.name).save(checkpoints_path(weights))
    write_numbers(weights, network)


def _evaluation_sets(options: Options, dataset: Dataset) -> EvaluationSets:
    """What to measure on: the tests, or, for choosing, validation digits alone."""
    if options["test"]:
        return load_evaluation_sets(options["data"], pens=options["pens"] > 0)
    return EvaluationSets({f"{name}_validation": part for name, part in dataset.validation.items()})


if __name__ == "__main__":
    raise SystemExit(main())
