"""Data is used only if its checksum is right; every other case is an error that explains what to do."""

import gzip
import http.server
import threading

import numpy as np
import pytest

from model.data import mnist
from model.data.files import DataError
from model.data.mnist import load_mnist, parse_idx
from model.storage import sha256
from tests.model.conftest import to_idx

FILES = {
    "train-images-idx3-ubyte": np.random.default_rng(0).integers(0, 256, (5010, 28, 28), dtype=np.uint8),
    "train-labels-idx1-ubyte": (np.arange(5010) % 10).astype(np.uint8),
    "t10k-images-idx3-ubyte": np.random.default_rng(1).integers(0, 256, (7, 28, 28), dtype=np.uint8),
    "t10k-labels-idx1-ubyte": np.arange(7, dtype=np.uint8),
}


@pytest.fixture
def small(monkeypatch):
    """A small MNIST: the same files with their own checksums, and no mirror."""
    monkeypatch.setattr(mnist, "SHA256", {name: sha256(to_idx(array)) for name, array in FILES.items()})
    monkeypatch.setattr(mnist, "MIRRORS", ())


def put(folder, *, packed=True, names=FILES):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        content = to_idx(FILES[name])
        if packed:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        else:
            (folder / name).write_bytes(content)


@pytest.mark.parametrize("sub", ["", "mnist"])
@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.usefixtures("small")
def test_a_folder_with_the_files_is_read_and_split(tmp_path, sub, packed):
    put(tmp_path / sub, packed=packed)
    mnist = load_mnist(tmp_path)
    assert (len(mnist.train), len(mnist.validation), len(mnist.test)) == (10, 5000, 7)
    np.testing.assert_array_equal(mnist.train.pictures[3].reshape(28, 28), FILES["train-images-idx3-ubyte"][3])
    np.testing.assert_array_equal(mnist.validation.labels, FILES["train-labels-idx1-ubyte"][10:])


@pytest.mark.usefixtures("small")
def test_a_folder_without_the_files_and_no_network_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match="could not be downloaded") as caught:
        load_mnist(tmp_path)
    assert "--data" in str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("small")
def test_without_download_the_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte\.gz"):
        load_mnist(tmp_path, download=False)


WRONG = gzip.compress(to_idx(FILES["t10k-labels-idx1-ubyte"] + 1), mtime=0)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("end", "fault"), [(None, "is not what it should be"), (-3, "cannot be read"), (-40, "is not")]
)
def test_a_file_that_is_wrong_or_truncated_is_named_not_used(tmp_path, end, fault):
    put(tmp_path)
    (tmp_path / "t10k-labels-idx1-ubyte.gz").write_bytes(WRONG[:end])
    with pytest.raises(DataError, match=rf"t10k-labels-idx1-ubyte\.gz {fault}.*: delete it"):
        load_mnist(tmp_path)


class Mirror(http.server.BaseHTTPRequestHandler):
    """Serves the small files; `spoil` changes what it sends."""

    spoil = staticmethod(lambda body: body)
    short = 0

    def do_GET(self):
        body = self.spoil(gzip.compress(to_idx(FILES[self.path[1:].removesuffix(".gz")])))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) + self.short))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def mirror(small, monkeypatch):
    handler = type("Handler", (Mirror,), {})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setattr(mnist, "MIRRORS", (f"http://127.0.0.1:{server.server_port}/",))
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_missing_files_are_downloaded_once_and_kept(mirror, tmp_path):
    assert len(load_mnist(tmp_path).test) == 7
    mirror.spoil = staticmethod(lambda _: b"the mirror is not asked again")
    assert len(load_mnist(tmp_path).test) == 7


def test_only_what_is_missing_is_downloaded(mirror, tmp_path):
    put(tmp_path, names=[name for name in FILES if name.startswith("train")])
    load_mnist(tmp_path)
    assert sorted(path.name for path in (tmp_path / "mnist").iterdir()) == [
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    ]


@pytest.mark.parametrize("spoil", [lambda body: body[:-9], lambda _: b"<html>", lambda _: gzip.compress(b"other")])
def test_a_corrupted_download_is_never_taken_for_data(mirror, tmp_path, spoil):
    mirror.spoil = staticmethod(spoil)
    with pytest.raises(DataError, match="could not be downloaded") as caught:
        load_mnist(tmp_path)
    assert "delete" not in str(caught.value)  # there is nothing to delete
    assert not list(tmp_path.rglob("*.*"))


def test_a_download_that_breaks_off_is_never_taken_for_data(mirror, tmp_path):
    mirror.short = 10
    with pytest.raises(DataError, match="broke off"):
        load_mnist(tmp_path)
    assert not list(tmp_path.rglob("*.*"))


def test_a_mirror_that_is_down_is_named(small, monkeypatch, tmp_path):
    monkeypatch.setattr(mnist, "MIRRORS", ("http://127.0.0.1:9/",))
    with pytest.raises(DataError, match=r"127\.0\.0\.1:9.*refused"):
        load_mnist(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\0\0\x08", b"\0\0\x09\1\0\0\0\1a", b"\0\0\x08\1\0\0\0\2a"])
def test_a_broken_idx_file_is_refused(content):
    with pytest.raises(DataError, match="idx"):
        parse_idx(content)
