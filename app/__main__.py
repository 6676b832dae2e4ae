"""`python -m app` serves. Runs as a container's first process: SIGTERM ends it once running requests are done."""

import gc
import os
import sys
from contextlib import suppress
from functools import partial

from app.input.container import return_freed_memory
from app.settings import read_settings, unknown_variables


def main() -> None:
    """Serve until told to stop."""
    gc.disable()  # until the server answers: what is imported is no garbage, and looking for it takes time
    settings = read_settings()
    for sentence in unknown_variables(os.environ):
        sys.stderr.write(f"WARNING:  {sentence}\n")
    return_freed_memory()
    sys.setswitchinterval(0.001)  # seconds that a thread keeps the event loop waiting for the interpreter
    import uvicorn  # noqa: PLC0415 - as the others

    from app.main import app  # noqa: PLC0415 - it reads the settings: they had to be valid
    from app.middleware.proxy_headers import ProxyHeaders  # noqa: PLC0415
    from app.server import Clients, Connection, Server  # noqa: PLC0415

    clients = Clients(settings, app.state.observers)

    config = uvicorn.Config(
        ProxyHeaders(app, os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")),
        proxy_headers=False,  # uvicorn's own
        host=settings.host,
        port=settings.port,
        http=partial(Connection, clients),  # type: ignore[arg-type]  # called as the class would be
        ws="none",
        access_log=False,  # app.middleware.request_log writes a structured one
        log_level="info",
        lifespan="on",
        server_header=False,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.drain_seconds,
    )
    server = Server(config, app, clients)
    try:
        with suppress(KeyboardInterrupt):
            server.run()
    finally:
        server.log.finish()
    if not server.started:
        sys.exit(1)


if __name__ == "__main__":
    main()
