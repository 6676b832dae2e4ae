"""Write lines in a thread: a log that nobody reads, or a full disk, costs lines and stops nothing."""

import contextlib
import io
import queue
import threading
from typing import IO, Final

MAX_LINES: Final = 4096  # that wait to be written; a megabyte


class BackgroundWriter(io.TextIOBase):
    """A stream, or a file descriptor, behind a thread of its own, which begins with the first line."""

    def __init__(self, stream: IO[bytes] | int) -> None:
        self.stream = stream
        self.lines: queue.Queue[bytes | None] = queue.Queue(MAX_LINES)
        self.thread: threading.Thread | None = None

    def write(self, text: str) -> int:
        """As a stream of text has it, for `logging`."""
        self.put(text.encode())
        return len(text)

    def put(self, line: bytes) -> None:
        """One more to be written, unless too many wait."""
        if self.thread is None:
            self.thread = threading.Thread(target=self._write, name="log", daemon=True)
            self.thread.start()
        with contextlib.suppress(queue.Full):
            self.lines.put_nowait(line)

    def finish(self) -> None:
        """Wait for the lines so far, for a second: where nobody reads them, it would be for ever."""
        if self.thread is not None:
            with contextlib.suppress(queue.Full):
                self.lines.put_nowait(None)
            self.thread.join(1)
            self.thread = None if not self.thread.is_alive() else self.thread

    def _write(self) -> None:
        # Unbuffered: at exit Python would wait for a buffer that this thread cannot get rid of.
        stream = io.FileIO(self.stream, "wb", closefd=False) if isinstance(self.stream, int) else self.stream
        while line := self.lines.get():
            with contextlib.suppress(OSError):
                stream.write(line)
                stream.flush()
