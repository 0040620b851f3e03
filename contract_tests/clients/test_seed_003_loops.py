"""The loops of seed 003: Link relations both ways, forward only, retries, companyinfo, writes."""

import pytest
from seed_loops import by_relation, doubling

pytestmark = pytest.mark.documented("seed 003")

FORWARD = {"pagination-type": "forward-only"}


def count(customer, path, conditions=""):
    answer = customer.psa("GET", f"{path}/count", params={"conditions": conditions})
    return answer.json()["count"]


def ids(answers):
    return [row["id"] for answer in answers for row in answer.json()]


def test_relations_are_there_when_they_lead_somewhere(customer):
    url = f"{customer.psa_url}/company/companies?pagesize=15&page=1"
    first, middle, last = by_relation(customer, url, "next")

    assert set(first.links) == {"next", "last"}
    assert set(middle.links) == {"next", "prev", "first", "last"}
    assert {"prev", "first"} <= set(last.links)
    assert "next" not in last.links
    assert middle.links["first"]["url"] == middle.links["prev"]["url"]
    assert middle.links["last"]["url"] == middle.links["next"]["url"]
    assert first.links["next"]["url"].startswith(customer.psa_url)


@pytest.mark.parametrize("conditions", ["", '&conditions=summary like "%25,%25" or id > 0'])
def test_relations_walked_both_ways_find_every_row_once(customer, conditions):
    url = f"{customer.psa_url}/service/tickets?pagesize=7&page=1{conditions}"

    there = list(by_relation(customer, url, "next"))
    back = list(by_relation(customer, there[-1].url, "prev"))

    assert len(set(ids(there))) == len(ids(there)) == count(customer, "/service/tickets") == 500
    assert [answer.json() for answer in reversed(back)] == [answer.json() for answer in there]
    assert customer.answered(429) >= 2
    assert customer.answered("5xx") == 0


def test_first_and_last_lead_to_the_ends(customer):
    url = f"{customer.psa_url}/company/contacts?pageSize=100&page=2"
    middle = next(by_relation(customer, url, "next"))

    first, last = (
        customer.call("GET", middle.links[name]["url"], headers=customer.psa_headers)
        for name in ("first", "last")
    )
    assert "prev" not in first.links
    assert "next" not in last.links
    assert 0 < len(last.json()) <= 100


@pytest.mark.parametrize(("conditions", "size"), [("", 5), ("closedFlag = False", 1)])
def test_forward_only_goes_on_until_the_link_is_empty(customer, conditions, size):
    url = f"{customer.psa_url}/service/tickets?pageSize={size}&conditions={conditions}"

    answers = list(by_relation(customer, url, "next", **FORWARD))

    found = ids(answers)
    total = count(customer, "/service/tickets", conditions)
    assert found == sorted(set(found))
    assert len(found) == total > 60
    assert customer.answered(429) >= 1
    # "There will always be a link header": the page behind the last row is empty and has none.
    assert answers[-1].headers["Link"] == ""
    assert answers[-1].json() == []


def test_forward_only_carries_the_last_id_as_page_id_and_has_no_page(customer):
    url = f"{customer.psa_url}/company/contacts?pageSize=50&page=3"
    first, second, *_ = by_relation(customer, url, "next", **FORWARD)

    everything = customer.psa("GET", "/company/contacts", params={"pageSize": 1_000}).json()
    assert ids([first]) == [row["id"] for row in everything[:50]]
    assert ids([second]) == [row["id"] for row in everything[50:100]]
    assert f"pageId={ids([first])[-1]}" in first.links["next"]["url"]


def test_a_failing_service_is_outlasted_by_doubling_waits(customer):
    fault = {"path": "/service/tickets", "times": 3, "effect": {"kind": "error", "status": 503}}
    customer.admin("POST", "/faults", json=fault)
    before_s = customer.now_s()

    answer, tries = doubling(customer, lambda: customer.psa("GET", "/service/tickets"), 8)

    assert (answer.status_code, tries) == (200, 4)
    assert customer.now_s() - before_s == pytest.approx(0.1 + 0.2 + 0.4 + 0.8)
    assert customer.answered(503) == 3


def test_a_service_that_stays_away_ends_the_doubling(customer):
    customer.admin("POST", "/faults", json={"effect": {"kind": "error", "status": 503}})

    answer, tries = doubling(customer, lambda: customer.psa("GET", "/service/tickets"), 3)

    assert (answer.status_code, tries) == (503, 3)


def test_a_mistake_of_the_client_is_not_repeated(customer):
    params = {"conditions": "nonsense ="}
    answer, tries = doubling(
        customer, lambda: customer.psa("GET", "/service/tickets", params=params), 8
    )

    assert (answer.status_code, tries) == (400, 1)


def test_companyinfo_tells_the_codebase_that_requests_go_to(customer):
    company = customer.credentials["psa"]["company"]
    told = customer.call("GET", f"{customer.root}/login/companyinfo/{company}").json()

    url = f"{customer.root}/{told['Codebase']}apis/3.0/company/companies"
    answer = customer.call("GET", url, headers=customer.psa_headers)

    assert told["Codebase"] != "v4_6_release/"
    assert told["VersionCode"] in told["Codebase"].replace("_", ".")
    assert len(answer.json()) == 25


def test_the_printed_patch_replaces_text_reference_and_custom_fields(customer):
    fields = [
        {"id": 5, "caption": "CloudPlus", "type": "Checkbox", "entryMethod": "EntryField",
         "numberOfDecimals": 0, "value": False},
        {"id": 28, "caption": "test", "type": "Text", "entryMethod": "List",
         "numberOfDecimals": 0, "value": "test"},
    ]  # fmt: skip
    sent = [
        {"op": "replace", "path": "summary", "value": "New Summary"},
        {"op": "replace", "path": "company", "value": {"identifier": "New Company"}},
        {"op": "replace", "path": "customFields", "value": fields},
    ]

    patched = customer.psa("PATCH", "/service/tickets/5000", json=sent)

    assert patched.status_code == 200, patched.text
    ticket = customer.psa("GET", "/service/tickets/5000").json()
    values = {each["id"]: each.get("value") for each in ticket["customFields"]}
    assert ticket == patched.json()
    assert (ticket["summary"], ticket["company"]["identifier"]) == ("New Summary", "New Company")
    assert (values[5], values[28]) == (False, "test")


def test_the_printed_search_answers_like_the_conditions_it_carries(customer):
    text = "summary like 'test'"

    found = customer.psa("POST", "/service/tickets/search", json={"conditions": text})
    listed = customer.psa("GET", "/service/tickets", params={"conditions": text})

    assert found.status_code == 200, found.text
    assert found.json() == listed.json() != []


def test_the_printed_delete_answers_204_and_the_ticket_is_gone(customer):
    assert customer.psa("DELETE", "/service/tickets/5000").status_code == 204
    assert customer.psa("GET", "/service/tickets/5000").status_code == 404
