"""`make up` ends with its terminal, and starts again what could not be started."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys

import pytest

from deploy.up import Server
from tests.app.test_timeouts import LONG
from tests.conftest import ROOT

# A shell that runs tests in the background has them, and what they start, ignore SIGQUIT, which ends nginx gently.
UP = """
import asyncio, os, signal, sys
from pathlib import Path
from deploy import up

waiting = "import signal; signal.signal(signal.SIGQUIT, signal.SIG_DFL); print('started', flush=True); signal.pause()"
up.configure = lambda *_: [sys.executable, "-c", waiting]
start, up.SHORTEST, failures = asyncio.create_subprocess_exec, 0.01, int(sys.argv[2])

async def start_at_last(*command, **how):
    global failures
    failures -= 1
    if failures >= 0:
        raise BlockingIOError("Resource temporarily unavailable")
    return await start(*command, **how)

asyncio.create_subprocess_exec = start_at_last
asyncio.run(up.up("127.0.0.1", 1, 0, Path(sys.argv[1])))
"""


@pytest.mark.parametrize("failures", [0, 1])
def test_make_up_starts_again_what_had_no_room_and_ends_with_its_terminal(failures, tmp_path):
    command = [sys.executable, "-c", UP, str(tmp_path), str(failures)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"started\n"
        assert process.stderr.readline().startswith(b"nginx is to serve on http://127.0.0.1:1; ")
        assert int((tmp_path / "pid").read_text()) == process.pid
        os.kill(process.pid, signal.SIGHUP)
        assert process.wait(LONG) == 0
    assert not (tmp_path / "pid").exists()


def listening_after(free: int) -> socket.socket:
    """A socket that listens on the port after so many free ones, below those that the system gives to connections."""
    for first in range(20_000 + 1000 * free, 30_000, free + 1):
        with contextlib.suppress(OSError), contextlib.ExitStack() as before:
            for port in range(first, first + free):
                before.enter_context(socket.create_server(("127.0.0.1", port)))
            return socket.create_server(("127.0.0.1", first + free))
    pytest.fail("no ports are free")


@pytest.mark.parametrize("after", [0, 2])
def test_make_up_says_at_once_that_a_port_is_taken(after, tmp_path):
    with listening_after(after) as other:
        taken = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "deploy.up", "--folder", tmp_path],
            env=os.environ | {"PORT": str(taken - after)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONG,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {taken} cannot be used (Address already in use): end what has it, or set PORT")


@pytest.mark.parametrize("pid", ["none", "another's"])
def test_make_restart_says_that_nothing_is_up_and_leaves_other_processes_alone(pid, tmp_path):
    command = [shutil.which("make") or "make", "-f", str(ROOT / "Makefile"), "restart"]
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as another:
        if pid == "another's":  # a file that was left behind, whose number is given again
            (tmp_path / "runs" / "up").mkdir(parents=True)
            (tmp_path / "runs" / "up" / "pid").write_text(str(another.pid))
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert another.poll() is None
        another.communicate(b"\n")
    assert another.returncode == 0
    assert done.returncode == 2
    assert "\nNothing is there to replace: `make up` starts it\n" in done.stderr


def test_a_server_that_hangs_is_not_ready(monkeypatch):
    monkeypatch.setattr("deploy.up.PATIENCE", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as hanging:  # it accepts, and never answers
        assert not asyncio.run(Server(hanging.getsockname()[1]).ready())
