"""Actions whose effect their names tell: money, stock, notes, and what is set up."""

import pytest

MEMBERS = "/system/members"
PROJECTS = "/project/projects"
NAME_ONLY = "the name of the operation alone tells what it does"


def first(psa, path, **query):
    return psa.get(path, params={"pageSize": 1, **query}).json[0]


# -- money ---------------------------------------------------------------------------------------


@pytest.mark.assumed(NAME_ONLY)
def test_an_agreement_is_invoiced(psa):
    agreement = first(psa, "/finance/agreements", conditions="cancelledFlag=false")

    answer = psa.post(f"/finance/agreements/{agreement['id']}/invoice")

    assert answer.status_code == 201
    invoice = psa.get(f"/finance/invoices/{answer.json}").json
    assert (invoice["type"], invoice["agreement"]["id"]) == ("Agreement", agreement["id"])
    assert invoice["total"] == invoice["agreementAmount"] >= agreement.get("billAmount", 0)
    assert invoice["company"]["id"] == agreement["company"]["id"]


@pytest.mark.assumed(NAME_ONLY)
def test_a_product_leaves_its_ticket_and_keeps_the_rest(psa):
    product = first(psa, "/procurement/products", conditions="ticket/id!=null")

    answer = psa.post(
        f"/procurement/products/{product['id']}/detach", json={"removeFromTicket": True}
    )

    assert answer.status_code == 204
    after = psa.get(f"/procurement/products/{product['id']}").json
    assert "ticket" not in after
    assert after.get("company") == product.get("company")


@pytest.mark.assumed(NAME_ONLY)
def test_stock_is_counted_and_priced(psa):
    item = first(psa, "/procurement/catalog")
    stock = psa.get(f"/procurement/catalog/{item['id']}/inventory").json

    counted = psa.get(f"/procurement/catalog/{item['identifier']}/quantityOnHand").json
    priced = psa.post(f"/procurement/catalog/{item['id']}/pricing", json={"quantity": 3}).json

    assert counted == {"count": sum(each["onHand"] for each in stock)}
    assert (priced["price"], priced["quantity"]) == (item["price"], 3)


@pytest.mark.assumed(NAME_ONLY)
def test_a_demand_becomes_a_purchase_order(psa):
    product = first(psa, "/procurement/products")
    vendor = first(psa, "/company/companies", conditions="vendorIdentifier!=null or id>0")
    wanted = {"productRecId": product["id"], "quantity": 3, "cost": 7.5}

    body = {"vendor": {"id": vendor["id"]}, "products": [wanted]}
    answer = psa.post("/procurement/purchasingDemands", json=body)

    assert answer.status_code == 201, answer.text
    order = answer.json["purchaseOrder"]["id"]
    (line,) = psa.get(f"/procurement/purchaseorders/{order}/lineitems").json
    assert (line["quantity"], line["unitCost"]) == (3, 7.5)
    assert line["product"]["id"] == product["catalogItem"]["id"]
    bad = {"products": [{"productRecId": 987_654}]}
    assert psa.post("/procurement/purchasingDemands", json={**body, **bad}).status_code == 400


@pytest.mark.assumed(NAME_ONLY)
def test_what_is_posted_in_a_batch_waits_no_longer(psa):
    waiting = first(psa, "/finance/accounting/unpostedinvoices")
    body = {"exportInvoicesFlag": True, "processedRecordIds": [waiting["id"]]}

    answer = psa.post("/finance/accounting/batches", json={**body, "batchIdentifier": "2026-07"})

    assert answer.status_code == 201, answer.text
    assert psa.get(f"/finance/accounting/unpostedinvoices/{waiting['id']}").status_code == 404
    batch = first(psa, "/finance/accounting/batches", conditions='batchIdentifier="2026-07"')
    (line,) = psa.get(f"/finance/accounting/batches/{batch['id']}/entries").json
    assert line["debit"] == waiting["total"]
    invoice = psa.get(f"/finance/invoices/{waiting['billingLogId']}").json
    assert invoice["glBatch"]["id"] == batch["id"]
    again = psa.post("/finance/accounting/batches", json=body)
    assert again.status_code == 400


@pytest.mark.live
@pytest.mark.assumed(NAME_ONLY)
def test_a_projects_recap_sums_what_it_has(psa):
    project = first(psa, PROJECTS)

    recap = psa.get(f"{PROJECTS}/{project['id']}/projectRecap").json

    where = {"conditions": f"project/id={project['id']}", "pageSize": 1000}
    products = psa.get("/procurement/products", params=where).json
    assert recap["productsBilled"] == pytest.approx(sum(each["extPrice"] for each in products))
    assert (recap["description"], recap["isProject"]) == (project["name"], True)


@pytest.mark.assumed(NAME_ONLY)
def test_a_note_of_a_project_ticket_is_marked(psa):
    ticket = first(psa, "/project/tickets")["id"]
    body = {"text": "Done.", "internalAnalysisFlag": True}
    note = psa.post(f"/project/tickets/{ticket}/notes", json=body).json

    marked = psa.post(f"/project/ticketNote/{note['id']}/markAs/", json={"resolutionFlag": True})

    assert marked.status_code == 200
    assert psa.get(f"/project/tickets/{ticket}/notes/{note['id']}").json["resolutionFlag"]


@pytest.mark.assumed("the portal takes a contact's address and its portalPassword")
def test_the_portals_credentials_are_validated(psa):
    ways = psa.get("/company/contacts/250/communications").json
    address = next(each["value"] for each in ways if "@" in each["value"])
    change = [
        {"op": "replace", "path": "portalPassword", "value": "Sesame-1"},
        {"op": "replace", "path": "disablePortalLoginFlag", "value": False},
    ]
    assert psa.patch("/company/contacts/250", json=change).status_code == 200
    url = "/company/contacts/validatePortalCredentials"

    right = psa.post(url, json={"email": address, "password": "Sesame-1"})
    wrong = psa.post(url, json={"email": address, "password": "sesame"})

    assert right.json == {"success": True, "contactId": 250}
    assert not wrong.json["success"]


@pytest.mark.assumed(NAME_ONLY)
def test_what_i_picked_is_forgotten(psa):
    own = psa.get("/system/myMembers").json["id"]
    where = {"conditions": f"member/id={own}"}
    body = {"member": {"id": own}, "company": {"id": 250}}
    assert psa.post("/company/companyPickerItems", json=body).status_code == 201

    assert psa.post("/company/companyPickerItems/clear").status_code == 204

    assert psa.get("/company/companyPickerItems/count", params=where).json == {"count": 0}


# -- setup ---------------------------------------------------------------------------------------


@pytest.mark.documented("the description's path: an entry, and whether its member is told")
def test_a_schedule_entry_is_removed_with_or_without_telling(psa):
    gone, stays = (each["id"] for each in psa.get("/schedule/entries").json[:2])

    assert psa.delete(f"/schedule/entries/{gone}/true").status_code == 204

    assert psa.get(f"/schedule/entries/{gone}").status_code == 404
    where = {"conditions": f"scheduleEntry/id={gone}"}
    assert psa.get("/schedule/details/count", params=where).json == {"count": 0}
    assert psa.get(f"/schedule/entries/{stays}").status_code == 200


@pytest.mark.documented("psa facts 8.5: links' resolveurl; the placeholders are assumed")
def test_a_links_address_names_the_record(psa):
    for link in psa.get("/system/links").json:
        path = {"Company": "/company/companies", "Service": "/service/tickets"}
        number = first(psa, path.get(link["screenLink"], "/company/contacts"))["id"]
        url = f"/system/info/links/{link['id']}/resolveurl"

        answer = psa.post(url, json={"referenceId": number})

        assert answer.status_code == 201, answer.text
        assert "[" not in answer.json["url"]
        assert psa.post(url, json={"referenceId": 987_654}).status_code == 400
        if "id]" in link["url"]:
            assert str(number) in answer.json["url"]


@pytest.mark.live
@pytest.mark.documented("the description: one KnowledgeBaseSettings without an id in the path")
def test_the_settings_of_the_knowledge_base_are_the_records(psa):
    shown = psa.get("/service/knowledgebasesettings").json

    assert psa.get(f"/service/knowledgebasesettings/{shown['id']}").json == shown


@pytest.mark.assumed("with another type come that type's questions, unanswered")
def test_a_configuration_of_another_type_is_asked_that_types_questions(psa):
    configuration = first(psa, "/company/configurations")
    types = psa.get("/company/configurations/types", params={"pageSize": 1000}).json
    other = next(
        each["id"]
        for each in types
        if each["id"] != configuration["type"]["id"]
        and psa.get(f"/company/configurations/types/{each['id']}/questions").json
    )
    patch = [{"op": "replace", "path": "type/id", "value": other}]

    answer = psa.patch(f"/company/configurations/{configuration['id']}/changeType", json=patch)

    assert answer.status_code == 200, answer.text
    assert answer.json["type"]["id"] == other
    asked = psa.get(f"/company/configurations/types/{other}/questions").json
    shown = answer.json["questions"]
    assert {each["questionId"] for each in shown} <= {each["id"] for each in asked}
    assert shown
    assert not any(each.get("answer") for each in shown)


@pytest.mark.live
@pytest.mark.assumed(NAME_ONLY)
def test_tabs_are_counted(psa):
    agreement = first(psa, "/finance/agreements")["id"]

    counts = psa.get(f"/finance/agreements/{agreement}/quickAccess/count").json

    additions = psa.get(f"/finance/agreements/{agreement}/additions/count").json["count"]
    assert counts["additions"] == additions
    ticket = f"agreement/id={agreement}"
    tickets = psa.get("/service/tickets/count", params={"conditions": ticket}).json["count"]
    assert counts["tickets"] >= tickets


@pytest.mark.assumed(NAME_ONLY)
def test_only_active_boards_are_active(psa):
    board = psa.get("/service/boards").json[-1]["id"]
    change = [{"op": "replace", "path": "inactiveFlag", "value": True}]
    assert psa.patch(f"/service/boards/{board}", json=change).status_code == 200

    active = {each["id"] for each in psa.get("/service/info/boards/active").json}

    everything = {each["id"] for each in psa.get("/service/info/boards").json}
    assert everything - active == {board}


@pytest.mark.assumed(NAME_ONLY)
def test_a_member_joins_a_team(psa):
    team = psa.get("/service/boards/1/teams").json[0]
    there = team.get("members", [])
    member = next(each["id"] for each in psa.get(MEMBERS).json if each["id"] not in there)

    body = {"team": {"id": team["id"]}, "member": {"id": member}}
    answer = psa.post("/service/teamMembers", json=body)

    assert answer.status_code == 201, answer.text
    assert member in psa.get(f"/service/boards/1/teams/{team['id']}").json["members"]
    assert psa.post("/service/teamMembers", json={**body, "team": {"id": 0}}).status_code == 400


@pytest.mark.assumed("a log tells of what is gone, too, and keeps nothing from being deleted")
def test_a_log_keeps_no_ticket(psa):
    logged = psa.get("/time/changelogs").json
    ids = {each["ticket"]["id"] for each in logged if "ticket" in each}

    answers = [psa.delete(f"/service/tickets/{each}") for each in ids]

    assert ids
    assert not any("ChangeLog" in each.text for each in answers)
