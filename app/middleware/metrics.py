"""Metrics for Prometheus: requests, their time and sizes, verdicts, and the loaded networks."""

from collections.abc import Iterable, Mapping
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as MEDIA_TYPE

from app.middleware.request_log import RequestRecord
from model.network import Network
from model.rejection import Verdict

__all__ = ["MEDIA_TYPE", "Metrics"]

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second line beside every counter, of no use here
_NAME: Final = "inkscope"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})
_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_BYTES: Final = (256, 1024, 4096, 16384, 65536, 262144, 1048576, 8388608)


class Metrics:
    """One application's metrics. Labels take few values: a route's pattern, never a request's path."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter(f"{_NAME}_requests", "Answered", ["method", "route", "status"], registry=registry)
        self._seconds = self._histogram("request_seconds", "From request to reply", _SECONDS)
        self._received = self._histogram("request_bytes", "Bodies of requests", _BYTES)
        self._sent = self._histogram("reply_bytes", "Bodies of replies", _BYTES)
        self._drawings = Counter(f"{_NAME}_drawings", "Drawings read", ["verdict"], registry=registry)
        self._model = Info(f"{_NAME}_model", "The networks that answer", ["network"], registry=registry)
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram, Histogram, Histogram]] = {}

    def _histogram(self, name: str, what: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"{_NAME}_{name}", what, ["route"], buckets=buckets, registry=self.registry)

    def set_networks(self, networks: Mapping[str, Network]) -> None:
        """Describe the networks that answer, by their variants."""
        for name, network in networks.items():
            self._model.labels(name).info({"name": network.name, "parameters": str(network.theta.size)})

    def read(self, verdicts: Iterable[Verdict]) -> None:
        """Count drawings that were read."""
        for verdict in verdicts:
            self._drawings.labels(verdict).inc()

    def __call__(self, record: RequestRecord) -> None:
        """Observe a request. Files, and paths that there are not, are the route `other`."""
        route = getattr(record.scope.get("route"), "path", "other")
        method = record.scope["method"] if record.scope["method"] in _METHODS else "other"
        key = method, route, record.status
        if key not in self._children:  # looked up once, since that costs more than counting
            self._children[key] = (
                self._requests.labels(*key),
                self._seconds.labels(route),
                self._received.labels(route),
                self._sent.labels(route),
            )
        requests, seconds, received, sent = self._children[key]
        requests.inc()
        seconds.observe(record.seconds)
        received.observe(record.received)
        sent.observe(record.sent)

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
