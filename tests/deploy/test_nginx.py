"""The nginx configuration that ships, before a real server: silent and greedy clients keep nobody out."""

import contextlib
import http.client
import json
import resource
import socket
import ssl
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from bench.nginx import nginx
from bench.servers import free_port
from tests.app.test_timeouts import LONG, PNG
from tests.conftest import Server

pytestmark = pytest.mark.slow

SILENT, GOOD = 1000, 312


@pytest.fixture(scope="module")
def server(needs_nginx):
    server = Server(FORWARDED_ALLOW_IPS="127.0.0.1").wait()
    yield server
    assert "Traceback" not in server.stop()


def ask(port, address="127.0.0.1", path="/predict", method="POST", **headers):
    """Status, headers and body of the reply to a request on a connection of its own; a status of 0 if there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, LONG, (address, 0))
    try:
        connection.request(method, path, PNG if method == "POST" else None, {"Content-Type": "image/png", **headers})
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()
    except (OSError, http.client.HTTPException) as error:
        return 0, {}, repr(error)
    finally:
        connection.close()


def statuses_beside_silent_sockets(port):
    """Of so many good requests, half of them from the address of a thousand connections that say nothing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4 * SILENT)), hard))
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(6) as pool:
        for _ in range(SILENT):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), LONG))
        addresses = ["127.0.0.1", "127.0.0.2"] * (GOOD // 2)
        return [reply[0] for reply in pool.map(lambda address: ask(port, address), addresses)]


def test_a_thousand_silent_sockets_keep_nobody_out_behind_nginx(server):
    with nginx(server.port) as (port, _):
        assert statuses_beside_silent_sockets(port) == [200] * GOOD


def test_a_thousand_silent_sockets_keep_hardly_anybody_out_of_the_server_alone(server):
    assert statuses_beside_silent_sockets(server.port).count(200) >= 0.95 * GOOD


def test_a_client_that_asks_too_often_is_told_and_others_are_not(server):
    with nginx(server.port, **{"rate=650r/s": "rate=1r/s", "burst=2600": "burst=5"}) as (port, _):
        replies = [ask(port) for _ in range(8)]
        assert [reply[0] for reply in replies[:6]] == [200] * 6
        status, headers, body = replies[-1]
        assert status == json.loads(body)["status"] == 429
        assert headers["content-type"] == "application/problem+json"
        assert int(headers["retry-after"]) >= 1
        assert ask(port, "127.0.0.2")[0] == 200


def test_the_server_hears_who_asks_and_the_metrics_stay_inside(needs_nginx):
    server = Server(FORWARDED_ALLOW_IPS="127.0.0.1").wait()
    with nginx(server.port) as (port, _):
        status, headers, _ = ask(port, "127.0.0.3")
        assert status == 200
        refused, head, body = ask(port, path="/metrics", method="GET")
        assert (refused, head["content-type"]) == (404, "application/problem+json")
        assert json.loads(body)["detail"] == "The metrics are not public: ask a server itself."
    printed = server.stop()  # a thread writes the log: all of it is there at the end
    line = next(line for line in printed.splitlines() if headers["x-request-id"] in line)
    assert json.loads(line)["client"] == "127.0.0.3"


def test_the_example_of_tls_speaks_http_2_and_keeps_browsers_to_tls(server, tmp_path):
    files = {"fullchain.pem": tmp_path / "certificate.pem", "privkey.pem": tmp_path / "key.pem"}
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-subj", "/CN=localhost"]
    made = ["-keyout", files["privkey.pem"], "-out", files["fullchain.pem"]]
    subprocess.run([*command, *made], check=True, capture_output=True)
    tls = free_port()
    example = {
        "# listen 443 ssl": f"listen 127.0.0.1:{tls} ssl",
        "# ssl_c": "ssl_c",
        "# add_header Str": "add_header Str",
    }
    paths = {f"/etc/letsencrypt/live/digits.example/{name}": str(path) for name, path in files.items()}
    context = ssl.create_default_context(cafile=files["fullchain.pem"])
    with nginx(server.port, **example, **paths):
        with closing(http.client.HTTPSConnection("localhost", tls, timeout=LONG, context=context)) as connection:
            connection.request("GET", "/healthz")
            reply = connection.getresponse()
            assert (reply.status, reply.headers["strict-transport-security"]) == (200, "max-age=31536000")
        context.set_alpn_protocols(["h2"])
        plain = socket.create_connection(("127.0.0.1", tls), LONG)
        with context.wrap_socket(plain, server_hostname="localhost") as secure:
            assert secure.selected_alpn_protocol() == "h2"


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("2001:db8:1:2:3:4:5:6", b"2001:db8:1:2"),
        ("2001:db8:1:2::6", b"2001:db8:1:2"),
        ("2001:db8:1::6", b"2001:db8:1"),
        ("2001:db8::6", b"2001:db8"),
        ("::ffff:192.0.2.7", socket.inet_pton(socket.AF_INET6, "::ffff:192.0.2.7")),
        ("192.0.2.7", socket.inet_aton("192.0.2.7")),
    ],
)
def test_a_client_is_an_address_and_of_ipv6_its_network(server, address, client):
    with nginx(server.port) as (_, names):
        assert ask(names, method="GET", path="/", **{"X-From": address})[2] == client
