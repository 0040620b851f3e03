"""The vendors' part of the Flask application: one catch-all rule.

Flask routes before it knows the blueprint: below a prefix an unknown URL or method would get
Flask's own page. So one rule takes everything, and each API owns its whole URL space, its own 404
and 405 included. URLs that belong to no API get a plain 404.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, request
from werkzeug.routing import BaseConverter, Rule
from werkzeug.wrappers import Response

from mockserver.core.world import World
from mockserver.web.api import Api
from mockserver.web.faults import Broken
from mockserver.web.pipeline import Way, drive, serve

NOWHERE = b"Nothing is emulated at this address. GET /_mock/routes lists what is.\n"


def mount(app: Flask, world: World, apis: Sequence[Api]) -> None:
    """Let *app* answer for *apis*; rules that it has already go first."""

    def answer(path: str = "") -> Response:
        environ = request.environ
        way = environ.pop("cwmock.way", None) or _way(apis, world, path)
        if way is None:
            return Response(NOWHERE, 404, content_type="text/plain; charset=utf-8")
        try:
            return drive(way, environ) or Response(status=202)
        except Broken as broken:
            environ["cwmock.break"] = broken.how
            return Response(status=500)

    app.view_functions["vendor"] = answer
    app.url_map.merge_slashes = False
    app.url_map.converters["anything"] = _Anything
    for pattern in ("/", "/<anything:path>"):
        # No list of methods: also one that nobody ever heard of is the API's to refuse.
        app.url_map.add(Rule(pattern, endpoint="vendor"))
    app.wsgi_app = _Breaking(app.wsgi_app)  # type: ignore[method-assign]


class _Anything(BaseConverter):
    """Takes what ``path`` takes, and line ends too."""

    part_isolating = False
    regex = "(?s:.+)"


def _way(apis: Sequence[Api], world: World, path: str) -> Way | None:
    for api in apis:
        found = api.prefix.match(path)
        if found:
            parts = {name: value or "" for name, value in found.groupdict().items()}
            parts["base"] = "/" + path[: found.start("path")].rstrip("/")
            # The proxy would look the request up at every touch.
            actual = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
            return serve(api, world, actual, parts)
    return None


BREAKS: Mapping[str, type[OSError]] = {
    "reset": ConnectionResetError,
    "timeout": TimeoutError,
    "truncate": ConnectionAbortedError,
}


class _Breaking:
    """Raises where a server without our bridge would have to break the connection."""

    def __init__(self, wsgi_app: Any) -> None:
        self._wsgi_app = wsgi_app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        body = self._wsgi_app(environ, start_response)
        how = environ.get("cwmock.break")
        if how and not environ.get("cwmock.bridged"):
            raise BREAKS[how](f"a fault broke the connection: {how}")
        return body
