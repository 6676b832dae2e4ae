"""Slow, greedy and hostile clients of a real server: each is told or cut off, and the good one is answered."""

import errno
import http.client
import json
import select
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import anyio
import pytest

from app.input.admission import FREE, Admission, BufferReservation, DecodeBudget
from app.middleware.problems import Problem
from app.middleware.security_headers import SECURITY
from app.server import MAX_UNREAD
from app.settings import Settings
from tests.app.conftest import encoded, seven
from tests.conftest import Server

PNG = encoded(seven())
LONG = 20  # seconds that nothing here takes, on the busiest machine
HEAD = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
UNREAD = b"GET /static-offline-docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n"
ASK = HEAD + b"Content-Length: %d\r\n\r\n" % len(PNG) + PNG


@pytest.fixture(scope="module")
def server():
    """One that is soon out of patience."""
    server = Server(
        INKSCOPE_HEADER_SECONDS="0.4",
        INKSCOPE_BODY_SECONDS="0.4",
        INKSCOPE_WRITE_SECONDS="0.4",
        INKSCOPE_MAX_CONNECTIONS="20",
    ).wait()
    yield server
    assert "Traceback" not in server.stop()


def connected(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=LONG)


def heard(connection):
    """All that the server says until it closes, as a reply."""
    connection.settimeout(LONG)
    reply = http.client.HTTPResponse(connection)
    reply.begin()
    body = reply.read()
    assert connection.recv(1) == b"", "the server left the connection open"
    return reply, json.loads(body)


def is_a_problem(connection, status):
    reply, body = heard(connection)
    assert reply.status == body["status"] == status
    assert reply.getheader("content-type") == "application/problem+json"
    assert reply.getheader("connection") == "close"
    assert {name.decode() for name, _ in SECURITY} < {name.lower() for name, _ in reply.getheaders()}
    assert reply.getheader("x-request-id")
    return reply


def answers(server):
    request = urllib.request.Request(f"{server.url}/predict", PNG, {"Content-Type": "image/png"})
    with urllib.request.urlopen(request, timeout=LONG) as reply:
        return json.load(reply)["digit"]


def test_a_head_that_does_not_end_gets_a_408(server):
    with connected(server) as slow:
        slow.sendall(HEAD)
        assert answers(server) == 7
        is_a_problem(slow, 408)


def test_a_client_that_says_nothing_is_left(server):
    with connected(server) as silent:
        assert silent.recv(1) == b""


@pytest.mark.parametrize("length", [b"Content-Length: 1000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"])
def test_a_body_that_does_not_end_gets_a_408(server, length):
    with connected(server) as slow:
        slow.sendall(HEAD + length + PNG[:10] * (b"Content" in length))
        is_a_problem(slow, 408)


def test_a_byte_now_and_then_buys_no_time(server):
    with connected(server) as slow:
        slow.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
        for _ in range(1000):
            if select.select([slow], [], [], 0.05)[0]:
                break
            slow.sendall(b"x")
        is_a_problem(slow, 408)


def test_a_second_request_has_its_own_time(server):
    with connected(server) as client:
        for _ in range(3):
            client.sendall(ASK)
            reply = http.client.HTTPResponse(client)
            reply.begin()
            assert json.loads(reply.read())["digit"] == 7
        client.sendall(HEAD)
        is_a_problem(client, 408)


def test_a_client_that_does_not_read_is_cut_off(server):
    with connected(server) as greedy:
        greedy.sendall(UNREAD * 50)  # far more than the system keeps for it
        ended = select.poll()
        ended.register(greedy, select.POLLRDHUP)
        assert ended.poll(LONG * 1000)
        assert greedy.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNRESET


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux says what it holds for a connection")
def test_little_is_held_for_a_client_that_does_not_read(server):
    with connected(server) as greedy:
        greedy.sendall(UNREAD * 50)
        ended = select.poll()
        ended.register(greedy, select.POLLRDHUP)
        held = 0
        while not ended.poll(20):
            held = max(held, unread(server.port, greedy.getsockname()[1]))
    assert 0 < held <= 4 * MAX_UNREAD  # it doubles what it is told, and counts its own books in


def unread(port, peer):
    """What the system holds of what was sent from a port to another: the first number of `tx_queue:rx_queue`."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        here, there, _, queues = line.split()[1:5]
        if (int(here[9:], 16), int(there[9:], 16)) == (port, peer):
            return int(queues[:8], 16)
    return 0


def test_what_is_no_http_gets_a_problem(server):
    with connected(server) as rude:
        rude.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        is_a_problem(rude, 400)


def test_a_head_without_end_is_refused_before_it_fills_the_memory(server):
    with connected(server) as greedy:
        greedy.sendall(HEAD + b"X-Long: " + b"a" * 70_000)
        is_a_problem(greedy, 431)


def test_one_connection_too_many_is_told_when_to_come_back(server):
    with ExitStack() as stack:
        for _ in range(20):
            connection = stack.enter_context(connected(server))
            connection.sendall(ASK)
            http.client.HTTPResponse(connection).begin()
        reply = is_a_problem(stack.enter_context(connected(server)), 503)
        assert int(reply.getheader("retry-after")) >= 1
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        try:
            assert answers(server) == 7
        except (urllib.error.HTTPError, ConnectionError):
            time.sleep(0.05)  # it has not noticed yet that they are gone
        else:
            return
    raise AssertionError("nobody is answered any more")


def test_room_for_large_bodies_ends_and_comes_back_but_small_ones_always_fit():
    admission = Admission(Settings(max_buffered_bytes=100_000))
    with BufferReservation(admission, "192.0.2.1") as first, BufferReservation(admission, "192.0.2.2") as other:
        first.reserve(FREE + 50_000)
        other.reserve(FREE + 25_000)
        with BufferReservation(admission, "192.0.2.1") as second:
            second.reserve(FREE)
            with pytest.raises(Problem, match="on their way") as problem:
                second.reserve(1)
        assert problem.value.status == 503
        assert problem.value.headers
        with BufferReservation(admission) as small:
            small.reserve(FREE)
    assert admission.room == 100_000
    assert not admission.held


def test_a_client_holds_as_much_room_as_it_leaves_to_others():
    admission = Admission(Settings(max_buffered_bytes=100_000))
    with BufferReservation(admission, "192.0.2.1") as greedy, BufferReservation(admission, "192.0.2.2") as other:
        greedy.reserve(FREE + 60_000)
        with pytest.raises(Problem, match="on their way"):
            greedy.reserve(1)
        other.reserve(FREE + 40_000)


@pytest.mark.anyio
async def test_more_large_pictures_than_may_wait_are_told_to_come_back(anyio_backend):
    admission = Admission(Settings(max_waiting=1), slots=1)
    done, release = [], threading.Event()

    def work():
        release.wait(LONG)
        done.append(1)

    async with anyio.create_task_group() as group:
        group.start_soon(admission.run, work)
        group.start_soon(admission.run, work)
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(Problem, match="waiting") as problem:
            await admission.run(work)
        release.set()
    assert problem.value.status == 503
    assert len(done) == 2


@pytest.mark.anyio
async def test_a_client_with_one_picture_waits_for_one_of_another_with_many(anyio_backend):
    admission = Admission(Settings(max_waiting=10), slots=1)
    order, release = [], threading.Event()

    def work(name):
        release.wait(LONG)
        order.append(name)

    async def ask(name):
        try:
            await admission.run(work, name, client=name)
        except Problem:
            order.append(f"{name} refused")

    async with anyio.create_task_group() as group:
        for name in [*["greedy"] * 11, "visitor"]:
            group.start_soon(ask, name)
        await anyio.wait_all_tasks_blocked()
        release.set()
    assert order == ["greedy refused", *["greedy"] * 2, "visitor", *["greedy"] * 8]


def test_memory_for_pictures_is_taken_before_they_are_decoded_and_given_back():
    budget = DecodeBudget(100)
    with budget.reserved(60):
        waiting = threading.Thread(target=lambda: budget.reserved(60).__enter__())
        waiting.start()
        with budget.reserved(40), pytest.raises(Problem) as problem, budget.reserved(101):
            pass
        assert problem.value.status == 413
        assert waiting.is_alive()
    waiting.join(LONG)
    assert not waiting.is_alive()


@pytest.fixture
def anyio_backend():
    return "asyncio"


def readiness(server):
    try:
        with urllib.request.urlopen(f"{server.url}/readyz", timeout=LONG) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        return error.code


def test_told_to_end_it_is_first_not_ready_then_finishes_what_runs():
    server = Server(INKSCOPE_GRACE_SECONDS="60", INKSCOPE_DRAIN_SECONDS="20").wait()
    with connected(server) as running:
        running.sendall(ASK[:-100])
        assert readiness(server) == 200
        server.process.send_signal(signal.SIGTERM)
        end = time.monotonic() + LONG
        while readiness(server) == 200 and time.monotonic() < end:
            time.sleep(0.02)
        assert readiness(server) == 503
        assert answers(server) == 7  # it is still there for who comes
        server.process.send_signal(signal.SIGTERM)  # once more: the grace is over, what runs is not
        while time.monotonic() < end:
            try:
                connected(server).close()
            except ConnectionRefusedError:
                break
            time.sleep(0.02)
        running.sendall(ASK[-100:])
        reply, answer = heard(running)
        assert reply.status == 200
        assert answer["digit"] == 7
    output = server.stop()
    assert server.process.returncode in {0, -15}
    assert "Traceback" not in output
