"""Files: atomic writes, arrays as .npz, JSON, checksums, and the paths of what lies beside a weights file."""

import hashlib
import io
import json
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

# The errors of reading a missing or damaged file. RuntimeError: flipped bits can declare a zip encrypted, or
# compressed by an unknown method.
READ_ERRORS: Final = (OSError, EOFError, KeyError, RuntimeError, TypeError, ValueError, zipfile.BadZipFile, zlib.error)

NUMBERS: Final = re.compile(r"\[(\n[^][{}\"]*)\]")  # a list without strings; no string in JSON has a line break
WIDE: Final = "-wide"  # how the names of the wide network's files end


def write_atomic(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: an interruption leaves the old file, or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, content: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Write indented JSON, with the numbers of a list on one line; paths become strings."""
    text = json.dumps(content, indent=1, ensure_ascii=False, default=str)
    text = NUMBERS.sub(lambda found: f"[{' '.join(found[1].split())}]", text)
    write_atomic(path, f"{text}\n".encode())


def require_writable(folder: Path, advice: str) -> None:
    """Check, before long work, that its results can be written.

    Raises:
        OSError: they cannot; the message names the folder and ends in `advice`.
    """
    try:
        write_atomic(folder / ".writable", b"")
        (folder / ".writable").unlink(missing_ok=True)  # another command may check the same folder now
    except OSError as error:
        raise OSError(f"{folder} cannot be written to ({error.strerror}): {advice}") from None


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
    """Arrays, by name, as the content of an .npz file, which `unpack` reads. Compression takes time."""
    buffer = io.BytesIO()
    (np.savez_compressed if compress else np.savez)(buffer, **arrays)
    return buffer.getvalue()


def unpack(content: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of an .npz file, by name.

    Raises:
        READ_ERRORS: the content is no such file, or damaged.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def load_companion(path: Path, model: str, make: Callable[..., T], is_valid: Callable[[T], bool]) -> T | None:
    """`make(**arrays)` of a file beside the weights; None if it is missing, damaged, invalid, or of another network.

    Such a file only adds detail, so whoever asks for it does without.
    """
    try:
        arrays: dict[str, Any] = unpack(path.read_bytes())
        arrays["model"] = str(arrays["model"])
        found = make(**arrays)
    except READ_ERRORS:
        return None
    return found if arrays["model"] == model and is_valid(found) else None


def wide_path(weights: Path) -> Path:
    """The path of the wide network of a small one."""
    return weights.with_name(f"{weights.stem}{WIDE}{weights.suffix}")


def report_path(weights: Path) -> Path:
    """The path of the report about a weights file."""
    return _beside(weights, "report", ".json")


def read_report(weights: Path, model: str) -> dict[str, Any] | None:
    """The report beside the weights; None if it is missing or about another network."""
    return _read_about(report_path(weights), model)


def numbers_path(weights: Path) -> Path:
    """The path of the numbers that the page /maths shows of a network.

    >>> from pathlib import Path
    >>> numbers_path(Path("weights/digits.npz")).name
    'digits.maths.json'
    """
    return weights.with_suffix(".maths.json")


def read_numbers(weights: Path, model: str) -> dict[str, Any] | None:
    """The numbers of the page /maths beside the weights; None if they are missing or about another network."""
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
    """The path of a chart about a weights file."""
    return _beside(weights, name, ".png")


def _beside(weights: Path, name: str, suffix: str) -> Path:
    return weights.with_name(f"{name}{WIDE if weights.stem.endswith(WIDE) else ''}{suffix}")


def gallery_path(weights: Path) -> Path:
    """The path of the gallery of a weights file."""
    return weights.with_suffix(".gallery.npz")


def mistakes_path(weights: Path) -> Path:
    """The path of the mistakes of a weights file's network."""
    return weights.with_suffix(".mistakes.npz")


def checkpoints_path(weights: Path) -> Path:
    """The path of the checkpoints of a weights file."""
    return weights.with_name("checkpoints.npz")


def lookup(known: Any, name: str) -> Any:  # noqa: ANN401 - whatever has that name
    """The value at a dotted path such as `softmax.p.7` in nested dictionaries and lists; None if there is none.

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
