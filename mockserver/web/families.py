"""The figures in the format of Prometheus; only who asks for them waits for its library."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from mockserver import __version__
from mockserver.web.metrics import LABELS, Duration, Figures

CONTENT_TYPE = CONTENT_TYPE_LATEST


def text(figures: Figures) -> bytes:
    """Return the figures as Prometheus reads them."""
    registry = CollectorRegistry()
    registry.register(_Families(figures))
    return generate_latest(registry)


class _Families(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        process = self._figures.process
        for family in self._families():
            if process is not None:
                family.samples = [
                    sample._replace(labels={**sample.labels, "process": process})
                    for sample in family.samples
                ]
            yield family

    def _families(self) -> Iterator[Metric]:
        figures = self._figures
        told = GaugeMetricFamily("cwmock_info", "The running version.", labels=["version"])
        told.add_metric([__version__], 1)
        yield told
        yield GaugeMetricFamily("cwmock_tenants", "Tenants there are.", value=figures.tenants)
        asked = {key: each.requests for key, each in figures.durations.items()}
        yield _counted("requests", "Requests, by what was asked and answered.", LABELS, asked)
        yield _durations(figures.durations)
        yield _counted("limit_refusals", "Requests over the quota.", ["api"], figures.refused)
        yield _counted("faults_struck", "Faults that struck.", ["api", "kind"], figures.struck)
        yield _counted("deliveries", "Callbacks that are done.", ["state"], figures.delivered)


def _durations(durations: Mapping[tuple[str, ...], Duration]) -> Metric:
    family = HistogramMetricFamily(
        "cwmock_request_duration_seconds",
        "Requests by what was asked and answered, and how long they took.",
        labels=LABELS,
    )
    for key, each in durations.items():
        family.add_metric(list(key), each.cumulated, each.seconds)
    return family


def _counted(
    name: str, told: str, labels: Sequence[str], counts: Mapping[Any, int]
) -> CounterMetricFamily:
    family = CounterMetricFamily(f"cwmock_{name}", told, labels=labels)
    for key, count in sorted(counts.items()):
        family.add_metric([key] if isinstance(key, str) else list(key), count)
    return family
