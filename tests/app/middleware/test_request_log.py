"""The log has one JSON line for each request, and stops nothing, whoever does not read it."""

import os
import signal
import socket
import time
import urllib.error
import urllib.request

import orjson
import pytest

from app.main import create_app
from app.middleware.request_log import RequestLog, RequestObserver, RequestRecord
from app.middleware.security_headers import SecurityHeaders
from app.settings import Settings
from tests.app.conftest import encoded, serving, seven
from tests.conftest import Server

pytestmark = pytest.mark.slow

REQUESTS = 750  # good ones and bad ones, with lines of 150 bytes: three times what a pipe holds


def test_each_request_is_one_json_line(tmp_path):
    application = create_app(Settings(access_log=False))
    with (tmp_path / "log").open("wb") as stream:
        application.add_middleware(RequestObserver, observers=[log := RequestLog(stream)])
        application.add_middleware(SecurityHeaders)
        with serving(application) as client:
            reply = client.post(
                "/predict?activations=false",
                content=encoded(seven()),
                headers={"content-type": "image/png", "x-request-id": "mine-1"},
            )
            client.get("/nothing")
        log.writer.finish()
    first, second = (orjson.loads(line) for line in (tmp_path / "log").read_bytes().splitlines())
    assert (first["method"], first["path"], first["status"]) == ("POST", "/predict", 200)
    assert first["id"] == "mine-1"
    assert first["bytes"] == len(reply.content)
    assert first["ms"] > 0
    assert first["time"].endswith("Z")
    assert second["status"] == 404


def unread_pipe():
    return os.pipe()[1]


def full_disk():
    return os.open("/dev/full", os.O_WRONLY)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full disk to write to")  # noqa: PTH110
@pytest.mark.parametrize("output", [unread_pipe, full_disk])
def test_a_log_that_takes_no_more_lines_stops_nothing(output):
    server = Server(output(), INKSCOPE_MISSPELT="1").wait()  # of which it warns as it starts
    for _ in range(REQUESTS):
        with urllib.request.urlopen(f"{server.url}/healthz", timeout=10) as reply:
            assert reply.status == 200
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as rude:
            rude.sendall(b"no HTTP\r\n\r\n")
            assert rude.recv(12) == b"HTTP/1.1 400"
    server.process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    server.process.wait(timeout=20)
    assert time.monotonic() - started < 15
    server.stop()


@pytest.mark.parametrize(
    "character", ["\u202e", "\u2028", "\u2029", "\u0085", "\u009b", "\x1b", "\x7f", "\u200b", "\U000e0041"]
)
def test_no_character_of_a_path_turns_or_breaks_a_line(tmp_path, character):
    with (tmp_path / "log").open("wb") as stream:
        log = RequestLog(stream)
        log(RequestRecord({"method": "GET", "path": f"/{character}é7"}, 404, 0, 0, 0.0))
        log.writer.finish()
    line = (tmp_path / "log").read_text()
    assert line.removesuffix("\n").isprintable()
    assert "é7" in line
    assert orjson.loads(line)["path"] == f"/{character}é7"
