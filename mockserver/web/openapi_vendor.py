"""What a vendor adds to its operations' facts before they can be described in OpenAPI."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.core.catalogue import OperationKind
from mockserver.core.schema import Field, Resource

Schema = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """How the records of a collection look to a caller.

    Attributes:
        fields: As this caller spells them.
        key: The field that every record shows, None when the model has none.
    """

    fields: tuple[Field, ...]
    key: str | None


@dataclass(frozen=True)
class Bodies:
    """What goes into and comes out of an operation that no model describes."""

    request: Schema | None = None
    answer: Schema | None = None
    status: int = 200


@dataclass(frozen=True, eq=False)
class Vendor:
    """One vendor's API as one of its profiles has it.

    Attributes:
        title: The document's title.
        description: What the document is about.
        version: The release whose operations are described.
        servers: Server objects, the API's base first.
        security: Security schemes by name; every operation that is not public needs all.
        look: Tells how a collection's records look.
        refusals: The content of refused requests, by status.
        elsewhere: Server objects of the paths that begin with the prefix.
        schemas: Components beside the models, by name.
        extras: Members that every record and every reference may show beside its fields.
        instant: The schema of an instant.
        headers: Header objects by name.
        every_header: Names of those on every answer.
        list_headers: Names of those on every page of a list.
        created_headers: Names of those on the answer to a create.
        statuses: Status of the answer, by kind of operation, where descriptions tell another one.
        created_status: Status of the answer to a create.
        parameters: Parameter objects that say more than the catalogue's, by name.
        every_parameter: Names of those that every call with credentials may have.
        own_parameters: Names of those that the catalogue does not know, by kind of operation.
        projections: Casefolded names of parameters that cut records down.
        text_ids: Names of path parameters that are texts where the catalogue is silent.
        closed: Whether a body with a member that is not declared is refused.
        partial_patch: Whether a PATCH may be a partial object too.
        bodies: What the catalogue does not describe, by method and path.
    """

    title: str
    description: str
    version: str
    servers: tuple[Schema, ...]
    security: Mapping[str, Schema]
    look: Callable[[Resource], Look]
    refusals: Mapping[int, Schema]
    elsewhere: Mapping[str, tuple[Schema, ...]] = field(default_factory=dict)
    schemas: Mapping[str, Schema] = field(default_factory=dict)
    extras: Mapping[str, Schema] = field(default_factory=dict)
    instant: Schema = field(default_factory=lambda: {"type": "string", "format": "date-time"})
    headers: Mapping[str, Schema] = field(default_factory=dict)
    every_header: tuple[str, ...] = ()
    list_headers: tuple[str, ...] = ()
    created_headers: tuple[str, ...] = ()
    statuses: Mapping[OperationKind, int] = field(default_factory=dict)
    created_status: int = 201
    parameters: Mapping[str, Schema] = field(default_factory=dict)
    every_parameter: tuple[str, ...] = ()
    own_parameters: Mapping[OperationKind, tuple[str, ...]] = field(default_factory=dict)
    projections: frozenset[str] = frozenset()
    text_ids: frozenset[str] = frozenset()
    closed: bool = True
    partial_patch: bool = False
    bodies: Mapping[tuple[str, str], Bodies] = field(default_factory=dict)


def plain_look(resource: Resource) -> Look:
    """Return the look of records that are shown as they are declared."""
    return Look(resource.fields, resource.key)


def text(**more: Any) -> Schema:
    """Return the schema of a text."""
    return {"type": "string", **more}


def whole_number(**more: Any) -> Schema:
    """Return the schema of a whole number."""
    return {"type": "integer", **more}


def array(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def structure(properties: Mapping[str, Schema], *required: str) -> Schema:
    """Return the schema of an object that may have further members."""
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": dict(properties), **needed}


def parameter(name: str, schema: Schema, told: str, place: str = "query") -> Schema:
    """Return a parameter object that may be left out."""
    return {"name": name, "in": place, "description": told, "schema": schema}


def json_content(schema: Schema) -> Schema:
    """Return the content of a JSON body."""
    return {"application/json": {"schema": schema}}


def component(section: str, name: str) -> Schema:
    """Return a reference to a component."""
    return {"$ref": f"#/components/{section}/{name}"}
