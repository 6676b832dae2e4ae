"""The loaded networks: a small one that the page can show whole and, if it is there, a more accurate wide one.

Each has its own explainer, pictures and report. A request chooses one by `?network=`, else the settings do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

import anyio.to_thread

from app.middleware.problems import Problem
from app.settings import Settings
from model.explain import Explainer, NotPiecewiseLinear
from model.gallery import Gallery
from model.network import Network, WeightsError
from model.recognize import Recognizer
from model.storage import gallery_path, read_report, wide_path

T = TypeVar("T")
Variant = Literal["small", "wide"]


@dataclass(frozen=True)
class ServedNetwork:
    """One network with what belongs to it."""

    variant: Variant
    weights: Path
    recognizer: Recognizer
    report: dict[str, Any] | None  # of its training
    about: dict[str, Any]  # the answer of `GET /model`

    @classmethod
    def load(cls, weights: Path, variant: Variant) -> ServedNetwork:
        """From a weights file and what lies beside it.

        Raises:
            WeightsError: the file cannot be used.
        """
        recognizer = Recognizer.load(weights)
        network = recognizer.network
        report = read_report(weights, network.name)
        return cls(variant, weights, recognizer, report, about(network, report))

    @cached_property
    def explainer(self) -> Explainer | None:
        """None if its activation rules exact explanations out; made when it is first asked for."""
        try:
            return Explainer.of(self.recognizer.network)
        except NotPiecewiseLinear:
            return None

    def gallery(self) -> Gallery | None:
        """From the file beside the weights; None if it has none."""
        return Gallery.load(gallery_path(self.weights), self.recognizer.network)


@dataclass(frozen=True)
class Networks:
    """The served networks by name, and the one that answers where none is named."""

    served: Mapping[str, ServedNetwork]
    default: str

    @classmethod
    def load(cls, settings: Settings) -> Networks:
        """The small one, and the wide one if its file is beside it.

        Raises:
            WeightsError: a file cannot be used, or the one that the settings choose is not there.
        """
        served = {"small": ServedNetwork.load(settings.weights, "small")}
        wide = wide_path(settings.weights)
        if wide.exists():
            served["wide"] = ServedNetwork.load(wide, "wide")
        if settings.network not in served:
            raise WeightsError(f"{wide}: there is no such weights file, and INKSCOPE_NETWORK=wide asks for it")
        return cls(served, settings.network)

    def named(self, name: str) -> ServedNetwork:
        """The network named `wide` or `digits-784-128-64-10@1f3a9c2e`; the default one for an empty name.

        Raises:
            Problem: 422 there is none of that name.
        """
        if found := self.served.get(name or self.default):
            return found
        for served in self.served.values():
            if served.recognizer.network.name == name:
                return served
        raise Problem(422, f"network: {name[:40]!r} is not served: there is {' and '.join(self.served)}")

    def context(self, served: ServedNetwork) -> dict[str, Any]:
        """What every page says about its network, and the links on it to the others."""
        query = "" if served.variant == self.default else f"?network={served.variant}"
        return {"model": served.about, "variant": served.variant, "networks": self.served, "network_query": query}


async def load_once(known: dict[str, asyncio.Task[T]], served: ServedNetwork, load: Callable[[], T]) -> T:
    """What belongs to a network and few ask for: read by the first who does, in a thread, while others wait for it.

    Where that fails, those who waited are told, and the next one reads again: there may have been no file descriptor.
    """
    task = known.get(served.variant)
    if task is None or (task.done() and (task.cancelled() or task.exception())):
        task = known[served.variant] = asyncio.create_task(anyio.to_thread.run_sync(load))
    return await asyncio.shield(task)


def about(network: Network, report: dict[str, Any] | None) -> dict[str, Any]:
    """The reply of `GET /model`, without the long history of epochs: `GET /training/history` has it."""
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
