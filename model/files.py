"""A file is there whole or not at all: written beside its place, then renamed."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` so that an interruption leaves the old file, or none, but never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def require_folder(folder: Path, otherwise: str) -> None:
    """Make sure, before long work, that its results can be written.

    Raises:
        OSError: they cannot; the message names the folder, and says what to do `otherwise`.
    """
    try:
        write_whole(folder / ".writable", b"")
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
