"""Sending a request of the journal again, as it was or changed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import current_app
from werkzeug.test import Client
from werkzeug.wrappers import Response

from mockserver.admin.lookup import tenant_asked
from mockserver.admin.operation import Operation, answer
from mockserver.admin.requests import AdminError, bad_request, body, members, shown
from mockserver.core.entry import Entry
from mockserver.core.tenant import Tenant
from mockserver.core.world import World
from mockserver.web.api import Api

ID = re.compile(r"[0-9]{1,18}", re.ASCII)
MEMBERS = {"method": str, "url": str, "headers": dict, "body": str}
#: What is written anew, or was masked when the journal kept it.
DROPPED = frozenset({"authorization", "connection", "content-length", "host", "transfer-encoding"})


class ResendViews:
    """The operation that sends a request again.

    Args:
        world: Whose tenants.
        apis: The emulated interfaces.
    """

    def __init__(self, world: World, apis: Sequence[Api]) -> None:
        self._world, self._apis = world, apis

    def operations(self) -> Sequence[Operation]:
        """Return the operations."""
        return (Operation("POST", "/requests/<entry_id>/resend", self.resend, takes_body=True),)

    def resend(self, entry_id: str) -> Response:
        """Send a kept request again, with what the body says instead; credentials are put in."""
        tenant = tenant_asked(self._world)
        number = int(entry_id) if ID.fullmatch(entry_id) else 0
        entry = tenant.journal.find(number)
        if entry is None:
            raise AdminError(404, "UnknownRequest", f"there is no exchange {shown(entry_id)}")
        given = members(body(), MEMBERS)
        url = given.get("url", entry.url)
        if not url.startswith("/") or url.startswith("/_mock"):
            raise bad_request("url must be a path of one of the emulated APIs")
        sent_id, status = self._send(tenant, entry, url, given)
        return answer({"id": sent_id, "status": status})

    def _send(
        self, tenant: Tenant, entry: Entry, url: str, given: Mapping[str, Any]
    ) -> tuple[int | None, int | None]:
        headers = _headers(given.get("headers", dict(entry.request_headers)))
        if entry.key is not None:
            api = next(each for each in self._apis if each.name == entry.api)
            headers |= api.authorization(tenant, entry.key)
        text = given.get("body")
        data = text.encode("utf-8", "surrogatepass") if text is not None else entry.request_body
        watched = _Watched(current_app.wsgi_app)
        status = None
        try:
            method = given.get("method", entry.method)
            sent = Client(watched).open(url, method=method, headers=headers, data=data)
            status = sent.status_code
        except ConnectionError:
            pass  # a fault broke the connection; the journal tells which
        except ValueError as error:
            raise bad_request(f"that request cannot be sent: {error}") from None
        return watched.entry_id, status


class _Watched:
    """An application that tells which exchange of the journal its last request became.

    The newest of the journal may be somebody else's.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._environ: WSGIEnvironment = {}

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        self._environ = environ
        return self._application(environ, start)

    @property
    def entry_id(self) -> int | None:
        """Return the exchange's id; None if no emulated interface lies at that address."""
        attempt = self._environ.get("cwmock.attempt")
        return attempt.id if attempt else None


def _headers(given: Mapping[str, Any]) -> dict[str, str]:
    kept = {name: value for name, value in given.items() if name.casefold() not in DROPPED}
    for name, value in kept.items():
        if not isinstance(value, str) or {"\r", "\n"} & {*name, *value} or not name.isascii():
            raise bad_request("headers must be texts of one line each")
    return kept
