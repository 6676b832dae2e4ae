"""Slow, greedy and hostile clients of a real server: each is told or cut off, and the good one is answered."""

import contextlib
import errno
import http.client
import json
import re
import select
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import Mock

import anyio
import pytest

from app.input.admission import FREE, Admission, BufferReservation, DecodeBudget
from app.middleware.problems import Problem
from app.middleware.security_headers import SECURITY
from app.server import MAX_UNREAD, Clients
from app.settings import Settings
from tests.app.conftest import encoded, seven
from tests.conftest import Server

pytestmark = pytest.mark.slow

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


def busy(server, stack, count):
    """So many connections that are in the middle of a request."""
    for _ in range(count):
        connection = stack.enter_context(connected(server))
        connection.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
        yield connection


def test_one_connection_too_many_is_told_when_to_come_back():
    server = Server(INKSCOPE_MAX_CONNECTIONS="20").wait()
    with ExitStack() as stack:
        list(busy(server, stack, 20))
        time.sleep(0.2)  # until it has accepted them
        reply = is_a_problem(stack.enter_context(connected(server)), 503)
        assert int(reply.getheader("retry-after")) >= 1
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        try:
            assert answers(server) == 7
        except (urllib.error.HTTPError, ConnectionError):
            time.sleep(0.05)  # it has not noticed yet that they are gone
        else:
            break
    else:
        raise AssertionError("nobody is answered any more")
    assert '"status":503' in server.stop()


def test_one_client_has_so_many_connections_and_no_more():
    server = Server(INKSCOPE_MAX_CONNECTIONS_PER_CLIENT="10").wait()
    with ExitStack() as stack:
        list(busy(server, stack, 10))
        time.sleep(0.2)
        is_a_problem(stack.enter_context(connected(server)), 429)
        other = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), LONG, ("127.0.0.2", 0)))
        other.sendall(ASK)
        reply = http.client.HTTPResponse(other)
        reply.begin()
        assert reply.status == 200
    assert '"status":429' in server.stop()


def test_a_proxy_that_is_trusted_by_its_network_has_as_many_connections_as_there_may_be(monkeypatch):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "10.0.0.0/8")
    clients = Clients(Settings(max_connections_per_client=2))
    for address, refusals in (("10.1.2.3", [None] * 3), ("192.0.2.1", [None, None, 429])):
        added = [clients.add(Mock(network=address, client=(address, 1))) for _ in range(3)]
        assert [refusal and refusal[0] for refusal in added] == refusals


@pytest.mark.parametrize("limit", ["INKSCOPE_MAX_CONNECTIONS", "INKSCOPE_MAX_CONNECTIONS_PER_CLIENT"])
def test_silent_connections_keep_nobody_out(limit):
    server = Server(**{limit: "20"}).wait()
    with ExitStack() as stack:
        silent = [stack.enter_context(connected(server)) for _ in range(40)]
        for _ in range(5):
            assert answers(server) == 7
        assert silent[0].recv(1) == b""
    server.stop()


def memory_peak(server):
    """In bytes, since the start."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return 1024 * int(re.findall(r"VmHWM:\s+(\d+)", status)[0])


WEIGHTS = b"GET /model/weights/1?network=wide HTTP/1.1\r\nHost: x\r\n\r\n"  # 1.6 MB


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux says what a process takes")
@pytest.mark.parametrize("times", [1, 8])
def test_replies_that_nobody_reads_take_so_much_memory_and_no_more(times):
    server = Server(INKSCOPE_MAX_UNREAD_BYTES="4000000").wait()
    before = memory_peak(server)
    with ExitStack() as stack:
        for _ in range(60):
            stack.enter_context(connected(server)).sendall(WEIGHTS * times)
        assert answers(server) == 7
        assert memory_peak(server) - before < 30_000_000
    server.stop()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux says what a process takes")
@pytest.mark.parametrize(
    "endless",
    [
        b"3\r\nabc\r\n0\r\n" + b"X-Trailer: 1234567890\r\n" * 400_000,
        b"1;x=" + b"y" * 9_000_000,
        b"0\r\nX: " + b"y" * 9_000_000,
    ],
    ids=["trailers", "a chunk's extension", "one trailer"],
)
def test_what_surrounds_a_body_is_bounded(server, endless):
    before = memory_peak(server)
    with connected(server) as rude:
        try:
            rude.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + endless)
        except ConnectionError:
            pass  # cut off in the middle
        else:
            is_a_problem(rude, 431)
    assert memory_peak(server) - before < 4_000_000
    assert answers(server) == 7


def test_a_body_in_chunks_of_one_byte_is_read(server):
    with connected(server) as patient:
        chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in PNG)
        patient.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")
        reply = http.client.HTTPResponse(patient)
        reply.begin()
        assert json.loads(reply.read())["digit"] == 7


def test_requests_in_a_row_without_end_are_refused(server):
    with connected(server) as hasty, contextlib.suppress(ConnectionError):
        hasty.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 5000)
        answer = b""
        while part := hasty.recv(1 << 16):
            answer += part
        assert b" 429 " in answer
    assert answers(server) == 7


def test_every_refusal_is_in_the_log_and_in_the_metrics():
    server = Server(INKSCOPE_HEADER_SECONDS="0.4", INKSCOPE_BODY_SECONDS="0.4").wait()
    hostile = {
        400: b"\x16\x03\x01 hello\r\n\r\n",
        408: HEAD + b"Content-Length: 1000\r\n\r\n",
        431: HEAD + b"X-Long: " + b"a" * 70_000,
    }
    for status, content in hostile.items():
        with connected(server) as client:
            client.sendall(content)
            is_a_problem(client, status)
    with connected(server) as client:
        client.sendall(HEAD)
        is_a_problem(client, 408)
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=LONG) as reply:
        metrics = reply.read().decode()
    logged = [json.loads(line)["status"] for line in server.stop().splitlines() if '"status"' in line]
    assert sorted(status for status in logged if status >= 400) == [400, 408, 408, 431]
    for status in hostile:
        assert f'status="{status}"' in metrics


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
    greedy, further, other = (BufferReservation(admission, f"192.0.2.{client}") for client in (1, 1, 2))
    with greedy, further, other:
        greedy.reserve(FREE + 40_000)
        further.reserve(FREE + 20_000)
        with pytest.raises(Problem, match="on their way"):
            further.reserve(1)
        other.reserve(FREE + 40_000)


def test_a_body_for_which_there_never_is_room_is_too_large():
    with BufferReservation(Admission(Settings(max_buffered_bytes=100_000))) as body:
        body.reserve(FREE + 50_000)
        with pytest.raises(Problem, match="never") as problem:
            body.reserve(1)
    assert problem.value.status == 413


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
        with error:
            return error.code


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_it_is_first_not_ready_then_finishes_what_runs(first):
    server = Server(INKSCOPE_GRACE_SECONDS="60", INKSCOPE_DRAIN_SECONDS="20").wait()
    with connected(server) as running, connected(server) as kept:
        running.sendall(ASK[:-100])
        assert readiness(server) == 200
        server.process.send_signal(first)
        end = time.monotonic() + LONG
        while readiness(server) == 200 and time.monotonic() < end:
            time.sleep(0.02)
        assert readiness(server) == 503
        assert answers(server) == 7  # it is still there for who comes
        kept.sendall(ASK)
        reply, answer = heard(kept)  # which hears that its connection ends with this reply
        assert (reply.getheader("connection"), answer["digit"]) == ("close", 7)
        server.process.send_signal(signal.SIGTERM)  # once more: the grace is over, what runs is not
        while time.monotonic() < end:
            try:
                connected(server).close()
            except ConnectionRefusedError:
                break
            time.sleep(0.02)
        running.sendall(ASK[-100:])
        reply, answer = heard(running)
        assert (reply.status, reply.getheader("connection")) == (200, "close")
        assert answer["digit"] == 7
    output = server.stop()
    assert server.process.returncode in {0, -15}
    assert "Traceback" not in output


def test_what_has_not_come_when_the_server_ends_is_a_503():
    server = Server(INKSCOPE_DRAIN_SECONDS="1").wait()
    with connected(server) as slow:
        slow.sendall(ASK[:-100])
        assert readiness(server) == 200
        server.process.send_signal(signal.SIGTERM)
        is_a_problem(slow, 503)
    assert "Traceback" not in server.stop()
