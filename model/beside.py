"""What lies beside a weights file, and under which name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

WIDE: Final = "-wide"


def wide_path(weights: Path) -> Path:
    """Where the wide network of a small one is.

    >>> from pathlib import Path
    >>> wide_path(Path("weights/digits.npz")).name
    'digits-wide.npz'
    """
    return weights.with_name(f"{weights.stem}{WIDE}{weights.suffix}")


def report_path(weights: Path) -> Path:
    """Where the report about a weights file is.

    >>> from pathlib import Path
    >>> report_path(Path("weights/digits.npz")).name, report_path(Path("weights/digits-wide.npz")).name
    ('report.json', 'report-wide.json')
    """
    return weights.with_name(f"report{WIDE if weights.stem.endswith(WIDE) else ''}.json")
