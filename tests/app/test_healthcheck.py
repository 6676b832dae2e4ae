"""The health check asks the server where the settings put it, and nobody else."""

import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app import healthcheck
from app.settings import Settings
from tests.conftest import Server


class Handler(BaseHTTPRequestHandler):
    """Answers /readyz."""

    status = 200

    def do_GET(self):
        self.send_response(self.status if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def listening(host):
    """A server that listens on a free port of this machine; yields the port."""
    kind = type("Listening", (HTTPServer,), {"address_family": socket.AF_INET6 if ":" in host else socket.AF_INET})
    try:
        server = kind((host, 0), Handler)
    except OSError as error:
        pytest.skip(f"this machine has no {host}: {error}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def health(monkeypatch, port, **environment):
    """What the health check returns in an environment, in which `…` stands for the port."""
    for name in ("PORT", "INKSCOPE_PORT", "INKSCOPE_HOST"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value.replace("…", str(port)))
    return healthcheck.main()


@pytest.mark.parametrize(
    ("host", "environment"),
    [
        ("127.0.0.1", {"PORT": "…"}),
        ("127.0.0.1", {"INKSCOPE_PORT": "…"}),
        ("127.0.0.1", {"inkscope_port": "…"}),
        ("127.0.0.1", {"PORT": "…", "INKSCOPE_HOST": "0.0.0.0"}),  # noqa: S104
        ("127.0.0.1", {"PORT": "…", "INKSCOPE_HOST": "localhost"}),
        ("127.0.0.2", {"PORT": "…", "INKSCOPE_HOST": "127.0.0.2"}),
        ("::1", {"PORT": "…", "INKSCOPE_HOST": "::"}),
        ("::1", {"PORT": "…", "INKSCOPE_HOST": "::1"}),
        ("127.0.0.1", {"PORT": "…", "http_proxy": "http://127.0.0.1:1"}),
        # Kubernetes sets INKSCOPE_PORT to a URL for a service named inkscope: PORT wins.
        ("127.0.0.1", {"PORT": "…", "INKSCOPE_PORT": "tcp://10.0.0.7:80"}),
    ],
)
def test_the_health_check_asks_where_the_server_listens(monkeypatch, host, environment):
    with listening(host) as port:
        assert health(monkeypatch, port, **environment) == 0
        assert Settings().port == port


def test_a_server_that_is_not_ready_or_not_there_is_not_healthy(monkeypatch, capsys):
    monkeypatch.setattr(Handler, "status", 503)
    with listening("127.0.0.1") as port:
        assert health(monkeypatch, port, PORT="…") == 1
    assert "503" in capsys.readouterr().err
    assert health(monkeypatch, port, PORT="…") == 1
    assert "not ready: " in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "::1"])  # noqa: S104
def test_a_server_that_listens_on_all_addresses_is_healthy_whatever_name_it_goes_by(monkeypatch, host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as free:
            free.bind((host, 0))
    except OSError as error:
        pytest.skip(f"this machine has no {host}: {error}")
    server = Server(INKSCOPE_HOST=host, INKSCOPE_ALLOWED_HOSTS="a.example")
    for _ in range(300):
        if health(monkeypatch, server.port, PORT="…", INKSCOPE_HOST=host) == 0:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("it never is healthy")
    assert "Traceback" not in server.stop()
