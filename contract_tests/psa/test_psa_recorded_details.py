"""Details of recorded answers, by the numbers of their facts."""

import re

import pytest

seen_live = pytest.mark.observed
TICKETS, BOARDS = "/service/tickets", "/service/boards"
NEW = {"summary": "x", "company": {"id": 4}}


@seen_live("psa facts 1.5: a path that has its base twice is the router's")
@pytest.mark.parametrize(("cloud", "status"), [(True, 400), (False, 404)])
def test_a_doubled_base(make_tenant, cloud, status):
    caller = make_tenant("observed", psa={"cloud": cloud}).psa

    refused = caller.get("/v4_6_release/apis/3.0/system/info")

    assert refused.status_code == status
    assert refused.content_type.startswith("text/plain" if cloud else "text/html")


@seen_live("psa facts 6.10: what a ticket shows of its service level, open and closed")
def test_until_when_a_ticket_must_be_resolved(make_tenant):
    tenant = make_tenant("observed").unlimited()
    tenant.admin("POST", "/clock", json={"freeze": True, "now": "2022-09-14T05:22:00Z"})
    caller, sla = tenant.psa, {"id": 1}
    level = caller.get("/service/SLAs/1/priorities").json[0]
    path = f"/service/SLAs/1/priorities/{level['id']}"
    day = [{"op": "replace", "path": "resolutionHours", "value": 28}]
    assert caller.patch(path, json=day).status_code == 200

    made = caller.post(TICKETS, json=NEW | {"sla": sla, "priority": {"id": 1}}).json
    assert made["slaStatus"] == "Resolve by Thu 09/15 4:22 AM UTC-05"

    def changed(**members):
        document = [{"op": "replace", "path": n, "value": v} for n, v in members.items()]
        return caller.patch(f"{TICKETS}/{made['id']}", json=document).json

    assert changed(summary="y")["slaStatus"] == made["slaStatus"]
    assert changed(priority={"id": 2})["slaStatus"] != made["slaStatus"]
    statuses = caller.get(f"{BOARDS}/{made['board']['id']}/statuses").json
    closed = changed(status={"id": next(s["id"] for s in statuses if s["closedStatus"])})
    assert (closed["slaStatus"], closed["actualHours"]) == ("Resolved", 0)
    again = changed(status={"id": made["status"]["id"]}, priority={"id": 1})
    assert again["slaStatus"] == made["slaStatus"]


@seen_live("psa facts 8.7: a note shows who wrote it")
def test_a_note_has_its_author(psa_observed):
    note = {"text": "x", "resolutionFlag": True}
    made = psa_observed.post(f"{TICKETS}/5000/notes", json=note).json
    told = psa_observed.post(f"{TICKETS}/5000/notes", json=note | {"contact": {"id": 1}}).json

    assert made["member"]["identifier"] == "Admin1"
    assert "/image?lm=" in made["member"]["_info"]["image_href"]
    assert (made["issueFlag"], made["createdBy"]) == (False, "Admin1")
    assert "member" not in told


@seen_live("psa facts 10.22, 8.7: links to pictures carry a time, a priority its place")
def test_links_to_pictures_carry_a_time(psa_observed):
    found = psa_observed.get(f"{TICKETS}/5000").json
    contact, member = (
        psa_observed.get(path).json for path in ("/company/contacts/1", "/system/members/1")
    )

    picture = found["priority"]["_info"]["image_href"]
    assert re.search(r"/service/priorities/\d+/image\?lm=\d{4}-\d\d-\d\dT[\d:]{8}Z$", picture)
    assert found["priority"]["sort"] == found["priority"]["id"]
    for record, path in ((contact, "/company/contacts/1"), (member, "/system/members/1")):
        info = record["_info"]
        assert info["image_href"].endswith(f"{path}/image?lastModified={info['lastUpdated']}")
    followed = info["image_href"].partition("/apis/3.0/")[2]
    assert psa_observed.get(followed).status_code == 200


@seen_live("psa facts 8.6: a definition as recorded in 2026")
def test_a_definition_says_where_its_field_is(psa_observed):
    found = psa_observed.get("/system/userDefinedFields/12").json

    assert (found["podDescription"], found["screenDescription"]) == ("Contact Overview", "Contact")
    assert (found["displayScreenInASIO"], "options" in found) == (False, False)
    shown = psa_observed.get("/company/contacts/1").json["customFields"][0]
    assert shown["connectWiseId"] == found["connectWiseID"]


@pytest.mark.live
@seen_live("psa facts 8.11: without chargeToId the time goes to the company")
def test_time_that_is_charged_to_nothing(psa_observed):
    made = psa_observed.post("/time/entries", json={"timeStart": "2026-09-11T14:00:00Z"}).json

    assert made["chargeToType"] == "Company"
    assert made["member"]["identifier"] == "Admin1"


@pytest.mark.assumed("psa facts 8.11: an entry shows its ticket, and works as its member does")
def test_a_time_entry_is_filled_from_its_ticket_and_its_member(psa_observed):
    entry = {"chargeToId": 5000, "chargeToType": "ServiceTicket"}
    ticket = psa_observed.get(f"{TICKETS}/5000").json
    member = psa_observed.get("/system/members/1").json

    made = psa_observed.post("/time/entries", json=entry | {"timeStart": "2026-09-11T14:00:00Z"})

    shown = made.json
    assert (shown["ticketBoard"], shown["ticketStatus"]) == (
        ticket["board"]["name"],
        ticket["status"]["name"],
    )
    assert [shown[name]["id"] for name in ("workType", "workRole")] == [
        member[name]["id"] for name in ("workType", "workRole")
    ]
    assert shown["locationId"] == member["defaultLocation"]["id"]
    assert shown["businessUnitId"] == member["defaultDepartment"]["id"]


@seen_live("psa facts 8.7: the order of a ticket's members")
def test_the_order_of_a_ticket_s_members(psa_observed):
    for ticket in (
        psa_observed.get(f"{TICKETS}/5000").json,
        psa_observed.post(TICKETS, json={"summary": "x", "company": {"id": 12345}}).json,
    ):
        names = list(ticket)
        assert names[:5] == ["id", "summary", "recordType", "board", "status"]
        assert names.index("currency") < names.index("_info") < names.index("escalationLevel")
        assert names[-1] == "customFields"


@seen_live("psa facts 8.10: a new contact's flags, types, site and links")
def test_a_new_contact_looks_as_recorded(psa_observed):
    alone = psa_observed.post("/company/contacts", json={"firstName": "Ada"}).json
    body = {"firstName": "Ada", "company": {"id": 12345}}
    placed = psa_observed.post("/company/contacts", json=body).json

    flags = ("marriedFlag", "childrenFlag", "unsubscribeFlag", "defaultBillingFlag")
    flags += ("defaultFlag", "inactiveFlag", "ignoreDuplicates")
    assert {alone[name] for name in flags} == {False}
    assert alone["types"] == []
    assert not {"site", "company", "companyLocation"} & alone.keys()
    assert (placed["site"]["name"], placed["companyLocation"]["id"]) == ("Main", 1)
    links = [name for name in alone["_info"] if name.endswith("_href")]
    assert links == [
        f"{name}_href"
        for name in (
            *("communications", "notes", "tracks", "portalSecurity", "activities", "documents"),
            *("configurations", "tickets", "opportunities", "projects", "image"),
        )
    ]
    for name in links:
        followed = alone["_info"][name].partition("/apis/3.0/")[2]
        assert psa_observed.get(followed).status_code == 200, name


@pytest.mark.assumed("what changes its company goes to that one's site")
@pytest.mark.parametrize(
    "path",
    [
        *("/company/contacts", "/company/configurations", "/finance/agreements"),
        *("/sales/opportunities", "/sales/orders", "/project/projects", "/service/tickets"),
    ],
)
def test_a_record_goes_along_with_its_company(psa_observed, path):
    body = {"identifier": "Moved", "name": "Moved", "addressLine1": "1 Main Street"}
    company = psa_observed.post("/company/companies", json=body).json
    document = [{"op": "replace", "path": "company", "value": {"id": company["id"]}}]

    sited = {"conditions": "site/id != null and company/id != null", "pageSize": "1"}
    record = psa_observed.get(path, params=sited).json[0]

    found = psa_observed.patch(f"{path}/{record['id']}", json=document)

    assert (found.status_code, found.json["site"]["id"]) == (200, company["site"]["id"])


@seen_live("psa facts 6.10, 8.7: tickets' references carry guids, as recorded; companies' do not")
@pytest.mark.parametrize("shown", [True, False])
def test_references_of_tickets_carry_guids(make_tenant, shown):
    caller = make_tenant("observed", psa={"reference_guids": shown}).psa
    path = "/company/companies/12345"
    contact = caller.get("/company/contacts/1").json
    site = caller.get(f"{path}/sites/1").json
    company = caller.get(path).json
    targets = {"company": company, "contact": contact, "site": site}

    made = caller.post(TICKETS, json={**NEW, **{n: {"id": r["id"]} for n, r in targets.items()}})
    sent = caller.get(f"{TICKETS}/{made.json['id']}", params={"fields": "company,site/_info"})

    for name, record in targets.items():
        guid = record["mobileGuid"] if shown else None
        assert len(record["mobileGuid"]) == 36
        assert made.json[name]["_info"].get("mobileGuid") == guid
        if name != "contact":
            assert sent.json[name]["_info"].get("mobileGuid") == guid
    assert len(made.json["mobileGuid"]) == 36
    assert "mobileGuid" not in company["site"]["_info"]


@seen_live("psa facts 8.9, 8.11: links named by more than the last word of what they lead to")
def test_links_have_the_recorded_names(observed):
    company = observed.get("/company/companies/4").json
    entry = observed.get("/time/entries", pageSize="1").json[0]

    assert list(company["timeZoneSetup"]["_info"]) == ["timeZoneSetup_href"]
    assert list(entry["workType"]["_info"]) == ["workType_href"]
    assert list(entry["workRole"]["_info"]) == ["workRole_href"]
