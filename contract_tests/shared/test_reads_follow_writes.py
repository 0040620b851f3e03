"""Whoever has written reads what was written, however often the same was asked before."""

import pytest

pytestmark = pytest.mark.observed("read-your-writes (psa facts U24)")


def total(psa, path, **params):
    rows = psa.get(path, params={"pageSize": 1_000, **params})
    assert rows.status_code == 200, rows.text
    counted = psa.get(f"{path}/count", params=params).json["count"]
    small = psa.get(path, params={"pageSize": 5, **params}).headers["X-Total-Count"]
    assert len(rows.json) == counted == int(small)
    return counted


def test_a_list_and_its_count_follow_every_write(psa):
    params = {"conditions": 'summary = "counted here"'}
    counts = [total(psa, "/service/tickets", **params)]
    company = psa.get("/company/companies", params={"pageSize": 1}).json[0]["id"]
    given = {"summary": "counted here", "company": {"id": company}}
    made = psa.post("/service/tickets", json=given).json["id"]
    counts.append(total(psa, "/service/tickets", **params))
    change = [{"op": "replace", "path": "summary", "value": "elsewhere"}]
    psa.patch(f"/service/tickets/{made}", json=change)
    counts.append(total(psa, "/service/tickets", **params))
    psa.put(f"/service/tickets/{made}", json={**given, "severity": "Low", "impact": "Low"})
    counts.append(total(psa, "/service/tickets", **params))
    psa.delete(f"/service/tickets/{made}")
    counts.append(total(psa, "/service/tickets", **params))
    assert counts == [0, 1, 0, 1, 0]


def test_a_list_by_child_conditions_follows_writes_to_the_children(psa):
    params = {"childConditions": 'notes/text = "found by its note"'}
    assert total(psa, "/service/tickets", **params) == 0
    note = {"text": "found by its note", "detailDescriptionFlag": True}
    made = psa.post("/service/tickets/5000/notes", json=note)
    assert made.status_code == 201
    assert total(psa, "/service/tickets", **params) == 1
    psa.delete(f"/service/tickets/5000/notes/{made.json['id']}")
    assert total(psa, "/service/tickets", **params) == 0


def test_a_list_of_children_follows_writes_to_its_parent(psa):
    given = {"identifier": "Short", "name": "Short"}
    company = psa.post("/company/companies", json=given).json["id"]
    path = f"/company/companies/{company}/sites"
    assert total(psa, path) == 1
    assert psa.delete(f"/company/companies/{company}").status_code == 204
    assert psa.get(path).status_code == 404
    assert psa.get(f"{path}/count").status_code == 404


def test_a_list_follows_a_reset_and_a_restored_snapshot(make_tenant):
    tenant = make_tenant().unlimited()
    before = total(tenant.psa, "/company/contacts")
    tenant.psa.post("/company/contacts", json={"firstName": "Ann"})
    kept = tenant.admin("POST", "/snapshots").json["id"]
    tenant.psa.post("/company/contacts", json={"firstName": "Bob"})
    assert total(tenant.psa, "/company/contacts") == before + 2
    tenant.admin("POST", f"/snapshots/{kept}/restore")
    assert total(tenant.psa, "/company/contacts") == before + 1
    tenant.admin("POST", "/reset")
    tenant.unlimited()
    assert total(tenant.psa, "/company/contacts") == before


def test_both_dialects_of_automate_see_a_write_at_once(make_tenant):
    tenant = make_tenant().unlimited()
    documented, observed = tenant.automate(), tenant.automate("observed")
    for caller in (documented, observed):
        caller.get("/Clients", params={"pageSize": 1_000})
    made = documented.post("/Clients", json={"Name": "Seen at once"}).json["ClientID"]
    names = {row["Name"] for row in observed.get("/Clients", params={"pageSize": 1_000}).json}
    assert "Seen at once" in names
    observed.patch(f"/Clients/{made}", json=[{"op": "replace", "path": "Name", "value": "Anew"}])
    assert documented.get(f"/Clients/{made}").json["Name"] == "Anew"
