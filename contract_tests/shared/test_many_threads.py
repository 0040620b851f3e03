"""Many threads at once: no update is lost, nobody sees half a write, nothing breaks."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.assumed("the vendors' databases serialise writes to one record")

THREADS = 24
ROUNDS = 8


def together(work, threads=THREADS):
    """Run work(0) .. work(n-1) at the same time and return what they returned."""
    gate = threading.Barrier(threads)

    def started(number):
        gate.wait(30)
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(started, range(threads)))


def test_each_create_gets_an_id_of_its_own(side):
    path = "/company/contacts" if side.api == "psa" else "/Clients"
    name = "firstName" if side.api == "psa" else "Name"
    before = len(side.rows(path))
    answers = together(
        lambda n: [side.send("POST", path, {name: f"{n}-{i}"}) for i in range(ROUNDS)]
    )
    made = [side.id_of(answer.json) for each in answers for answer in each]
    assert len(set(made)) == THREADS * ROUNDS
    after = side.rows(path)
    assert len(after) == before + THREADS * ROUNDS
    assert {row[name] for row in after if side.id_of(row) in made} == {
        f"{n}-{i}" for n in range(THREADS) for i in range(ROUNDS)
    }


def test_no_update_of_a_shared_record_is_lost(psa):
    """Every thread counts up a custom field of its own in one and the same ticket."""
    template = psa.get("/service/tickets/5000").json
    made = psa.post("/service/tickets", json={"summary": "shared", "company": template["company"]})
    path = f"/service/tickets/{made.json['id']}"
    names = [f"w{number}" for number in range(THREADS)]

    def count_up(number):
        statuses = set()
        for _ in range(ROUNDS):
            note = {"text": names[number], "internalAnalysisFlag": True}
            statuses.add(psa.post(f"{path}/notes", json=note).status_code)
            rows = psa.get(f"{path}/notes", params={"pageSize": 1_000}).json
            statuses.add(len([row for row in rows if row["text"] == names[number]]) > 0)
        return statuses

    assert set().union(*together(count_up)) == {201, True}
    rows = psa.get(f"{path}/notes", params={"pageSize": 1_000}).json
    assert len(rows) == THREADS * ROUNDS
    assert {name: sum(row["text"] == name for row in rows) for name in names} == dict.fromkeys(
        names, ROUNDS
    )


def test_changes_to_different_fields_of_one_record_all_stay(psa):
    company = psa.post("/company/companies", json={"identifier": "Busy", "name": "Busy"}).json
    path = f"/company/companies/{company['id']}"
    fields = (
        *("addressLine1", "addressLine2", "city", "zip", "website", "phoneNumber", "faxNumber"),
        *("accountNumber", "leadSource", "taxIdentifier", "vendorIdentifier", "userDefinedField1"),
        *(f"userDefinedField{number}" for number in range(2, 11)),
    )
    fields = [f for f in fields if psa.patch(path, json=replace(f, "0")).status_code == 200]
    assert len(fields) >= 12

    def count_up(number):
        field, statuses = fields[number], []
        for _ in range(ROUNDS):
            value = int(psa.get(path).json[field]) + 1
            statuses.append(psa.patch(path, json=replace(field, str(value))).status_code)
        return statuses

    answers = together(count_up, len(fields))
    assert {status for each in answers for status in each} == {200}
    final = psa.get(path).json
    assert {field: final[field] for field in fields} == dict.fromkeys(fields, str(ROUNDS))


def replace(name, value):
    return [{"op": "replace", "path": name, "value": value}]


def test_a_mixture_gives_no_error_and_every_list_is_whole(side):
    path = "/company/contacts" if side.api == "psa" else "/Clients"
    name = "firstName" if side.api == "psa" else "Name"
    seeded = {side.id_of(row) for row in side.rows(path)}

    def live(number):
        seen = []
        for turn in range(ROUNDS):
            made = side.send("POST", path, {name: f"{number}"})
            own = f"{path}/{side.id_of(made.json)}"
            seen += [made, side.send("PATCH", own, replace(name, f"{number}.{turn}"))]
            seen.append(side.ask("GET", own))
            if turn % 4 == number % 4:
                listed = side.ask("GET", path, params={"pageSize": "1000"})
                seen.append(listed)
                assert seeded <= {side.id_of(row) for row in listed.json}
            if turn % 2:
                seen.append(side.ask("DELETE", own))
        return [answer.status_code for answer in seen]

    statuses = {status for each in together(live) for status in each}
    assert statuses <= {200, 201, 204}
    left = [row for row in side.rows(path) if side.id_of(row) not in seeded]
    assert len(left) == THREADS * ROUNDS // 2


def test_renames_and_creates_at_once_leave_no_old_name(psa):
    board = psa.get("/service/boards", params={"pageSize": 1}).json[0]
    company = psa.get("/company/companies", params={"pageSize": 1}).json[0]
    given = {"summary": "x", "company": {"id": company["id"]}, "board": {"id": board["id"]}}

    def work(number):
        if number % 4 == 0:
            name = replace("name", f"Board {number}")
            return [psa.patch(f"/service/boards/{board['id']}", json=name).status_code]
        return [psa.post("/service/tickets", json=given).status_code for _ in range(4)]

    statuses = {status for each in together(work) for status in each}
    assert statuses == {200, 201}
    name = psa.get(f"/service/boards/{board['id']}").json["name"]
    params = {"pageSize": 1_000, "conditions": f"board/id = {board['id']}"}
    assert {row["board"]["name"] for row in psa.get("/service/tickets", params=params).json} == {
        name
    }


def test_a_quota_is_kept_by_many_threads(make_tenant):
    tenant = make_tenant()
    tenant.admin("POST", "/clock", json={"freeze": True})
    statuses = together(
        lambda _n: [tenant.psa.get("/service/boards").status_code for _ in range(5)]
    )
    flat = [status for each in statuses for status in each]
    assert (flat.count(200), flat.count(429)) == (60, THREADS * 5 - 60)


def test_resets_in_the_midst_of_traffic_break_nothing(make_tenant):
    tenant = make_tenant().unlimited()
    psa = tenant.psa
    whole = psa.get("/company/contacts", params={"pageSize": 1_000}).json

    def work(number):
        if number == 0:
            return [tenant.admin("POST", "/reset").status_code for _ in range(5)]
        answers = [psa.post("/company/contacts", json={"firstName": "x"}) for _ in range(5)]
        answers += [psa.get("/company/contacts", params={"pageSize": 1_000}) for _ in range(5)]
        return [answer.status_code for answer in answers]

    statuses = {status for each in together(work, 12) for status in each}
    assert statuses <= {200, 201, 429}
    tenant.admin("POST", "/reset")
    assert psa.get("/company/contacts", params={"pageSize": 1_000}).json == whole
