"""Which modules a page loads: what its script imports, and what those import; the page asks for all of them at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_IMPORT: Final = re.compile(r'^(?:import|export) [^;]*?from "(\.[^"]+)";$', re.MULTILINE)


def imported(script: Path) -> list[Path]:
    """Every module that a script needs, itself left out, in the order of their names."""
    found: set[Path] = set()
    unread = [script.resolve()]
    while unread:
        module = unread.pop()
        needed = {(module.parent / name).resolve() for name in _IMPORT.findall(module.read_text())}
        unread += needed - found
        found |= needed
    return sorted(found - {script.resolve()})
