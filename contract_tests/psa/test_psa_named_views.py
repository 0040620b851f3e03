"""What reads several collections at once, as far as names and declared answers tell."""

import pytest

NAME_ONLY = "psa facts 8: in the description without a word on what it does"
BASE = "/finance/accounting"
INVOICES, MEMBERS = "/finance/invoices", "/system/members"


# -- bundles -------------------------------------------------------------------------------------


def bundle(caller, *requests, path="/system/bundles"):
    answer = caller.post(path, json={"requests": list(requests)})
    assert answer.status_code == 200, answer.text
    return answer.json["results"]


@pytest.mark.assumed(NAME_ONLY)
def test_a_bundle_answers_every_request_as_its_list_would(caller):
    conditions = "closedFlag = false"
    asked = {"filters": {"conditions": conditions, "orderBy": "id desc"}, "page": {"pageSize": 3}}

    (tickets, statuses) = bundle(
        caller,
        {"sequenceNumber": 7, "resourceType": "Ticket", "apiRequest": asked},
        {"resourceType": "service/boards/statuses", "apiRequest": {"parentId": 1}},
    )

    query = {"conditions": conditions, "orderBy": "id desc", "pageSize": "3"}
    assert tickets["entities"] == caller.get("/service/tickets", params=query).json
    count = caller.get("/service/tickets/count", params={"conditions": conditions}).json["count"]
    assert (tickets["sequenceNumber"], tickets["count"]) == (7, count)
    assert statuses["entities"] == caller.get("/service/boards/1/statuses").json
    assert (statuses["sequenceNumber"], statuses["success"]) == (2, True)


@pytest.mark.assumed(NAME_ONLY)
def test_a_bundle_can_count_and_choose_fields(caller):
    (counted,) = bundle(caller, {"resourceType": "member"}, path="/system/bundles/count")
    assert (counted["count"], counted["entities"]) == (
        caller.get(f"{MEMBERS}/count").json["count"],
        [],
    )
    asked = {"id": 250, "fields": "id,name"}
    (chosen,) = bundle(caller, {"resourceType": "COMPANY", "apiRequest": asked})
    assert [set(each) for each in chosen["entities"]] == [{"id", "name"}]


@pytest.mark.assumed(NAME_ONLY)
@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"resourceType": "nonsense"}, 400),
        ({}, 400),
        ({"resourceType": "Company", "apiRequest": {"filters": {"conditions": "zz = 1"}}}, 400),
        ({"resourceType": "Company", "apiRequest": {"page": {"pageSize": 0}}}, 400),
        ({"resourceType": "Company", "apiRequest": {"filters": 7}}, 400),
        ({"resourceType": "Company", "apiRequest": {"id": "x"}}, 400),
        ({"resourceType": "Company", "apiRequest": {"id": 1 << 63}}, 400),
        ({"resourceType": "Company", "sequenceNumber": "x"}, 400),
        ({"resourceType": "service/boards/types", "apiRequest": {"parentId": 1 << 63}}, 400),
        ({"resourceType": "service/boards/types", "apiRequest": {"parentId": 999}}, 404),
    ],
)
def test_what_is_wrong_with_one_request_leaves_the_others_alone(caller, request_, status):
    wrong, right = bundle(caller, request_, {"resourceType": "Member"})

    assert (wrong["success"], wrong["statusCode"]) == (False, status)
    assert wrong["error"]["message"]
    assert "entities" not in wrong
    assert (right["success"], right["statusCode"]) == (True, 200)


@pytest.mark.assumed(NAME_ONLY)
@pytest.mark.parametrize("body", [[], {}, {"requests": 1}, {"requests": [1]}, {"requests": None}])
def test_a_bundle_that_is_none_is_refused(caller, body):
    assert caller.post("/system/bundles", json=body).status_code == 400


# -- money ---------------------------------------------------------------------------------------


@pytest.mark.assumed(NAME_ONLY)
def test_the_information_on_an_invoice_shows_what_names_it(psa):
    products, invoice_id = "/procurement/products", psa.get(INVOICES).json[0]["id"]
    assert psa.get(f"/finance/info/invoice/{invoice_id}").json["products"] == []
    product_id = psa.get(products).json[0]["id"]
    change = [{"op": "replace", "path": "invoice", "value": {"id": invoice_id}}]
    assert psa.patch(f"{products}/{product_id}", json=change).status_code == 200

    shown = psa.get(f"/finance/info/invoice/{invoice_id}").json

    assert shown["invoice"] == psa.get(f"{INVOICES}/{invoice_id}").json
    assert shown["products"] == [psa.get(f"{products}/{product_id}").json]
    assert psa.get("/finance/info/invoice/999999").status_code == 404


@pytest.mark.assumed(NAME_ONLY)
def test_an_agreements_parameters_are_its_own(psa):
    path = "/finance/agreements/1"
    agreement = psa.get(path).json
    before = psa.get(f"{path}/recurringParameters/6").json
    assert before["aGRAmount"] == agreement["billAmount"]

    body = {"product": {"id": 9}, "quantity": 2, "unitPrice": 10, "billCustomer": "Billable"}
    made = psa.post(f"{path}/additions", json=body)
    assert made.status_code == 201, made.text

    after = psa.get(f"{path}/recurringParameters/6").json
    added = made.json["extPrice"]
    assert after["additionsAmount"] == pytest.approx(before["additionsAmount"] + added)
    assert after["totalAmount"] == pytest.approx(before["totalAmount"] + added)
    covered = psa.get(f"{path}/applicationParameters/6").json
    assert covered["coversTimeFlag"] == agreement["coverAgreementTime"]


@pytest.mark.assumed(NAME_ONLY)
def test_an_export_tells_what_waits_for_the_ledger(caller):
    waiting = caller.get(f"{BASE}/unpostedinvoices", params={"pageSize": "1000"}).json

    everything = caller.post(f"{BASE}/export", json={}).json
    chosen = {"exportInvoicesFlag": True, "includedInvoiceIds": [waiting[0]["id"]]}
    one = caller.post(f"{BASE}/export", json=chosen).json

    numbers = [each["documentNumber"] for each in everything["transactions"]]
    assert numbers == [each["invoiceNumber"] for each in waiting]
    assert everything["expenses"] != []
    assert [each["total"] for each in one["transactions"]] == [waiting[0]["total"]]
    assert one["expenses"] == one["purchaseTransactions"] == []
    assert [each["company"]["id"] for each in one["customers"]] == [waiting[0]["company"]["id"]]


@pytest.mark.assumed(NAME_ONLY)
@pytest.mark.parametrize(
    "body", [{"excludedInvoiceIds": [1]}, {"thruDate": "2000-01-01T00:00:00Z"}, {"locationId": 99}]
)
def test_an_export_leaves_out_what_is_not_wanted(caller, body):
    exported = caller.post(f"{BASE}/export", json={"exportInvoicesFlag": True, **body}).json

    assert 1 not in [each["id"] for each in exported["transactions"]]


@pytest.mark.assumed(NAME_ONLY)
def test_what_was_posted_is_exported_with_its_batch(psa):
    waiting = psa.get(f"{BASE}/unpostedinvoices").json[0]
    body = {"exportInvoicesFlag": True, "processedRecordIds": [waiting["id"]]}
    answer = psa.post(f"{BASE}/batches", json=body)
    assert answer.status_code < 300, answer.text
    batch = psa.get(f"{BASE}/batches", params={"orderBy": "id desc", "pageSize": "1"}).json[0]

    exported = psa.post(f"{BASE}/batches/{batch['id']}/export", json={}).json

    numbers = [each["documentNumber"] for each in exported["transactions"]]
    assert numbers == [waiting["invoiceNumber"]]
    left = psa.post(f"{BASE}/export", json={"exportInvoicesFlag": True}).json["transactions"]
    assert waiting["id"] not in [each["id"] for each in left]


# -- members and lines ---------------------------------------------------------------------------


@pytest.mark.assumed(NAME_ONLY)
def test_members_with_single_sign_on_are_those_that_were_linked(psa):
    def ids():
        return [each["id"] for each in psa.get(f"{MEMBERS}/withSso").json]

    before = ids()
    psa.post(f"{MEMBERS}/3/linkSsoUser", json={"ssoUserId": "who-3"})

    assert len(before) > 2
    assert 3 not in before
    assert ids() == sorted([3, *before])
    psa.post(f"{MEMBERS}/3/unlinkSsoUser")
    assert ids() == before


@pytest.mark.assumed(NAME_ONLY)
def test_links_in_what_an_action_answers_lead_somewhere(psa):
    shown = psa.get("/system/myMembers").json

    href = shown["type"]["_info"]["type_href"]
    assert href.startswith("http")
    assert href.endswith(f"//system/members/types/{shown['type']['id']}")


@pytest.mark.documented("psa facts 8.4: each item of a bulk write has a result of its own")
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_bulk_write_reaches_only_what_lies_below_the_parent_in_the_path(psa, method):
    orders = "/procurement/purchaseorders"
    line = psa.get(f"{orders}/1/lineitems").json[0]

    answer = psa.request(method, f"{orders}/2/lineitems/bulk", json=[line])

    (result,) = answer.json["payload"]
    assert (result["success"], result["statusCode"]) == (False, 404)
    assert psa.get(f"{orders}/1/lineitems/{line['id']}").json == line
