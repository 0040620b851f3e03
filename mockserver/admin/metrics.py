"""The figures for Prometheus."""

from collections.abc import Sequence

from werkzeug.wrappers import Response

from mockserver.admin.operation import Operation
from mockserver.web.metrics import Metrics


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
        # Its library takes a thirtieth of a start.
        from mockserver.web.families import CONTENT_TYPE, text  # noqa: PLC0415

        headers = {"Cache-Control": "no-store"}
        return Response(text(self._metrics.figures()), content_type=CONTENT_TYPE, headers=headers)
