"""The names and sentences of described operations."""

import pytest

from mockserver.core.catalogue import Operation, OperationKind
from mockserver.web.openapi_words import operation_id, singular, summary, tag


def operation(kind, template, resource, method="GET"):
    return Operation(
        method=method,
        template=template,
        kind=kind,
        resource=resource,
        model_in=None,
        model_out=None,
        out_is_list=False,
        parameters=(),
        parents=0,
    )


@pytest.mark.parametrize(
    ("kind", "resource", "told"),
    [
        (OperationKind.LIST, "service/tickets", "List service tickets"),
        (OperationKind.CREATE, "company/contacts", "Create a company contact"),
        (OperationKind.READ, "company/companies", "Read a company"),
        (OperationKind.DELETE, "service/boards/statuses", "Delete a service board status"),
        (OperationKind.REPLACE, "time/entries", "Replace a time entry"),
        (OperationKind.READ, "service/SLAs", "Read a service SLA"),
        (OperationKind.LIST, "automate:Computers", "List computers"),
        (OperationKind.READ, "automate:Alerts", "Read an alert"),
    ],
)
def test_summaries_say_what_happens_to_what(kind, resource, told):
    assert summary(operation(kind, f"/{resource}", resource)) == told


def test_actions_are_named_after_their_paths():
    merge = operation(OperationKind.ACTION, "/company/companies/{id}/merge", "company/companies")
    assert summary(merge) == "Carry out companies merge"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_bulk_operations_say_what_they_do_to_several(method):
    told = summary(operation(OperationKind.BULK, "/a/things/bulk", "a/things", method))
    assert told.endswith("several a things")


@pytest.mark.parametrize(
    ("noun", "one"),
    [
        ("tickets", "ticket"),
        ("companies", "company"),
        ("statuses", "status"),
        ("addresses", "address"),
        ("taxes", "tax"),
        ("branches", "branch"),
        ("status", "status"),
        ("address", "address"),
    ],
)
def test_singulars(noun, one):
    assert singular(noun) == one


def test_operation_ids_are_made_of_method_and_path():
    path = "/service/boards/{parentId}/statuses/{id}"
    assert operation_id("GET", path) == "getServiceBoardsByParentIdStatusesById"


def test_a_generation_is_no_tag():
    assert tag("/v2/Scripts/{id}") == "scripts"
