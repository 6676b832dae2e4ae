"""Small data sets for tests: the same files with their own checksums."""

import os
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from model.data import dataset, mnist, pendigits, processes, unipen
from model.data.mnist import Digits
from model.data.synthetic import synthetic_digit
from model.network import Network
from model.storage import pack, sha256
from model.training import evaluation, plots
from model.worked_example import Example
from tests.conftest import ROOT

VALIDATION = 400  # of MNIST's digits
VALIDATION_SYNTHETIC = 60
NO_STROKES = {"pens": 0, "unipen": 0, "unipen_letters": 0}  # options of a training without them


def to_idx(array):
    """The idx file that holds an array; the inverse of `parse_idx`."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def pen_file(count):
    """A file of pen digits, written as `synthetic` writes, in turn by writers 1 to 4."""
    rng, lines = np.random.default_rng(count), []
    for i in range(count):
        lines.append(f".COMMENT {i % 10}  {i % 4 + 1}  {i}")
        for stroke in synthetic_digit(i % 10, rng):
            lines += [".PEN_DOWN", *(f" {x} {-y}" for x, y in (stroke * 300).astype(int)), ".PEN_UP"]
    return "\n".join(lines)


def strokes_file(digits, letters):
    """A file of UNIPEN's strokes: digits as `synthetic` writes them, and crosses as letters, at seven sites in turn."""
    rng, cross = np.random.default_rng(digits), [np.array([[0, 0], [1, 1]]), np.array([[0, 1], [1, 0]])]
    drawings = [*(synthetic_digit(i % 10, rng) for i in range(digits)), *[cross] * letters]
    strokes = [(stroke * 1000).astype(np.int16) for drawing in drawings for stroke in drawing]
    arrays = {
        "points": np.concatenate(strokes),
        "stroke_lengths": np.array([len(stroke) for stroke in strokes], dtype=np.int32),
        "strokes_per_drawing": np.array([len(drawing) for drawing in drawings], dtype=np.int16),
        "label": np.array([*(str(i % 10) for i in range(digits)), *"x" * letters]),
        "site": (np.arange(digits + letters) % 7).astype(np.uint8),
    }
    return pack(arrays)


def shapes(count, seed):
    """Each digit a bright row of its own, in noise."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(count) % 10).astype(np.uint8)
    pictures = rng.integers(0, 90, (count, 28, 28), dtype=np.uint8)
    pictures[np.arange(count), labels * 2 + 3] = 255
    return Digits(pictures.reshape(-1, 784), labels)


def noise(count, seed=0):
    """Pictures of noise, with the labels 0 to 9 in turn."""
    pictures = np.random.default_rng(seed).integers(0, 256, (count, 784), dtype=np.uint8)
    return Digits(pictures, (np.arange(count) % 10).astype(np.uint8))


@pytest.fixture
def network():
    """A small network that has learned nothing."""
    return Network.create((784, 12, 8, 10), np.random.default_rng(1))


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    for part, count in (("train", 600 + VALIDATION), ("t10k", 200)):
        digits = shapes(count, count)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(to_idx(digits.pictures.reshape(-1, 28, 28)))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(to_idx(digits.labels))
    (folder / "pendigits-orig.tra").write_text(pen_file(60))
    (folder / "pendigits-orig.tes").write_text(pen_file(40))
    (folder / "strokes.npz").write_bytes(strokes_file(70, 14))
    return folder


def one_thread(*_, **__):
    """In place of processes, which take longer to start than the few drawings of a test."""
    return ThreadPoolExecutor(1)


@pytest.fixture
def small(small_folder, monkeypatch):
    """The folder with its own checksums for the time of a test; little is drawn from it, and in this process."""
    checksums = {path.name: sha256(path.read_bytes()) for path in small_folder.iterdir()}
    for module, stem in ((mnist, "idx"), (pendigits, "pendigits"), (unipen, "strokes")):
        monkeypatch.setattr(module, "SHA256", {name: value for name, value in checksums.items() if stem in name})
    monkeypatch.setattr(mnist, "VALIDATION", VALIDATION)
    monkeypatch.setattr(dataset, "VALIDATION_SYNTHETIC", VALIDATION_SYNTHETIC)
    monkeypatch.setattr(evaluation, "LETTERS", 60)
    monkeypatch.setattr(evaluation, "SWEEPS", evaluation.SWEEPS[:2])
    monkeypatch.setattr(plots, "GRID", (2, 4))
    monkeypatch.setattr(processes, "ProcessPoolExecutor", one_thread)
    return small_folder


SCRIPT = """
import os, sys
from pathlib import Path
from model import train
from model.data import dataset, mnist, pendigits, processes, unipen
from model.storage import pack, sha256
from model.training import evaluation, loop
from tests.model.conftest import VALIDATION, VALIDATION_SYNTHETIC, one_thread

folder, signal, epoch, *arguments = sys.argv[1:]
mnist.SHA256 = {path.name: sha256(path.read_bytes()) for path in Path(folder).glob("*idx*")}
pendigits.SHA256 = {path.name: sha256(path.read_bytes()) for path in sorted(Path(folder).glob("pen*"), reverse=True)}
unipen.SHA256 = {"strokes.npz": sha256((Path(folder) / "strokes.npz").read_bytes())}
evaluation.LETTERS, evaluation.SWEEPS, processes.ProcessPoolExecutor = 60, (), one_thread
mnist.VALIDATION, dataset.VALIDATION_SYNTHETIC = VALIDATION, VALIDATION_SYNTHETIC
write_history = loop.write_history
def write_and_kill(out, history):
    write_history(out, history)
    if len(history) == int(epoch):
        os.kill(os.getpid(), int(signal))
loop.write_history = write_and_kill
sys.exit(train.main(["--data", folder, *arguments]))
"""


def train_in_process(folder, *arguments, signal=0, epoch=-1):
    """`python -m model.train`, with a signal between the writing of an epoch's history and the saving of its state."""
    command = [sys.executable, "-c", SCRIPT, str(folder), str(int(signal)), str(epoch), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)


MOMENTUM = """
question = "Does momentum help?"
[common]
digits = 300
mnist = 1
pens = 0
unipen = 0
unipen-letters = 0
synthetic = 0
outliers = 0
cut-digits = 0
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


@pytest.fixture(scope="session")
def example(recognizer):
    """The example of docs/maths.md in the network that ships."""
    return Example.of(recognizer.network)
