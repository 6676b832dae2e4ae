"""What many tests share: the data where there is any, the weights that ship, and a server that really serves."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.servers import free_port
from deploy.up import program
from model.data.mnist import Mnist, load_mnist
from model.recognize import Recognizer
from model.rejection import Detector, Rejector

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "weights" / "digits.npz"


def data_folder() -> Path | None:
    places = [os.environ.get("DIGITS_DATA"), ROOT.parent / "shared" / "data", ROOT / "data"]
    return next((Path(place) for place in places if place and Path(place).is_dir()), None)


@pytest.fixture(scope="session")
def mnist() -> Mnist:
    folder = data_folder()
    if folder is None:
        sentence = "no MNIST: set DIGITS_DATA to the folder that holds it"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return load_mnist(folder, download=False)


@pytest.fixture(scope="session")
def needs_nginx() -> None:
    """Skips what needs it where there is none."""
    if program() is None:
        sentence = "there is no nginx: `apt-get install nginx-light`"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    return Recognizer.load(WEIGHTS)


def untrained_rejection(sizes: Sequence[int]) -> dict[str, NDArray[Any]]:
    """What the file of a network with these layers needs beside its weights: a detector that has learned nothing."""
    detector = Detector.create(sizes, 4, np.random.default_rng(0))
    return detector.arrays() | Rejector(limit=10.0, scale=1.0, margin=0.1).arrays()


class Server:
    """`python -m app` on a free port; what it prints goes to a file, or to a descriptor."""

    def __init__(self, output: int | None = None, /, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, "PORT": str(self.port), "INKSCOPE_GRACE_SECONDS": "0", **environment}
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop; a pipe that nobody empties would stop the server once it is full
        command = [sys.executable, "-m", "app"]
        output = self.log.fileno() if output is None else output
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=output, stderr=output)

    def wait(self, seconds: float = 30) -> "Server":
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=1).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
            else:
                return self
        raise AssertionError(f"the server did not start: {self.stop()}")

    def stop(self) -> str:
        """End it, as the system would; returns what it printed."""
        self.process.terminate()
        self.process.wait(timeout=20)
        with self.log as log:
            log.seek(0)
            return log.read().decode()


@pytest.fixture(scope="session")
def live_server():
    """The URL of a server with the weights that ship."""
    server = Server(INKSCOPE_ACCESS_LOG="false").wait()
    yield server.url
    server.stop()
