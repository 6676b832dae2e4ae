"""Small data sets for tests: the same files with their own checksums."""

import struct

import numpy as np
import pytest

from model import evaluate
from model.data import dataset, mnist, pendigits
from model.data.synthetic import synthetic_digit
from model.storage import sha256
from model.training import plots


def to_idx(array):
    """The idx file that holds an array; the inverse of `parse_idx`."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def unipen(count):
    """A file of synthetic pen digits, by writers 1 to 4 in turn."""
    rng, lines = np.random.default_rng(count), []
    for i in range(count):
        lines.append(f".COMMENT {i % 10}  {i % 4 + 1}  {i}")
        for stroke in synthetic_digit(i % 10, rng):
            lines += [".PEN_DOWN", *(f" {x} {-y}" for x, y in (stroke * 300).astype(int)), ".PEN_UP"]
    return "\n".join(lines)


def striped(count, seed):
    """Pictures with a bright bar whose height encodes the digit, and their labels."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(count) % 10).astype(np.uint8)
    pictures = np.zeros((count, 28, 28), dtype=np.uint8)
    pictures[:, 4:24, 10:18] = rng.integers(0, 60, (count, 20, 8))
    for i, label in enumerate(labels):
        pictures[i, label * 2 + 4 : label * 2 + 6, 4:24] = 255
    return pictures, labels


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    for part, count in (("train", 5600), ("t10k", 200)):
        pictures, labels = striped(count, count)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(to_idx(pictures))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(to_idx(labels))
    (folder / "pendigits-orig.tra").write_text(unipen(60))
    (folder / "pendigits-orig.tes").write_text(unipen(40))
    return folder


class InlineExecutor:
    """Draws in this process: starting others takes longer than the few drawings of a test."""

    def __init__(self, *_, **__):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    map = staticmethod(map)


@pytest.fixture
def small(small_folder, monkeypatch):
    """The folder with its checksums accepted; few pictures are drawn from it, and in this process."""
    checksums = {path.name: sha256(path.read_bytes()) for path in small_folder.iterdir()}
    for module, stem in ((mnist, "idx"), (pendigits, "pendigits")):
        monkeypatch.setattr(module, "SHA256", {name: value for name, value in checksums.items() if stem in name})
    monkeypatch.setattr(evaluate, "LETTERS", 60)
    monkeypatch.setattr(evaluate, "SWEEPS", evaluate.SWEEPS[:2])
    monkeypatch.setattr(plots, "SHEET", (2, 4))
    monkeypatch.setattr(dataset, "ProcessPoolExecutor", InlineExecutor)
    return small_folder
