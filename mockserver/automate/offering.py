"""What of all that is emulated the caller's server has, and in which form it answers."""

from collections.abc import Iterable

from mockserver.automate.profile import AutomateProfile, profile_of
from mockserver.core.errors import InjectedError, MethodNotAllowed, UnknownEndpoint
from mockserver.web.exchange import Exchange
from mockserver.web.routes import Route, Routes

#: The media types of JSON that the description has (automate facts 3).
JSON = ("application/json", "text/json")


def permit(exchange: Exchange, routes: Routes) -> None:
    """Refuse what the caller's server has not or cannot answer as it is wanted.

    Raises:
        InjectedError: Every form that the caller takes is another than JSON, and that counts: 406.
        MethodNotAllowed: The operation is absent, others on its path are there.
        UnknownEndpoint: Nothing on its path is there.
    """
    route, profile = exchange.route, profile_of(exchange.caller)
    assert route is not None
    if _is_absent(route, profile):
        _refuse(exchange, route, routes, profile)
    taken = exchange.request.accept_mimetypes
    if profile.accept_checked and taken and not taken.best_match(JSON):
        raise InjectedError(406, "NotAcceptable", "The requested form is not available.")


def present(routes: Iterable[Route], profile: AutomateProfile) -> tuple[Route, ...]:
    """Return the operations that the server of *profile* has."""
    return tuple(each for each in routes if not _is_absent(each, profile))


def _is_absent(route: Route, profile: AutomateProfile) -> bool:
    return f"{route.method} {route.template}" in profile.absent_operations


def _refuse(exchange: Exchange, route: Route, routes: Routes, profile: AutomateProfile) -> None:
    known = {f"{method} {route.template}": method for method in routes.allowed(exchange.path)}
    left = [method for name, method in known.items() if name not in profile.absent_operations]
    allowed = [method for method in left if method != "HEAD" or "GET" in left]
    if not allowed:
        raise UnknownEndpoint(exchange.path)
    raise MethodNotAllowed(exchange.request.method, tuple(allowed))
