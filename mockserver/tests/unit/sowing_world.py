"""A world for the tests of sowing: shipped collections as they are, all others when asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import orjson

from mockserver.core.schema import Resource
from mockserver.fixtures.sow_needs import is_sown, published
from mockserver.fixtures.sowing import sow

SEED = 42


@dataclass(frozen=True)
class Row:
    id: int
    parent_id: int | None
    body: bytes

    @cached_property
    def record(self) -> Mapping[str, Any]:
        return orjson.loads(self.body)


class World:
    """The shipped collections as they are, all others sown when somebody asks."""

    def __init__(self, seed: int = SEED) -> None:
        self.seed = seed
        self.resources = {each.path: each for each in published()}
        self.rows: dict[str, Sequence[Row]] = {}
        self.raw: dict[str, list[tuple[dict[str, Any], int | None]]] = {}

    def entries(self, path: str) -> Sequence[Row]:
        if path not in self.rows:
            self.rows[path] = ()
            resource = self.resources[path]
            found = self._sown(resource) if is_sown(resource) else shipped(resource.table)
            self.rows[path] = list(found)
        return self.rows[path]

    def _sown(self, resource: Resource) -> Iterator[Row]:
        self.raw[resource.path] = list(sow(resource, self.seed, self))
        for record, parent_id in self.raw[resource.path]:
            record_id = record["id"] if "id" in record else record[resource.key]
            yield Row(record_id, parent_id, orjson.dumps(record))


@cache
def shipped(name: str) -> list[Row]:
    lines = files("mockserver.fixtures").joinpath(f"default/{name}.jsonl").read_bytes()
    return [row_of(name, line) for line in lines.splitlines()]


@cache
def default_world() -> "World":
    return World()


PARENTS = {
    "company_companies_sites": "company",
    "company_contacts_communications": "contactId",
    "project_projects_phases": "projectId",
    "service_tickets_notes": "ticketId",
    "service_boards_teams": "boardId",
}


def row_of(name: str, line: bytes) -> Row:
    record = orjson.loads(line)
    parent = record.get(PARENTS.get(name, "board" if name.startswith("service_boards_") else ""))
    parent = parent["id"] if isinstance(parent, dict) else parent
    keys = ("id", "Id", "AlertId", "MonitorID")
    return Row(next(record[key] for key in keys if key in record), parent, line)
