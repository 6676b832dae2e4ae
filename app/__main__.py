"""`python -m app` serves. Runs as a container's first process: SIGTERM ends it once running requests are done."""

from __future__ import annotations

import os
import sys

import uvicorn
from pydantic import ValidationError

from app.settings import Settings, unknown_variables, variable


def main() -> None:
    """Serve until told to stop."""
    try:
        settings = Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{variable(str(fault['loc'][0]))}: {fault['msg']} (it is {fault['input']!r})" for fault in error.errors()
        )
        sys.exit(f"The settings cannot be used: {faults}")
    for sentence in unknown_variables(os.environ):
        sys.stderr.write(f"WARNING:  {sentence}\n")
    uvicorn.run(
        "app.main:app",
        host=settings.host,
        port=settings.port,
        access_log=False,  # ours is structured
        log_level="info",
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=settings.drain_seconds,
    )


if __name__ == "__main__":
    main()
