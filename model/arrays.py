"""Arrays by name as the bytes of one .npz file, and back; what is in a file is only ever read, never run."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

# What reading a file that is missing, torn, or not what it should be may raise. RuntimeError: bits that fell over can
# call a zip encrypted, or packed in a way that nobody knows.
UNREADABLE: Final = (
    OSError,
    EOFError,
    KeyError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def pack(arrays: Mapping[str, Any], *, small: bool = True) -> bytes:
    """What `unpack` reads; `small` takes time."""
    buffer = io.BytesIO()
    (np.savez_compressed if small else np.savez)(buffer, **arrays)
    return buffer.getvalue()


def unpack(content: bytes) -> dict[str, NDArray[Any]]:
    """All arrays, by name.

    Raises:
        UNREADABLE: one of these; the content is no such file, or broken.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}
