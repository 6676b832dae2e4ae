"""`make up`: several servers and nginx in front of them, in the foreground, on a machine without Docker and systemd.

What ends is started anew at once. SIGUSR1 (`make restart`) replaces one server after the other, and loses no request.
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.settings import ROOT, read_settings

DEPLOY: Final = ROOT / "deploy"
SHORTEST: Final = 1.0  # seconds from one start to the next, so that what cannot start does not keep the machine busy
POLL: Final = 0.05  # seconds between two looks at a server that starts
PATIENCE: Final = 2.0  # seconds for one look
# nginx sends each request to those that answer: it needs no grace. It counts the requests of each client, and keeps
# /metrics inside, so that these need no port, which all servers would have in common.
ENVIRONMENT: Final = {
    "FORWARDED_ALLOW_IPS": "127.0.0.1",
    "INKSCOPE_HOST": "127.0.0.1",
    "INKSCOPE_GRACE_SECONDS": "0",
    "INKSCOPE_MAX_REQUESTS_PER_CLIENT": "0",
    "INKSCOPE_METRICS_PORT": "0",
}
# What stands around the files that ship.
AROUND: Final = """
{user}
daemon off;
worker_processes auto;
worker_shutdown_timeout 5s;
pid {folder}/nginx.pid;
error_log {errors};
events {{ worker_connections 768; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/conf.d/*.conf;
}}
"""


def program() -> str | None:
    """The path of nginx, if it is installed."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


def configure(folder: Path, listen: str, servers: Sequence[int], errors: str = "stderr", **replaced: str) -> list[str]:
    """Write the shipped configuration for these ports, with words of it replaced. Returns the command for nginx."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    own = {"listen 80;": f"listen {listen};", "/var/cache/inkscope": f"{folder}/cache"}
    for old, new in (own | replaced).items():
        if old not in text:
            raise ValueError(f"deploy/nginx.conf has no {old!r}")
        text = text.replace(old, new)
    (folder / "conf.d").mkdir(parents=True, exist_ok=True)
    (folder / "conf.d" / "nginx.conf").write_text(text, encoding="utf-8")
    lines = "".join(f"server 127.0.0.1:{server} max_fails=0;\n" for server in servers)
    (folder / "conf.d" / "inkscope.servers").write_text(lines, encoding="ascii")
    user = "user root;" if os.geteuid() == 0 else ""  # the folder may be closed to others
    around = AROUND.format(folder=folder, user=user, errors=errors)
    (folder / "nginx.conf").write_text(around, encoding="utf-8")
    return [program() or "nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


class Process:
    """A command that is started anew whenever it ends."""

    def __init__(self, *command: str, told: signal.Signals = signal.SIGTERM, **environment: str) -> None:
        self.command, self.told = command, told
        self.environment = {**os.environ, **ENVIRONMENT, **environment}
        self.running: asyncio.subprocess.Process | None = None

    async def keep(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            started = loop.time()
            try:
                # A session of its own: Ctrl-C is for this process, which ends the others in order.
                self.running = await asyncio.create_subprocess_exec(
                    *self.command, cwd=ROOT, env=self.environment, start_new_session=True
                )
                await self.running.wait()
            except OSError as error:  # the machine has no room for one now
                sys.stderr.write(f"{self.command[0]} cannot be started: {error}\n")
            await asyncio.sleep(started + SHORTEST - loop.time())

    def tell(self) -> None:
        """To end."""
        if self.running is not None and self.running.returncode is None:
            self.running.send_signal(self.told)


class Server(Process):
    """`python -m app` on a port."""

    def __init__(self, port: int) -> None:
        super().__init__(sys.executable, "-m", "app", PORT=str(port))
        self.port = port

    async def ready(self) -> bool:
        """Whether it takes requests."""
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                with contextlib.closing(writer):
                    writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    status = await reader.readline()
        except (OSError, TimeoutError):
            return False
        return b" 200 " in status

    async def replace(self) -> None:
        """By a new process, which is ready at the end."""
        old = self.running
        self.tell()
        while self.running is old or not await self.ready():  # noqa: ASYNC110 - another process' doing
            await asyncio.sleep(POLL)


async def _replace_at_each(signal_: asyncio.Event, servers: Sequence[Server]) -> None:
    while await signal_.wait():
        signal_.clear()
        for server in servers:
            await server.replace()
        sys.stderr.write("All servers are new\n")


async def up(host: str, port: int, count: int, folder: Path) -> None:
    """Serve until told to stop."""
    servers = [Server(port + number) for number in range(1, count + 1)]
    listen = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    nginx = Process(*configure(folder, listen, [server.port for server in servers]), told=signal.SIGQUIT)
    loop, restart, stop = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, restart.set)
    for told in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # that of a closed terminal, unless under nohup
        if signal.getsignal(told) is not signal.SIG_IGN:
            loop.add_signal_handler(told, stop.set)
    (folder / "pid").write_text(str(os.getpid()), encoding="ascii")
    sys.stderr.write(f"nginx is to serve on http://{listen}; servers on the ports that follow: {count}\n")
    keeping = [asyncio.create_task(process.keep()) for process in (*servers, nginx)]
    replacing = asyncio.create_task(_replace_at_each(restart, servers))
    await stop.wait()
    (folder / "pid").unlink(missing_ok=True)  # it may become another process'
    for task in (*keeping, replacing):
        task.cancel()
    for process in (nginx, *servers):  # nginx first: it has the requests
        process.tell()
        if process.running is not None:
            await process.running.wait()


def _require_free(ports: Sequence[int]) -> None:
    """Ends with a sentence where a port is taken, of which no server could say so but once a second."""
    for port in ports:
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers: a closed one is free at once
            try:
                tried.bind(("127.0.0.1", port))
            except (OSError, OverflowError) as error:
                reason = getattr(error, "strerror", None) or error
                sys.exit(f"Port {port} cannot be used ({reason}): end what has it, or set PORT to another one")


def main() -> None:
    """The address and port of the settings are nginx's; the servers have the ports that follow."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--servers", type=int, default=2, help="how many")
    arguments.add_argument("--folder", type=Path, default=ROOT / "runs" / "up", help="for nginx's files and `pid`")
    given, settings = arguments.parse_args(), read_settings()
    _require_free(range(settings.port, settings.port + given.servers + 1))
    given.folder.mkdir(parents=True, exist_ok=True)
    if program() is None:
        sys.exit("There is no nginx: `apt-get install nginx-light`")
    asyncio.run(up(settings.host, settings.port, given.servers, given.folder.resolve()))


if __name__ == "__main__":
    main()
