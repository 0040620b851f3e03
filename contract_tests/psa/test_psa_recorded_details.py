"""Details of recorded answers, by the numbers of their facts."""

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
    assert made["member"]["_info"]["image_href"].endswith("/image")
    assert (made["issueFlag"], made["createdBy"]) == (False, "Admin1")
    assert "member" not in told


@seen_live("psa facts 8.11: without chargeToId the time goes to the company")
def test_time_that_is_charged_to_nothing(psa_observed):
    made = psa_observed.post("/time/entries", json={"timeStart": "2026-09-11T14:00:00Z"}).json

    assert made["chargeToType"] == "Company"
    assert made["member"]["identifier"] == "Admin1"
