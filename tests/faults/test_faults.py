"""Servers behind nginx, as `make up` starts them, are killed and replaced while clients ask: no request fails."""

import asyncio
import http.client
import itertools
import json
import socket
import socketserver
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from bench.faults import MIX
from bench.nginx import nginx
from bench.stack import constant_load, stack
from tests.app.test_timeouts import LONG

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("needs_nginx")]

PER_SECOND = 40.0


@pytest.fixture(scope="module")
def two(needs_nginx):
    with stack(2) as found:
        yield found


def run(work):
    """What it returns, from an event loop in a thread: in this one Playwright's may run."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def answers_during(found, fault):
    """The tally of a constant load, which goes on for a while after the fault."""
    stop = asyncio.Event()
    loading = asyncio.create_task(constant_load(found.port, itertools.cycle(MIX), PER_SECOND, stop))
    await asyncio.sleep(0.5)
    await fault()
    await asyncio.sleep(0.5)
    stop.set()
    return await loading


def test_no_request_fails_when_each_server_is_killed_and_each_is_started_anew(two):
    before = [two.pid(server) for server in two.servers]

    async def kill():
        for server in two.servers:
            await two.kill(server)

    tally = run(answers_during(two, kill))
    assert set(tally.statuses) == {200}
    assert tally.statuses[200] > PER_SECOND
    assert not {two.pid(server) for server in two.servers} & set(before)


def test_no_request_fails_when_all_servers_are_replaced(two):
    before = [two.pid(server) for server in two.servers]
    tally = run(answers_during(two, two.replace_all))
    assert set(tally.statuses) == {200}
    assert not {two.pid(server) for server in two.servers} & set(before)


@pytest.mark.parametrize(("size", "status"), [(1, 503), ((8 << 20) + 1, 413)])
def test_what_nginx_itself_refuses_is_a_problem_too(size, status):
    head = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\nx" % size
    with nginx(1) as (port, _), socket.create_connection(("127.0.0.1", port), LONG) as client:
        client.sendall(head)
        reply = http.client.HTTPResponse(client)
        reply.begin()
        assert (reply.status, reply.headers["content-type"]) == (status, "application/problem+json")
        assert json.loads(reply.read())["status"] == status
        assert (reply.headers["retry-after"] is not None) == (status == 503)


def test_a_body_for_which_nginx_has_no_room_is_to_be_sent_again(tmp_path):
    bodies, line = tmp_path / "bodies", "client_body_timeout 9s;"
    with nginx(1, **{line: f"{line} client_body_temp_path {bodies};"}) as (port, _):
        bodies.rmdir()
        status, content = ask(port, "/predict", bytes(100_000))
    assert (status, json.loads(content)["status"]) == (503, 503)


FIRST = b"Cache-Control: max-age=1000\r\nX-Request-ID: 1\r\nAccess-Control-Allow-Origin: https://a.example"


class Backend(socketserver.ThreadingTCPServer):
    """A server that has some files, and notes what it is asked for."""

    daemon_threads = True

    def __init__(self, files):
        super().__init__(("127.0.0.1", 0), Connection)
        self.files, self.asked = files, []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class Connection(socketserver.StreamRequestHandler):
    """One of a server that dies of a body: it closes without an answer."""

    server: Backend

    def handle(self):
        while head := self.read_head():
            method, path, _ = head[0].split(" ")
            self.server.asked.append(path)
            if method == "POST":
                return
            found = self.server.files.get(path)
            status = b"404 Not Found" if found is None else b"200 OK\r\n" + FIRST
            body = found or b""
            self.wfile.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body))

    def read_head(self):
        """The lines of a request's head; none at the end."""
        lines: list[str] = []
        while line := self.rfile.readline():
            if line == b"\r\n":
                return lines
            lines.append(line.decode().strip())
        return []


@contextmanager
def backends(*files):
    """One with each of these sets of files."""
    with ExitStack() as stack_:
        found = [stack_.enter_context(Backend(own)) for own in files]
        for server in found:
            stack_.callback(server.shutdown)
        yield found


def ask(port, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
    connection.request("POST" if body else "GET", path, body)
    reply = connection.getresponse()
    content = reply.read()
    connection.close()
    return reply.status, content


@pytest.mark.parametrize("kept", [0, 40], ids=["new connections", "kept connections"])
def test_a_body_that_ends_servers_is_sent_to_three_of_them_at_most(kept):
    with backends(*[{"/": b"x"}] * 4) as servers:
        with nginx(*(server.server_address[1] for server in servers)) as (port, _):
            assert [ask(port, "/")[0] for _ in range(kept)] == [200] * kept
            assert ask(port, "/predict", b"deadly")[0] == 503
        assert sum(server.asked.count("/predict") for server in servers) <= 3


def test_a_file_of_another_build_is_found_where_it_is_and_kept():
    old, new = {"/static/assets/old.js": b"old"}, {"/static/assets/new.js": b"new"}
    with backends(old, new) as servers, nginx(*(server.server_address[1] for server in servers)) as (port, _):
        for path, content in (old | new).items():
            assert [ask(port, path) for _ in range(4)] == [(200, content)] * 4
        servers[0].files = new
        assert ask(port, "/static/assets/old.js") == (200, b"old")
        assert ask(port, "/static/assets/never.js")[0] == 404


def test_a_kept_file_does_not_tell_others_who_asked_for_it_first():
    with backends({"/static/a.js": b"a"}) as (server,), nginx(server.server_address[1]) as (port, _):
        for _ in range(2):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
            connection.request("GET", "/static/a.js")
            reply = connection.getresponse()
            assert reply.read() == b"a"
            assert {"x-request-id", "access-control-allow-origin"}.isdisjoint(map(str.lower, reply.headers))
            connection.close()
        assert server.asked == ["/static/a.js"]
