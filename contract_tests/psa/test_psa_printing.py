"""How PSA prints what it answers: decimals, line ends, links (psa facts 2.7, 10.5)."""

import re

import pytest

TICKETS = "/service/tickets"
NEW = {"summary": "x", "company": {"id": 4}}


def printed(answer, name):
    """Return how a member stands in the body."""
    return re.search(rf'"{name}": ?([^,}}\r]+)', answer.text).group(1)


@pytest.mark.observed("psa facts 2.7, 6.10: budgetHours 10.5 came back as 10.50")
@pytest.mark.parametrize(
    ("given", "wanted"), [(10.5, "10.50"), (3, "3.00"), ("0", "0.00"), (0.125, "0.125")]
)
def test_decimals_have_two_places(caller, given, wanted):
    made = caller.post(TICKETS, json=NEW | {"budgetHours": given})
    place = f"{TICKETS}/{made.json['id']}"
    params = {"conditions": f"id = {made.json['id']}"}

    shown = [made, caller.get(place), caller.get(TICKETS, params=params)]
    shown += [caller.get(place, params={"fields": "id,budgetHours"})]
    shown += [caller.get(TICKETS, params=params | {"fields": "budgetHours"})]
    assert [printed(each, "budgetHours") for each in shown] == [wanted] * 5


@pytest.mark.observed("psa facts 2.7, 6.10: whole numbers of minutes have no point")
def test_whole_numbers_have_no_places(caller):
    made = caller.post(TICKETS, json=NEW)

    assert printed(made, "resolveMinutes") == "0"
    assert printed(made, "escalationLevel") == "10"


@pytest.mark.observed("psa facts 2.7: decimals are scaled, texts are not")
@pytest.mark.parametrize("text", ['said "hours":1.5, then left', '{"a":1.5}', 'a\\":1.5,'])
def test_a_text_that_looks_like_a_decimal_stays(caller, text):
    made = caller.post(TICKETS, json=NEW | {"summary": text})

    assert made.json["summary"] == text


@pytest.mark.assumed("psa facts 2.7: cheap to copy, and optional for records")
def test_records_can_be_indented_and_decimals_left_alone(make_tenant):
    quirks = {"records_indented": True, "decimals_scaled": True}
    pretty = make_tenant("observed", psa=quirks).unlimited().psa
    plain = make_tenant("observed", psa={"decimals_scaled": False}).unlimited().psa
    payload = NEW | {"budgetHours": 10.5}

    indented, short = pretty.post(TICKETS, json=payload), plain.post(TICKETS, json=payload)
    lines = indented.text.split("\r\n")
    assert lines[0] == "{"
    assert '  "summary": "x",' in lines
    assert '  "budgetHours": 10.50,' in lines
    assert "\n" not in short.text
    assert printed(short, "budgetHours") == "10.5"


@pytest.mark.observed("psa facts 10.5: links are absolute, also in what is put together")
@pytest.mark.parametrize(
    "path", ["/system/myMembers", "/system/myMembers/info", "/project/projects/1/projectWorkplan"]
)
def test_links_are_absolute(observed, path):
    found = observed.get(path)

    assert found.status_code == 200
    links = re.findall(r'_href": ?"([^"]*)', found.text)
    assert links
    assert {each.partition("/v4_6_release/apis/3.0//")[0] for each in links} == {"http://localhost"}
