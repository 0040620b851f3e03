"""From a path to the operation that it names: one tree of segments, case-insensitive."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mockserver.core.errors import MethodNotAllowed, UnknownEndpoint
from mockserver.core.redaction import is_secret_name
from mockserver.core.schema import Resource
from mockserver.web.exchange import Answer, Exchange

REST = "*"
#: In longer paths nobody looks for a text that should be an id.
SEGMENTS_MAX = 12
Handler = Callable[[Exchange], Answer]


@dataclass(frozen=True)
class Route:
    """One operation of a vendor's API.

    Attributes:
        method: In capitals.
        template: As in the vendor's description (``/service/tickets/{id}``).
        handler: Carries it out.
        resource: The collection it works on, or None.
        evidence: ``observed``, ``documented`` or ``assumed``.
        public: Whether it needs no credentials.
        own: Whether it touches only the caller's own session, so that it needs no right to write.
        writes: Whether it needs the right to write.
    """

    method: str
    template: str
    handler: Handler
    resource: Resource | None = None
    evidence: str = "documented"
    public: bool = False
    own: bool = False

    @property
    def writes(self) -> bool:
        """Tell whether the operation changes anything (a search only reads)."""
        reads = self.own or self.method in {"GET", "HEAD"} or self.template.endswith("/search")
        return not reads

    @cached_property
    def is_login(self) -> bool:
        """Tell whether it hands out access tokens."""
        return self.public and self.method == "POST"

    @cached_property
    def is_plain(self) -> bool:
        """Tell whether its records have no field that could hold a secret."""
        return self.resource is not None and not any(
            is_secret_name(column.path) for column in self.resource.columns
        )


@dataclass
class _Node:
    words: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "_Node | None" = None
    text_parameter: "_Node | None" = None
    methods: dict[str, Route] = field(default_factory=dict)


class Routes:
    """Every operation of one API.

    Args:
        routes: The operations that are known at once.
        texts: Names of path parameters that are texts; all others are whole numbers.
        sections: By the first word of their paths, who declares further operations; each is asked
            when a path of its own first comes, because a start should not wait for all of them.
            ``REST`` is asked for what no other has.
    """

    def __init__(
        self,
        routes: Iterable[Route],
        texts: Iterable[str] = (),
        sections: Mapping[str, Callable[[], Iterable[Route]]] | None = None,
    ) -> None:
        self._root = _Node()
        self._texts = frozenset(texts)
        self._closed = {word.casefold(): made for word, made in (sections or {}).items()}
        self._lock = threading.Lock()
        self._all: list[Route] = []
        for route in routes:
            self.add(route)

    @property
    def all(self) -> list[Route]:
        """Return every operation."""
        for word in list(self._closed):
            self._open(word)
        return self._all

    def _open(self, word: str) -> None:
        if word not in self._closed:
            return
        if word == REST:
            # What the others declare goes before it, whichever of them was asked for first.
            for other in [each for each in self._closed if each != REST]:
                self._open(other)
        with self._lock:
            for route in self._closed.get(word, tuple)():
                self.add(route)
            self._closed.pop(word, None)

    def add(self, route: Route) -> None:
        """Add an operation; the first declaration of a method and path wins."""
        node = self._root
        for segment in _segments(route.template):
            node = self._below(node, segment)
        if route.method not in node.methods:
            node.methods[route.method] = route
            self._all.append(route)

    def _below(self, node: _Node, segment: str) -> _Node:
        if not segment.startswith("{"):
            return node.words.setdefault(segment.casefold(), _Node())
        if segment.strip("{}") in self._texts:
            node.text_parameter = node.text_parameter or _Node()
            return node.text_parameter
        node.parameter = node.parameter or _Node()
        return node.parameter

    def find(self, method: str, path: str) -> tuple[Route, tuple[str, ...]]:
        """Return the operation and the values of its path parameters.

        Raises:
            UnknownEndpoint: No operation has this path.
            MethodNotAllowed: The path has operations, but not this one.
        """
        segments = _segments(path)
        wanted = "GET" if method == "HEAD" else method
        found = self._found(segments)
        if REST in self._closed and not any(wanted in node.methods for node, _ in found):
            self._open(REST)
            found = self._found(segments)
        if not found:
            known = bool(segments) and segments[0].casefold() in {*self._root.words, *self._closed}
            raise UnknownEndpoint(path, known, known and self._wants_id(segments))
        for node, ids in found:
            if wanted in node.methods:
                return node.methods[wanted], ids
        raise MethodNotAllowed(method, self._allowed(found))

    def _wants_id(self, segments: list[str]) -> bool:
        places = range(1, min(len(segments), SEGMENTS_MAX))
        return any(self._found([*segments[:i], "1", *segments[i + 1 :]]) for i in places)

    def parting(self, path: str) -> tuple[str, str, list[str]] | None:
        """Return where *path* leaves the paths that there are; None if it does not.

        That is the part that exists, the segment where it leaves (empty at its end), and the words
        that could stand there.
        """
        segments = _segments(path)
        if self._found(segments):
            return None
        here = [self._root]
        for place, segment in enumerate(segments):
            below = [found for node in here for found, _ in _steps(node, segment)]
            if not below:
                return "/" + "/".join(segments[:place]), segment, self._words(here, place)
            here = below
        return path, "", self._words(here, len(segments))

    def _words(self, nodes: list[_Node], depth: int) -> list[str]:
        closed = [] if depth else [word for word in self._closed if word != REST]
        return sorted({*closed, *(word for node in nodes for word in node.words)})

    def allowed(self, path: str) -> tuple[str, ...]:
        """Return the methods of a path; empty when there is none."""
        return self._allowed(self._found(_segments(path)))

    def _found(self, segments: list[str]) -> list[tuple[_Node, tuple[str, ...]]]:
        if segments and self._closed:
            self._open(segments[0].casefold())
        return list(_walk(self._root, segments, ()))

    def _allowed(self, found: list[tuple[_Node, tuple[str, ...]]]) -> tuple[str, ...]:
        methods = {method for node, _ in found for method in node.methods}
        return tuple(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _walk(
    node: _Node, segments: list[str], ids: tuple[str, ...]
) -> Iterator[tuple[_Node, tuple[str, ...]]]:
    if not segments:
        if node.methods:
            yield node, ids
        return
    head, rest = segments[0], segments[1:]
    for below, own in _steps(node, head):
        yield from _walk(below, rest, (*ids, *own))


def _steps(node: _Node, segment: str) -> Iterator[tuple[_Node, tuple[str, ...]]]:
    """Yield what lies one segment below a node, with the id that the segment is there if any."""
    word = node.words.get(segment.casefold())
    if word is not None:
        yield word, ()
    if node.parameter is not None and _is_number(segment):
        yield node.parameter, (segment,)
    if node.text_parameter is not None:
        yield node.text_parameter, (segment,)


def _is_number(segment: str) -> bool:
    return segment.isascii() and segment.isdigit() and len(segment) <= 18  # noqa: PLR2004
