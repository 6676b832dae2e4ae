"""A server that is told to end: busy clients hear of it in a reply, none is reset, and what runs is finished."""

import contextlib
import http.client
import json
import select
import signal
import socket
import threading
import time

import pytest

from tests.app.test_timeouts import ASK, HEAD, LONG, connected, is_a_problem, readiness
from tests.conftest import Server

pytestmark = pytest.mark.slow


def ask_on_and_on(server, heard, started):
    """Requests on one connection, each as soon as the last is answered, until the server says that it closes."""
    with connected(server) as connection:
        while True:
            try:
                connection.sendall(ASK)
                reply = http.client.HTTPResponse(connection)
                reply.begin()
                json.loads(reply.read())
            except OSError as error:
                heard.append(repr(error))
                return
            started.set()
            if reply.getheader("connection") == "close":
                heard.append((reply.status, connection.recv(1)))
                return


@pytest.mark.parametrize("grace", ["0", "0.3"])
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_no_busy_client_is_reset_when_the_server_ends(told, grace):
    server = Server(INKSCOPE_GRACE_SECONDS=grace).wait()
    heard: list[object] = []
    started = [threading.Event() for _ in range(8)]
    clients = [threading.Thread(target=ask_on_and_on, args=(server, heard, each)) for each in started]
    for client in clients:
        client.start()
    assert all(each.wait(LONG) for each in started)
    server.process.send_signal(told)
    for client in clients:
        client.join(LONG)
    assert heard == [(200, b"")] * 8
    assert "Traceback" not in server.stop()


def test_a_client_that_comes_back_within_moments_has_its_last_request_answered():
    server = Server().wait()
    with connected(server) as kept, connected(server) as idle:
        for connection in (kept, idle):
            connection.sendall(ASK)
            reply = http.client.HTTPResponse(connection)
            reply.begin()
            reply.read()
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)  # by now it has closed its port
        with pytest.raises(ConnectionRefusedError):
            connected(server)
        kept.sendall(ASK)
        reply = http.client.HTTPResponse(kept)
        reply.begin()
        assert json.loads(reply.read())["digit"] == 7
        assert (reply.status, reply.getheader("connection")) == (200, "close")
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 4  # an idle client does not make it wait


def test_a_proxy_is_near_and_not_waited_for_as_long_as_others():
    server = Server(FORWARDED_ALLOW_IPS="127.0.0.2").wait()
    addresses = ["127.0.0.1", "127.0.0.2"]
    idle = [socket.create_connection(("127.0.0.1", server.port), LONG, (address, 0)) for address in addresses]
    for connection in idle:
        connection.sendall(ASK)
        reply = http.client.HTTPResponse(connection)
        reply.begin()
        reply.read()
    server.process.send_signal(signal.SIGTERM)
    closed, _, _ = select.select(idle, [], [], LONG)
    assert closed == idle[1:]
    assert "Traceback" not in server.stop()
    for connection in idle:
        connection.close()


@pytest.mark.parametrize("part", [HEAD, HEAD + b"Content-Length: 100000\r\n\r\n"], ids=["head", "body"])
def test_a_slow_upload_at_the_end_of_the_drain_is_a_503(part):
    server = Server(INKSCOPE_DRAIN_SECONDS="1", INKSCOPE_HEADER_SECONDS="60", INKSCOPE_BODY_SECONDS="60").wait()
    with connected(server) as slow:
        slow.sendall(part)
        assert readiness(server) == 200
        server.process.send_signal(signal.SIGTERM)
        end = time.monotonic() + 3
        with contextlib.suppress(OSError):
            while time.monotonic() < end:
                slow.sendall(b"x" if part.endswith(b"\r\n\r\n") else b"X-A: b\r\n")
                time.sleep(0.02)
        is_a_problem(slow, 503)
    output = server.stop()
    assert '"status":503' in output
    assert "Traceback" not in output
