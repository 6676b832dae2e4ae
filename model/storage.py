"""Files: written whole or not at all, arrays as .npz, and the names of what lies beside a weights file."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

# What reading a file that is missing, torn, or not what it should be may raise. RuntimeError: bits that fell over can
# call a zip encrypted, or packed in a way that nobody knows.
READ_ERRORS: Final = (
    OSError,
    EOFError,
    KeyError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)

WIDE: Final = "-wide"  # the suffix of the wide network's file names


def write_atomic(path: Path, content: bytes) -> None:
    """Write `content` so that an interruption leaves the old file, or none, but never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def require_writable(folder: Path, otherwise: str) -> None:
    """Make sure, before long work, that its results can be written.

    Raises:
        OSError: they cannot; the message names the folder, and says what to do `otherwise`.
    """
    try:
        write_atomic(folder / ".writable", b"")
        (folder / ".writable").unlink()
    except OSError as error:
        raise OSError(f"{folder} cannot be written to ({error.strerror}): {otherwise}") from None


def sha256(content: bytes) -> str:
    """The SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def short_sha256(content: bytes) -> str:
    """The first 8 hex digits, enough to tell two weights files apart.

    >>> short_sha256(b"")
    'e3b0c442'
    """
    return sha256(content)[:8]


def pack(arrays: Mapping[str, Any], *, compress: bool = True) -> bytes:
    """What `unpack` reads; `compress` takes time."""
    buffer = io.BytesIO()
    (np.savez_compressed if compress else np.savez)(buffer, **arrays)
    return buffer.getvalue()


def unpack(content: bytes) -> dict[str, NDArray[Any]]:
    """All arrays, by name.

    Raises:
        READ_ERRORS: one of these; the content is no such file, or broken.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def wide_path(weights: Path) -> Path:
    """Where the wide network of a small one is.

    >>> from pathlib import Path
    >>> wide_path(Path("weights/digits.npz")).name
    'digits-wide.npz'
    """
    return weights.with_name(f"{weights.stem}{WIDE}{weights.suffix}")


def report_path(weights: Path) -> Path:
    """Where the report about a weights file is.

    >>> from pathlib import Path
    >>> report_path(Path("weights/digits.npz")).name, report_path(Path("weights/digits-wide.npz")).name
    ('report.json', 'report-wide.json')
    """
    return _named(weights, "report", ".json")


def read_report(weights: Path, model: str) -> dict[str, Any] | None:
    """The report beside the weights, if it is about this very network."""
    return _read_about(report_path(weights), model)


def numbers_path(weights: Path) -> Path:
    """Where the numbers that the page /maths shows of a network are: beside its weights.

    >>> from pathlib import Path
    >>> numbers_path(Path("weights/digits.npz")).name
    'digits.maths.json'
    """
    return weights.with_suffix(".maths.json")


def read_numbers(weights: Path, model: str) -> dict[str, Any] | None:
    """The numbers of the page /maths beside the weights, if they are about this very network."""
    found = (_read_about(numbers_path(weights), model) or {}).get("numbers")
    return found if isinstance(found, dict) else None


def _read_about(path: Path, model: str) -> dict[str, Any] | None:
    """A JSON object that is about this very network, by the name under `model`."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("model") == model else None


def chart_path(weights: Path, name: str) -> Path:
    """Where a chart about a weights file is.

    >>> from pathlib import Path
    >>> chart_path(Path("weights/digits.npz"), "curves").name, chart_path(Path("runs/a-wide.npz"), "curves").name
    ('curves.png', 'curves-wide.png')
    """
    return _named(weights, name, ".png")


def _named(weights: Path, name: str, suffix: str) -> Path:
    return weights.with_name(f"{name}{WIDE if weights.stem.endswith(WIDE) else ''}{suffix}")


def gallery_path(weights: Path) -> Path:
    """Where the gallery of a weights file is: beside it.

    >>> from pathlib import Path
    >>> gallery_path(Path("weights/digits.npz")).name
    'digits.gallery.npz'
    """
    return weights.with_suffix(".gallery.npz")


def mistakes_path(weights: Path) -> Path:
    """Where the mistakes of a weights file's network are: beside it.

    >>> from pathlib import Path
    >>> mistakes_path(Path("weights/digits.npz")).name
    'digits.mistakes.npz'
    """
    return weights.with_suffix(".mistakes.npz")


def checkpoints_path(weights: Path) -> Path:
    """Where the checkpoints of a weights file are: beside it.

    >>> from pathlib import Path
    >>> checkpoints_path(Path("weights/digits.npz")).name
    'checkpoints.npz'
    """
    return weights.with_name("checkpoints.npz")


def lookup(known: Any, name: str) -> Any:  # noqa: ANN401 - whatever has that name
    """What stands under a name such as `softmax.p.7`; None if nothing does.

    >>> lookup({"softmax": {"p": [0.25, 0.75]}}, "softmax.p.1"), lookup({}, "explain.bias")
    (0.75, None)
    """
    for part in name.split("."):
        if isinstance(known, dict):
            known = known.get(part)
        elif isinstance(known, list | tuple) and part.isdecimal() and int(part) < len(known):
            known = known[int(part)]
        else:
            return None
    return known
