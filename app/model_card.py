"""What the server says of its network: the shape from the weights file, the figures from training's report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from pathlib import Path

    from model.network import Network


def about(network: Network, weights: Path) -> dict[str, Any]:
    """The answer of `GET /model`."""
    return {
        "model": network.name,
        "sizes": network.sizes,
        "layers": [{"layer": f"hidden{k}", "width": width} for k, width in enumerate(network.sizes[1:-1], start=1)],
        "activation": network.activation,
        "parameters": network.theta.size,
        "temperature": network.temperature,
        "training": network.meta,
        "report": _report(network, weights.with_name("report.json")),
    }


def _report(network: Network, path: Path) -> dict[str, Any] | None:
    """The report beside the weights, if it is about these weights; the history of every epoch stays in the file."""
    try:
        report = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    if not isinstance(report, dict) or report.get("model") != network.name:
        return None
    return {key: value for key, value in report.items() if key != "history"}
