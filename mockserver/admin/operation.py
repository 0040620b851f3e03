"""One operation of the control plane, and how it answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from mockserver.admin.requests import (
    JSON,
    AdminError,
    AdminHeaders,
    bad_request,
    body,
    has_body,
    members,
    shown,
)
from mockserver.core.wide_json import dumps

TENANT = "tenant"


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        method: The HTTP method, in capitals.
        path: Below ``/_mock``, as Flask spells rules.
        view: Carries it out; takes the parameters of the path.
        parameters: The query parameters that it has; None for a page, which passes over others.
        takes_body: Whether it has a body.
        media_type: Of the body.
    """

    method: str
    path: str
    view: Callable[..., Response]
    parameters: tuple[str, ...] | None = (TENANT,)
    takes_body: bool = False
    media_type: str = JSON

    def check(self) -> None:
        """Refuse what the operation would silently ignore: a misspelt parameter, a body."""
        if self.parameters is not None:
            _check_known(self.parameters)
        if has_body() and request.mimetype != self.media_type and self.method != "GET":
            message = f"send Content-Type: {self.media_type}"
            raise AdminError(415, "UnsupportedMediaType", message)
        if not self.takes_body and self.method != "GET":
            members(body(), {})


def _check_known(parameters: Sequence[str]) -> None:
    for name in request.args:
        if name not in parameters:
            known = ", ".join(parameters) or "none"
            raise bad_request(f"there is no parameter {shown(name)}; there are: {known}")


class Endpoint:
    """The operations of one path.

    Args:
        operations: With different methods.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._by_method = {each.method: each for each in operations}

    def __call__(self, **parts: str) -> Response:
        """Carry out the operation that the method names."""
        if request.method == "OPTIONS":
            return nothing({"Allow": self._allowed})
        operation = self._by_method.get("GET" if request.method == "HEAD" else request.method)
        if operation is None:
            message = f"there is no {shown(request.method)} here; there is {self._allowed}"
            raise AdminError(405, "MethodNotAllowed", message, {"Allow": self._allowed})
        operation.check()
        return operation.view(**parts)

    @property
    def _allowed(self) -> str:
        heads = {"HEAD"} if "GET" in self._by_method else set()
        return ", ".join(sorted({*self._by_method, *heads, "OPTIONS"}))


def answer(document: Any, status: int = 200, headers: AdminHeaders | None = None) -> Response:
    """Return a document as an answer; it shows a state that may change at any moment."""
    shown_headers = {"Cache-Control": "no-store", **(headers or {})}
    text = dumps(document)
    return Response(text, status, shown_headers, content_type=JSON)


def nothing(headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer without a body."""
    response = Response(status=204, headers=headers)
    del response.headers["Content-Type"]
    return response
