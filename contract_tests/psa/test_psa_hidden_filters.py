"""What conditions reach beyond the shown fields, and versions per operation.

Psa facts 3.4 (hidden filters, audit values), 3.3 (literals), 2.3 and 2.4 (versions).
"""

from urllib.parse import unquote

import pytest

TICKETS = "/service/tickets"
PRODUCTS = "/procurement/products"
PRODUCT = {"catalogItem": {"id": 1}, "billableOption": "Billable", "quantity": 1}


@pytest.mark.observed("psa facts 3.4: the links that the server prints in a ticket are filters")
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_the_links_of_a_ticket_can_be_followed(callers, profile):
    info = callers[profile].get(f"{TICKETS}/5000").json["_info"]
    filters = [href for href in info.values() if "conditions=" in str(href)]

    assert len(filters) >= 5
    for href in filters:
        path, _, conditions = href.partition("/apis/3.0/")[2].partition("?conditions=")
        answer = callers[profile].get(path, conditions=unquote(conditions))
        assert answer.status_code == 200, (href, answer.text)


@pytest.mark.observed("psa facts 3.4: chargeToType and chargeToId, printed in a ticket's links")
def test_products_are_found_by_what_they_are_charged_to(caller):
    made = caller.post(PRODUCTS, json=PRODUCT | {"ticket": {"id": 5000}}).json
    caller.post(PRODUCTS, json=PRODUCT | {"project": {"id": 1}})

    found = caller.get(
        PRODUCTS, params={"conditions": "chargeToType='Ticket' AND chargeToId=5000"}
    ).json
    others = caller.get(
        f"{PRODUCTS}/count", params={"conditions": "chargeToType!='Ticket' AND chargeToId=5000"}
    ).json

    assert made["id"] in {each["id"] for each in found}
    assert {each["ticket"]["id"] for each in found} == {5000}
    assert others == {"count": 0}


@pytest.mark.live
@pytest.mark.observed("psa facts 3.4: they are filters only, no record shows them")
def test_hidden_filters_are_no_fields(observed):
    assert observed.get(PRODUCTS, conditions="chargeToType='Nothing'").status_code == 400
    assert observed.get(PRODUCTS, orderBy="chargeToId").status_code == 400
    assert observed.get(TICKETS, orderBy="configuration/id").status_code == 400
    assert observed.get(TICKETS, conditions="configurations/id=1").status_code == 400


@pytest.mark.observed("psa facts 3.4: configuration/id, in the singular")
def test_tickets_are_found_by_an_attached_configuration(caller):
    company = caller.get(f"{TICKETS}/5000").json["company"]["id"]
    theirs = {"conditions": f"company/id={company}", "pageSize": "1"}
    wanted = caller.get("/company/configurations", params=theirs).json[0]["id"]
    asked = {"conditions": f"configuration/id={wanted}", "pageSize": "1000"}
    before = [each["id"] for each in caller.get(TICKETS, params=asked).json]

    caller.post(f"{TICKETS}/5000/configurations", json={"id": wanted})
    after = [each["id"] for each in caller.get(TICKETS, params=asked).json]
    caller.delete(f"{TICKETS}/5000/configurations/{wanted}")

    assert set(after) == {*before, 5000}
    for ticket_id in after:
        attached = caller.get(f"{TICKETS}/{ticket_id}/configurations").json
        assert wanted in {each["id"] for each in attached} or ticket_id == 5000
    assert 5000 not in {each["id"] for each in caller.get(TICKETS, params=asked).json}
    none = caller.get(TICKETS, params={"conditions": "id=5000 and configuration/id=null"}).json
    assert [each["id"] for each in none] == [5000]


@pytest.mark.live
@pytest.mark.observed("psa facts 3.4: everything reacts to the audit values, shown or not")
@pytest.mark.parametrize("path", [TICKETS, "/company/contacts", "/service/boards", "/time/entries"])
@pytest.mark.parametrize(
    "conditions",
    [
        "LastUpdated >= [2000-01-01T00:00:00Z]",
        "dateEntered > [2000-01-01]",
        "updatedBy != 'nobody'",
        "enteredBy != 'nobody'",
    ],
)
def test_audit_values_are_filters_everywhere(observed, path, conditions):
    answer = observed.get(path, conditions=conditions, pageSize="1")

    assert answer.status_code == 200, answer.text
    assert len(answer.json) == 1


@pytest.mark.live
@pytest.mark.observed("psa facts 3.4: resources is a text of member identifiers")
@pytest.mark.parametrize(
    "conditions", ["resources contains '{0}'", "resources like '%{0}%'", "resources = '{1}'"]
)
def test_resources_is_a_text(observed, conditions):
    text = observed.get(TICKETS, conditions="resources != null", pageSize="1").json[0]["resources"]
    wanted = conditions.format(text.split(",")[0], text)

    found = observed.get(TICKETS, conditions=wanted).json

    assert found
    assert all(text.split(",")[0] in each["resources"] for each in found)


@pytest.mark.live
@pytest.mark.observed("psa facts 3.3: words such as [today] are no dates")
def test_a_word_in_brackets_is_no_date(observed):
    refused = observed.get(TICKETS, conditions="lastUpdated > [today]")

    assert refused.status_code == 400
    assert refused.json["message"].startswith("Expected a datetime value, not a string.")


@pytest.mark.assumed("psa facts 3.4, hearsay: several configurations in one condition are refused")
def test_one_configuration_may_be_asked_for(documented, observed):
    several = "configuration/id=1 or configuration/id=2"

    assert observed.get(TICKETS, conditions=several).status_code == 400
    assert documented.get(TICKETS, conditions=several).status_code == 200


@pytest.mark.live
@pytest.mark.observed("psa facts 3.3: an ISO instant, a day, US style")
@pytest.mark.parametrize("text", ["2024-01-01T00:00:00Z", "2024-01-01", "01/01/2024"])
def test_dates_are_read_in_three_styles(observed, text):
    count = f"{TICKETS}/count"
    wanted = observed.get(count, conditions="dateEntered >= [2024-01-01T00:00:00Z]").json

    assert observed.get(count, conditions=f"dateEntered >= [{text}]").json == wanted


VENDOR = "application/vnd.connectwise.com+json; version="


@pytest.mark.observed("psa facts 2.4: attachChildren refused what every other operation took")
@pytest.mark.parametrize(
    ("version", "status"), [("3.0.0", 400), ("2021.1", 400), ("2021.2", 200), ("2025.1", 200)]
)
def test_an_operation_may_know_fewer_versions(module_tenant, version, status):
    headers = {"Accept": VENDOR + version}
    path = f"{TICKETS}/5000/attachChildren"

    answer = module_tenant.psa.post(path, json={"childTicketIds": [5003]}, headers=headers)

    assert answer.status_code == status
    assert module_tenant.psa.get("/service/boards", headers=headers).status_code == 200


@pytest.mark.live
@pytest.mark.observed("psa facts 2.6, recorded headers")
def test_recorded_headers_are_on_every_answer(module_tenant):
    for path in ("/service/boards", "/service/tickets/404", "/nothing"):
        headers = module_tenant.psa.get(path).headers
        assert headers["Cache-Control"] == headers["Pragma"] == "no-cache"
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert {"x-server-name", "x-cw-request-id", "api-current-version"} <= {
            name.lower() for name in dict(headers)
        }


@pytest.mark.documented("seed 003, 'Using the /Search endpoints': over 10,000 characters")
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_ten_thousand_characters_are_the_most_a_url_may_have(make_tenant, profile):
    caller = make_tenant(profile).unlimited().psa
    url = f"http://localhost{caller.base}{TICKETS}?conditions="
    room = 10_000 - len(url)

    fits = f"id=5000{'+' * (room - len('id=5000'))}"
    assert caller.get(f"{TICKETS}?conditions={fits}").status_code == 200
    assert caller.get(f"{TICKETS}?conditions={fits}+").status_code == 414
    long = {"conditions": f"id=5000{' ' * 20_000}"}
    assert [each["id"] for each in caller.post(f"{TICKETS}/search", json=long).json] == [5000]
