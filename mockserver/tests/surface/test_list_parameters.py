"""Every list of PSA takes every list parameter, each with its effect."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from mockserver.core.operation import Operation, OperationKind
from mockserver.core.schema import Field, Kind, Resource
from mockserver.tests.surface.every_operation import Surveyor
from mockserver.tests.surface.test_every_operation import known, routes, surveyor
from mockserver.web.openapi import place
from mockserver.web.routes import Route

#: Every so many lists are enough to see at once that a parameter has lost its effect.
SAMPLE_STEP = 29
ALL = {"pageSize": "1000"}
Rows = list[dict[str, Any]]


class Asker:
    """Asks one list for what a parameter should bring.

    Args:
        walk: Calls the operations, and knows what exists.
        route: The list.
        operation: The list's declaration.
    """

    def __init__(self, walk: Surveyor, route: Route, operation: Operation | None) -> None:
        assert route.resource is not None
        self.walk, self.route = walk, route
        self.resource: Resource = route.resource
        self.url, self.at = walk.url(route, operation), walk.spelt[place(route.template)]
        parameters = operation.parameters if operation else ()
        needed = [each for each in parameters if each.required]
        self.needed = {each.name: "1" if each.kind is Kind.INTEGER else "a" for each in needed}

    def rows(self, headers: Mapping[str, str] | None = None, **query: str) -> Rows:
        """Return the rows of a page, which must be answered well."""
        answer = self.walk.checked.call(
            self.route.method,
            self.url,
            self.at,
            query_string={**self.needed, **query},
            headers=dict(headers or {}),
        )
        told = f"{self.route.template} {query}: {answer.status_code} {answer.text[:200]}"
        assert answer.status_code == 200, told
        found: Rows = answer.json
        return found

    def refuses(self, **query: str) -> bool:
        """Tell whether the list refuses a query with 400."""
        answer = self.walk.checked.call(
            self.route.method, self.url, self.at, query_string={**self.needed, **query}
        )
        return answer.status_code == 400

    def ids(self, rows: Rows) -> list[Any]:
        """Return the ids of rows."""
        key = self.resource.key.casefold()
        return [next((v for n, v in row.items() if n.casefold() == key), None) for row in rows]


def lists() -> list[Route]:
    """Return the lists that can be filtered."""
    return [each for each in routes("psa") if _is_list(each)]


def _is_list(route: Route) -> bool:
    operation = known("psa").get((route.method, place(route.template)))
    if route.method != "GET" or route.resource is None or operation is None:
        return False
    names = {each.name.casefold() for each in operation.parameters}
    return operation.kind is OperationKind.LIST and "conditions" in names


def _faulty(asker: Asker) -> Iterator[str]:
    """Yield what a list does with its parameters that it should not."""
    everything = asker.rows(**ALL)
    ids = asker.ids(everything)
    if not ids or not all(isinstance(each, int) for each in ids):
        return
    for name, check in PSA.items():
        try:
            fine = check(asker, everything, ids)
        except AssertionError as error:
            fine, name = False, f"{name}: {str(error)[:300]}"  # noqa: PLW2901
        if not fine:
            yield f"{asker.route.template} {name}"


def _conditions(asker: Asker, _rows: Rows, ids: list[int]) -> bool:
    key = asker.resource.key
    one = asker.ids(asker.rows(conditions=f"{key}={ids[-1]}", **ALL))
    others = asker.ids(asker.rows(conditions=f"{key}!={ids[-1]}", **ALL))
    return one == [ids[-1]] * ids.count(ids[-1]) and others == [x for x in ids if x != ids[-1]]


def _text_conditions(asker: Asker, rows: Rows, _ids: list[int]) -> bool:
    declared = _plain(asker, rows)
    if declared is None:
        return True
    value = rows[0][declared.name]
    found = asker.rows(conditions=f'{declared.name}="{value}"', **ALL)
    return found == [r for r in rows if _folded(r.get(declared.name)) == _folded(value)]


def _unknown_conditions(asker: Asker, _rows: Rows, _ids: list[int]) -> bool:
    return asker.refuses(conditions="noSuchField=1") and asker.refuses(conditions="id=")


def _order(asker: Asker, _rows: Rows, ids: list[int]) -> bool:
    key = asker.resource.key
    down = asker.ids(asker.rows(orderBy=f"{key} desc", **ALL))
    return down == sorted(ids, reverse=True) and asker.refuses(orderBy="noSuchField")


def _fields(asker: Asker, _rows: Rows, _ids: list[int]) -> bool:
    key = asker.resource.key
    return all(set(row) <= {key} for row in asker.rows(fields=key, **ALL))


def _pages(asker: Asker, rows: Rows, _ids: list[int]) -> bool:
    first, second = (asker.rows(page=str(n), pageSize="1") for n in (1, 2))
    return first + second == rows[:2]


def _page_ids(asker: Asker, _rows: Rows, ids: list[int]) -> bool:
    forward = {"pagination-type": "forward-only"}
    found = asker.ids(asker.rows(forward, pageId=str(ids[0]), **ALL))
    return found == [each for each in sorted(ids) if each > ids[0]]


def _child_conditions(asker: Asker, rows: Rows, _ids: list[int]) -> bool:
    """Custom fields and children narrow a list where it has them; others refuse or ignore them."""
    for name in ("childConditions", "customFieldConditions"):
        text = 'caption="nobody" AND value="nothing"'
        sent = {name: text, **ALL}
        if not asker.refuses(**sent) and len(asker.rows(**sent)) > len(rows):
            return False
    return True


PSA = {
    "conditions": _conditions,
    "conditions on a text": _text_conditions,
    "unknown conditions": _unknown_conditions,
    "orderBy": _order,
    "fields": _fields,
    "page": _pages,
    "pageId": _page_ids,
    "childConditions": _child_conditions,
}


def _plain(asker: Asker, rows: Rows) -> Field | None:
    """Return a text field that the first row has, and that can be written between quotes."""
    for declared in asker.walk.checked.look(asker.resource):
        value = rows[0].get(declared.name)
        is_text = declared.kind is Kind.TEXT and declared.name.casefold() in asker.resource.by_path
        if is_text and isinstance(value, str) and value and not set(value) & set("\"'\\\n%*"):
            return declared
    return None


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def faulty(those: list[Route], profile: str = "documented") -> list[str]:
    """Return what is wrong with the parameters of some lists."""
    walk, operations = surveyor("psa", profile), known("psa")
    askers = (Asker(walk, r, operations.get((r.method, place(r.template)))) for r in those)
    return [fault for asker in askers for fault in _faulty(asker)]


def test_a_sample_of_lists_takes_all_parameters():
    assert not faulty(lists()[::SAMPLE_STEP])


@pytest.mark.deep
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_every_list_takes_all_parameters(profile):
    assert not faulty(lists(), profile)
