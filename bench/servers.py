"""Start servers to be measured, each a process, most on one core; the load comes from another core."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from app.settings import ROOT

CORES: Final = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
OURS: Final = ["app"]


def pin(core: int) -> None:
    """Keep this process on the first (0) or the last (-1) core, where there are several and the system can."""
    if len(CORES) > 1:
        os.sched_setaffinity(0, {CORES[core]})


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Whether somebody does, on this machine."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@contextlib.contextmanager
def serving(
    module: list[str], core: int | None = 0, cgroup: Path | None = None, **environment: str
) -> Iterator[tuple[str, int]]:
    """`python -m module PORT` (ours takes it from PORT) on one core, or on any: its host and port, its process' id."""
    port = free_port()
    settings = {"INKSCOPE_ACCESS_LOG": "false", "INKSCOPE_GRACE_SECONDS": "0", "OPENBLAS_NUM_THREADS": "1"}
    settings["INKSCOPE_MAX_REQUESTS_PER_CLIENT"] = "0"  # all load comes from one address
    command = [sys.executable, "-m", *module, *([] if module == OURS else [str(port)])]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **settings, "PORT": str(port), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=partial(_prepare, core, cgroup),  # noqa: PLW1509 - this process has one thread
        start_new_session=True,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", process)
        yield f"127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # some servers leave their workers behind
        process.wait()


def _prepare(core: int | None, cgroup: Path | None) -> None:
    """In the new process, before it becomes the server: all that it will hold counts."""
    if core is not None:
        pin(core)
    if cgroup is not None:
        (cgroup / "cgroup.procs").write_text(str(os.getpid()), encoding="ascii")


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(6000):  # a minute
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 - http
        except urllib.error.HTTPError:
            return  # it answers, if only that there is no such page
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
        else:
            return
    raise RuntimeError(f"{url} does not answer")


def resident(pid: int) -> float:
    """The memory that a process holds, in MiB."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
