"""The nginx that ships, on a free port before a server, with Debian's number of connections and a single worker."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

# What stands around the shipped file. A second server tells who a client is taken for.
AROUND: Final = """
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


def program() -> str | None:
    """Its path, if it is installed."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextlib.contextmanager
def nginx(server: int, **replaced: str) -> Iterator[tuple[int, int]]:
    """Before the server on that port; words of the shipped file are replaced. Its port, and that which tells names."""
    port, names = free_port(), free_port()
    shipped = (ROOT / "deploy" / "nginx.conf").read_text()
    own = {"listen 80;": f"listen 127.0.0.1:{port};", "127.0.0.1:8000": f"127.0.0.1:{server}"}
    for old, new in (own | replaced).items():
        if old not in shipped:
            raise ValueError(f"deploy/nginx.conf has no {old!r}")
        shipped = shipped.replace(old, new)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "inkscope.conf").write_text(shipped)
        user = "user root;" if os.geteuid() == 0 else ""
        Path(folder, "nginx.conf").write_text(AROUND.format(folder=folder, names=names, user=user))
        process = subprocess.Popen([program() or "nginx", "-p", folder, "-c", f"{folder}/nginx.conf"])
        try:
            _wait(port)
            yield port, names
        finally:
            process.terminate()
            process.wait(20)


def _wait(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise RuntimeError("nginx does not listen")
