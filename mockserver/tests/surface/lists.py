"""Asks lists for what their parameters should bring, and names what their rows show."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from mockserver.core.operation import Operation
from mockserver.core.schema import Kind, Resource
from mockserver.tests.surface.every_operation import Surveyor
from mockserver.tests.surface.samples import query_value
from mockserver.web.openapi import place
from mockserver.web.routes import Route

Rows = list[dict[str, Any]]
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?")
#: Longer texts are only tested for being there.
TEXT_MAX = 200
DEPTH_MAX = 3
ALL = {"pageSize": "1000"}


def scalars(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scalar members of a row by their paths, joined by slashes."""
    return dict(_scalars(row, ()))


def _scalars(row: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        steps = (*above, name)
        if isinstance(value, dict) and len(steps) < DEPTH_MAX:
            yield from _scalars(value, steps)
        elif value is not None and not isinstance(value, dict | list):
            yield "/".join(steps), value


def naming(api: str, path: str, value: Any, resource: Resource | None = None) -> str:
    """Return the condition that a member has a value, or has one at all if it cannot be written."""
    column = resource.by_path.get(path.casefold()) if resource else None
    is_text = api == "psa" and column is not None and column.kind is Kind.TEXT
    if isinstance(value, bool):
        return f"{path} = {str(value).lower()}"
    if isinstance(value, int | float):
        return f"{path} = {value}"
    if INSTANT.fullmatch(value) and not is_text:
        return f"{path} = {f'[{value}]' if api == 'psa' else value}"
    if len(value) > TEXT_MAX or not value.isprintable():
        return f"{path} != null"
    quoted = value.replace("'", "''")
    return f"{path} = '{quoted}'"


@dataclass
class Asker:
    """Asks one operation for what an option should bring.

    Args:
        walk: Calls the operations, and knows what exists.
        route: The operation that is asked.
        operation: Its declaration; None for what only the guide has.
    """

    walk: Surveyor
    route: Route
    operation: Operation | None

    @property
    def is_filtered(self) -> bool:
        """Tell whether the profile lets conditions have an effect here."""
        profile: Any = self.walk.tenant.profiles[self.walk.checked.api]
        path = self.route.resource.path if self.route.resource else ""
        return path not in getattr(profile, "unfiltered", ())

    def answer(self, query: Mapping[str, str]) -> TestResponse:
        parameters = self.operation.parameters if self.operation else ()
        needed = {
            each.name: query_value(each.kind, each.enum) for each in parameters if each.required
        }
        at = self.walk.spelt[place(self.route.template)]
        url = self.walk.url(self.route, self.operation)
        return self.walk.checked.call("GET", url, at, query_string={**needed, **query})

    def got(self, **query: str) -> Any:
        """Return what is answered, which must be answered well."""
        answer = self.answer(query)
        told = f"{query}: {answer.status_code} {answer.text[:200]}"
        assert answer.status_code == 200, told
        return answer.json

    def rows(self, **query: str) -> Rows:
        """Return as many rows as a page may have."""
        found: Rows = self.got(**{**ALL, **query})
        return found

    def refuses(self, **query: str) -> bool:
        return bool(self.answer(query).status_code == 400)
