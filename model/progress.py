"""Progress of long work: one line on a terminal, redrawn; a plain line now and then anywhere else."""

import sys
import time


def bar(fraction: float, width: int = 24) -> str:
    """A bar of text.

    >>> bar(0.5, width=8)
    '████────'
    """
    full = round(width * min(1.0, max(0.0, fraction)))
    return "█" * full + "─" * (width - full)


def clock(seconds: float) -> str:
    """Minutes and seconds.

    >>> clock(125)
    '2:05'
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


class Progress:
    """`update(fraction, text)` as often as wanted; `line(text)` for what is to stay.

    `done` is the share of the work that was done before.
    """

    def __init__(self, title: str, done: float = 0.0) -> None:
        self.title, self.done = title, done
        self.started = self.written = time.monotonic()
        self.stream = sys.stderr
        self.every = 0.1 if self.stream.isatty() else 10.0  # seconds

    def update(self, fraction: float, text: str = "") -> None:
        """Show how far the work is, and how much time is left."""
        now = time.monotonic()
        if now - self.written < self.every:
            return
        self.written = now
        left = (now - self.started) * (1 - fraction) / (fraction - self.done) if fraction > self.done else 0.0
        self._write(f"{self.title} {bar(fraction)} {fraction:4.0%} {text} {clock(left)} left", "")

    def line(self, text: str) -> None:
        """A line that stays."""
        self._write(text, "\n")

    def _write(self, text: str, end: str) -> None:
        self.stream.write(f"\r\033[K{text}{end}" if self.stream.isatty() else f"{text}\n")
        self.stream.flush()
