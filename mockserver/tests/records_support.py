"""Four small collections and a shape, for the tests of what works on any collection."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from mockserver.core.clock import Clock
from mockserver.core.records import Records
from mockserver.core.registry import Registry
from mockserver.core.rows import row_of
from mockserver.core.rules import Draft, Rules
from mockserver.core.schema import Field, Kind, Resource
from mockserver.core.store import Store
from mockserver.core.validate import Policy

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def reference(name: str, target: str, *members: str, **more: Any) -> Field:
    shown = (Field("id", Kind.INTEGER), *(Field(each, Kind.TEXT) for each in members or ("name",)))
    return Field(name, Kind.REFERENCE, target=target, fields=shown, **more)


ID = Field("id", Kind.INTEGER, read_only=True)
NAME = Field("name", Kind.TEXT, required=True, max_length=50)
ROOMS = Resource(
    "rooms",
    "Room",
    (
        ID,
        NAME,
        Field("seats", Kind.INTEGER),
        Field("madeBy", Kind.TEXT, read_only=True),
        Field("secret", Kind.TEXT, write_only=True),
        Field("changed", Kind.INSTANT, read_only=True),
        reference("bestDesk", "rooms/desks"),
    ),
    unique=("name",),
)
DESKS = Resource(
    "rooms/desks",
    "Desk",
    (ID, NAME, reference("room", "rooms"), reference("next", "rooms/desks")),
    parent="room",
    parent_path="rooms",
    indexed=("name",),
)
TAGS = Resource("tags", "Tag", (ID, NAME))
PEOPLE = Resource(
    "people",
    "Person",
    (
        ID,
        Field("identifier", Kind.TEXT),
        Field("first", Kind.TEXT, required=True),
        Field("last", Kind.TEXT),
        reference("room", "rooms"),
        reference("desk", "rooms/desks"),
        reference("boss", "people", "name", "identifier"),
        Field("tags", Kind.LIST, target="tags", fields=(ID, Field("name", Kind.TEXT))),
        Field("kit", Kind.LIST, fields=(Field("of", Kind.TEXT), reference("tag", "tags"))),
    ),
    label=("first", "last"),
)
RESOURCES = {each.path: each for each in (ROOMS, DESKS, TAGS, PEOPLE)}


def registry() -> Registry:
    def referrers(path: str) -> Iterator[tuple[str, str]]:
        for owner in RESOURCES.values():
            yield from ((owner.path, f.name) for f in owner.references if f.target == path)

    return Registry(RESOURCES.__getitem__, referrers, RESOURCES)


class Plain:
    """A shape without any quirk; *hooks* are the rules by path."""

    policy = Policy()

    def __init__(self, hooks: Mapping[str, Rules] | None = None) -> None:
        self.hooks = hooks or {}

    def rules(self, resource: Resource) -> Rules:
        return self.hooks.get(resource.path, Rules())

    def stamp(self, draft: Draft, now: str) -> None:
        if "changed" in draft.resource.members:
            draft.record["changed"] = now

    def render(self, _records: Records, _resource: Resource, record: Any) -> dict[str, bytes]:
        return {"body": orjson.dumps(record)}

    def views(self, _resource: Resource, _record: Any, body: bytes) -> dict[str, bytes]:
        return {"body": body}

    def display(self, declared: Field, target: Resource, record: dict[str, Any]) -> dict[str, Any]:
        name = " ".join(record[part] for part in target.label if record.get(part))
        shown = {**record, "name": name}
        return {each.name: shown[each.name] for each in declared.fields if each.name in shown}

    def piece(self, _records: Records, _owner: Resource, declared: Field, value: Any) -> bytes:
        return orjson.dumps({declared.name: value})[1:-1]

    def children(self, path: str) -> Iterable[Resource]:
        return [each for each in RESOURCES.values() if each.parent_path == path]


class Rows:
    """Seeded rows: records by path, each (record, parent id or None)."""

    def __init__(self, seeded: Mapping[str, list[tuple[dict[str, Any], int | None]]]) -> None:
        self.seeded, self.asked = seeded, []

    def has(self, resource: Resource) -> bool:
        return resource.path in self.seeded

    def rows(self, resource: Resource) -> Iterator[Mapping[str, Any]]:
        self.asked.append(resource.path)
        for record, parent_id in self.seeded.get(resource.path, ()):
            yield row_of(resource, record, {"body": orjson.dumps(record)}, parent_id)


def store(seeded: Mapping[str, Any] | None = None, file: str | None = None) -> Store:
    return Store(registry(), Rows(seeded or {}), file)


def office(hooks: Mapping[str, Rules] | None = None) -> Records:
    """Return empty collections under a frozen clock."""
    return Records(store(), Plain(hooks), Clock(NOON, frozen=True))


def everything(records: Records) -> dict[str, list[Mapping[str, Any]]]:
    """Return every row of every collection."""
    return {path: list(records.store.rows(each)) for path, each in RESOURCES.items()}
