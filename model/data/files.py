"""Data files: found in a folder or downloaded into it, and used only if their SHA-256 is right."""

import gzip
import io
import sys
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from model.progress import Progress
from model.storage import sha256, write_atomic

TIMEOUT: Final = 30.0  # seconds without a byte after which a download is given up


class DataError(Exception):
    """Data that is missing or damaged; the message explains what to do."""


def load_files(
    folder: Path,
    sub: str,
    checksums: Mapping[str, str],
    fetch: Callable[[list[str]], None] | None,
    digest: Callable[[bytes], str] = sha256,
) -> dict[str, bytes]:
    """The uncompressed content of files, by name; `fetch` stores those that are in neither the folder nor its `sub`.

    Raises:
        DataError: a file is missing and there is no `fetch`, or it cannot be read, or its SHA-256 differs.
    """
    missing = [name for name in checksums if _find(folder, sub, name) is None]
    if missing and fetch:
        sys.stderr.write(f"{folder} lacks {', '.join(missing)}: downloading\n")
        fetch(missing)
    return {name: _read(folder, sub, name, expected, digest) for name, expected in checksums.items()}


def _find(folder: Path, sub: str, name: str) -> Path | None:
    """The path of a file, gzipped or not; None if it is not there."""
    candidates = (folder / place / (name + end) for place in (sub, ".") for end in (".gz", ""))
    return next((path for path in candidates if path.is_file()), None)


def _read(folder: Path, sub: str, name: str, expected: str, digest: Callable[[bytes], str]) -> bytes:
    path = _find(folder, sub, name)
    if path is None:
        raise DataError(f"{folder} has no {name}.gz: name the folder that holds it with --data")
    try:
        content = path.read_bytes()
        return verify(gunzip(content, str(path)) if path.suffix == ".gz" else content, expected, str(path), digest)
    except (DataError, OSError) as error:
        raise DataError(f"{error}: delete it and run again to download it anew") from None


def store(folder: Path, name: str, content: bytes, expected: str) -> None:
    """Write a downloaded file, gzipped, if its SHA-256 is right.

    Raises:
        DataError: it is not.
    """
    write_atomic(folder / f"{name}.gz", gzip.compress(verify(content, expected, name), mtime=0))


def verify(content: bytes, expected: str, where: str, digest: Callable[[bytes], str] = sha256) -> bytes:
    """The content, if it has the SHA-256 `expected`.

    Raises:
        DataError: it has another.
    """
    if digest(content) != expected:
        raise DataError(f"{where} is not what it should be (its SHA-256 differs)")
    return content


def gunzip(content: bytes, where: str) -> bytes:
    """The uncompressed content.

    Raises:
        DataError: it is no whole gzip file.
    """
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{where} cannot be read ({error})") from None


def download(url: str) -> bytes:
    """The body at a URL; progress goes to stderr.

    Raises:
        DataError: the server cannot be reached, or the body ended early.
    """
    progress, content = Progress(url.rsplit("/", 1)[-1]), io.BytesIO()
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as reply:  # noqa: S310 - https, from the callers' constants
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
