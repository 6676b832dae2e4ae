"""The nginx that ships, on a free port before servers, with Debian's number of connections and a single worker."""

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.servers import free_port, listens
from deploy.up import configure

# A second server tells who a client is taken for.
NAMES: Final = """
real_ip_header X-From;
server {{ listen 127.0.0.1:{port}; set_real_ip_from 127.0.0.1; return 200 $inkscope_client; }}
"""


@contextlib.contextmanager
def nginx(*servers: int, **replaced: str) -> Iterator[tuple[int, int]]:
    """Before servers on these ports; words of the shipped file are replaced. Its port, and that which tells names."""
    port, names = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = configure(Path(folder), f"127.0.0.1:{port}", servers, f"{folder}/error.log", **replaced)
        Path(folder, "conf.d", "names.conf").write_text(NAMES.format(port=names))
        process = subprocess.Popen(command)
        try:
            _wait(port)
            yield port, names
        finally:
            process.terminate()
            process.wait(20)


def _wait(port: int) -> None:
    for _ in range(200):
        if listens(port):
            return
        time.sleep(0.05)
    raise RuntimeError("nginx does not listen")
