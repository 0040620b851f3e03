"""Walking through pages: what to ask for next, decided from the last answer."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, overload
from urllib.parse import parse_qsl, urlsplit

from mockserver.client.call import Answer

T = TypeVar("T")
NEXT = re.compile(r"<([^>]*)>\s*;[^,]*\brel=\"?next\"?", re.IGNORECASE)
Params = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One page to ask for."""

    params: Params
    headers: Mapping[str, str]


class Walk(Protocol):
    """A way through the pages of a list."""

    def first(self, params: Params, size: int) -> Step:
        """Return the first page to ask for."""

    def then(self, step: Step, answer: Answer) -> Step | None:
        """Return the page after the one that was answered, or None at the end."""


def _whole(headers: Mapping[str, str], *names: str) -> int | None:
    texts = (headers.get(name, "") for name in names)
    return next((int(text) for text in texts if text.isascii() and text.isdigit()), None)


@dataclass(frozen=True)
class ByNumber:
    """By page number: stops at the last page that the answer names, or at a short one.

    Rows that are inserted or deleted meanwhile can be met twice or not at all.
    """

    def first(self, params: Params, size: int) -> Step:
        """Return the first page."""
        return Step({**params, "page": 1, "pageSize": size}, {})

    def then(self, step: Step, answer: Answer) -> Step | None:
        """Return the next number."""
        page, size = step.params["page"], step.params["pageSize"]
        pages = _whole(answer.headers, "X-Total-Pages")
        rows = _whole(answer.headers, "Total-Count", "X-Total-Count")
        if pages is None and rows is not None:
            pages = -(-rows // size)
        last = len(answer.data) < size if pages is None else page >= pages
        return None if last or not answer.data else Step({**step.params, "page": page + 1}, {})


@dataclass(frozen=True)
class ByLink:
    """By the Link header, of which only the query counts: credentials go to no other host."""

    def first(self, params: Params, size: int) -> Step:
        """Return the first page."""
        return Step({**params, "page": 1, "pageSize": size}, {})

    def then(self, step: Step, answer: Answer) -> Step | None:
        """Return the page that the answer calls the next."""
        params = linked(answer)
        return None if params is None else Step(params, step.headers)


@dataclass(frozen=True)
class ForwardOnly:
    """By the last id (PSA): complete and without repeats while rows come and go.

    psa facts 4.5: the header ``pagination-type: forward-only``, then ``pageId`` from the Link.
    Seed 003 promises a Link on every page: one with fewer rows than that Link's own ``pageSize`` is
    the last, and nothing needs to be asked to know it.
    """

    def first(self, params: Params, size: int) -> Step:
        """Return the first page."""
        return Step({**params, "pageSize": size}, {"pagination-type": "forward-only"})

    def then(self, step: Step, answer: Answer) -> Step | None:
        """Return the page behind the last row."""
        params = linked(answer)
        if params is None or not answer.data:
            return None
        size = _whole({name.casefold(): text for name, text in params.items()}, "pagesize")
        return None if size and len(answer.data) < size else Step(params, step.headers)


@dataclass(frozen=True)
class ByKey:
    """By a condition on the id (Automate): complete and without repeats while rows come and go.

    Attributes:
        field: The id's name, in rows and in conditions.
        asked: The condition of the list itself, or None.
    """

    field: str
    asked: str | None = None

    def first(self, params: Params, size: int) -> Step:
        """Return the first page, in the order of ids."""
        return Step({**params, "pageSize": size, "page": 1, "orderBy": f"{self.field} asc"}, {})

    def then(self, step: Step, answer: Answer) -> Step | None:
        """Return the page of rows with greater ids."""
        if len(answer.data) < step.params["pageSize"]:
            return None
        behind = f"{self.field} > {answer.data[-1][self.field]}"
        if self.asked:
            behind += f" and ({self.asked})"
        return Step({**step.params, "condition": behind}, {})


def linked(answer: Answer) -> Params | None:
    """Return the query of the Link named next, or None."""
    found = NEXT.search(answer.headers.get("Link", ""))
    return dict(parse_qsl(urlsplit(found[1]).query, keep_blank_values=True)) if found else None


class Listing(Sequence[T], Generic[T]):
    """The rows of a list, fetched page by page as they are looked at, and kept.

    Args:
        fetch: Returns the answer to a step.
        walk: Says which page comes next.
        params: Of the query.
        size: Rows per page.
    """

    def __init__(
        self, fetch: Callable[[Step], Answer], walk: Walk, params: Params, size: int
    ) -> None:
        self._fetch, self._walk = fetch, walk
        self._next: Step | None = walk.first(params, size)
        self._rows: list[T] = []
        self._first_size = (params, size)

    def pages(self) -> Iterator[list[T]]:
        """Yield page after page; rows that were fetched before come first."""
        if self._rows:
            yield list(self._rows)
        while self._next is not None:
            yield self._load()

    def __iter__(self) -> Iterator[T]:
        """Yield row after row."""
        here = 0
        while here < len(self._rows) or self._next is not None:
            if here == len(self._rows):
                self._load()
            else:
                yield self._rows[here]
                here += 1

    def first(self) -> T | None:
        """Return the first row, or None; asks for no more than one when none is there yet."""
        if self._rows or self._next is None:
            return self._rows[0] if self._rows else None
        rows = self._fetch(self._walk.first(self._first_size[0], 1)).data
        return rows[0] if rows else None

    def all(self) -> list[T]:
        """Return every row."""
        for _ in self.pages():
            pass
        return list(self._rows)

    def __len__(self) -> int:
        """Return how many rows there are; fetches them all."""
        return len(self.all())

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        """Return a row, fetching as far as needed, or a slice of all."""
        if isinstance(index, int) and index >= 0:
            while index >= len(self._rows) and self._next is not None:
                self._load()
            return self._rows[index]
        return self.all()[index]

    def __eq__(self, other: object) -> bool:
        """Compare with another listing or a list, row by row."""
        if isinstance(other, Listing):
            other = other.all()
        return isinstance(other, list) and self.all() == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Tell how much is there, and fetch nothing."""
        more = "" if self._next is None else ", more to come"
        return f"<Listing of {len(self._rows)} rows{more}>"

    def _load(self) -> list[T]:
        assert self._next is not None
        answer = self._fetch(self._next)
        rows: list[T] = answer.data if isinstance(answer.data, list) else []
        step = self._walk.then(self._next, answer)
        self._rows += rows
        self._next = step
        return rows
