"""Who may use the control plane: programs and pages of this machine, not a page from elsewhere.

A foreign page can point its own name at this machine (DNS rebinding) or send it a form. The first
shows in ``Host``, the second in ``Origin`` and in a Content-Type that forms can send.
"""

import ipaddress
from urllib.parse import urlsplit

from flask import request

from mockserver.admin.requests import AdminError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = "localhost"


def check_caller(bound_host: str) -> None:
    """Refuse requests that a page from elsewhere could have sent.

    Args:
        bound_host: The name or address that the server was told to listen on.

    Raises:
        AdminError: Host or Origin is foreign, or the body is not declared as JSON.
    """
    if not _is_own(_name_in(f"//{request.host}"), bound_host):
        raise AdminError(403, "ForeignHost", "Host must be localhost or an address of this server")
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    if origin is not None and not _is_own(_name_in(origin), bound_host):
        raise AdminError(403, "ForeignOrigin", "a page from elsewhere may not change anything here")
    if _has_body() and request.mimetype != "application/json":
        raise AdminError(415, "UnsupportedMediaType", "send Content-Type: application/json")


def _has_body() -> bool:
    return bool(request.content_length) or "cwmock.too_large" in request.environ


def _name_in(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_own(name: str, bound_host: str) -> bool:
    if name in {LOOPBACK, bound_host.casefold()}:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    # An address cannot be rebound. Where the server is reached from outside, addresses may be
    # translated on the way, so that it cannot know which are its own.
    return address.is_loopback or not _is_loopback(request.environ.get("SERVER_NAME", ""))


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == LOOPBACK
