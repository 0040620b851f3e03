"""Every list of both interfaces takes every list parameter, each with its effect."""

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
#: What only the guide has, and of no list parameters.
ALONE = ("/Alerts/{alertId}/History",)
APIS = pytest.mark.parametrize("api", ["psa", "automate"])
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
        self.walk, self.route, self.api = walk, route, walk.checked.api
        self.resource: Resource = route.resource
        self.url, self.at = walk.url(route, operation), walk.spelt[place(route.template)]
        self.is_extra = operation is None
        parameters = operation.parameters if operation else ()
        self.takes = {each.name.casefold() for each in parameters}
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

    def is_absent(self) -> bool:
        """Tell whether the list is the guide's own, and nothing to list below what is there."""
        answer = self.walk.checked.call(self.route.method, self.url, self.at)
        return self.is_extra and (answer.status_code == 404 or not isinstance(answer.json, list))

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


def lists(api: str) -> list[Route]:
    """Return the lists of an interface that can be filtered."""
    return [each for each in routes(api) if _is_list(api, each)]


def _is_list(api: str, route: Route) -> bool:
    operation = known(api).get((route.method, place(route.template)))
    if route.method != "GET" or route.resource is None:
        return False
    if operation is None:  # the guide's own
        return api == "automate" and not route.template.endswith(("}", *ALONE))
    names = {each.name.casefold() for each in operation.parameters}
    return operation.kind is OperationKind.LIST and bool(
        names & {"conditions", "options.condition"}
    )


def _faulty(asker: Asker) -> Iterator[str]:
    """Yield what a list does with its parameters that it should not."""
    if asker.is_absent():
        return
    everything = asker.rows(**ALL)
    ids = asker.ids(everything)
    if not ids or not all(isinstance(each, int) for each in ids):
        return
    for name, check in (PSA if asker.api == "psa" else AUTOMATE).items():
        try:
            fine = check(asker, everything, ids)
        except AssertionError as error:
            fine, name = False, f"{name}: {str(error)[:300]}"  # noqa: PLW2901
        if not fine:
            yield f"{asker.route.template} {name}"


# -- PSA ------------------------------------------------------------------------------------------


def _conditions(asker: Asker, _rows: Rows, ids: list[int]) -> bool:
    key = asker.resource.key
    if key not in asker.resource.by_path:  # the description's model has no id
        return asker.refuses(conditions=f"{key}=1")
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
    if key not in asker.resource.by_path:
        return asker.refuses(orderBy=key)
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


# -- Automate -------------------------------------------------------------------------------------


def _key(asker: Asker, rows: Rows) -> str:
    key = asker.resource.key.casefold()
    return next(name for name in rows[0] if name.casefold() == key)


def _is_filtered(asker: Asker) -> bool:
    profile: Any = asker.walk.tenant.profiles["automate"]
    return asker.resource.path not in profile.unfiltered


def _condition(asker: Asker, rows: Rows, ids: list[int]) -> bool:
    if not _is_filtered(asker):
        return True
    found = asker.rows(condition=f"{_key(asker, rows)} = {ids[-1]}", **ALL)
    return asker.ids(found) == [ids[-1]]


def _unknown_condition(asker: Asker, _rows: Rows, _ids: list[int]) -> bool:
    return not _is_filtered(asker) or asker.refuses(condition="NoSuchField = 1")


def _descending(asker: Asker, rows: Rows, ids: list[int]) -> bool:
    found = asker.rows(orderBy=f"{_key(asker, rows)} desc", **ALL)
    return asker.ids(found) == sorted(ids, reverse=True)


def _included(asker: Asker, rows: Rows, _ids: list[int]) -> bool:
    key = _key(asker, rows)
    return all(set(row) == {key} for row in asker.rows(includeFields=key))


def _excluded(asker: Asker, rows: Rows, _ids: list[int]) -> bool:
    other = next((name for name in rows[0] if name != _key(asker, rows)), None)
    return other is None or not any(other in row for row in asker.rows(excludeFields=other))


def _by_ids(asker: Asker, _rows: Rows, ids: list[int]) -> bool:
    found = asker.ids(asker.rows(ids=f"{ids[0]},{ids[-1]}"))
    return sorted(found) == sorted({ids[0], ids[-1]})


def _dotted(asker: Asker, rows: Rows, _ids: list[int]) -> bool:
    if "options.pagesize" not in asker.takes:
        return True
    return asker.rows(**{"options.pageSize": "1", "options.page": "2"}) == rows[1:2]


AUTOMATE = {
    "condition": _condition,
    "unknown condition": _unknown_condition,
    "orderBy": _descending,
    "includeFields": _included,
    "excludeFields": _excluded,
    "ids": _by_ids,
    "page": _pages,
    "options.page": _dotted,
}


def faulty(api: str, those: list[Route], profile: str = "documented") -> list[str]:
    """Return what is wrong with the parameters of some lists."""
    walk, operations = surveyor(api, profile), known(api)
    askers = (Asker(walk, r, operations.get((r.method, place(r.template)))) for r in those)
    return [fault for asker in askers for fault in _faulty(asker)]


@APIS
def test_a_sample_of_lists_takes_all_parameters(api):
    assert not faulty(api, lists(api)[::SAMPLE_STEP])


@pytest.mark.deep
@APIS
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_every_list_takes_all_parameters(api, profile):
    assert not faulty(api, lists(api), profile)
