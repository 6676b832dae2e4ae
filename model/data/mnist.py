"""MNIST (LeCun et al. 1998): 60,000 training and 10,000 test pictures of digits, split three ways.

A folder holds the four idx files, gzipped or not, directly or in `mnist/`. Missing ones are downloaded from a mirror.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.data.files import DataError, download, gunzip, load_files, store

MIRRORS: Final = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)
SHA256: Final = {  # of the uncompressed files
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
VALIDATION: Final = 5000  # the last training pictures, for choosing things; the test set is for the report alone


@dataclass(frozen=True)
class Digits:
    """Pictures (n, 784) uint8, 255 = ink, and their labels (n,) uint8."""

    pictures: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, chosen: slice) -> Digits:
        return Digits(self.pictures[chosen], self.labels[chosen])


@dataclass(frozen=True)
class Mnist:
    """MNIST's training, validation and test pictures."""

    train: Digits
    validation: Digits
    test: Digits


def load_mnist(folder: Path, *, download: bool = True) -> Mnist:
    """MNIST from a folder; what the folder lacks is downloaded into it.

    Raises:
        DataError: a file is missing and cannot be downloaded, or is damaged.
    """
    files = load_files(folder, "mnist", SHA256, (lambda names: _download(folder, names)) if download else None)
    train, test = (
        Digits(
            parse_idx(files[f"{part}-images-idx3-ubyte"]).reshape(-1, 784),
            parse_idx(files[f"{part}-labels-idx1-ubyte"]),
        )
        for part in ("train", "t10k")
    )
    return Mnist(train[:-VALIDATION], train[-VALIDATION:], test)


def parse_idx(content: bytes) -> NDArray[np.uint8]:
    """An array from the idx format: 0, 0, type 8 (uint8), dimensions, each size as 4 bytes big-endian, the data.

    >>> parse_idx(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 9])).tolist()
    [7, 9]
    """
    if len(content) < 4 or content[:3] != b"\0\0\x08" or len(content) < 4 + 4 * content[3]:
        raise DataError("not an idx file of unsigned bytes")
    shape = struct.unpack(f">{content[3]}I", content[4 : 4 + 4 * content[3]])
    data = np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * len(shape))
    if data.size != np.prod(shape):
        raise DataError(f"an idx file of {data.size} bytes where its header says {shape}")
    return np.asarray(data.reshape(shape))


def _download(folder: Path, names: list[str]) -> None:
    """Store files from the first mirror that has them all."""
    faults = []
    for mirror in MIRRORS:
        try:
            for name in names:
                url = f"{mirror}{name}.gz"
                store(folder / "mnist", name, gunzip(download(url), url), SHA256[name])
        except DataError as error:
            faults.append(f"  {error}\n")
        else:
            return
    raise DataError(
        f"MNIST is not in {folder} and could not be downloaded:\n{''.join(faults)}"
        "Connect to a network, or put the four idx files into a folder and name it with --data"
    )
