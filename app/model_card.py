"""What the server says of its network: the shape from the weights file, the figures from training's report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.network import Network


def about(network: Network, report: dict[str, Any] | None) -> dict[str, Any]:
    """The answer of `GET /model`; the report's epochs are long, and asked for apart: `GET /training/history`."""
    return {
        "model": network.name,
        "sizes": network.sizes,
        "layers": [{"layer": f"hidden{k}", "width": width} for k, width in enumerate(network.sizes[1:-1], start=1)],
        "activation": network.activation,
        "parameters": network.theta.size,
        "temperature": network.temperature,
        "training": network.meta,
        "report": report and {key: value for key, value in report.items() if key != "history"},
    }
