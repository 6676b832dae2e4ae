"""`python -m app.healthcheck`: exit 0 if the server in this container is ready. For images that have no curl."""

import sys
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import Final

from app.settings import read_settings

LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - all addresses, and one of them


def main() -> int:
    """0 if ready, 1 if not."""
    settings = read_settings()
    try:
        with closing(
            HTTPConnection(LOOPBACK.get(settings.host, settings.host), settings.port, timeout=2)
        ) as connection:
            connection.request("GET", "/readyz")
            status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        sys.stderr.write(f"not ready: {error}\n")
        return 1
    if status != 200:
        sys.stderr.write(f"not ready: the server answers with {status}\n")
    return int(status != 200)


if __name__ == "__main__":
    raise SystemExit(main())
