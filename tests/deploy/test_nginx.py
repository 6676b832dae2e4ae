"""The nginx configuration that ships, before a real server: silent and greedy clients keep nobody out."""

import contextlib
import http.client
import json
import os
import resource
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.app.test_timeouts import LONG, PNG
from tests.conftest import ROOT, Server

pytestmark = pytest.mark.slow

SILENT, GOOD = 1000, 312
# What stands around the shipped file, with Debian's number of connections, for a single worker.
AROUND = """
{user}
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/inkscope.conf;
    real_ip_header X-From;
    server {{ listen 127.0.0.1:{names}; set_real_ip_from 127.0.0.1; return 200 $inkscope_client; }}
}}
"""


class Nginx:
    """nginx on a free port, with the file that ships and a few words of it replaced."""

    def __init__(self, folder, server, **replaced):
        self.port, self.names = free_port(), free_port()
        shipped = (ROOT / "deploy" / "nginx.conf").read_text()
        words = {
            "listen 80;": f"listen 127.0.0.1:{self.port};",
            "127.0.0.1:8000": f"127.0.0.1:{server.port}",
        } | replaced
        for old, new in words.items():
            assert old in shipped
            shipped = shipped.replace(old, new)
        (folder / "inkscope.conf").write_text(shipped)
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder, names=self.names, user=user))
        self.process = subprocess.Popen([program(), "-p", str(folder), "-c", str(folder / "nginx.conf")])

    def __enter__(self):
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return self
            time.sleep(0.05)
        raise AssertionError("nginx does not listen")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(LONG)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def program():
    path = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if path is None:
        sentence = "there is no nginx: `apt-get install nginx-light`"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return path


@pytest.fixture(scope="module")
def server():
    program()
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


def test_a_thousand_silent_sockets_keep_nobody_out_behind_nginx(tmp_path, server):
    with Nginx(tmp_path, server) as nginx:
        assert statuses_beside_silent_sockets(nginx.port) == [200] * GOOD


def test_a_thousand_silent_sockets_keep_hardly_anybody_out_of_the_server_alone(server):
    assert statuses_beside_silent_sockets(server.port).count(200) >= 0.95 * GOOD


def test_a_client_that_asks_too_often_is_told_and_others_are_not(tmp_path, server):
    with Nginx(tmp_path, server, **{"rate=500r/s": "rate=1r/s", "burst=2000": "burst=5"}) as nginx:
        replies = [ask(nginx.port) for _ in range(8)]
        assert [reply[0] for reply in replies[:6]] == [200] * 6
        status, headers, body = replies[-1]
        assert status == json.loads(body)["status"] == 429
        assert headers["content-type"] == "application/problem+json"
        assert int(headers["retry-after"]) >= 1
        assert ask(nginx.port, "127.0.0.2")[0] == 200


def test_the_server_hears_who_asks_and_the_metrics_stay_inside(tmp_path, server):
    with Nginx(tmp_path, server) as nginx:
        status, headers, _ = ask(nginx.port, "127.0.0.3")
        assert status == 200
        assert ask(nginx.port, path="/metrics", method="GET")[0] == 404
    server.log.seek(0)
    line = next(line for line in server.log.read().decode().splitlines() if headers["x-request-id"] in line)
    assert json.loads(line)["client"] == "127.0.0.3"


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("2001:db8:1:2:3:4:5:6", b"2001:db8:1:2"),
        ("2001:db8:1:2::6", b"2001:db8:1:2"),
        ("2001:db8:1::6", b"2001:db8:1"),
        ("2001:db8::6", b"2001:db8"),
        ("192.0.2.7", socket.inet_aton("192.0.2.7")),
    ],
)
def test_a_client_is_an_address_and_of_ipv6_its_network(tmp_path, server, address, client):
    with Nginx(tmp_path, server) as nginx:
        assert ask(nginx.names, method="GET", path="/", **{"X-From": address})[2] == client
