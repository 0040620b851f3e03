"""Who may use the control plane: programs and pages of this machine, or whoever has the token.

A foreign page can point its own name at this machine (DNS rebinding) or send it a form. The first
shows in ``Host``, the second in ``Origin``, in ``Sec-Fetch-Site`` and in a Content-Type that forms
can send. A server that others can reach asks for a token besides.
"""

import base64
import binascii
import hmac
import ipaddress
import socket
from urllib.parse import urlsplit

from flask import request

from mockserver.admin.requests import JSON, ZIP, AdminError, has_body
from mockserver.core.loopback import NAME, is_loopback, is_loopback_address
from mockserver.core.plan import Plan

#: The kinds of bodies that no form of a page can send; which of them is wanted, operations know.
UNFORMED = frozenset({JSON, ZIP})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
#: Browsers can be made to ask for a password, which is how a page gets at the token. A line for
#: each: Chromium reads the first scheme of a line only.
CHALLENGE = {"WWW-Authenticate": ['Bearer realm="cwmock"', 'Basic realm="cwmock"']}


class Guard:
    """Decides whether a request may reach the control plane.

    Args:
        plan: Where the server listens, its names and its token.
    """

    def __init__(self, plan: Plan) -> None:
        self._open = is_loopback(plan.host)
        self._token = plan.admin_token
        names = {NAME, plan.host.casefold(), *plan.hosts}
        self._names = names if self._open else names | {socket.gethostname().casefold()}

    def check(self) -> None:
        """Refuse requests that a page from elsewhere could have sent, and those without the token.

        Raises:
            AdminError: Host or Origin is foreign, the token is missing or wrong, or the body is
                not declared as JSON.
        """
        if not self._is_own(_name_in(f"//{request.host}")):
            message = "Host must be localhost, an address of this server, or a name allowed to it"
            raise AdminError(403, "ForeignHost", message)
        if not self._open and not self._has_token():
            message = "send Authorization: Bearer and the token that the server printed at start"
            raise AdminError(401, "TokenRequired", message, CHALLENGE)
        if request.method not in SAFE_METHODS:
            self._check_origin()
            if has_body() and request.mimetype not in UNFORMED:
                raise AdminError(415, "UnsupportedMediaType", "send Content-Type: application/json")

    def _check_origin(self) -> None:
        origin = request.headers.get("Origin")
        foreign = origin is not None and not self._is_own(_name_in(origin))
        if foreign or request.headers.get("Sec-Fetch-Site", "") == "cross-site":
            message = "a page from elsewhere may not change anything here"
            raise AdminError(403, "ForeignOrigin", message)

    def _is_own(self, name: str) -> bool:
        if name in self._names or is_loopback_address(name):
            return True
        # An address cannot be rebound. Where the server is reached from outside, addresses may be
        # translated on the way, so that it cannot know which are its own.
        return _is_address(name) and not is_loopback(request.environ.get("SERVER_NAME", ""))

    def _has_token(self) -> bool:
        sent = _token_in(request.headers.get("Authorization", ""))
        expected = (self._token or "").encode()
        return hmac.compare_digest(sent.encode("utf-8", "replace"), expected) and bool(expected)


def _token_in(header: str) -> str:
    """Return the token in an Authorization header, or an empty text."""
    scheme, _, sent = header.strip().partition(" ")
    if scheme.casefold() == "bearer":
        return sent.strip()
    if scheme.casefold() != "basic":
        return ""
    try:
        return base64.b64decode(sent.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _name_in(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
