"""Collections of records and the operations on them, the same for both vendors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count as counted
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import quote

from mockserver.client.call import Answer, Call
from mockserver.client.conditions import Condition
from mockserver.client.errors import ConnectWiseError, GateShut, OutcomeUnknown
from mockserver.client.pages import Listing, Params, Walk
from mockserver.client.retry import Kind, kind_of

T = TypeVar("T", bound=Mapping[str, Any])
Conditions = Condition | str | None
#: How often a create of unknown outcome is looked for and sent again.
CREATES_MAX = 3


class Api(Protocol):
    """What a collection asks of its client."""

    def send(self, call: Call) -> Answer:
        """Return the answer to a call."""

    def listing_params(self, conditions: Conditions, options: Mapping[str, Any]) -> Params:
        """Return the query of a list in the vendor's spelling."""

    def walk(self, path: str, params: Params, wanted: str | None) -> Walk:
        """Return the way through the pages of a list."""

    def counted(self, path: str, params: Params) -> int:
        """Return how many rows a list has."""

    def operations(self, changes: Mapping[str, Any]) -> Any:
        """Return the body of a patch that sets members."""

    def rest_before(self, number: int) -> None:
        """Wait before repetition *number*."""


class Node:
    """A place in the API; what is no attribute is the place below it.

    Args:
        api: The client.
        path: Below the API's base.
        template: The same with names in the place of ids.
    """

    def __init__(self, api: Api, path: str, template: str = "") -> None:
        self._api, self._path, self._template = api, path, template or path

    def __getattr__(self, name: str) -> "Collection[Any]":
        """Return the collection below: ``boards`` of ``service``, ``ticket_notes`` too."""
        if name.startswith("_"):
            raise AttributeError(name)
        segment = spelled(name)
        return Collection(self._api, f"{self._path}/{segment}", f"{self._template}/{segment}")

    def __repr__(self) -> str:
        """Return the class and the path."""
        return f"<{type(self).__name__} {self._path}>"


def spelled(name: str) -> str:
    """Return a Python name as a segment of a path: ``time_zones`` is ``timeZones``."""
    first, *others = name.rstrip("_").split("_")
    return first + "".join(each.capitalize() for each in others)


class Record(Node):
    """One record, for what lies below it: ``client.service.tickets(5).notes``."""


class Collection(Node, Generic[T]):
    """Records of one kind."""

    def __call__(self, record_id: int | str) -> Record:
        """Return the place of one record; asks for nothing."""
        return Record(self._api, self._one(record_id), f"{self._template}/{{id}}")

    def list(
        self,
        conditions: Conditions = None,
        *,
        page_size: int = 1_000,
        page: int | None = None,
        walk: str | None = None,
        **options: Any,
    ) -> Listing[T]:
        """Return the rows, fetched as they are looked at.

        Args:
            conditions: Which rows; an expression of ``F`` or a text in the vendor's language.
            page_size: Rows per page; the vendors' maximum is 1000.
            page: Only this page.
            walk: ``number``, ``link``, ``forward`` (PSA) or ``key`` (Automate); by default the one
                that neither repeats nor misses rows while others write, unless the list is ordered.
            options: ``order_by``, ``fields``, and any parameter in the vendor's spelling.
        """
        params = self._api.listing_params(conditions, options)
        if page is not None:
            params = {**params, "page": page}
        way = self._api.walk(self._path, params, walk)
        return Listing(
            lambda step: self._fetched(step.params, step.headers), way, params, page_size
        )

    def search(self, conditions: Conditions = None, **options: Any) -> Listing[T]:
        """Return what a search by POST finds: for conditions too long for a URL (PSA tickets)."""
        names = {"conditions", "childConditions", "customFieldConditions", "orderBy"}
        size = options.pop("page_size", 1_000)
        params = self._api.listing_params(conditions, options)
        body = {name: value for name, value in params.items() if name in names}
        asked = {name: value for name, value in params.items() if name not in names}
        way = self._api.walk(self._path, asked, "number")
        return Listing(lambda step: self._searched(step.params, body), way, asked, size)

    def get(self, record_id: int | str, **options: Any) -> T:
        """Return one record.

        Raises:
            NotFound: There is none with this id.
        """
        params = self._api.listing_params(None, options)
        call = Call("GET", self._one(record_id), params, template=f"{self._template}/{{id}}")
        return self._api.send(call).data  # type: ignore[no-any-return]

    def count(self, conditions: Conditions = None, **options: Any) -> int:
        """Return how many rows there are."""
        return self._api.counted(self._path, self._api.listing_params(conditions, options))

    def create(self, record: Mapping[str, Any], *, verify: Conditions = None) -> T:
        """Return the record that was created.

        Args:
            record: Its members.
            verify: A condition that only this record fulfils, such as a reference of your own.
                When the outcome of an attempt is unknown, the record is looked for with it and
                sent again only if it is not there.

        Raises:
            OutcomeUnknown: The record may exist or not, and there was no *verify*.
        """
        call = Call("POST", self._path, body=record, kind=Kind.APPEND, template=self._template)
        unknown: OutcomeUnknown | None = None
        for number in counted(1):
            try:
                return self._answered(call)
            except OutcomeUnknown as error:
                if verify is None or number >= CREATES_MAX:
                    raise
                unknown = error
            except GateShut as shut:
                raise (unknown or shut) from shut
            found, call = self._looked_for(verify, number, unknown), again(call, unknown)
            if found is not None:
                return found
        raise AssertionError("the loop has no end of its own")

    def _answered(self, call: Call) -> T:
        record: T = self._api.send(call).data
        return record

    def _looked_for(self, verify: Conditions, number: int, unknown: OutcomeUnknown) -> T | None:
        """Return what came of a create of unknown outcome."""
        try:
            self._api.rest_before(number)
            return self.list(verify, walk="number").first()
        except ConnectWiseError as error:
            raise unknown from error

    def update(
        self, record_id: int | str, changes: Mapping[str, Any] | Sequence[Mapping[str, Any]]
    ) -> T:
        """Return the record after some of its members were set.

        Args:
            record_id: Which one.
            changes: Members by name, or operations (``op``, ``path``, ``value``) as they are sent.
        """
        body = self._api.operations(changes) if isinstance(changes, Mapping) else list(changes)
        return self._record("PATCH", self._one(record_id), body, f"{self._template}/{{id}}")

    def replace(self, record_id: int | str, record: Mapping[str, Any]) -> T:
        """Return the record after it was replaced as a whole."""
        return self._record("PUT", self._one(record_id), record, f"{self._template}/{{id}}")

    def delete(self, record_id: int | str) -> None:
        """Delete a record; one that an earlier, unanswered attempt deleted counts as deleted."""
        path, template = self._one(record_id), f"{self._template}/{{id}}"
        self._api.send(Call("DELETE", path, kind=Kind.REPLACE, template=template, wants_json=False))

    def post(self, action: Any = None, *, reads: bool = False) -> Any:
        """Return the answer to a POST that creates no record of this collection."""
        return self._sent("POST", self._path, action, reads=reads)

    def download(self, record_id: int | str) -> bytes:
        """Return the bytes of a document."""
        path, template = f"{self._one(record_id)}/download", f"{self._template}/{{id}}/download"
        return self._api.send(Call("GET", path, template=template, wants_json=False)).content

    def _one(self, record_id: int | str) -> str:
        return f"{self._path}/{segment_of(record_id)}"

    def _fetched(self, params: Params, headers: Mapping[str, str]) -> Answer:
        call = Call("GET", self._path, params, headers=headers, template=self._template)
        return self._api.send(call)

    def _searched(self, params: Params, body: Mapping[str, Any]) -> Answer:
        path, template = f"{self._path}/search", f"{self._template}/search"
        return self._api.send(Call("POST", path, params, body, template=template))

    def _record(self, method: str, path: str, body: Any, template: str = "") -> T:
        record: T = self._sent(method, path, body, template)
        return record

    def _sent(
        self, method: str, path: str, body: Any, template: str = "", *, reads: bool = False
    ) -> Any:
        kind = kind_of(method, body, reads=reads)
        call = Call(method, path, body=body, kind=kind, template=template or self._template)
        return self._api.send(call).data


def again(call: Call, unknown: OutcomeUnknown) -> Call:
    """Return the call as a repetition of itself, whose time runs on."""
    return replace(call, since_s=unknown.since_s if call.since_s is None else call.since_s)


def segment_of(record_id: int | str) -> str:
    """Return an id or identifier as one segment of a path.

    Raises:
        ValueError: It is empty or would lead elsewhere.
    """
    text = str(record_id)
    if text in {"", ".", ".."}:
        raise ValueError(f"{text!r} is no id")
    return quote(text, safe="")


def without_none(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that have a value."""
    return {name: value for name, value in members.items() if value is not None}


def listed(names: str | Iterable[str] | None) -> str | None:
    """Return names as one text with commas between them."""
    return names if names is None or isinstance(names, str) else ",".join(names)
