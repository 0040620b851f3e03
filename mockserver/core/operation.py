"""Operations: what a caller can ask of the API, as the catalogue's data files tell it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from mockserver.core.schema import Kind


class OperationKind(StrEnum):
    """What an operation does, told from its method, path and answer."""

    LIST = "list"
    COUNT = "count"
    SEARCH = "search"
    CREATE = "create"
    READ = "read"
    REPLACE = "replace"
    PATCH = "patch"
    DELETE = "delete"
    INFO = "info"
    DEFAULT = "default"
    USAGES = "usages"
    USAGE_LIST = "usage-list"
    COPY = "copy"
    BULK = "bulk"
    DOWNLOAD = "download"
    SINGLE = "single"
    VIEW = "view"
    ACTION = "action"


@dataclass(frozen=True)
class Parameter:
    """One query parameter of an operation."""

    name: str
    kind: Kind
    required: bool = False
    enum: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One operation of the API.

    Attributes:
        method: In capitals.
        template: Below the API's base, ids in braces (`/service/boards/{parentId}/statuses`).
        kind: What it does.
        resource: Path of the collection it works on, or of the nearest one above; None without.
        model_in: The vendor's model of the body, None for a scalar or no body.
        model_out: The vendor's model of the answer, None for a scalar or no body.
        out_is_list: The answer is an array of it.
        parameters: Query parameters.
        parents: How many ids of the template name parents of the resource.
        in_is_list: The body is an array of it.
        scalar_in: Kind of a body that is no model.
        scalar_out: Kind of an answer that is no model.
        status: The status of success.
        consumes: Media type of the body when it is not JSON.
        produces: Media type of the answer when it is not JSON.
        text_ids: Those ids of the template that are texts, not integers.
        origin: Empty for the first description, else what tells of this operation.
    """

    method: str
    template: str
    kind: OperationKind
    resource: str | None
    model_in: str | None
    model_out: str | None
    out_is_list: bool
    parameters: tuple[Parameter, ...]
    parents: int
    in_is_list: bool = False
    scalar_in: Kind | None = None
    scalar_out: Kind | None = None
    status: int = 200
    consumes: str | None = None
    produces: str | None = None
    text_ids: tuple[str, ...] = ()
    origin: str = ""

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Return the names of the template's ids, in order."""
        segments = self.template.split("/")
        return tuple(each[1:-1] for each in segments if each.startswith("{"))

    @property
    def names_record(self) -> bool:
        """Return whether the template names one record of the resource."""
        return len(self.ids) > self.parents


@dataclass(frozen=True)
class Spelled:
    """A type as the facts spell it: `text`, `@Model`, `[integer]`, `[@Model]`."""

    scalar: Kind | None
    model: str | None
    listed: bool
    bits: int = 32


def spelled_type(spelled: str | None) -> Spelled:
    """Return the type that the facts spell; None stands for no body at all."""
    if spelled is None:
        return Spelled(None, None, listed=False)
    listed = spelled.startswith("[")
    inner = spelled[1:-1] if listed else spelled
    if inner.startswith("@"):
        return Spelled(None, inner[1:], listed)
    if inner == "long":
        return Spelled(Kind.INTEGER, None, listed, bits=64)
    return Spelled(Kind(inner), None, listed)


def decoded(module: Any) -> Iterator[Operation]:
    """Yield the operations of one module's data file."""
    sets = [tuple(_parameter(*row) for row in rows) for rows in module["parameters"]]
    for method, template, kind, resource, parents, body, answer, status, chosen, more in module[
        "operations"
    ]:
        given, shown = spelled_type(body), spelled_type(answer)
        yield Operation(
            method=method,
            template=template,
            kind=OperationKind(kind),
            resource=resource,
            model_in=given.model,
            model_out=shown.model,
            out_is_list=shown.listed,
            parameters=sets[chosen],
            parents=parents,
            in_is_list=given.listed,
            scalar_in=given.scalar,
            scalar_out=shown.scalar,
            status=status,
            consumes=more.get("consumes"),
            produces=more.get("produces"),
            text_ids=tuple(more.get("text_ids", ())),
            origin=more.get("origin", ""),
        )


def _parameter(name: str, kind: str, required: int = 0, enum: tuple[str, ...] = ()) -> Parameter:
    return Parameter(name, Kind(kind), bool(required), tuple(enum))
