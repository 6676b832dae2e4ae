"""The server as the system runs it: how it starts, how it refuses to, how it ends."""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request

import numpy as np
import pytest

from app.server import _notify
from model.network import Network
from tests.app.conftest import encoded, seven
from tests.app.test_timeouts import LONG
from tests.conftest import ROOT, WEIGHTS, Server

pytestmark = pytest.mark.slow


def start(*arguments, **environment):
    command = [sys.executable, "-m", "app", *arguments]
    settings = {**os.environ, "PORT": "0", **environment}
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=60, check=False)


def run(code, environment):
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)


def missing(_):
    pass


def wrong_shape(path):
    with np.load(WEIGHTS) as file:
        arrays = dict(file)
    np.savez(path, **arrays | {"W2": arrays["W2"][:100]})


def without_detector(path):
    Network.create((784, 8, 10), np.random.default_rng(0)).save(path)


def test_who_gives_an_argument_is_told_where_the_settings_are():
    refused = start("--help")
    assert refused.returncode == 1
    assert refused.stderr == "python -m app takes no arguments, but variables such as PORT: README.md lists them\n"


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (missing, "there is no such weights file"),
        (wrong_shape, "W2 has the shape (100, 64)"),
        (without_detector, "novelty_b1"),
    ],
)
def test_unusable_weights_stop_the_start_with_one_sentence(tmp_path, spoil, fault):
    path = tmp_path / "mine.npz"
    spoil(path)
    done = start(INKSCOPE_WEIGHTS=str(path))
    assert done.returncode != 0
    output = done.stdout + done.stderr
    assert f"{path}: " in output
    assert fault in output
    assert "Traceback" not in output


@pytest.mark.parametrize("setting", [{"PORT": "eight"}, {"INKSCOPE_MAX_BATCH": "0"}, {"INKSCOPE_DRAIN_SECONDS": "inf"}])
def test_a_wrong_setting_stops_the_start_with_one_sentence(setting):
    done = start(**setting)
    assert done.returncode != 0
    assert next(iter(setting)) in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_nobody_has_to_hear_that_it_is_ready(monkeypatch, tmp_path):
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    _notify(b"READY=1")


def post(url):
    request = urllib.request.Request(f"{url}/predict", encoded(seven()), {"Content-Type": "image/png"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        return reply.read()


def test_a_real_server_answers_minds_no_client_that_leaves_and_ends_on_sigterm_with_its_log_written(tmp_path):
    shutil.copy(WEIGHTS, tmp_path / "mine.npz")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.settimeout(LONG)
        systemd.bind(str(tmp_path / "notify"))
        server = Server(INKSCOPE_WEIGHTS=str(tmp_path / "mine.npz"), NOTIFY_SOCKET=str(tmp_path / "notify"))
        assert systemd.recv(100) == b"READY=1"
    urllib.request.urlopen(f"{server.url}/readyz", timeout=LONG).close()
    head = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 100000\r\n\r\n"
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(head + b"\x89PNG")
    assert b'"digit":7' in post(server.url)
    output = server.stop()
    assert server.process.returncode in {0, -15}
    assert '"path":"/predict","status":200' in output
    assert "Traceback" not in output


WHEN_NUMPY_COMES = """
import os, sys
class Spy:
    def find_spec(self, name, path, target=None):
        if name == "numpy": print(os.environ.get("OPENBLAS_NUM_THREADS"))
sys.meta_path.insert(0, Spy())
"""


@pytest.mark.parametrize("module", ["app.main", "model", "model.train"])
def test_one_blas_thread_is_set_before_numpy_is_imported(module):
    code = f"{WHEN_NUMPY_COMES}\nimport {module}"
    environment = {key: value for key, value in os.environ.items() if key != "OPENBLAS_NUM_THREADS"}
    done = run(code, environment)
    assert done.stdout.split() == ["1"]


IMPORTED_BY_SERVING = """
import sys
from starlette.testclient import TestClient
from app.main import app
with TestClient(app) as client:
    client.get("/maths"), client.get("/training"), client.get("/openapi.json")
print([name for name in sys.modules if name.startswith("model.")])
"""


def test_the_server_knows_nothing_of_training():
    done = run(IMPORTED_BY_SERVING, None)
    assert "model.recognize" in done.stdout
    left_out = set(re.findall(r"^model/(\w+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert {"data", "lecture", "training"} < left_out
    assert [name for name in left_out if re.search(rf"'model\.{name}['.]", done.stdout)] == []
