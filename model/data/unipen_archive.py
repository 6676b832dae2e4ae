"""The archive of UNIPEN train_r01_v07, as Zenodo keeps it, converted to the strokes that are learned from.

Its digits are in `data/1a`, its lower-case letters in `data/1c`. Which of them are used, in which order, stands in
`unipen_index.npz` as fingerprints, from which nobody can draw them: the release may be learned from, but its
coordinates are not to be passed on. `python -m tools.unipen_index` wrote it.
"""

import io
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.data.files import DataError, download
from model.data.unipen_format import Stroke, UnipenFile
from model.storage import sha256, unpack

Arrays = dict[str, NDArray[Any]]
Drawing = tuple[str, list[NDArray[np.int16]]]  # label and scaled strokes
NAME: Final = "unipen-CDROM-train_r01_v07.tgz"
URL: Final = f"https://zenodo.org/records/1195803/files/{NAME}"
INDEX: Final = Path(__file__).with_name("unipen_index.npz")  # fingerprint (n,) uint64, site (n,) uint8
LABELS: Final = {
    "1a": "0123456789",
    "1c": "adefhkmnprtuvwxy",
}  # used of each folder; other letters may look like digits
SIDE: Final = 1000  # the longer side of a drawing


def load_archive(folder: Path) -> Arrays:
    """The arrays of `strokes.npz`, from the archive below a folder, unpacked or not, or else from Zenodo.

    Raises:
        DataError: it cannot be had, or is damaged, or another release.
    """
    if root := _root(folder):
        return convert(root)
    packed = next(folder.rglob(NAME), None)
    content = packed.read_bytes() if packed else download(URL)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as unpacked:
        _unpack(content, Path(unpacked), str(packed or URL))
        if root := _root(Path(unpacked)):
            return convert(root)
    raise DataError(f"{packed or URL} holds no folder data/1a")


def _root(folder: Path) -> Path | None:
    """The folder of an unpacked archive, with `data` and `include` in it."""
    return next((path.parent.parent for path in folder.rglob("data/1a")), None)


def _unpack(content: bytes, folder: Path, where: str) -> None:
    """Unpack what is needed of the archive: half a gigabyte."""
    parts = ("/include/", *(f"/data/{category}/" for category in LABELS))
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            needed = (member for member in archive if any(part in f"/{member.name}" for part in parts))
            archive.extractall(folder, needed, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DataError(f"{where} cannot be unpacked ({error})") from None


def convert(root: Path) -> Arrays:
    """The arrays of `strokes.npz`: the drawings that the index names, from the unpacked archive.

    Raises:
        DataError: some are not there, or a file cannot be read.
    """
    index = unpack(INDEX.read_bytes())
    try:
        found = {fingerprint(drawing): drawing for drawing in _drawings(root)}
    except OSError as error:
        raise DataError(f"{root} cannot be read ({error})") from None
    numbers = [int(number) for number in index["fingerprint"]]
    if missing := sum(number not in found for number in numbers):
        raise DataError(f"{root} lacks {missing:,} of {len(numbers):,} drawings: it is another release, or damaged")
    return to_arrays([found[number] for number in numbers], index["site"])


def _drawings(root: Path) -> Iterator[Drawing]:
    """All characters with labels that are used."""
    for category, labels in LABELS.items():
        for path in sorted((root / "data" / category).rglob("*.dat")):
            file = UnipenFile(root / "include")
            file.read(path)
            yield from ((each.label, scale(each.strokes)) for each in file.characters() if each.label in set(labels))


def scale(strokes: Sequence[Stroke]) -> list[NDArray[np.int16]]:
    """The strokes moved to 0 and scaled so that their longer side is `SIDE`; a dot stays a dot."""
    points = np.concatenate(strokes)
    low = points.min(axis=0)
    side = float(np.ptp(points, axis=0).max()) or 1.0
    return [np.rint((stroke - low) * SIDE / side).astype(np.int16) for stroke in strokes]


def to_arrays(drawings: Sequence[Drawing], sites: NDArray[np.uint8]) -> Arrays:
    """Drawings as the arrays of `strokes.npz`."""
    strokes = [stroke for _, strokes in drawings for stroke in strokes]
    return {
        "points": np.concatenate(strokes),
        "stroke_lengths": np.array([len(stroke) for stroke in strokes], dtype=np.int32),
        "strokes_per_drawing": np.array([len(strokes) for _, strokes in drawings], dtype=np.int16),
        "label": np.array([label for label, _ in drawings]),
        "site": sites,
    }


def index_of(arrays: Arrays) -> Arrays:
    """The index with which `convert` makes these arrays."""
    strokes = np.split(arrays["points"], np.cumsum(arrays["stroke_lengths"])[:-1])
    counts = arrays["strokes_per_drawing"]
    drawings = zip(arrays["label"], np.cumsum(counts) - counts, counts, strict=True)
    numbers = [fingerprint((str(label), strokes[start : start + count])) for label, start, count in drawings]
    return {"fingerprint": np.array(numbers, dtype=np.uint64), "site": arrays["site"]}


def fingerprint(drawing: Drawing) -> int:
    """64 bits of the SHA-256 of a drawing: of its label, the strokes' lengths and their points."""
    label, strokes = drawing
    head = f"{label} {','.join(str(len(stroke)) for stroke in strokes)} ".encode()
    return int(sha256(head + np.concatenate(strokes).astype("<i2").tobytes())[:16], 16)


def arrays_sha256(arrays: Arrays) -> str:
    """The SHA-256 of what arrays hold, which does not depend on how a file packs them."""
    named = sorted(arrays.items())
    return sha256(b"".join(f"{name} {a.dtype.str} {a.shape} ".encode() + a.tobytes() for name, a in named))
