"""Opportunities and orders become agreements, orders, projects, tickets (psa facts 8.5)."""

import io

import pytest

OPPORTUNITIES, ORDERS = "/sales/opportunities", "/sales/orders"
KINDS = {
    "Agreement": "/finance/agreements",
    "Project": "/project/projects",
    "SalesOrder": ORDERS,
    "ServiceTicket": "/service/tickets",
}
ALL = {"includeAllNotesFlag": True, "includeAllDocumentsFlag": True, "includeAllProductsFlag": True}


@pytest.fixture
def opportunity(psa):
    """An opportunity with a note, a document and a product."""
    first = psa.get(OPPORTUNITIES, params={"pageSize": 1}).json[0]
    wanted = ("company", "contact", "primarySalesRep")
    body = {"name": "New switches", **{name: {"id": first[name]["id"]} for name in wanted}}
    made = psa.post(OPPORTUNITIES, json=body).json
    psa.post(f"{OPPORTUNITIES}/{made['id']}/notes", json={"text": "They want it by May."})
    form = {"recordType": "Opportunity", "recordId": str(made["id"]), "title": "Offer"}
    sent = psa.post("/system/documents", data={**form, "file": (io.BytesIO(b"pdf"), "o.pdf")})
    assert sent.status_code == 201, sent.text
    product = {"catalogItem": {"id": 1}, "billableOption": "Billable", "quantity": 2, "price": 50}
    product["opportunity"] = {"id": made["id"]}
    assert psa.post("/procurement/products", json=product).status_code == 201
    return made


def converted(psa, opportunity, kind, **body):
    answer = psa.post(f"{OPPORTUNITIES}/{opportunity['id']}/convertTo{kind}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json


@pytest.mark.documented("psa facts 8.5: convertTo…; what is taken over is assumed")
@pytest.mark.parametrize(("kind", "path"), KINDS.items())
def test_an_opportunity_becomes_another_record(psa, opportunity, kind, path):
    made = converted(psa, opportunity, kind, **ALL)

    assert psa.get(f"{path}/{made['id']}").json == made
    assert made["company"]["id"] == opportunity["company"]["id"]
    assert made["contact"]["id"] == opportunity["contact"]["id"]
    assert made["opportunity"]["id"] == opportunity["id"]
    name = {"SalesOrder": "description", "ServiceTicket": "summary"}.get(kind, "name")
    assert made[name] == "New switches"
    told = psa.get(f"{OPPORTUNITIES}/conversions/{opportunity['id']}").json
    assert [(each["parentType"], each["convertedTo"]["id"]) for each in told] == [
        (kind, made["id"])
    ]


@pytest.mark.documented("psa facts 8.5: convertTo… takes the flags of what is to go along")
@pytest.mark.parametrize("kind", KINDS)
def test_notes_documents_and_products_go_along(psa, opportunity, kind):
    made = converted(psa, opportunity, kind, **ALL)

    path, word = f"{KINDS[kind]}/{made['id']}", {"ServiceTicket": "Ticket"}.get(kind, kind)
    inside = {"Agreement": "internalNotes", "SalesOrder": "notes"}.get(kind)
    notes = [made[inside]] if inside else [n["text"] for n in psa.get(f"{path}/notes").json]
    assert "They want it by May." in notes
    documents = psa.get("/system/documents", params={"recordType": word, "recordId": made["id"]})
    assert [each["title"] for each in documents.json] == ["Offer"]
    kept = psa.get(f"/system/documents/{documents.json[0]['id']}/download")
    assert kept.data == b"pdf"
    if kind == "Agreement":
        (addition,) = psa.get(f"{path}/additions").json
        assert (addition["product"]["id"], addition["extPrice"]) == (1, 100)
    else:
        member = {"SalesOrder": "salesOrder", "ServiceTicket": "ticket"}.get(kind, "project")
        where = f"opportunity/id={opportunity['id']}"
        (product,) = psa.get("/procurement/products", params={"conditions": where}).json
        assert product[member]["id"] == made["id"]


@pytest.mark.assumed("nothing goes along that is not asked for; chosen things go by their ids")
def test_only_what_is_chosen_goes_along(psa, opportunity):
    bare = converted(psa, opportunity, "Project")
    assert psa.get(f"/project/projects/{bare['id']}/notes").json == []

    (note,) = psa.get(f"{OPPORTUNITIES}/{opportunity['id']}/notes").json
    chosen = converted(psa, opportunity, "Project", includeNoteIds=[note["id"]], name="Roll-out")
    assert chosen["name"] == "Roll-out"
    assert len(psa.get(f"/project/projects/{chosen['id']}/notes").json) == 1


@pytest.mark.assumed("a conversion that names what is not there does nothing")
@pytest.mark.parametrize(
    "body", [{"includeNoteIds": [987_654]}, {"projectId": 987_654}, {"manager": {"id": 987_654}}]
)
def test_a_bad_conversion_does_nothing(psa, opportunity, body):
    before = psa.get("/project/projects/count").json

    answer = psa.post(f"{OPPORTUNITIES}/{opportunity['id']}/convertToProject", json=body)

    assert answer.status_code == 400
    assert psa.get("/project/projects/count").json == before


@pytest.mark.documented("the description's projectId: the project that is there already")
def test_an_opportunity_joins_a_project_that_is_there(psa, opportunity):
    made = converted(psa, opportunity, "Project", projectId=1)

    assert (made["id"], made["opportunity"]["id"]) == (1, opportunity["id"])


@pytest.mark.documented("psa facts 8.5: orders, too, are converted")
@pytest.mark.parametrize(("kind", "status"), [("Project", 201), ("ServiceTicket", 200)])
def test_an_order_becomes_another_record(psa, kind, status):
    order = psa.get(ORDERS, params={"pageSize": 1}).json[0]
    body = {"json": {"name": "Delivery", "copyOverNotes": True}} if kind == "Project" else {}

    answer = psa.post(f"{ORDERS}/{order['id']}/convertTo{kind}", **body)

    assert answer.status_code == status, answer.text
    assert answer.json["company"]["id"] == order["company"]["id"]
    told = psa.get(f"{ORDERS}/conversions/{order['id']}").json
    assert [(each["parentType"], each["convertedTo"]["id"]) for each in told] == [
        (kind, answer.json["id"])
    ]
