"""Long work says how far it is: one line on a terminal, redrawn; a plain line now and then anywhere else."""

from __future__ import annotations

import sys
import time
from typing import TextIO


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

    Seconds between two plain lines, where the stream is no terminal, come from `every`; `done` is the share of the
    work that was behind it at the start.
    """

    def __init__(self, title: str, stream: TextIO = sys.stderr, every: float = 10.0, done: float = 0.0) -> None:
        self.title, self.stream, self.every, self.done = title, stream, every, done
        self.started = time.monotonic()
        self.said = self.started
        self.live = stream.isatty()

    def update(self, fraction: float, text: str = "") -> None:
        """Show how far the work is, and how long the rest should take."""
        now = time.monotonic()
        if now - self.said < (0.1 if self.live else self.every):
            return
        self.said = now
        left = (now - self.started) * (1 - fraction) / (fraction - self.done) if fraction > self.done else 0.0
        line = f"{self.title} {bar(fraction)} {fraction:4.0%} {text} {clock(left)} left"
        self.stream.write(f"\r\033[K{line}" if self.live else f"{line}\n")
        self.stream.flush()

    def line(self, text: str) -> None:
        """A line that stays."""
        self.stream.write(f"\r\033[K{text}\n" if self.live else f"{text}\n")
        self.stream.flush()
