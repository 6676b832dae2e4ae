"""`python -m app` serves. Runs as a container's first process: SIGTERM ends it once running requests are done."""

import gc
import os
import sys
from contextlib import suppress
from typing import Final

gc.disable()  # until the server answers: what is imported is no garbage, and looking for it takes time

from app.input.container import return_freed_memory  # noqa: E402 - see above
from app.settings import read_settings, unknown_variables  # noqa: E402

NO_ARGUMENTS: Final = "python -m app takes no arguments, but variables such as PORT: README.md lists them"


def main() -> None:
    """Serve until told to stop."""
    if len(sys.argv) > 1:
        sys.exit(NO_ARGUMENTS)
    read_settings()  # where one is wrong, this is the end, with a sentence
    for sentence in unknown_variables(os.environ):
        with suppress(OSError):  # such as a full disk, or a closed descriptor, for which nothing shall stop
            os.write(2, f"WARNING:  {sentence}\n".encode(errors="backslashreplace"))
    return_freed_memory()
    sys.setswitchinterval(0.001)  # seconds that a thread keeps the event loop waiting for the interpreter
    from app.main import app  # noqa: PLC0415 - it reads the settings: they had to be valid
    from app.server import Server  # noqa: PLC0415 - as this, it takes long

    server = Server.of(app)
    try:
        with suppress(KeyboardInterrupt):
            server.run()
    finally:
        server.log.finish()
    if not server.started:
        sys.exit(1)


if __name__ == "__main__":
    main()
