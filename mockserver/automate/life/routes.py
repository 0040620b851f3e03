"""The operations of what moves, by the first word of their paths."""

from collections.abc import Callable, Iterable, Mapping

from mockserver.automate.life import commands
from mockserver.automate.profile import profile_of
from mockserver.core.errors import UnknownEndpoint
from mockserver.core.schema import Resource
from mockserver.web.exchange import Answer, Exchange
from mockserver.web.routes import Handler, Route

Resources = Callable[[str], Resource]


def seed_only(handler: Handler) -> Handler:
    """Return a handler for a path that only the seed family knows (automate facts 88, 89)."""

    def guarded(exchange: Exchange) -> Answer:
        if not profile_of(exchange.caller).seed_shapes:
            raise UnknownEndpoint(exchange.path)
        return handler(exchange)

    return guarded


def _computers(resource: Resources) -> Iterable[Route]:
    queue = resource("automate:Computers/CommandExecute")
    one = "/Computers/{computerId}"
    yield Route("POST", f"{one}/CommandExecute", commands.execute, queue, "observed")
    yield Route("POST", f"{one}/CommandPrompt", commands.prompt, evidence="observed")


OWN: Mapping[str, Callable[[Resources], Iterable[Route]]] = {"Computers": _computers}
