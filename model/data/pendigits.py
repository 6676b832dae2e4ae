"""Pen digits: the strokes of 44 people on a tablet (UCI, Pen-Based Recognition of Handwritten Digits; CC BY 4.0).

The files are in the UNIPEN format: a line `.COMMENT digit writer number` opens a digit, `.PEN_DOWN` a stroke; then
come lines of x and y, with y up. The split is by writer: nobody's writing is in two of the sets.
"""

import io
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.data.files import DataError, download, load_files, store
from model.data.unipen_format import points, statements

ARCHIVE: Final = "https://archive.ics.uci.edu/static/public/81/pen+based+recognition+of+handwritten+digits.zip"
SHA256: Final = {  # of the uncompressed files
    "pendigits-orig.tra": "a66225d68d7d68591e62944df1ad33b3f5aa608e2df2505844b41f5568a80da4",
    "pendigits-orig.tes": "ddb1c19e277a56c7ffe682cc024d6ab73696f9adcc1643ef9ed5aa753007e081",
}
VALIDATION_WRITERS: Final = frozenset({3, 11, 19, 27})  # 4 of the 30, for choosing things


@dataclass(frozen=True)
class PenDigit:
    """One digit as written: strokes (points, 2) of x and y, y down, in the tablet's units."""

    digit: int
    writer: int
    strokes: list[NDArray[np.floating[Any]]]


@dataclass(frozen=True)
class Pens:
    """The pen digits, split by writer."""

    train: list[PenDigit]  # 26 writers
    validation: list[PenDigit]  # 4 others
    test: list[PenDigit]  # 14 others, for the report alone


def load_pens(folder: Path, *, download: bool = True) -> Pens:
    """The pen digits from a folder; what it lacks is downloaded into it.

    Raises:
        DataError: they are missing and cannot be downloaded, or are damaged.
    """
    files = load_files(folder, "pen", SHA256, (lambda _: _download(folder)) if download else None)
    learned, test = (parse_unipen(content.decode("latin-1")) for content in files.values())
    return Pens(
        [pen for pen in learned if pen.writer not in VALIDATION_WRITERS],
        [pen for pen in learned if pen.writer in VALIDATION_WRITERS],
        test,
    )


def parse_unipen(text: str) -> list[PenDigit]:
    r"""The digits of a file in the UNIPEN format.

    >>> parse_unipen(".COMMENT 7  2  1\n.PEN_DOWN\n 1 5\n 4 5\n.PEN_UP\n")[0].strokes[0].tolist()
    [[1.0, -5.0], [4.0, -5.0]]
    """
    found: list[PenDigit] = []
    for keyword, value in statements(text):
        words = value.split()
        if keyword == "COMMENT" and len(words) == 3 and words[0].isdecimal():
            found.append(PenDigit(int(words[0]), int(words[1]), []))
        elif keyword == "PEN_DOWN" and found and len(stroke := points(value)):
            found[-1].strokes.append(stroke)
    return [pen for pen in found if pen.strokes]


def _download(folder: Path) -> None:
    """Store both files of UCI's archive. It holds them as `.Z`, compressed by LZW, which the command gzip reads."""
    try:
        with zipfile.ZipFile(io.BytesIO(download(ARCHIVE))) as archive:
            for name, expected in SHA256.items():
                done = subprocess.run(["gzip", "-dc"], input=archive.read(f"{name}.Z"), capture_output=True, check=True)  # noqa: S607
                store(folder / "pen", name, done.stdout, expected)
    except (DataError, OSError, KeyError, zipfile.BadZipFile, subprocess.CalledProcessError) as error:
        raise DataError(
            f"The pen digits are not in {folder} and could not be downloaded ({ARCHIVE}: {error}). "
            "Connect to a network, put pendigits-orig.tra.gz and .tes.gz into a folder and name it with --data, "
            "or learn without them: --pens 0"
        ) from None
