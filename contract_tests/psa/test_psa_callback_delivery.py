"""What callbacks carry, whom they reach and what silences them."""

import json
from urllib.parse import urlsplit

import pytest
from callback_support import Subscriber

from mockserver.client.callbacks import CallbackReceiver, verify_signature

observed = pytest.mark.observed
documented = pytest.mark.documented
assumed = pytest.mark.assumed

BODY = [
    *("MessageId", "FromUrl", "CompanyId", "MemberId", "Action", "Type", "ID"),
    *("ProductInstanceId", "PartnerId", "Entity", "Metadata", "CallbackObjectRecId"),
]


@pytest.fixture
def receiver(app):
    def fetch(url):
        parts = urlsplit(url)
        answer = app.test_client().get(f"{parts.path}?{parts.query}")
        return answer.json["signing_key"]

    with CallbackReceiver(fetch) as receiver:
        yield receiver


@pytest.fixture
def subscriber(make_tenant, receiver):
    return Subscriber(make_tenant(world="tiny").unlimited(), receiver)


@pytest.fixture
def seen(make_tenant, receiver):
    """Return a subscriber under the observed profile."""
    return Subscriber(make_tenant("observed", "tiny").unlimited(), receiver)


@observed("psa facts 7.5 and 7.6, recorded bodies")
def test_a_callback_has_the_recorded_members_in_their_order(seen):
    callback = seen.subscribe("contact")
    contact_id = seen.first("company/contacts")
    change = [{"op": "replace", "path": "title", "value": "Zoë / Boss"}]
    seen.write("PATCH", f"/company/contacts/{contact_id}", json=change)

    (came,) = seen.receiver.received
    body = came.json
    assert list(body) == BODY
    assert body["FromUrl"] == "localhost"
    assert body["CompanyId"] == seen.tenant.credentials["psa"]["company"]
    told = {n: body[n] for n in ("MemberId", "Action", "Type", "ID", "CallbackObjectRecId")}
    assert told == {
        "MemberId": "Admin1",
        "Action": "updated",
        "Type": "contact",
        "ID": contact_id,
        "CallbackObjectRecId": callback["id"],
    }
    assert came.headers["content-type"] == "application/json"
    assert came.path == f"/callbacks?id={contact_id}&action=updated"


@observed("psa facts 7.6: Entity")
def test_the_entity_is_the_compact_record_without_its_lists(seen):
    seen.subscribe("contact")
    contact_id = seen.first("company/contacts")
    change = [{"op": "replace", "path": "title", "value": "Zoë / Boss"}]
    seen.write("PATCH", f"/company/contacts/{contact_id}", json=change)

    (came,) = seen.receiver.received
    text, record = came.json["Entity"], seen.psa.get(f"/company/contacts/{contact_id}").json
    assert text == json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)
    assert "Zoë / Boss" in text
    assert came.entity["id"] == contact_id
    assert set(record) - set(came.entity) <= {"customFields", "types", "communicationItems"}
    link = came.entity["company"]["_info"]["company_href"]
    assert "//apis/3.0/company/companies/" in link
    assert seen.tenant.client.get(link, headers=seen.psa.headers).status_code == 200


@documented("seed 002, webhook callback")
def test_the_guides_members_are_there_besides(subscriber):
    subscriber.subscribe()
    ticket_id = subscriber.ticket()["id"]

    (came,) = subscriber.receiver.received
    me = subscriber.psa.get("/system/members", params={"conditions": "identifier='Admin1'"}).json
    assert list(came.json)[:12] == BODY
    shown = {n: came.json[n] for n in ("Action", "ID", "Type", "MemberID", "Callback")}
    assert shown == {
        "Action": "added",
        "ID": ticket_id,
        "Type": "ticket",
        "MemberID": me[0]["id"],
        "Callback": {"ID": ticket_id, "Type": "ticket"},
    }


@observed("psa facts 7.8: key URL and signature over the exact bytes")
def test_the_signature_fits_the_bytes_and_the_key_that_the_key_url_answers(seen):
    seen.subscribe()
    seen.ticket(summary="Drücker „defekt“ / 100 %")

    (came,) = seen.receiver.received
    url = came.json["Metadata"]["key_url"]
    answer = seen.tenant.client.get(url)
    assert came.verified
    assert answer.mimetype == "application/json"
    signed, key = came.headers["x-content-signature"], answer.json["signing_key"]
    assert verify_signature(came.body, signed, key)
    assert not verify_signature(json.dumps(came.json).encode(), signed, key)
    assert "//system/callbackkey/index.rails?companyName=" in url


@observed("psa facts 7.7: the id of the key is the same minutes later")
def test_the_key_stays_the_same_and_is_the_tenants_own(seen, make_tenant):
    other = Subscriber(make_tenant(world="tiny").unlimited(), seen.receiver)
    for each in (seen, seen, other):
        each.psa.post(
            "/system/callbacks",
            json={"url": each.receiver.url, "type": "ticket", "level": "owner", "objectId": 1},
        )
        each.ticket()
    urls = [each.json["Metadata"]["key_url"] for each in seen.receiver.received]
    assert urls[0] == urls[1] != urls[2]


@assumed("psa facts U18: what an unknown key is answered")
@pytest.mark.parametrize("query", ["", "?companyName=company", "?companyName=nobody&id=x"])
def test_a_key_that_nobody_has_is_not_found(app, query):
    answer = app.test_client().get(f"/v2026_4//system/callbackkey/index.rails{query}")
    assert answer.status_code == 404


@documented("psa facts 7.5: added, updated, deleted")
def test_a_records_life_is_told_in_order_whatever_the_route(subscriber):
    subscriber.subscribe()
    ticket = subscriber.ticket()
    subscriber.change(ticket["id"])
    full = subscriber.psa.get(f"/service/tickets/{ticket['id']}").json
    subscriber.write("PUT", f"/service/tickets/{ticket['id']}", json=full)
    subscriber.write("DELETE", f"/service/tickets/{ticket['id']}")

    actions = ["added", "updated", "updated", "deleted"]
    assert subscriber.came == [(action, ticket["id"]) for action in actions]
    assert subscriber.receiver.received[-1].json["Entity"] is None


@assumed("psa facts 8.4: bulk items are writes like others")
def test_bulk_writes_are_told_each_and_refused_items_are_not(subscriber):
    subscriber.subscribe("configuration")
    one = subscriber.psa.get("/company/configurations", params={"pageSize": "1"}).json[0]
    names = ("type", "company", "status")
    plain = {"name": "Bulk", **{name: {"id": one[name]["id"]} for name in names if name in one}}
    answer = subscriber.write("POST", "/company/configurations/bulk", json=[plain, {}, plain])
    made = [row["data"]["id"] for row in answer["payload"] if row["success"]]
    assert subscriber.came == [("added", record_id) for record_id in made]
    assert len(made) == 2


@documented("psa facts 7.4 and seed 003: level and ObjectId")
@pytest.mark.parametrize(
    ("level", "member"),
    [("board", "board"), ("status", "status"), ("company", "company"), ("location", "location")],
)
def test_a_level_selects_by_what_the_ticket_has(subscriber, level, member):
    ticket = subscriber.ticket()
    subscriber.subscribe(level=level, object_id=ticket[member]["id"])
    subscriber.subscribe(level=level, object_id=ticket[member]["id"] + 90_000)
    subscriber.change(ticket["id"])
    assert subscriber.came == [("updated", ticket["id"])]


@documented("psa facts 7.4: the level of the record itself")
def test_a_level_of_the_record_itself_is_about_that_one(subscriber):
    first, second = subscriber.ticket()["id"], subscriber.ticket()["id"]
    subscriber.subscribe(level="Ticket", object_id=first)
    subscriber.change(second)
    subscriber.change(first)
    assert subscriber.came == [("updated", first)]


@documented("psa facts 7.4: Company type level")
def test_a_company_is_found_by_each_of_its_types(subscriber):
    companies = subscriber.psa.get("/company/companies", params={"pageSize": "50"}).json
    company = next(each for each in companies if each.get("types"))
    subscriber.subscribe("company", "type", company["types"][0]["id"])
    change = [{"op": "replace", "path": "phoneNumber", "value": "5551234"}]
    subscriber.write("PATCH", f"/company/companies/{company['id']}", json=change)
    assert subscriber.came == [("updated", company["id"])]


@observed("psa facts 7.11: new notes and time entries update their ticket")
def test_notes_and_time_entries_update_their_ticket(seen):
    ticket_id = seen.ticket()["id"]
    seen.subscribe()
    note = {"text": "Looked at it", "detailDescriptionFlag": True}
    seen.write("POST", f"/service/tickets/{ticket_id}/notes", json=note)
    entry = {
        "chargeToId": ticket_id,
        "chargeToType": "ServiceTicket",
        "timeStart": "2026-11-02T09:00:00Z",
        "timeEnd": "2026-11-02T10:00:00Z",
    }
    seen.write("POST", "/time/entries", json=entry)
    assert seen.came == [("updated", ticket_id)] * 2


@assumed("psa facts 7.11: one callback per record and request")
def test_a_ticket_that_comes_with_a_note_was_added_once(subscriber):
    subscriber.subscribe()
    ticket_id = subscriber.ticket(initialDescription="It beeps")["id"]
    assert subscriber.came == [("added", ticket_id)]


@documented("psa facts 7.3: the types' collections")
def test_project_tickets_come_as_tickets_and_sites_as_sites(subscriber):
    subscriber.subscribe("ticket")
    subscriber.subscribe("site")
    ticket_id = subscriber.first("project/tickets")
    change = [{"op": "replace", "path": "summary", "value": "Later"}]
    subscriber.write("PATCH", f"/project/tickets/{ticket_id}", json=change)
    company_id = subscriber.first("company/companies")
    site = subscriber.write("POST", f"/company/companies/{company_id}/sites", json={"name": "Loft"})
    assert subscriber.came == [("updated", ticket_id), ("added", site["id"])]
    first, second = subscriber.receiver.received
    assert first.json["Type"] == "ticket"
    assert first.entity["project"]
    assert second.json["Type"] == "site"


@assumed("psa facts 7.6: the old payload is known from one receiver's code")
def test_an_older_payload_version_gets_the_flat_entity(seen):
    seen.subscribe(payloadVersion="1.0.0")
    ticket = seen.ticket()
    entity = seen.receiver.received[0].entity
    names = {
        "BoardName": ticket["board"]["name"],
        "StatusName": ticket["status"]["name"],
        "CompanyName": ticket["company"]["name"],
        "Summary": ticket["summary"],
        "Priority": ticket["priority"]["name"],
        "UpdatedBy": "Admin1",
        "Id": ticket["id"],
    }
    assert {name: entity[name] for name in names} == names
