"""UNIPEN: pen strokes of digits and lower-case letters by people at seven sites (release train_r01_v07).

The release is that of the International Unipen Foundation (Zenodo record 1195803; Guyon, Schomaker, Plamondon,
Liberman & Janet 1994). The record is tagged CC BY 4.0; the notice inside is stricter: recognisers may be trained on it,
the release is to be named, the coordinates are not distributed commercially. So they stay out of the repository.

The letters are those that nobody could mean as a digit: people's own examples of what is none. A few labels are wrong;
the drawings of several digits among them are left out.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.data.files import DataError, load_files, verify
from model.data.unipen_archive import URL, arrays_sha256, load_archive
from model.storage import READ_ERRORS, pack, sha256, unpack, write_atomic

SHA256: Final = {"strokes.npz": "27743f0b582887ffb4c5bd0df98e7691e6de67a6d3ec65ae69a6c54888be19ba"}
ARRAYS_SHA256: Final = "6be73668a5af9b7740f0c8469536611479c9d3191382037f68dcfbc619aee315"  # of what it holds
WIDE: Final = 1.5  # times its height, the least width of several characters side by side


class UnipenMissing(DataError):  # noqa: N818 - what is the case
    """The strokes cannot be had here; a training can go on without them, if that is wanted."""


@dataclass(frozen=True)
class UnipenDrawing:
    """One character as written: strokes (points, 2) of x and y, y down; its longer side is 1000."""

    character: str  # a digit, or a lower-case letter
    site: int  # where it was written, from 0
    strokes: list[NDArray[np.floating[Any]]]


@dataclass(frozen=True)
class Unipen:
    """The drawings of all sites."""

    digits: list[UnipenDrawing]
    letters: list[UnipenDrawing]


def load_unipen(folder: Path, *, download: bool = True) -> Unipen:
    """The drawings from a folder; if it lacks them, they are downloaded into it.

    Raises:
        UnipenMissing, DataError: they are missing and cannot be downloaded, or are damaged.
    """
    files = load_files(folder, "unipen", SHA256, (lambda _: _download(folder)) if download else None, _digest)
    try:
        drawings = _drawings(unpack(files["strokes.npz"]))
    except READ_ERRORS as error:
        raise DataError(f"strokes.npz of {folder} cannot be read ({error})") from None
    return Unipen(
        [drawing for drawing in drawings if drawing.character.isdecimal() and not is_several(drawing)],
        [drawing for drawing in drawings if not drawing.character.isdecimal()],
    )


def is_several(drawing: UnipenDrawing) -> bool:
    """Whether it is several characters side by side, such as two zeros that are labelled 0.

    Their strokes are all high, some of them leave a column free between them, and together they are wide.
    """
    width, height = np.ptp(np.concatenate(drawing.strokes), axis=0)
    if width < WIDE * height or any(np.ptp(stroke[:, 1]) < height / 2 for stroke in drawing.strokes):
        return False
    ends = sorted((stroke[:, 0].min(), stroke[:, 0].max()) for stroke in drawing.strokes)
    reached = np.maximum.accumulate([end for _, end in ends])
    return any(start > before for (start, _), before in zip(ends[1:], reached[:-1], strict=True))


def _drawings(arrays: dict[str, NDArray[Any]]) -> list[UnipenDrawing]:
    """The drawings: points are joined to strokes, and strokes to drawings, by their lengths."""
    points = arrays["points"].astype(float)
    strokes = np.split(points, np.cumsum(arrays["stroke_lengths"])[:-1])
    ends = np.cumsum(arrays["strokes_per_drawing"])
    starts = ends - arrays["strokes_per_drawing"]
    return [
        UnipenDrawing(str(character), int(site), strokes[start:end])
        for character, site, start, end in zip(arrays["label"], arrays["site"], starts, ends, strict=True)
    ]


def _digest(content: bytes) -> str:
    """The SHA-256 of a file; that of the known file if it holds the same arrays, which another zlib packs otherwise."""
    try:
        return SHA256["strokes.npz"] if arrays_sha256(unpack(content)) == ARRAYS_SHA256 else sha256(content)
    except READ_ERRORS:
        return sha256(content)


def _download(folder: Path) -> None:
    """Store the strokes, converted from the archive, which may lie in the folder."""
    try:
        content = pack(load_archive(folder))
        verify(content, SHA256["strokes.npz"], "what was made of the archive", _digest)
        write_atomic(folder / "unipen" / "strokes.npz", content)
    except (DataError, OSError) as error:
        raise UnipenMissing(
            f"The strokes of UNIPEN are not in {folder} and could not be had ({URL}: {error}). "
            "Connect to a network, put the archive or strokes.npz into a folder and name it with --data, "
            "or learn without them: --unipen 0 --unipen-letters 0"
        ) from None
