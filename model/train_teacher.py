"""Train the convolutional network that teaches one that ships, in minutes.

    python -m model.train_teacher --data DIR                              writes runs/teacher/teacher.npz
    python -m model.train --recipe recipes/wide.toml --teacher runs/teacher/teacher.npz

The recipe has the options of `python -m model.train` that say what to learn from, and how; those of dense layers have
no effect. Beside the weights comes report.json: the options, and the validation figures after each epoch. What is
interrupted starts anew.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from model.data.dataset import Dataset, load_dataset
from model.data.files import DataError
from model.data.mnist import Digits
from model.network import cross_entropy, one_hot, scale_pixels
from model.optimizers import Adam
from model.progress import Progress
from model.storage import require_writable, write_json
from model.training.config import (
    ConfigError,
    TrainConfig,
    complete,
    data_config,
    learning_options,
    read_recipe,
    train_config,
)
from model.training.convolution import LAYERS, ConvolutionalNetwork
from model.training.loop import DataLoader, augmentation_share, learning_rate, update_average


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, write; 0 if it could be done."""
    parser = argparse.ArgumentParser("python -m model.train_teacher", description="Train the convolutional teacher.")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder with the data")
    parser.add_argument("--recipe", type=Path, default=Path("recipes/teacher.toml"), help="options in TOML")
    parser.add_argument("--out", type=Path, default=Path("runs/teacher"), help="where the network goes")
    args = parser.parse_args(arguments)
    try:
        require_writable(args.out, "name another folder with --out")
        run(args.data, args.recipe, args.out)
    except (ConfigError, DataError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("stopped: nothing was kept\n")
        return 130  # as shells have it for Ctrl-C
    return 0


def run(data: Path, recipe: Path, out: Path) -> None:
    """A whole training, from its recipe to its files."""
    options = complete(read_recipe(recipe) | {"data": data})
    config, progress = train_config(options), Progress("drawing")
    dataset = load_dataset(options["data"], data_config(options), config.seed, progress.update)
    progress, history = Progress("learning"), []
    network = ConvolutionalNetwork.create(LAYERS, np.random.default_rng(config.seed))
    for _ in learn(network, dataset, config, progress.update):
        history.append(validation_figures(network, dataset.validation))
        right = ", ".join(f"{name} {figures['accuracy']:.2%}" for name, figures in history[-1].items())
        progress.line(f"epoch {len(history)}/{config.epochs} right {right}")
    network.meta = {"options": learning_options(options), "validation": history[-1]}
    network.save(out / "teacher.npz")
    write_json(out / "report.json", {"model": network.name, **network.meta, "history": history})


def learn(
    network: ConvolutionalNetwork,
    dataset: Dataset,
    config: TrainConfig,
    on_step: Callable[[float], None] = lambda _: None,
) -> Iterator[int]:
    """Train to the last epoch by Adam, and yield each epoch's number; the network has the averaged parameters then."""
    loader = DataLoader(dataset.train, config, None, dataset.drawn)
    order, augmentation = np.random.default_rng((config.seed, 1)).spawn(2)
    learner = ConvolutionalNetwork(network.layers, network.theta.copy())
    steps, step, optimizer = loader.batches * config.epochs, 0, Adam()
    rate = learning_rate(config, steps)
    for epoch in range(1, config.epochs + 1):
        share = augmentation_share(config, epoch)
        for x, targets, _ in loader.epoch(share, {"order": order, "augmentation": augmentation}):
            _, gradient = learner.gradient(x, targets)
            optimizer.step(learner.theta, gradient, rate(step))
            step += 1
            update_average(network.theta, learner.theta, config.ema_decay, step)
            on_step(step / steps)
        yield epoch


def validation_figures(network: ConvolutionalNetwork, validation: dict[str, Digits]) -> dict[str, dict[str, float]]:
    """The accuracy and the mean loss on each validation set."""
    figures = {}
    for name, digits in validation.items():
        logits = network.logits(scale_pixels(digits.pictures))
        right, loss = logits.argmax(axis=1) == digits.labels, cross_entropy(logits, one_hot(digits.labels))
        figures[name] = {"accuracy": round(float(right.mean()), 4), "loss": round(loss, 4)}
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
