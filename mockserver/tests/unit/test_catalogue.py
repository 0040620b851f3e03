"""The catalogues that ship: complete, consistent, lazy, free of prose."""

import zipfile
from importlib.resources import files
from itertools import chain

import pytest

from mockserver.core.catalogue import Catalogue, Operation, OperationKind
from mockserver.core.schema import Field, Kind

PSA = Catalogue.load("mockserver.psa")
AUTOMATE = Catalogue.load("mockserver.automate")
BOTH = pytest.mark.parametrize("catalogue", [PSA, AUTOMATE], ids=["psa", "automate"])


def field(path: str, name: str, catalogue: Catalogue = PSA) -> Field:
    return catalogue.resource(path).members[name.casefold()]


def operation(method: str, template: str, catalogue: Catalogue = PSA) -> Operation:
    found = [op for op in catalogue.operations() if (op.method, op.template) == (method, template)]
    assert len(found) == 1
    return found[0]


def test_every_published_operation_is_there():
    described = [op for op in PSA.operations() if not op.origin]

    assert len(described) == 3062
    # 1,820 paths are published; one of them is another one misspelt.
    assert len({op.template for op in described}) == 1819
    assert {op.origin for op in PSA.operations()} == {"", "2026.4"}
    assert len([op for op in AUTOMATE.operations() if not op.origin]) == 237
    assert (len(PSA.models()), len(AUTOMATE.models())) == (834, 640)


@BOTH
def test_operations_are_unique(catalogue):
    keys = [(op.method, op.template.casefold()) for op in catalogue.operations()]

    assert len(keys) == len(set(keys))


@BOTH
def test_every_model_that_is_mentioned_exists(catalogue):
    models = set(catalogue.models())
    mentioned = set(chain.from_iterable((o.model_in, o.model_out) for o in catalogue.operations()))
    for name in models:
        mentioned |= {each.model for each in catalogue.model(name)}

    assert mentioned - {None} <= models


@BOTH
def test_every_resource_of_an_operation_resolves(catalogue):
    for op in catalogue.operations():
        if op.resource is not None:
            assert catalogue.resource(op.resource).path == op.resource
        assert 0 <= op.parents <= len(op.ids)


@BOTH
def test_every_relation_leads_to_a_collection(catalogue):
    paths = set(catalogue.resources())
    assert len({catalogue.resource(path).table for path in paths}) == len(paths)
    for path in paths:
        declared = catalogue.resource(path)
        assert declared.parent_path is None or declared.parent_path in paths
        assert declared.parent is None or declared.parent.casefold() in declared.members
        assert {each.target for each in declared.references} <= paths
        assert len({column.name for column in declared.columns}) == len(declared.columns)


def test_what_was_merged_into_a_ticket_is_found_by_an_index():
    assert "mergedparentticket_id" in PSA.resource("service/tickets").indexed


@BOTH
def test_indexed_columns_and_labels_exist(catalogue):
    for path in catalogue.resources():
        declared = catalogue.resource(path)
        columns = {column.name for column in declared.columns}
        assert set(declared.indexed) <= columns
        assert declared.label == ("id",) or {n.casefold() for n in declared.label} <= {
            name.casefold() for name in declared.members
        }


@BOTH
def test_writing_operations_that_name_no_record_are_few_and_known(catalogue):
    odd = {
        op.template.rstrip("/")
        for op in catalogue.operations()
        if op.kind in {OperationKind.REPLACE, OperationKind.PATCH, OperationKind.DELETE}
        and not op.names_record
    }

    assert odd <= {
        "/ProbeConfiguration/{probeConfigurationId}/AgentPushCredentials",
        "/UserClasses/{userClassId}/WebExtensions",
        "/company/portalConfigurations/{parentId}/opportunitySetups",
        "/procurement/purchaseorders/{parentId}/lineitems",
        "/sales/opportunities/{parentId}/forecast",
        "/service/tickets/changelogs",
        "/system/contactsync/monitoring",
        "/time/changelogs",
    }


def test_ticket_facts():
    summary = field("service/tickets", "summary")
    severity = field("service/tickets", "severity")
    board = field("service/tickets", "board")

    assert (summary.kind, summary.max_length, summary.required) == (Kind.TEXT, 100, True)
    assert severity.enum == ("Low", "Medium", "High")
    assert severity.required_on_update
    assert (board.kind, board.target) == (Kind.REFERENCE, "service/boards")
    assert [member.name for member in board.fields] == ["id", "name"]
    assert field("service/tickets", "initialDescription").write_only
    assert field("service/tickets", "closedDate").kind is Kind.INSTANT
    assert PSA.resource("service/tickets").fields[-1].name == "customFields"


def test_only_the_records_own_id_is_the_servers():
    company = field("service/tickets", "company")

    assert field("service/tickets", "id").read_only
    assert not company.members["id"].read_only


def test_the_newer_description_wins():
    # 2025.8 says 50, 2026.4 says 156 (psa facts 6.14).
    assert field("service/tickets", "siteName").max_length == 156
    assert "Consolidated" in field("finance/invoices", "type").enum


def test_the_overlay_wins_over_descriptions():
    # psa facts 6.14: seen live, no description says so.
    assert field("company/contacts", "firstName").required
    assert not field("company/contacts", "lastName").required


def test_custom_fields_hold_anything():
    values = field("company/companies", "customFields")

    assert values.kind is Kind.LIST
    assert values.members["value"].kind is Kind.ANY


def test_labels_say_how_references_name_a_record():
    assert PSA.resource("company/contacts").label == ("firstName", "lastName")
    assert PSA.resource("service/tickets").label == ("summary",)


def test_audit_columns_are_virtual_unless_a_field_has_the_name():
    tickets = {column.name: column.steps for column in PSA.resource("service/tickets").virtual}
    entries = {column.name for column in PSA.resource("time/entries").virtual}

    assert tickets["lastupdated"] == ("_info", "lastUpdated")
    assert set(tickets) == {"lastupdated", "updatedby", "dateentered", "enteredby"}
    assert entries == {"lastupdated", "updatedby"}


@pytest.mark.parametrize(
    ("path", "parent_path", "parent"),
    [
        ("service/boards/statuses", "service/boards", "board"),
        ("service/boards/teams", "service/boards", "boardId"),
        ("service/tickets/notes", "service/tickets", "ticketId"),
        ("company/contacts/communications", "company/contacts", "contactId"),
        ("company/companies/sites", "company/companies", "company"),
        ("project/projects/phases", "project/projects", "projectId"),
        ("service/boards/items/associations", "service/boards/items", "item"),
    ],
)
def test_children_know_their_parents(path, parent_path, parent):
    declared = PSA.resource(path)

    assert (declared.parent_path, declared.parent) == (parent_path, parent)


@pytest.mark.parametrize(
    ("method", "template", "kind", "resource", "parents"),
    [
        ("GET", "/service/tickets", "list", "service/tickets", 0),
        ("GET", "/service/tickets/{id}", "read", "service/tickets", 0),
        ("GET", "/service/tickets/count", "count", "service/tickets", 0),
        ("POST", "/service/tickets/search", "search", "service/tickets", 0),
        ("POST", "/service/tickets/{parentId}/merge", "action", "service/tickets", 0),
        ("GET", "/service/boards/{parentId}/statuses", "list", "service/boards/statuses", 1),
        ("GET", "/service/info/boards/{id}", "info", "service/boards", 0),
        ("GET", "/service/boards/{id}/usages", "usages", "service/boards", 0),
        ("GET", "/service/boards/{id}/usages/list", "usage-list", "service/boards", 0),
        ("GET", "/system/info", "single", None, 0),
        ("GET", "/system/info/members", "info", "system/members", 0),
        ("GET", "/system/members/{memberIdentifier}", "read", "system/members", 0),
        # What ends with a part of a record must not look like the record.
        ("DELETE", "/system/members/{id}/unusedTimeSheets", "action", "system/members", 0),
        ("POST", "/company/configurations/bulk", "bulk", "company/configurations", 0),
        ("GET", "/company/companies/default", "default", "company/companies", 0),
        ("GET", "/system/documents/{id}/download", "download", "system/documents", 0),
    ],
)
def test_operations_are_classified(method, template, kind, resource, parents):
    found = operation(method, template)

    assert (found.kind, found.resource, found.parents) == (kind, resource, parents)


def test_path_parameters_are_told_from_options():
    # psa facts 6.13: transferContactId goes in the query.
    names = [each.name for each in operation("DELETE", "/company/contacts/{id}").parameters]

    assert names == ["transferContactId"]
    assert operation("GET", "/system/reports/{reportName}").text_ids == ("reportName",)


def test_referrers_are_the_fields_that_point_into_a_collection():
    referrers = PSA.referrers("company/companies")

    assert ("service/tickets", "company") in referrers
    assert ("company/contacts", "company") in referrers
    assert PSA.referrers("service/tickets/notes") == ()


def test_automate_nests_objects_by_their_scalar_members():
    computers = AUTOMATE.resource("computers")

    assert computers.members["client"].kind is Kind.OBJECT
    assert {"client_id", "client_name", "location_name"} <= {c.name for c in computers.columns}
    assert computers.members["totalmemory"].bits == 64
    assert computers.members["id"].kind is Kind.TEXT


def test_automate_keeps_its_generations_apart():
    first = operation("GET", "/Contacts", AUTOMATE)
    second = operation("GET", "/v2/Contacts", AUTOMATE)

    assert (first.resource, second.resource) == ("Contacts", "v2/Contacts")
    assert first.model_out != second.model_out


def test_keys_are_found_where_they_are_not_called_id():
    assert AUTOMATE.collection("alerts").key == "AlertId"
    assert AUTOMATE.collection("computers/drives").key == "DriveId"
    assert PSA.resource("service/tickets").key == "id"
    assert AUTOMATE.resource("alerts").key == "AlertId"
    assert field("alerts", "AlertId", AUTOMATE).read_only


def test_a_resource_reads_only_the_files_it_needs():
    catalogue = Catalogue.load("mockserver.psa")

    catalogue.resource("service/boards/statuses")

    assert set(catalogue._files) <= {"index", "service", "shared"}


def test_refinements_replace_what_the_facts_say():
    refinements = {"Service/Sources": {"unique": ("name",), "indexed": ()}}
    catalogue = Catalogue.load("mockserver.psa", refinements)

    refined = catalogue.resource("service/sources")

    assert (refined.unique, refined.indexed) == (("name",), ())
    assert refined.model == "Source"


def test_the_catalogue_loads_from_an_archive(tmp_path):
    archive = tmp_path / "catalogue.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for each in files("mockserver.psa").joinpath("catalogue").iterdir():
            packed.writestr(f"catalogue/{each.name}", each.read_bytes())

    catalogue = Catalogue(zipfile.Path(archive, "catalogue/"))

    assert catalogue.resource("service/tickets").fields == PSA.resource("service/tickets").fields
