"""The request log stops nothing: neither where nobody reads it nor where it cannot be written."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.conftest import ROOT, Server

REQUESTS = 1500  # lines of 150 bytes: three times what a pipe holds


class Piped(Server):
    """One whose standard output goes elsewhere."""

    def __init__(self, output):
        super().__init__()
        self.process.terminate()
        self.process.wait(20)
        command = [sys.executable, "-m", "app"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=output, stderr=output)


def unread_pipe():
    return os.pipe()[1]


def full_disk():
    return os.open("/dev/full", os.O_WRONLY)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full disk to write to")  # noqa: PTH110
@pytest.mark.parametrize("output", [unread_pipe, full_disk])
def test_a_log_that_takes_no_more_lines_stops_nothing(output):
    server = Piped(output()).wait()
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
