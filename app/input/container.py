"""What the container or the unit of systemd allows: processors by quota, memory by limit; the budgets that follow."""

from __future__ import annotations

import ctypes
import math
import os
import sys
from pathlib import Path
from typing import Final, NamedTuple

from app.settings import Settings

MIB: Final = 1 << 20
ROOT: Final = Path("/sys/fs/cgroup")  # version 2 has one tree, version 1 one for each kind of limit
OWN: Final = Path("/proc/self/cgroup")
BASE: Final = 112 * MIB  # what the server takes before anybody asks: interpreter, libraries, networks, answers
_MALLOC_TRIM, _MALLOC_MMAP, _MALLOC_ARENAS = -1, -3, -8  # glibc's names for mallopt: M_TRIM_THRESHOLD and so on


class Budgets(NamedTuple):
    """Bytes that all requests together may hold."""

    decoded: int  # by pictures while they are decoded and preprocessed
    buffered: int  # by bodies
    unread: int  # by replies that clients have not read yet

    @classmethod
    def of(cls, settings: Settings, memory: int | None = None) -> Budgets:
        """As the settings say; what they leave open is a share of the memory, at most enough for a busy server."""
        spare = max(32 * MIB, (memory or memory_limit()) - BASE)
        return cls(
            settings.max_decoded_bytes or min(512 * MIB, spare * 41 // 80),
            settings.max_buffered_bytes or min(64 * MIB, spare // 6),
            settings.max_unread_bytes or min(64 * MIB, spare // 16),
        )


def memory_limit(root: Path = ROOT, own: Path = OWN) -> int:
    """Bytes of memory: the container's or the unit's, or else the machine's."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 1 << 32
    files = [folder / "memory.max" for folder in _groups(root, own)] + [root / "memory" / "memory.limit_in_bytes"]
    return min([machine, *(int(limit) for limit in map(_number, files) if limit)])


def processors(root: Path = ROOT, own: Path = OWN) -> int:
    """How many threads can work at once: by the quota, rounded up, or else the machine's processors."""
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    version_1 = tuple(_number(root / "cpu" / f"cpu.cfs_{what}_us") for what in ("quota", "period"))
    quotas = [(_number(folder / "cpu.max"), _number(folder / "cpu.max", 1)) for folder in _groups(root, own)]
    return min([affinity, *(math.ceil(quota / period) for quota, period in (*quotas, version_1) if quota and period)])


def _groups(root: Path, own: Path) -> list[Path]:
    """The folders of this process' cgroup and of those around it; a container sees its own as the root."""
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:  # another system
        lines = []
    group = root / next((line[4:] for line in lines if line.startswith("0::/")), "")
    return [folder for folder in (group, *group.parents) if folder.is_relative_to(root)]


def _number(file: Path, place: int = 0) -> float:
    """A positive number in one of the kernel's files; 0 where there is none, or no limit."""
    try:
        return max(0.0, float(file.read_text(encoding="ascii").split()[place]))
    except (OSError, ValueError, IndexError):
        return 0.0


def return_freed_memory() -> None:
    """Let glibc give memory back once it is free: else what one busy minute took stays with the process.

    Its threshold for blocks of their own grows with each block that is freed, up to 32 MiB, and each thread has an
    arena that nothing shrinks.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none, and gives memory back by itself
        for parameter, value in ((_MALLOC_MMAP, MIB // 2), (_MALLOC_TRIM, MIB), (_MALLOC_ARENAS, 2)):
            if mallopt:
                mallopt(parameter, value)


def trim_memory() -> None:
    """Give the free pages between blocks that are in use back, too; takes about a millisecond."""
    if sys.platform == "linux" and (malloc_trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        malloc_trim(0)
