"""The figures for Prometheus."""

from collections.abc import Sequence

from werkzeug.wrappers import Response

from mockserver.admin.operation import Operation
from mockserver.web.metrics import CONTENT_TYPE, Metrics


class MetricViews:
    """The operation that answers the figures.

    Args:
        metrics: The figures.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def operations(self) -> Sequence[Operation]:
        """Return the operations."""
        return (Operation("GET", "/metrics", self.all, parameters=()),)

    def all(self) -> Response:
        """Answer all figures, of all tenants together."""
        headers = {"Cache-Control": "no-store"}
        return Response(self._metrics.text(), content_type=CONTENT_TYPE, headers=headers)
