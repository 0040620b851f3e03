"""What each kind of record needs when it is made (psa facts 6.14, 8.13 to 8.17)."""

import pytest

PATHS = {
    "/service/tickets": "summary company",
    "/project/tickets": "summary phase",
    "/company/companies": "identifier name",
    "/company/contacts": "firstName",
    "/company/contacts/1/communications": "type value",
    "/company/companies/4/sites": "name",
    "/company/companies/4/notes": "text",
    "/company/contacts/1/notes": "text",
    "/company/companies/4/teams": "teamRole",
    "/finance/agreements": "name type company contact",
    "/finance/agreements/1/additions": "product billCustomer",
    "/time/entries": "timeStart",
    "/schedule/entries": "type",
    "/sales/activities": "name assignTo",
    "/sales/opportunities": "name primarySalesRep company contact",
    "/sales/opportunities/1/notes": "text",
    "/sales/opportunities/1/forecast/1": "opportunity status forecastType",
    "/project/projects": "name board company billingMethod estimatedStart estimatedEnd",
    "/project/projects/1/phases": "description",
    "/finance/invoices": "type company",
    "/expense/entries": "type amount date",
    "/procurement/catalog": "identifier description subcategory type customerDescription",
    "/procurement/products": "catalogItem billableOption",
    "/procurement/purchaseorders": "status terms vendorCompany",
    "/procurement/purchaseorders/1/lineitems": (
        "description lineNumber product quantity unitOfMeasure"
    ),
    "/system/members": (
        "identifier licenseClass firstName lastName hireDate defaultEmail defaultPhone securityRole"
    ),
    "/service/boards": "name location department",
    "/service/boards/1/teams": "name teamLeader",
    **dict.fromkeys([f"/service/boards/1/{w}" for w in ("statuses", "types", "subtypes")], "name"),
    **dict.fromkeys(["/service/boards/1/items", "/service/sources"], "name"),
    **dict.fromkeys([f"/company/companies/{w}" for w in ("statuses", "types")], "name"),
    **dict.fromkeys(["/company/configurations/types", "/schedule/statuses"], "name"),
    **dict.fromkeys(["/project/statuses", "/sales/opportunities/statuses"], "name"),
    **dict.fromkeys([f"/sales/activities/{word}" for word in ("types", "statuses")], "name"),
    **dict.fromkeys(["/time/workRoles", "/system/links"], "name"),
    "/service/priorities": "name color",
    "/service/locations": "name where",
    **dict.fromkeys(["/company/contacts/types", "/company/communicationTypes"], "description"),
    **dict.fromkeys(["/company/configurations/statuses"], "description"),
    **dict.fromkeys(["/sales/opportunities/types"], "description"),
    "/schedule/types": "name identifier",
    "/time/workTypes": "name billTime rateType rate",
    "/finance/agreements/types": (
        "name employeeCompRate employeeCompNotExceed invoicingCycle billTime billExpenses"
        " billProducts"
    ),
    "/service/SLAs": "name basedOn",
    "/system/locations": "structureLevel name",
    "/system/departments": "identifier name",
    "/system/standardNotes": "name contents",
    "/service/knowledgeBaseArticles": "title issue resolution",
    "/system/callbacks": "url objectId type level",
    "/system/userDefinedFields": "podId caption sequenceNumber fieldTypeIdentifier",
    "/service/tickets/5000/merge": "mergeTicketIds status",
}


@pytest.fixture(scope="module")
def seen(app):
    """Return a function that posts nothing to a path, as the tenant that all these tests share."""
    client = app.test_client()
    keys = client.post("/_mock/tenants", json={"name": "nothing-made", "profile": "observed"}).json[
        "psa"
    ]
    auth = (f"{keys['company']}+{keys['public_key']}", keys["private_key"])
    yield lambda path: client.post(
        f"/v4_6_release/apis/3.0{path}", json={}, auth=auth, headers={"clientId": "x"}
    )
    client.delete("/_mock/tenants/nothing-made")


@pytest.mark.documented(
    "psa facts 6.14, 8.13, 8.14, 8.15, 8.16, 8.17: the description's, live seen"
)
@pytest.mark.parametrize("path", PATHS)
def test_what_is_missing_is_named_all_at_once(seen, path):
    refused = seen(path)

    assert refused.status_code == 400
    faults = refused.json["errors"]
    assert {each["field"].partition("/")[0] for each in faults} == set(PATHS[path].split())
    assert {each["code"] for each in faults} == {"MissingRequiredField"}
