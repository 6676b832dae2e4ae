"""What a real server makes of HTTP's odd corners: the Host header, offers of another protocol, a port for metrics."""

import http.client
import json
import socket
import time
import urllib.error
import urllib.request

import pytest

from bench.servers import free_port
from tests.app.test_timeouts import ASK, LONG, PNG, answers, connected, is_a_problem
from tests.conftest import Server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server():
    server = Server().wait()
    yield server
    assert "Traceback" not in server.stop()


def status_of(server, head):
    """The status of the reply to a request."""
    with connected(server) as client:
        client.sendall(head)
        reply = http.client.HTTPResponse(client)
        reply.begin()
        reply.read()
        return reply.status


@pytest.mark.parametrize(
    "hosts",
    [[], [b"x", b"x"], [b"x", b"evil.example"], [b"["], [b"a/b"], [b"user@a"], [b"a b"], [b"x:port"], [b"\xc3\xa9"]],
)
@pytest.mark.parametrize("path", [b"/healthz", b"/nothing"])
def test_a_request_names_one_host(server, hosts, path):
    with connected(server) as client:
        client.sendall(b"GET %s HTTP/1.1\r\n" % path + b"".join(b"Host: %s\r\n" % host for host in hosts) + b"\r\n")
        is_a_problem(client, 400)


@pytest.mark.parametrize("host", [b"", b"x", b"a.example:8000", b"127.0.0.1", b"[::1]:80", b"a_b.example"])
def test_every_host_is_answered_unless_the_settings_name_some(server, host):
    assert status_of(server, b"GET /healthz HTTP/1.1\r\nHost: %s\r\n\r\n" % host) == 200


def test_an_old_client_needs_no_host(server):
    assert status_of(server, b"GET /healthz HTTP/1.0\r\n\r\n") == 200


def test_a_reply_is_written_as_a_whole_lest_a_killed_server_leaves_half_of_it(server):
    for _ in range(10):  # one that is written in two parts comes as a whole sometimes
        with connected(server) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            head, _, body = client.recv(1 << 16).partition(b"\r\n\r\n")
            assert int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]) == len(body)


def test_a_reply_without_a_body_is_written_too(server):
    with connected(server) as client:
        for _ in range(2):
            client.sendall(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(1 << 16).endswith(b"\r\n\r\n")


OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n"


def chunked(content):
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content)


@pytest.mark.parametrize(
    ("framing", "body"),
    [(b"Content-Length: %d" % len(PNG), PNG), (b"Transfer-Encoding: chunked", chunked(PNG))],
)
@pytest.mark.parametrize("parts", [1, 2, 40])
def test_a_request_that_offers_http_2_keeps_its_body_and_the_connection(server, framing, body, parts):
    request = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n" + OFFER + framing + b"\r\n\r\n" + body
    size = -(-len(request) // parts)
    with connected(server) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for whole in (request, ASK, request):
            for start in range(0, len(whole), size):
                client.sendall(whole[start : start + size])
            reply = http.client.HTTPResponse(client)
            reply.begin()
            assert (reply.status, json.loads(reply.read())["digit"]) == (200, 7)


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"])
def test_requests_in_a_row_after_an_offer_are_all_answered(server, protocol):
    offer = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: %s\r\n\r\n" % protocol
    with connected(server) as client:
        client.sendall(3 * offer + ASK.replace(b"Host: x", b"Host: x\r\nConnection: close"))
        replies = client.makefile("rb").read()
    assert replies.count(b"HTTP/1.1 200 OK") == 4
    assert replies.count(b'{"status":"alive"}') == 3
    assert replies.count(b'"digit":7') == 1


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=LONG) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_metrics_have_a_port_of_their_own_where_the_settings_say_so():
    port = free_port()
    server = Server(INKSCOPE_METRICS_PORT=str(port)).wait()
    assert status(f"{server.url}/metrics")[0] == 404
    assert "/metrics" not in json.loads(status(f"{server.url}/openapi.json")[1])["paths"]
    found, body = status(f"http://127.0.0.1:{port}/metrics")
    assert found == 200
    assert b'inkscope_requests_total{method="GET",route="/readyz",status="200"}' in body
    for path in ("/", "/predict", "/readyz"):
        assert status(f"http://127.0.0.1:{port}{path}")[0] == 404
    occupied = Server(INKSCOPE_METRICS_PORT=str(port))
    assert occupied.process.wait(LONG) != 0
    output = occupied.stop()
    assert "The metrics' port cannot be used" in output
    assert "Traceback" not in output
    server.stop()


def test_a_client_that_asks_too_often_is_told_when_to_come_back_and_others_are_not():
    server = Server(INKSCOPE_MAX_REQUESTS_PER_CLIENT="5").wait()
    assert [answers(server) for _ in range(20)] == [7] * 20
    with pytest.raises(urllib.error.HTTPError) as refusal:
        list(map(answers, [server] * 1000))
    refusal.value.close()
    assert refusal.value.code == 429
    assert refusal.value.headers["content-type"] == "application/problem+json"
    assert int(refusal.value.headers["retry-after"]) >= 1
    assert status(f"{server.url}/readyz")[0] == 200
    with socket.create_connection(("127.0.0.1", server.port), LONG, ("127.0.0.2", 0)) as other:
        other.sendall(ASK)
        reply = http.client.HTTPResponse(other)
        reply.begin()
        assert json.loads(reply.read())["digit"] == 7
    assert '"status":429' in server.stop()


@pytest.mark.parametrize(
    ("headers", "status"),
    [(b"Content-Type: text/plain", 415), (b"Content-Type: image/png\r\nContent-Length: 9000000", 413)],
)
@pytest.mark.parametrize("kept", [b"keep-alive", b"close"])
def test_a_client_in_the_midst_of_a_refused_body_is_not_reset(server, headers, status, kept):
    length = b"" if b"Length" in headers else b"\r\nContent-Length: 300000"
    with connected(server) as client:
        client.sendall(b"POST /predict HTTP/1.1\r\nHost: x\r\nConnection: %s\r\n%s%s\r\n\r\n" % (kept, headers, length))
        for _ in range(30):
            client.sendall(10_000 * b"x")
            time.sleep(0.01)
        reply = http.client.HTTPResponse(client)
        reply.begin()
        assert json.loads(reply.read())["status"] == reply.status == status
