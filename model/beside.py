"""What lies beside a weights file, and under which name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

    from model.network import Network

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
    return _named(weights, "report", ".json")


def read_report(weights: Path, network: Network) -> dict[str, Any] | None:
    """The report beside the weights, if it is about this very network."""
    try:
        report = json.loads(report_path(weights).read_text())
    except (OSError, ValueError, RecursionError):
        return None
    return report if isinstance(report, dict) and report.get("model") == network.name else None


def chart_path(weights: Path, name: str) -> Path:
    """Where a chart about a weights file is.

    >>> from pathlib import Path
    >>> chart_path(Path("weights/digits.npz"), "curves").name, chart_path(Path("runs/a-wide.npz"), "curves").name
    ('curves.png', 'curves-wide.png')
    """
    return _named(weights, name, ".png")


def _named(weights: Path, name: str, suffix: str) -> Path:
    return weights.with_name(f"{name}{WIDE if weights.stem.endswith(WIDE) else ''}{suffix}")


def gallery_path(weights: Path) -> Path:
    """Where the gallery of a weights file is: beside it.

    >>> from pathlib import Path
    >>> gallery_path(Path("weights/digits.npz")).name
    'digits.gallery.npz'
    """
    return weights.with_suffix(".gallery.npz")


def mistakes_path(weights: Path) -> Path:
    """Where the mistakes of a weights file's network are: beside it.

    >>> from pathlib import Path
    >>> mistakes_path(Path("weights/digits.npz")).name
    'digits.mistakes.npz'
    """
    return weights.with_suffix(".mistakes.npz")


def checkpoints_path(weights: Path) -> Path:
    """Where the checkpoints of a weights file are: beside it.

    >>> from pathlib import Path
    >>> checkpoints_path(Path("weights/digits.npz")).name
    'checkpoints.npz'
    """
    return weights.with_name("checkpoints.npz")
