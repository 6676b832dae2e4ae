"""The health check asks the server where the settings put it, and nobody else."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app import healthcheck
from app.settings import Settings


class Ready(BaseHTTPRequestHandler):
    """Answers 200 where it is asked for /readyz, else 503."""

    server: "Listening"

    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" and self.server.ready else 503)
        self.end_headers()

    def log_message(self, *_):
        pass


class Listening(ThreadingHTTPServer):
    """A server on a free port, that may say it is not ready."""

    ready = True

    def __init__(self, host):
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), Ready)


@pytest.fixture
def listen(monkeypatch):
    """Starts a server on a host, and returns it; the environment names neither host nor port."""
    servers = []
    for name in ("PORT", "INKSCOPE_PORT", "INKSCOPE_HOST"):
        monkeypatch.delenv(name, raising=False)

    def start(host="127.0.0.1"):
        try:
            servers.append(Listening(host))
        except OSError as error:
            pytest.skip(f"this machine has no {host}: {error}")
        threading.Thread(target=servers[-1].serve_forever, args=(0.01,)).start()
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("name", ["PORT", "INKSCOPE_PORT", "inkscope_port"])
def test_the_health_check_asks_on_the_port_that_the_server_listens_on(listen, monkeypatch, name):
    monkeypatch.setenv(name, str(listen().server_port))
    assert healthcheck.main() == 0


def test_port_wins_over_inkscope_port(listen, monkeypatch):
    monkeypatch.setenv("INKSCOPE_PORT", "tcp://10.0.0.7:80")  # Kubernetes, for a service named inkscope
    server = listen()
    monkeypatch.setenv("PORT", str(server.server_port))
    assert Settings().port == server.server_port
    assert healthcheck.main() == 0


@pytest.mark.parametrize(
    ("host", "listening"),
    [
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104
        ("::", "::1"),
        ("::1", "::1"),
        ("127.0.0.2", "127.0.0.2"),
        ("localhost", "127.0.0.1"),
    ],
)
def test_the_health_check_asks_at_the_address_that_the_server_listens_on(listen, monkeypatch, host, listening):
    monkeypatch.setenv("INKSCOPE_HOST", host)
    monkeypatch.setenv("PORT", str(listen(listening).server_port))
    assert healthcheck.main() == 0


def test_a_server_that_is_not_ready_or_not_there_is_no_healthy_one(listen, monkeypatch, capsys):
    server = listen()
    monkeypatch.setenv("PORT", str(server.server_port))
    server.ready = False
    assert healthcheck.main() == 1
    assert "503" in capsys.readouterr().err
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PORT", str(free.getsockname()[1]))
        assert healthcheck.main() == 1
    assert "not ready: " in capsys.readouterr().err


def test_no_proxy_is_asked(listen, monkeypatch):
    monkeypatch.setenv("PORT", str(listen().server_port))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert healthcheck.main() == 0
