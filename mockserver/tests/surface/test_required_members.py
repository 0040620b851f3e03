"""Every member that a description requires is asked for, on create and on update."""

from collections.abc import Iterator

import pytest

from mockserver.core.operation import OperationKind
from mockserver.core.schema import Field
from mockserver.tests.surface.every_operation import Surveyor
from mockserver.tests.surface.test_every_operation import known, routes, surveyor
from mockserver.web.openapi import place
from mockserver.web.routes import Route

WRITES = frozenset({OperationKind.CREATE, OperationKind.REPLACE})
SAMPLE_STEP = 23
APIS = pytest.mark.parametrize("api", ["psa", "automate"])
#: What nobody need send, by the collection: the path names it, or a default takes its place
#: (psa facts 6.10, 6.12).
FILLED_IN = {
    "sales/orders/lineitems": {"salesOrder"},
    "procurement/catalog/components": {"catalogItem"},
    "procurement/unitOfMeasures/conversions": {"uomType"},
    "company/companies/typeAssociations": {"company"},
    "company/contacts/typeAssociations": {"contact"},
    "service/tickets": {"severity", "impact"},
    "time/entries": {"billableOption"},
    "system/callbacks": {"url", "objectId", "type", "level"},
    "project/projects": {
        *("billExpenses", "billProducts", "billTime", "billingRateType", "budgetAnalysis"),
    },
}


def writes(api: str) -> list[Route]:
    """Return the operations that take a whole record."""
    return [each for each in routes(api) if each.resource is not None and _kind(api, each)]


def _kind(api: str, route: Route) -> OperationKind | None:
    operation = known(api).get((route.method, place(route.template)))
    return operation.kind if operation and operation.kind in WRITES else None


def forgiven(walk: Surveyor, those: list[Route]) -> Iterator[str]:
    """Yield the required members that are not missed when they are left out."""
    checked = walk.checked
    for route in those:
        operation = known(checked.api)[route.method, place(route.template)]
        body = walk.body(route, operation).get("json")
        if not isinstance(body, dict):
            continue
        for declared in _required(walk, route, operation.kind):
            name = declared.name.casefold()
            # What is named by its id may be given as an object instead.
            left = {n: v for n, v in body.items() if n.casefold() not in {name, name[:-2]}}
            at = walk.spelt[place(route.template)]
            url = walk.url(route, operation)
            answer = checked.call(route.method, url, at, json=left)
            if answer.status_code != 400 or name not in answer.text.casefold():
                yield f"{route.method} {route.template} {declared.name}: {answer.status_code}"


def _required(walk: Surveyor, route: Route, kind: OperationKind) -> list[Field]:
    assert route.resource is not None
    filled = FILLED_IN.get(route.resource.path, set())
    return [
        each
        for each in walk.checked.look(route.resource)
        if (each.required or (kind is OperationKind.REPLACE and each.required_on_update))
        and not each.read_only
        and each.name not in filled
    ]


@APIS
def test_a_sample_of_required_members_is_asked_for(api):
    walk = surveyor(api, "documented")
    assert not list(forgiven(walk, writes(api)[::SAMPLE_STEP]))


@pytest.mark.deep
@APIS
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_every_required_member_is_asked_for(api, profile):
    assert not list(forgiven(surveyor(api, profile), writes(api)))
